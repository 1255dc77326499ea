import type { AnyEvent, EventType } from '@trenza/events';
import { batch, defineConsumers } from '@trenza/subgraph';
import { MAPPING, touchpointOf } from '../journey/touchpoint-of.ts';
import { recordTouchpoints } from '../journey/touchpoint.ts';
import { onReceipts } from './on-receipt.ts';

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

export const consumers = defineConsumers({
  ...journey,
  'loyalty.customer.erased.v1': onReceipts,
  'loyalty.customer.exported.v1': onReceipts,
  'inventory.customer.erased.v1': onReceipts,
  'inventory.customer.exported.v1': onReceipts,
  'campaign.customer.erased.v1': onReceipts,
  'campaign.customer.exported.v1': onReceipts,
  'feedback.customer.erased.v1': onReceipts,
  'feedback.customer.exported.v1': onReceipts,
});
