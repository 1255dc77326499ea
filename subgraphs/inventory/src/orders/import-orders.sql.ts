import { sql, type Tx } from '@trenza/database';
import type { Channel } from '@trenza/values';

export interface ImportedLine {
  lineNo: number;
  id: string;
  productId: string | null;
  sku: string;
  name: string | null;
  category: string | null;
  quantity: number;
  netAmount: number;
  discountAmount: number;
}

interface ImportedDocument {
  id: string;
  source: string;
  number: string;
  profileId: string | null;
  channel: Channel;
  placeId: string | null;
  associateId: string | null;
  currency: string;
  occurredAt: Date;
  bodyHash: string;
  lines: ImportedLine[];
}

export interface ImportedOrder extends ImportedDocument {
  status: 'fulfilled' | 'cancelled';
  netAmount: number;
  discountAmount: number;
  shippingAmount: number;
  fulfilment: string;
  promisedFor: Date | null;
  fulfilledAt: Date | null;
}

export interface ImportedReturn extends ImportedDocument {
  orderId: string | null;
  orderNumber: string | null;
  valueAmount: number;
}

const ORDERS = `
  insert into orders (id, source, number, profile_id, channel, place_id, associate_id, status, currency, net_amount, discount_amount,
                      shipping_amount, fulfilment, promised_for, placed_at, completed_at, fulfilled_at, cancelled_at, cancel_reason,
                      imported, body_hash)
  select id, source, number, "profileId", channel, "placeId", "associateId", status, currency, "netAmount", "discountAmount",
         "shippingAmount", fulfilment, "promisedFor", "occurredAt", case when status <> 'cancelled' then "occurredAt" end, "fulfilledAt",
         case when status = 'cancelled' then "occurredAt" end, case when status = 'cancelled' then 'imported as cancelled' end, true, "bodyHash"
    from jsonb_to_recordset($1) as r(
      id uuid, source text, number text, "profileId" uuid, channel text, "placeId" uuid, "associateId" text, status text, currency text,
      "netAmount" bigint, "discountAmount" bigint, "shippingAmount" bigint, fulfilment text, "promisedFor" timestamptz,
      "occurredAt" timestamptz, "fulfilledAt" timestamptz, "bodyHash" text)
  on conflict (source, number) do nothing
  returning id`;

/** Lines are the mass: tens of thousands in a call. Arrays and `unnest` are what PostgreSQL takes them in by fastest. */
const ORDER_LINES = `
  insert into order_line (order_id, line_no, id, product_id, sku, name, category, quantity, net_amount, discount_amount)
  select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[], $9::bigint[], $10::bigint[])`;

/** Writes those that are not there yet, and the lines of exactly those. Returns their ids. */
export async function writeOrders(tx: Tx, orders: readonly ImportedOrder[]): Promise<string[]> {
  if (orders.length === 0) return [];
  const heads = orders.map((order) => ({ ...order, lines: undefined }));
  const written = new Set((await sql<{ id: string }>(tx, ORDERS, [JSON.stringify(heads)])).map((row) => row.id));
  const lines = orders
    .filter((order) => written.has(order.id))
    .flatMap((order) => order.lines.map((line) => ({ orderId: order.id, line })));
  await sql(tx, {
    name: 'import-order-lines',
    text: ORDER_LINES,
    values: [
      lines.map((l) => l.orderId),
      lines.map((l) => l.line.lineNo),
      lines.map((l) => l.line.id),
      lines.map((l) => l.line.productId),
      lines.map((l) => l.line.sku),
      lines.map((l) => l.line.name),
      lines.map((l) => l.line.category),
      lines.map((l) => l.line.quantity),
      lines.map((l) => l.line.netAmount),
      lines.map((l) => l.line.discountAmount),
    ],
  });
  return [...written];
}

const RETURNS = `
  insert into order_return (id, source, number, order_id, profile_id, channel, place_id, associate_id, currency, value_amount, refund_amount,
                            occurred_at, imported, body_hash)
  select id, source, number, "orderId", "profileId", channel, "placeId", "associateId", currency, "valueAmount", "valueAmount",
         "occurredAt", true, "bodyHash"
    from jsonb_to_recordset($1) as r(
      id uuid, source text, number text, "orderId" uuid, "profileId" uuid, channel text, "placeId" uuid, "associateId" text, currency text,
      "valueAmount" bigint, "occurredAt" timestamptz, "bodyHash" text)
  on conflict (source, number) do nothing
  returning id`;

const RETURN_LINES = `
  insert into return_line (return_id, line_no, product_id, sku, quantity, value_amount, disposition)
  select *, 'none' from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::int[], $6::bigint[])`;

export async function writeReturns(tx: Tx, returns: readonly ImportedReturn[]): Promise<string[]> {
  if (returns.length === 0) return [];
  const heads = returns.map((document) => ({ ...document, lines: undefined }));
  const written = new Set((await sql<{ id: string }>(tx, RETURNS, [JSON.stringify(heads)])).map((row) => row.id));
  const lines = returns
    .filter((r) => written.has(r.id))
    .flatMap((r) => r.lines.map((line) => ({ returnId: r.id, line })));
  await sql(tx, {
    name: 'import-return-lines',
    text: RETURN_LINES,
    values: [
      lines.map((l) => l.returnId),
      lines.map((l) => l.line.lineNo),
      lines.map((l) => l.line.productId),
      lines.map((l) => l.line.sku),
      lines.map((l) => l.line.quantity),
      lines.map((l) => l.line.netAmount),
    ],
  });
  return [...written];
}

/**
 * Counts units that came back on the lines they were sold on, first line first, never more than were sold: what history says was returned can't be
 * returned again at a till tomorrow.
 */
const MARK = `
  with back as (
    select r.order_id, l.sku, sum(l.quantity)::int as quantity
      from order_return r join return_line l on l.return_id = r.id
     where r.id = any($1::uuid[]) and r.order_id is not null group by 1, 2),
  open as (
    select l.order_id, l.line_no, l.quantity - l.returned as open, b.quantity,
           sum(l.quantity - l.returned) over (partition by l.order_id, l.sku order by l.line_no) - (l.quantity - l.returned) as before
      from back b join order_line l on l.order_id = b.order_id and l.sku = b.sku)
  update order_line l set returned = l.returned + least(o.open, o.quantity - o.before)::int
    from open o where l.order_id = o.order_id and l.line_no = o.line_no and o.quantity > o.before and o.open > 0`;

export async function markReturned(tx: Tx, returns: readonly ImportedReturn[]): Promise<void> {
  const linked = returns.filter((r) => r.orderId);
  if (linked.length === 0) return;
  // Whoever takes something back holds the order's lock; so does history.
  await sql(tx, 'select from orders where id = any($1::uuid[]) order by id for no key update', [
    linked.map((r) => r.orderId),
  ]);
  await sql(tx, MARK, [linked.map((r) => r.id)]);
}
