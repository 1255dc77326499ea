import { keepOut } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event, type EventOf } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { anonymiseIn, removeFrom } from './erased.ts';

type Erase = EventOf<'identity.customer.erasure-requested.v1'>;
type Export = EventOf<'identity.customer.export-requested.v1'>;

/** Orders and returns stay, and nobody is named in them; what else is hers goes, and what is still on its way is kept out. */
export async function eraseCustomer(tx: Tx, { data, customerId }: Erase, deps: Deps): Promise<void> {
  const { requestId, profileIds } = data;
  const now = deps.clock.now();
  await keepOut(tx, profileIds, now);
  const removed = await removeFrom(tx, profileIds);
  const anonymised = await anonymiseIn(tx, profileIds);
  await publish(tx, [
    event('inventory.customer.erased.v1', {
      ...(customerId && { customerId }),
      occurredAt: now,
      data: { requestId, removed, anonymised },
    }),
  ]);
}

/** Bounds one answer: a message may hold a megabyte. What is cut off is said. */
const MAX_EXPORTED = 1_000;

export async function exportCustomer(tx: Tx, { data, customerId }: Export, deps: Deps): Promise<void> {
  const { requestId, profileIds } = data;
  const rows = (statement: string): Promise<Record<string, unknown>[]> =>
    sql(tx, `${statement} limit ${MAX_EXPORTED + 1}`, [profileIds]);
  const orders = await rows(`
    select o.number, o.source, o.channel, o.status, o.placed_at as "placedAt", o.currency, o.net_amount as "netAmount", o.fulfilment,
           o.latitude, o.longitude, o.voucher_codes as "voucherCodes",
           (select json_agg(json_build_object('sku', l.sku, 'name', l.name, 'quantity', l.quantity, 'netAmount', l.net_amount) order by l.line_no)
              from order_line l where l.order_id = o.id) as lines,
           (select json_agg(json_build_object('name', d.name, 'amount', d.amount) order by d.line_no, d.place)
              from order_discount d where d.order_id = o.id) as discounts
      from orders o where o.profile_id = any($1::uuid[]) order by o.placed_at desc`);
  const returns = await rows(`
    select number, channel, occurred_at as "occurredAt", reason, value_amount as "valueAmount", refund_amount as "refundAmount", currency
      from order_return where profile_id = any($1::uuid[]) order by occurred_at desc`);
  const carts = await rows(`
    select c.channel, c.state, c.begun_at as "begunAt", c.touched_at as "touchedAt",
           (select json_agg(json_build_object('sku', p.sku, 'name', p.name, 'quantity', l.quantity))
              from cart_line l join product p on p.id = l.product_id where l.cart_id = c.id) as lines
      from cart c where c.profile_id = any($1::uuid[]) order by c.begun_at desc`);
  const document = {
    orders: orders.slice(0, MAX_EXPORTED),
    returns: returns.slice(0, MAX_EXPORTED),
    carts: carts.slice(0, MAX_EXPORTED),
    truncated: [orders, returns, carts].some((list) => list.length > MAX_EXPORTED),
  };
  await publish(tx, [
    event('inventory.customer.exported.v1', {
      ...(customerId && { customerId }),
      occurredAt: deps.clock.now(),
      data: { requestId, document: JSON.parse(JSON.stringify(document)) as Record<string, unknown> },
    }),
  ]);
}
