import { sql, type Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import type {
  Order,
  OrderFulfilmentPart,
  OrderLine,
  OrderPayment,
  OrderReturn,
  OrderReturnLine,
} from './order.type.ts';
import { LINE_COLUMNS, ORDER_COLUMNS } from './orders.sql.ts';

type Db = Tx | DataSource;

export async function ordersById(db: Db, ids: readonly string[]): Promise<(Order | null)[]> {
  const rows = await sql<Order>(db, {
    name: 'orders-by-id',
    text: `select ${ORDER_COLUMNS} from orders o where o.id = any($1::uuid[])`,
    values: [ids],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** One statement for all orders of the page; each gets its own. */
const perOrder =
  <Row extends { orderId: string | null }>(name: string, text: string) =>
  async (db: Db, orderIds: readonly string[]): Promise<Row[][]> => {
    const groups = Map.groupBy(await sql<Row>(db, { name, text, values: [orderIds] }), (row) => row.orderId);
    return orderIds.map((id) => groups.get(id) ?? []);
  };

export const linesByOrder = perOrder<OrderLine>(
  'lines-by-order',
  `
  select l.order_id as "orderId", ${LINE_COLUMNS}, o.currency from order_line l join orders o on o.id = l.order_id
   where l.order_id = any($1::uuid[]) order by l.order_id, l.line_no`,
);

export const fulfilmentsByOrder = perOrder<OrderFulfilmentPart>(
  'fulfilments-by-order',
  `
  select id, order_id as "orderId", place_id as "placeId", kind, status, promised_for as "promisedFor", broken_at as "brokenAt",
         changed_at as "changedAt"
    from fulfilment where order_id = any($1::uuid[]) order by order_id, promised_for nulls last, id`,
);

export const paymentsByOrder = perOrder<OrderPayment>(
  'payments-by-order',
  `
  select id, order_id as "orderId", means, state, amount, refunded, currency, provider
    from payment where order_id = any($1::uuid[]) order by order_id, created_at, id`,
);

export interface LineDiscountRow {
  orderId: string;
  lineNo: number;
  promotionId: string | null;
  voucherCode: string | null;
  name: string;
  amount: number;
}

export const discountsByOrder = perOrder<LineDiscountRow>(
  'discounts-by-order',
  `
  select order_id as "orderId", line_no as "lineNo", promotion_id as "promotionId", voucher_code as "voucherCode", name, amount
    from order_discount where order_id = any($1::uuid[]) order by order_id, line_no, place`,
);

const RETURN_COLUMNS = `
  id, order_id as "orderId", number, channel, place_id as "placeId", reason, currency, value_amount as "valueAmount",
  refund_amount as "refundAmount", occurred_at as "occurredAt"`;

export const returnsByOrder = perOrder<OrderReturn>(
  'returns-by-order',
  `
  select ${RETURN_COLUMNS} from order_return where order_id = any($1::uuid[]) order by order_id, occurred_at, id`,
);

export async function returnsById(db: Db, ids: readonly string[]): Promise<(OrderReturn | null)[]> {
  const rows = await sql<OrderReturn>(db, `select ${RETURN_COLUMNS} from order_return where id = any($1::uuid[])`, [
    ids,
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

const RETURN_LINES = `
  select l.return_id as "returnId", l.sku, l.product_id as "productId", l.quantity, l.value_amount as "valueAmount", l.disposition, r.currency,
         r.order_id is null as "withoutReceipt",
         case when s.id is not null then json_build_object(
           'quantity', s.quantity, 'netAmount', s.net_amount, 'discountAmount', s.discount_amount, 'discounts', array(
             select d.name from order_discount d where d.order_id = s.order_id and d.line_no = s.line_no order by d.place)) end as sold
    from return_line l join order_return r on r.id = l.return_id
    left join order_line s on s.order_id = r.order_id and s.id = l.order_line_id
   where l.return_id = any($1::uuid[]) order by l.return_id, l.line_no`;

export async function linesByReturn(db: Db, returnIds: readonly string[]): Promise<OrderReturnLine[][]> {
  const rows = await sql<OrderReturnLine>(db, RETURN_LINES, [returnIds]);
  const groups = Map.groupBy(rows, (row) => row.returnId);
  return returnIds.map((id) => groups.get(id) ?? []);
}

export interface CustomerOrdersQuestion {
  /** Any id of the customer. */
  customerId: string;
  limit: number;
  channels: string[] | null;
  /** Go on after this order. */
  after: [placedAt: string, id: string] | null;
}

/**
 * The latest orders of each customer, over all her profiles. The lateral walks `orders_profile` of each profile backwards and stops
 * at the limit, so that a customer with thousands of orders costs as little as one with ten.
 */
const CUSTOMER_ORDERS = `
  select k.place::int as question, o.* from unnest($1::uuid[]) with ordinality k(id, place)
   cross join lateral (select coalesce((select customer_id from customer_profile where profile_id = k.id), k.id) as customer_id) c
   cross join lateral (
     select ${ORDER_COLUMNS}
       from (select profile_id from customer_profile where customer_id = c.customer_id union select c.customer_id) p
      cross join lateral (
        select * from orders o
         where o.profile_id = p.profile_id and ($3::text[] is null or o.channel = any($3))
           and ($4::timestamptz is null or (o.placed_at, o.id) < ($4, $5::uuid))
         order by o.placed_at desc, o.id desc limit $2) o
      order by o.placed_at desc, o.id desc limit $2) o
   order by k.place, o."placedAt" desc, o.id desc`;

/** Questions that differ only in the customer are asked together. */
export async function customerOrders(db: Db, questions: readonly CustomerOrdersQuestion[]): Promise<Order[][]> {
  const answers = new Map<CustomerOrdersQuestion, Order[]>();
  for (const alike of Map.groupBy(questions, (q) => JSON.stringify([q.limit, q.channels, q.after])).values()) {
    const { limit, channels, after } = alike[0]!;
    const rows = await sql<Order & { question: number }>(db, {
      name: 'customer-orders',
      text: CUSTOMER_ORDERS,
      values: [alike.map((q) => q.customerId), limit, channels, after?.[0] ?? null, after?.[1] ?? null],
    });
    const groups = Map.groupBy(rows, (row) => row.question);
    alike.forEach((q, i) => answers.set(q, groups.get(i + 1) ?? []));
  }
  return questions.map((q) => answers.get(q)!);
}
