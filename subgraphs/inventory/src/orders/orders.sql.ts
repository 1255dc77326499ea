import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Channel } from '@trenza/values';
import { DomainError } from '@trenza/values';
import type { OrderStatus } from './order.ts';

export interface OrderLineRow {
  lineNo: number;
  id: string;
  productId: string | null;
  sku: string;
  name: string | null;
  category: string | null;
  quantity: number;
  netAmount: number;
  discountAmount: number;
  returned: number;
}

export interface OrderRow {
  id: string;
  source: string;
  number: string;
  profileId: string | null;
  channel: Channel;
  placeId: string | null;
  associateId: string | null;
  status: OrderStatus;
  currency: string;
  netAmount: number;
  discountAmount: number;
  shippingAmount: number;
  fulfilment: string;
  promisedFor: Date | null;
  pointsHoldId: string | null;
  pointsAmount: number | null;
  voucherCodes: string[];
  placedAt: Date;
  completedAt: Date | null;
  fulfilledAt: Date | null;
  cancelledAt: Date | null;
  cancelReason: string | null;
  imported: boolean;
}

export const ORDER_COLUMNS = `
  o.id, o.source, o.number, o.profile_id as "profileId", o.channel, o.place_id as "placeId", o.associate_id as "associateId",
  o.status, o.currency, o.net_amount as "netAmount", o.discount_amount as "discountAmount", o.shipping_amount as "shippingAmount",
  o.fulfilment, o.promised_for as "promisedFor", o.points_hold_id as "pointsHoldId", o.points_amount as "pointsAmount",
  o.voucher_codes as "voucherCodes", o.placed_at as "placedAt", o.completed_at as "completedAt", o.fulfilled_at as "fulfilledAt",
  o.cancelled_at as "cancelledAt", o.cancel_reason as "cancelReason", o.imported`;

export const LINE_COLUMNS = `
  l.line_no as "lineNo", l.id, l.product_id as "productId", l.sku, l.name, l.category, l.quantity, l.net_amount as "netAmount",
  l.discount_amount as "discountAmount", l.returned`;

export const totalOf = (o: Pick<OrderRow, 'netAmount' | 'shippingAmount'>): number => o.netAmount + o.shippingAmount;
/** What she pays in money: the rest was paid by points. */
export const moneyOf = (o: Pick<OrderRow, 'netAmount' | 'shippingAmount' | 'pointsAmount'>): number =>
  totalOf(o) - (o.pointsAmount ?? 0);

/** The order, locked: whoever pays, cancels, hands over or takes back does it one after the other. */
export async function lockOrder(tx: Tx, orderId: string): Promise<OrderRow> {
  const [order] = await sql<OrderRow>(tx, {
    name: 'order-lock',
    text: `select ${ORDER_COLUMNS} from orders o where o.id = $1 for no key update`,
    values: [orderId],
  });
  if (!order) throw new DomainError('UNKNOWN_ORDER', `No order has the id ${orderId}.`, ['input', 'orderId']);
  return order;
}

export const linesOf = (tx: Tx, orderId: string): Promise<OrderLineRow[]> =>
  sql<OrderLineRow>(tx, {
    name: 'order-lines',
    text: `select ${LINE_COLUMNS} from order_line l where l.order_id = $1 order by l.line_no`,
    values: [orderId],
  });

export interface NewOrder extends Omit<
  OrderRow,
  'number' | 'cancelledAt' | 'cancelReason' | 'imported' | 'discountAmount' | 'netAmount'
> {
  /** Made here where it is null. */
  number: string | null;
  bodyHash: string;
  destination: { latitude: number; longitude: number } | null;
  lines: OrderLineRow[];
}

const INSERT = `
  with numbered as (select coalesce($3, 'T' || lpad(nextval('order_number')::text, 8, '0')) as number),
  lines as (
    insert into order_line (order_id, line_no, id, product_id, sku, name, category, quantity, net_amount, discount_amount)
    select $1, * from unnest($25::int[], $26::uuid[], $27::uuid[], $28::text[], $29::text[], $30::text[], $31::int[], $32::bigint[], $33::bigint[]))
  insert into orders (id, source, number, profile_id, channel, place_id, associate_id, status, currency, net_amount, discount_amount,
                      shipping_amount, fulfilment, latitude, longitude, promised_for, points_hold_id, points_amount, voucher_codes,
                      placed_at, completed_at, fulfilled_at, body_hash, imported)
  select $1, $2, number, $4::uuid, $5, $6::uuid, $7, $8, $9, $10::bigint, $11::bigint, $12::bigint, $13, $14::float8, $15::float8,
         $16::timestamptz, $17::uuid, $18::bigint, $19::text[], $20::timestamptz, $21::timestamptz, $22::timestamptz, $23, $24::boolean
    from numbered
  returning number`;

/** Writes an order and its lines in one statement. */
export async function insertOrder(tx: Tx, o: NewOrder): Promise<OrderRow> {
  const sum = (field: 'netAmount' | 'discountAmount'): number =>
    o.lines.reduce((total, line) => total + line[field], 0);
  const order = { ...o, netAmount: sum('netAmount'), discountAmount: sum('discountAmount') };
  const [row] = await sql<{ number: string }>(tx, {
    name: 'order-insert',
    text: INSERT,
    values: [
      o.id,
      o.source,
      o.number,
      o.profileId,
      o.channel,
      o.placeId,
      o.associateId,
      o.status,
      o.currency,
      order.netAmount,
      order.discountAmount,
      o.shippingAmount,
      o.fulfilment,
      o.destination?.latitude ?? null,
      o.destination?.longitude ?? null,
      o.promisedFor,
      o.pointsHoldId,
      o.pointsAmount,
      o.voucherCodes,
      o.placedAt,
      o.completedAt,
      o.fulfilledAt,
      o.bodyHash,
      false,
      ...columns(o.lines),
    ],
  });
  return { ...order, number: row!.number, cancelledAt: null, cancelReason: null, imported: false };
}

const columns = (lines: readonly OrderLineRow[]): unknown[][] => [
  lines.map((l) => l.lineNo),
  lines.map((l) => l.id),
  lines.map((l) => l.productId),
  lines.map((l) => l.sku),
  lines.map((l) => l.name),
  lines.map((l) => l.category),
  lines.map((l) => l.quantity),
  lines.map((l) => l.netAmount),
  lines.map((l) => l.discountAmount),
];

export interface NewPayment {
  orderId: string;
  means: 'card' | 'cash' | 'points' | 'transfer' | 'external';
  state: 'pending' | 'authorised' | 'captured';
  amount: number;
  currency: string;
  provider: string;
  reference?: string | null;
}

export async function insertPayments(tx: Tx, payments: readonly NewPayment[], now: Date): Promise<string[]> {
  const ids = payments.map(() => newId());
  if (payments.length === 0) return ids;
  await sql(tx, {
    name: 'payment-insert',
    text: `insert into payment (id, order_id, means, state, amount, currency, provider, provider_reference, created_at)
           select *, $9::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[])`,
    values: [
      ids,
      payments.map((p) => p.orderId),
      payments.map((p) => p.means),
      payments.map((p) => p.state),
      payments.map((p) => p.amount),
      payments.map((p) => p.currency),
      payments.map((p) => p.provider),
      payments.map((p) => p.reference ?? null),
      now,
    ],
  });
  return ids;
}
