import { inTransaction, sql, type Tx } from '@trenza/database';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { announceAbandoned } from '../carts/announce-abandoned.ts';
import { settlePayments } from '../payments/settle-payments.ts';
import { closeHolds, expireHolds } from '../stock/reserve-stock.ts';
import { cancelLocked } from './cancel-order.ts';
import { ownerOf, promiseBroken } from './order-events.ts';
import { lockOrder, ORDER_COLUMNS, type OrderRow } from './orders.sql.ts';
import { PAYMENT_MINUTES } from './place-order.ts';

/** Orders handled by one run, each in a transaction of its own. */
const BATCH = 100;

/** What time does to stock, orders and carts. Every step is bounded and may be repeated. */
export async function tidy(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  await cancelUnpaid(deps, now);
  await inTransaction(deps.database, async (tx) => {
    await expireHolds(tx, now);
    await closeHolds(tx, now);
  });
  await inTransaction(deps.database, (tx) => breakPromises(tx, now));
  await inTransaction(deps.database, (tx) => announceAbandoned(tx, now));
  await settlePayments(deps);
}

async function cancelUnpaid({ database }: Deps, now: Date): Promise<void> {
  const before = new Date(now.getTime() - PAYMENT_MINUTES * 60_000);
  const unpaid = await sql<{ id: string }>(
    database,
    `select id from orders where status = 'awaiting-payment' and placed_at <= $1 order by placed_at limit ${BATCH}`,
    [before],
  );
  for (const { id } of unpaid) {
    await inTransaction(database, async (tx) => {
      const order = await lockOrder(tx, id);
      if (order.status === 'awaiting-payment') await cancelLocked(tx, order, 'not paid in time', now);
    });
  }
}

/** A promise is broken once: at the moment it should have been kept and was not. */
async function breakPromises(tx: Tx, now: Date): Promise<void> {
  const broken = await sql<OrderRow & { promised: Date }>(
    tx,
    `with late as (
       update fulfilment set broken_at = $1
        where id in (select f.id from fulfilment f join orders o on o.id = f.order_id
                      where f.promised_for < $1 and f.broken_at is null and f.status in ('waiting', 'ready', 'shipped')
                        and not (f.kind = 'pick-up' and f.status = 'ready') and o.status = 'paid'
                      order by f.promised_for limit ${BATCH} for update of f skip locked)
       returning order_id, promised_for)
     select ${ORDER_COLUMNS}, late.promised from (select order_id, min(promised_for) as promised from late group by 1) late
       join orders o on o.id = late.order_id`,
    [now],
  );
  const events = [];
  for (const order of broken)
    events.push(promiseBroken(order, await ownerOf(tx, order.profileId), order.promised, now));
  await publish(tx, events);
}
