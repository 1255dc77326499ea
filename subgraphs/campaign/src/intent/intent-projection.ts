import { afterErasure } from '@trenza/customers';
import type { Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import type { Projection } from '@trenza/outbox';
import { batch, defineConsumers, type Deps } from '@trenza/subgraph';
import { categoriesOf } from '../facts/catalogue.ts';
import type { Signal } from './intent.ts';
import { recordSignals } from './record-signals.ts';
import { signalsOfCart, signalsOfOrder, signalsOfTracked } from './signals.ts';

const given = (ids: (string | null | undefined)[]): string[] => ids.filter((id): id is string => !!id);

/** What people did adds to their intents. Returns the signals, which spikes are looked for in. */
export async function intentsOfTracked(
  tx: Tx,
  events: readonly EventOf<'identity.event.tracked.v1'>[],
  now: Date,
): Promise<Signal[]> {
  const categories = await categoriesOf(tx, given(events.map((e) => e.data.productId)));
  return recorded(
    tx,
    events.flatMap((e) => signalsOfTracked(e, (id) => categories.get(id))),
    now,
  );
}

/** What they put into their carts, and took out. */
export async function intentsOfCarts(
  tx: Tx,
  events: readonly EventOf<'inventory.cart.changed.v1'>[],
  now: Date,
): Promise<Signal[]> {
  const categories = await categoriesOf(tx, given(events.map((e) => e.data.productId)));
  return recorded(
    tx,
    events.flatMap((e) => signalsOfCart(e, (id) => categories.get(id))),
    now,
  );
}

/** What they bought. */
export async function intentsOfOrders(
  tx: Tx,
  events: readonly EventOf<'inventory.order.completed.v1'>[],
  now: Date,
): Promise<Signal[]> {
  const unnamed = events.flatMap((e) => e.data.lines.filter((l) => !l.category).map((l) => l.productId));
  const categories = await categoriesOf(tx, given(unnamed));
  return recorded(
    tx,
    events.flatMap((e) => signalsOfOrder(e, (id) => categories.get(id))),
    now,
  );
}

async function recorded(tx: Tx, signals: Signal[], now: Date): Promise<Signal[]> {
  await recordSignals(tx, signals, now);
  return signals;
}

/**
 * Intents are nothing but what events said, folded: they can be built anew, for instance where weights or half-lives changed, or where
 * products got their categories late. What is older than the stream has halved more than four times by then. Spikes are findings of their day and stay.
 */
export const intentProjection: Projection<Deps> = {
  name: 'intents',
  tables: ['intent', 'intent_signal'],
  consumers: afterErasure(
    defineConsumers({
      'identity.event.tracked.v1': batch(async (tx, events, { clock }) => {
        await intentsOfTracked(tx, events, clock.now());
      }),
      'inventory.cart.changed.v1': batch(async (tx, events, { clock }) => {
        await intentsOfCarts(tx, events, clock.now());
      }),
      'inventory.order.completed.v1': batch(async (tx, events, { clock }) => {
        await intentsOfOrders(tx, events, clock.now());
      }),
    }),
    () => null,
  ),
};
