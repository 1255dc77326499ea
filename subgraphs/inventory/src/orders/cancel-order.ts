import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import { freePromotions } from '../promotions/use-promotions.ts';
import { releaseStock } from '../stock/reserve-stock.ts';
import { after } from './order.ts';
import { orderCancelled, ownerOf } from './order-events.ts';
import { lockOrder, type OrderRow } from './orders.sql.ts';

/** Cancels an order of which nothing has left a place yet. */
export async function cancelOrder(tx: Tx, command: { orderId: string; reason: string }, now: Date): Promise<OrderRow> {
  const order = await lockOrder(tx, command.orderId);
  if (after(order.status, 'cancel') === null)
    throw new DomainError(
      'CANNOT_CANCEL',
      `Order ${order.number} is ${order.status}.${order.status === 'fulfilled' ? ' Take it back as a return.' : ''}`,
      ['input', 'orderId'],
    );
  const [left] = await sql<{ n: number }>(
    tx,
    `select count(*) as n from fulfilment where order_id = $1 and status in ('shipped', 'handed-over')`,
    [order.id],
  );
  if (left!.n > 0)
    throw new DomainError('CANNOT_CANCEL', `A part of order ${order.number} is on its way. Take it back as a return.`, [
      'input',
      'orderId',
    ]);
  return cancelLocked(tx, order, command.reason, now);
}

/** The stock goes back, the money, the vouchers and the uses of promotions too, and loyalty is told to let the points go. The caller holds the order's lock. */
export async function cancelLocked(tx: Tx, order: OrderRow, reason: string, now: Date): Promise<OrderRow> {
  await freePromotions(tx, order.id);
  await releaseStock(tx, [order.id], now);
  await sql(tx, `update orders set status = 'cancelled', cancelled_at = $2, cancel_reason = $3 where id = $1`, [
    order.id,
    now,
    reason,
  ]);
  await sql(tx, `update fulfilment set status = 'cancelled', changed_at = $2 where order_id = $1`, [order.id, now]);
  await sql(tx, 'delete from voucher_use where order_id = $1', [order.id]);
  await giveMoneyBack(tx, order.id, now);
  await publish(tx, [orderCancelled(order, reason, await ownerOf(tx, order.profileId), now)]);
  return { ...order, status: 'cancelled', cancelledAt: now, cancelReason: reason };
}

/** What was captured is refunded; what was only set aside is let go by the job (`settlePayments`). */
async function giveMoneyBack(tx: Tx, orderId: string, now: Date): Promise<void> {
  const captured = await sql<{ id: string; amount: number }>(
    tx,
    `update payment set refunded = amount where order_id = $1 and state = 'captured' and means <> 'points' and refunded < amount
     returning id, amount`,
    [orderId],
  );
  for (const { id, amount } of captured)
    await sql(tx, `insert into refund (id, payment_id, amount, state, created_at) values ($1, $2, $3, 'pending', $4)`, [
      newId(),
      id,
      amount,
      now,
    ]);
}
