import type { AnyEvent, EventType } from '@trenza/events';
import { batch, defineConsumers } from '@trenza/subgraph';
import { MAPPING, touchpointOf } from '../journey/touchpoint-of.ts';
import { recordTouchpoints } from '../journey/touchpoint.ts';

/** Every event that is a contact with a customer becomes a touchpoint of her journey. */
const journey = Object.fromEntries(
  (Object.keys(MAPPING) as EventType[]).map((type) => [
    type,
    batch(async (tx, events) => {
      await recordTouchpoints(
        tx,
        (events as AnyEvent[]).flatMap((e) => touchpointOf(e) ?? []),
      );
    }),
  ]),
);

export const consumers = defineConsumers({ ...journey });
