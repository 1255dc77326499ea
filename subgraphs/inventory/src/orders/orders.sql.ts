import { send, sql, type Tx } from '@trenza/database';
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

export interface NewPayment {
  id: string;
  means: 'card' | 'cash' | 'points' | 'transfer' | 'external';
  state: 'pending' | 'authorised' | 'captured';
  amount: number;
  currency: string;
  provider: string;
}

/** What one place is going to do for an order. */
export interface NewPart {
  id: string;
  placeId: string;
  promisedFor: Date;
}

export interface NewOrder extends Omit<
  OrderRow,
  'cancelledAt' | 'cancelReason' | 'imported' | 'discountAmount' | 'netAmount'
> {
  bodyHash: string;
  destination: { latitude: number; longitude: number } | null;
  lines: readonly OrderLineRow[];
  /** None where it is handed over at once. */
  parts: readonly NewPart[];
  payments: readonly NewPayment[];
  now: Date;
}

const PAYMENT_COLUMNS = 'id, means, state, amount, currency, provider';
const PAYMENTS = `payment (order_id, created_at, ${PAYMENT_COLUMNS})`;
const PAYMENT_RECORD = 'id uuid, means text, state text, amount bigint, currency text, provider text';

const INSERT = `
  with lines as (
    insert into order_line (order_id, line_no, id, product_id, sku, name, category, quantity, net_amount, discount_amount)
    select $1, l.* from json_to_recordset($25) as l(
      "lineNo" int, id uuid, "productId" uuid, sku text, name text, category text, quantity int, "netAmount" bigint, "discountAmount" bigint)),
  parts as (
    insert into fulfilment (order_id, kind, status, changed_at, id, place_id, promised_for)
    select $1, $13, 'waiting', $28, p.* from json_to_recordset($26) as p(id uuid, "placeId" uuid, "promisedFor" timestamptz)),
  payments as (
    insert into ${PAYMENTS} select $1, $28, p.* from json_to_recordset($27) as p(${PAYMENT_RECORD}))
  insert into orders (id, source, number, profile_id, channel, place_id, associate_id, status, currency, net_amount, discount_amount,
                      shipping_amount, fulfilment, latitude, longitude, promised_for, points_hold_id, points_amount, voucher_codes,
                      placed_at, completed_at, fulfilled_at, body_hash, imported)
  values ($1::uuid, $2, $3, $4::uuid, $5, $6::uuid, $7, $8, $9, $10::bigint, $11::bigint, $12::bigint, $13::text, $14::float8, $15::float8,
          $16::timestamptz, $17::uuid, $18::bigint, $19::text[], $20::timestamptz, $21::timestamptz, $22::timestamptz, $23, $24::boolean)`;

/** Half a surrogate pair is no text: as a parameter it arrives as U+FFFD, within JSON PostgreSQL would refuse it. So it does here what it does there. */
const json = (rows: unknown): string =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));

/** Whose an order is, for the envelope of its events; an anonymous one has nobody. */
export interface Owner {
  profileId?: string;
  customerId?: string;
}

const ownedBy = (profileId: string | null, customerId: string | null): Owner =>
  profileId ? { profileId, customerId: customerId ?? profileId } : {};

/** What a new order is called, and whose it is. */
export interface NextOrder {
  number: string;
  owner: Owner;
}

/** A number for an order that is about to be written, and whose it will be: asked for early, with whatever else is asked then. */
export async function nextOrder(tx: Tx, profileId: string | null): Promise<NextOrder> {
  const [row] = await sql<{ number: string; profileId: string | null; customerId: string | null }>(tx, {
    name: 'order-next',
    text: `select 'T' || lpad(nextval('order_number')::text, 8, '0') as number,
                  case when not is_erased($1) then $1::uuid end as "profileId",
                  (select customer_id from customer_profile where profile_id = $1) as "customerId"`,
    values: [profileId],
  });
  const { number, profileId: known, customerId } = row!;
  return { number, owner: ownedBy(known, customerId) };
}

/** Writes an order with its lines, what places do for it and its payments, in one statement that travels with what follows. */
export function insertOrder(tx: Tx, o: NewOrder): OrderRow {
  const sum = (field: 'netAmount' | 'discountAmount'): number =>
    o.lines.reduce((total, line) => total + line[field], 0);
  const order = { ...o, netAmount: sum('netAmount'), discountAmount: sum('discountAmount') };
  const statement = {
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
      json(o.lines),
      json(o.parts),
      json(o.payments),
      o.now,
    ],
  };
  send(tx, statement, pointsUsedTwice);
  return { ...order, cancelledAt: null, cancelReason: null, imported: false };
}

/** One hold of points pays for one order: the unique index decides, whoever comes first. */
function pointsUsedTwice(error: unknown): Error {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23505' && constraint === 'orders_points_hold')
    return new DomainError('POINTS_USED', 'These held points pay for another order already.', ['input', 'pointsHold']);
  return error as Error;
}

/** Another attempt to pay an order that was written before. */
export const insertPayment = (tx: Tx, orderId: string, payment: NewPayment, now: Date): Promise<unknown> =>
  sql(tx, `insert into ${PAYMENTS} select $1, $2, p.* from json_to_record($3) as p(${PAYMENT_RECORD})`, [
    orderId,
    now,
    json(payment),
  ]);

const PAY = `
  with paid as (
    update orders o set status = $3, completed_at = $4 where id = $1 and status = $2
    returning ${ORDER_COLUMNS}, (select customer_id from customer_profile where profile_id = o.profile_id) as "customerId"),
  authorised as (
    update payment set state = 'authorised', provider_reference = $6 where id = $5 and exists (select from paid))
  select paid.*, (select json_agg(found order by "lineNo") from (select ${LINE_COLUMNS} from order_line l where order_id = $1) found) as lines
    from paid`;

export interface Payment {
  orderId: string;
  from: OrderStatus;
  to: OrderStatus;
  /** Null where nothing was to be paid in money. */
  paymentId: string | null;
  reference: string | null;
}

/** Moves an order on to being paid, if it still is where the caller saw it; null if somebody else has moved it. */
export async function markPaid(
  tx: Tx,
  { orderId, from, to, paymentId, reference }: Payment,
  now: Date,
): Promise<(OrderRow & { owner: Owner; lines: OrderLineRow[] }) | null> {
  const [row] = await sql<OrderRow & { customerId: string | null; lines: OrderLineRow[] }>(tx, {
    name: 'order-pay',
    text: PAY,
    values: [orderId, from, to, now, paymentId, reference],
  });
  if (!row) return null;
  const { customerId, ...order } = row;
  return { ...order, owner: ownedBy(order.profileId, customerId) };
}
