import { z } from 'zod';
import { id, instant } from './envelope.ts';
import { erased, exported } from './privacy.ts';
import { channel, money, orderLine } from './shared.ts';

const order = {
  orderId: id,
  /** The number the customer knows it by. */
  number: z.string().max(100),
  channel,
  storeId: id.nullable().optional(),
  associateId: z.string().max(100).nullable().optional(),
};

/** What inventory says: places, products, stock, carts, orders, returns. */
export const inventory = {
  'inventory.store.changed.v1': z.object({
    storeId: id,
    code: z.string().max(50),
    name: z.string().max(200),
    kind: z.enum(['store', 'warehouse']),
    latitude: z.number(),
    longitude: z.number(),
    timeZone: z.string(),
    city: z.string().max(100).nullable().optional(),
  }),
  'inventory.product.changed.v1': z.object({
    productId: id,
    sku: z.string().max(100),
    name: z.string().max(300),
    category: z.string().max(200).nullable(),
    price: money,
    active: z.boolean().default(true),
  }),
  /** Available to promise crossed a border that matters to others: sold out, or back. */
  'inventory.stock.availability-changed.v1': z.object({
    productId: id,
    sku: z.string(),
    placeId: id,
    available: z.int(),
  }),
  'inventory.cart.changed.v1': z.object({
    cartId: id,
    channel,
    action: z.enum(['begun', 'line-added', 'line-changed', 'line-removed', 'joined', 'emptied', 'checked-out']),
    productId: id.nullable().optional(),
    items: z.int().nonnegative(),
    total: money,
  }),
  'inventory.cart.abandoned.v1': z.object({
    cartId: id,
    channel,
    lastTouchedAt: instant,
    lines: z.array(z.object({ productId: id, sku: z.string(), name: z.string(), quantity: z.int().positive() })),
    total: money,
  }),
  /** A promotion was drafted, changed, released, paused, resumed or ended. Once released it runs from `validFrom` to `validTo`. */
  'inventory.promotion.changed.v1': z.object({
    promotionId: id,
    name: z.string().max(200),
    state: z.enum(['draft', 'released', 'paused', 'ended']),
    kind: z.enum(['percent-off', 'amount-off', 'multi-buy', 'bundle', 'threshold']),
    validFrom: instant,
    validTo: instant.nullable(),
    /** Empty: everywhere. */
    channels: z.array(channel),
    storeIds: z.array(id),
  }),
  'inventory.order.placed.v1': z.object({ ...order, total: money, fulfilment: z.string() }),
  /** Paid and handed over, or paid and due: the moment at which loyalty earns. History that is imported carries `imported: true`. */
  'inventory.order.completed.v1': z.object({
    ...order,
    total: money,
    /** Sum of the lines: what counts as spend. */
    netAmount: z.int(),
    /** A wholesale invoice has over a thousand lines; two thousand of them still fit into a message. */
    lines: z.array(orderLine).min(1).max(2_000),
    /** The signed hold with which part was paid in points, to be captured. */
    pointsHoldId: id.nullable().optional(),
    /** What those points paid, in minor units of money. */
    pointsAmount: z.int().nullable().optional(),
    voucherCodes: z.array(z.string()).default([]),
    imported: z.boolean().default(false),
  }),
  'inventory.order.cancelled.v1': z.object({ ...order, reason: z.string(), pointsHoldId: id.nullable().optional() }),
  'inventory.order.fulfilled.v1': z.object({
    ...order,
    fulfilment: z.string(),
    promisedFor: instant.nullable().optional(),
  }),
  'inventory.order.returned.v1': z.object({
    returnId: id,
    /** Null for a return without a receipt. */
    orderId: id.nullable(),
    number: z.string().max(100).nullable(),
    channel,
    storeId: id.nullable().optional(),
    lines: z
      .array(z.object({ lineId: id.nullable(), sku: z.string(), quantity: z.int().positive(), refundAmount: z.int() }))
      .min(1),
    refund: money,
    imported: z.boolean().default(false),
  }),
  'inventory.promise.broken.v1': z.object({ ...order, promisedFor: instant }),
  'inventory.customer.erased.v1': erased,
  'inventory.customer.exported.v1': exported,
};
