import { erasedAmong, resolveCustomer } from '@trenza/customers';
import type { Tx } from '@trenza/database';
import { event, type AnyEvent } from '@trenza/events';
import { totalOf, type OrderLineRow, type OrderRow, type Owner } from './orders.sql.ts';

/** What every event of an order says of it. */
const common = ({ id, number, channel, placeId, associateId }: OrderRow): OrderHead => ({
  orderId: id,
  number,
  channel,
  storeId: placeId,
  associateId,
});

interface OrderHead {
  orderId: string;
  number: string;
  channel: OrderRow['channel'];
  storeId: string | null;
  associateId: string | null;
}

/** Whose it is, for the envelope; an anonymous order, and one of somebody who was erased, has nobody. */
export async function ownerOf(tx: Tx, profileId: string | null): Promise<Owner> {
  if (!profileId || (await erasedAmong(tx, [profileId])).has(profileId)) return {};
  return { profileId, customerId: await resolveCustomer(tx, profileId) };
}

export const orderPlaced = (o: OrderRow, owner: Owner, now: Date): AnyEvent =>
  event('inventory.order.placed.v1', {
    ...owner,
    occurredAt: now,
    data: { ...common(o), total: { amount: totalOf(o), currency: o.currency }, fulfilment: o.fulfilment },
  });

export const orderCompleted = (o: OrderRow, lines: readonly OrderLineRow[], owner: Owner, now: Date): AnyEvent =>
  event('inventory.order.completed.v1', {
    ...owner,
    occurredAt: now,
    data: {
      ...common(o),
      total: { amount: totalOf(o), currency: o.currency },
      netAmount: o.netAmount,
      lines: lines.map((l) => ({
        lineId: l.id,
        ...(l.productId && { productId: l.productId }),
        sku: l.sku,
        ...(l.name && { name: l.name }),
        ...(l.category && { category: l.category }),
        quantity: l.quantity,
        netAmount: l.netAmount,
        discountAmount: l.discountAmount,
      })),
      pointsHoldId: o.pointsHoldId,
      pointsAmount: o.pointsAmount,
      voucherCodes: o.voucherCodes,
    },
  });

export const orderCancelled = (o: OrderRow, reason: string, owner: Owner, now: Date): AnyEvent =>
  event('inventory.order.cancelled.v1', {
    ...owner,
    occurredAt: now,
    data: { ...common(o), reason, pointsHoldId: o.pointsHoldId },
  });

export const orderFulfilled = (o: OrderRow, owner: Owner, now: Date): AnyEvent =>
  event('inventory.order.fulfilled.v1', {
    ...owner,
    occurredAt: now,
    data: { ...common(o), fulfilment: o.fulfilment, promisedFor: o.promisedFor?.toISOString() ?? null },
  });

export const promiseBroken = (o: OrderRow, owner: Owner, promisedFor: Date, now: Date): AnyEvent =>
  event('inventory.promise.broken.v1', {
    ...owner,
    occurredAt: now,
    data: { ...common(o), promisedFor: promisedFor.toISOString() },
  });
