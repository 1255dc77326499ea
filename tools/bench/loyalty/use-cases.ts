import { inTransaction, sql } from '@trenza/database';
import { event, newId, type EventOf } from '@trenza/events';
import { once, type Deps } from '@trenza/subgraph';
import { completeOrders } from '../../../subgraphs/loyalty/src/orders/complete-orders.ts';
import { earnPoints } from '../../../subgraphs/loyalty/src/points/earn-points.ts';
import { redeemPoints } from '../../../subgraphs/loyalty/src/points/redeem-points.ts';

/** The use cases as their mutations call them: one transaction, once per key. */
export const earn = (deps: Deps, profileId: string, points: number, currency = 'points'): Promise<unknown> => {
  const input = { idempotencyKey: newId(), profileId, points, currency, reason: 'bench' };
  return inTransaction(deps.database, (tx) => once(tx, 'earnPoints', input, () => earnPoints(tx, input, deps)));
};

export const redeem = (deps: Deps, profileId: string, points: number): Promise<unknown> => {
  const input = { idempotencyKey: newId(), profileId, points, currency: 'points' };
  return inTransaction(deps.database, (tx) => once(tx, 'redeemPoints', input, () => redeemPoints(tx, input, deps)));
};

/** Orders as the consumer gets them: so many in one transaction. */
export const complete = (deps: Deps, orders: EventOf<'inventory.order.completed.v1'>[]): Promise<void> =>
  inTransaction(deps.database, (tx) => completeOrders(tx, orders, deps));

export const orderOf = (profileId: string): EventOf<'inventory.order.completed.v1'> =>
  event('inventory.order.completed.v1', {
    profileId,
    occurredAt: new Date(),
    data: {
      orderId: newId(),
      number: 'B-1',
      channel: 'store',
      total: { amount: 4_200, currency: 'EUR' },
      netAmount: 4_200,
      lines: [{ lineId: newId(), sku: 'bench', quantity: 1, netAmount: 4_200, discountAmount: 0 }],
    },
  });

/** More point currencies, each a programme of its own as far as locks go. */
export async function addCurrencies(deps: Deps, count: number): Promise<string[]> {
  const codes = Array.from({ length: count }, (_, i) => `bench-${i}`);
  await sql(
    deps.database,
    `insert into point_currency (code, programme_id, name, lives_days) select code, (select id from programme limit 1), code, 365 from unnest($1::text[]) as code`,
    [codes],
  );
  return codes;
}
