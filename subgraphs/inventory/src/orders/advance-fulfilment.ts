import { sql, type Tx } from '@trenza/database';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import { consumeStock } from '../stock/reserve-stock.ts';
import { recordMovements } from '../stock/stock.sql.ts';
import { leavesThePlace, mayAdvance, type FulfilmentStatus } from './order.ts';
import { orderFulfilled, ownerOf } from './order-events.ts';
import { lockOrder } from './orders.sql.ts';

interface FulfilmentRow {
  id: string;
  orderId: string;
  placeId: string;
  kind: string;
  status: FulfilmentStatus;
}

/** Moves what one place does for an order a step on. The last one handed over fulfils the order. */
export async function advanceFulfilment(
  tx: Tx,
  command: { fulfilmentId: string; placeId: string; to: FulfilmentStatus; actor: string },
  now: Date,
): Promise<{ orderId: string }> {
  const { fulfilmentId, placeId, to, actor } = command;
  const [found] = await sql<{ orderId: string }>(
    tx,
    'select order_id as "orderId" from fulfilment where id = $1 and place_id = $2',
    [fulfilmentId, placeId],
  );
  if (!found)
    throw new DomainError('UNKNOWN_FULFILMENT', `The store ${placeId} has no fulfilment ${fulfilmentId}.`, [
      'input',
      'fulfilmentId',
    ]);
  const order = await lockOrder(tx, found.orderId);
  const all = await sql<FulfilmentRow>(
    tx,
    'select id, order_id as "orderId", place_id as "placeId", kind, status from fulfilment where order_id = $1',
    [order.id],
  );
  const fulfilment = all.find((f) => f.id === fulfilmentId)!;
  if (fulfilment.status === to) return { orderId: order.id };
  if (order.status !== 'paid')
    throw new DomainError('NOT_PAID', `Order ${order.number} is ${order.status}; only a paid order is prepared.`, [
      'input',
    ]);
  if (!mayAdvance(fulfilment.kind, fulfilment.status, to))
    throw new DomainError('CANNOT_ADVANCE', `A ${fulfilment.kind} that is ${fulfilment.status} cannot become ${to}.`, [
      'input',
      'to',
    ]);
  await sql(tx, 'update fulfilment set status = $2, changed_at = $3 where id = $1', [fulfilmentId, to, now]);
  if (leavesThePlace(fulfilment.status, to)) {
    const left = await consumeStock(tx, order.id, fulfilment.placeId, now);
    await recordMovements(
      tx,
      left.map((unit) => ({ ...unit, kind: 'sale' as const, quantity: -unit.quantity, reference: order.id, actor })),
      now,
    );
  }
  const done = all.every(
    (f) => f.status === 'handed-over' || f.status === 'cancelled' || (f.id === fulfilmentId && to === 'handed-over'),
  );
  if (done) {
    await sql(tx, `update orders set status = 'fulfilled', fulfilled_at = $2 where id = $1`, [order.id, now]);
    await publish(tx, [orderFulfilled(order, await ownerOf(tx, order.profileId), now)]);
  }
  return { orderId: order.id };
}
