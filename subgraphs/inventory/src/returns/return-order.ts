import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError, type Channel } from '@trenza/values';
import { bodyHash } from '../imports/import-rows.ts';
import { linesOf, lockOrder, moneyOf, type OrderLineRow, type OrderRow } from '../orders/orders.sql.ts';
import { OWN_SOURCE } from '../orders/place-order.ts';
import { requirePlace } from '../places/require-place.ts';
import { shareOf } from '../orders/share.ts';
import {
  insertReturn,
  orderReturned,
  putBack,
  type Disposition,
  type ReturnLineRow,
  type ReturnRow,
} from './returns.sql.ts';

export interface ReturnOrderCommand {
  orderId: string;
  channel: Channel;
  /** Where it is taken back; null for a parcel that has not been opened yet: nothing is put on a shelf then. */
  placeId: string | null;
  associateId: string | null;
  reason: string | null;
  lines: readonly { lineId?: string | null; sku?: string | null; quantity: number; disposition: Disposition }[];
}

/**
 * Takes back lines of an order, at any place, whatever the channel of the purchase. Values are reckoned from the lines as they were sold; what
 * was paid by points is loyalty's to give back, the money goes back to where it came from.
 */
export async function returnOrder(tx: Tx, command: ReturnOrderCommand, now: Date): Promise<ReturnRow> {
  if (command.placeId) await requirePlace(tx, command.placeId);
  const order = await lockOrder(tx, command.orderId);
  if (order.status !== 'fulfilled')
    throw new DomainError(
      'NOT_FULFILLED',
      `Order ${order.number} is ${order.status}; only what was handed over comes back.`,
      ['input', 'orderId'],
    );
  const sold = await linesOf(tx, order.id);
  const lines = takeBack(sold, command.lines);
  const before = sold.reduce((sum, line) => sum + shareOf(line.netAmount, line.quantity, 0, line.returned), 0);
  const value = lines.reduce((sum, line) => sum + line.valueAmount, 0);
  const money = moneyOf(order) - order.shippingAmount;
  const refundAmount = order.netAmount > 0 ? shareOf(money, order.netAmount, before, value) : value;

  await sql(
    tx,
    `update order_line l set returned = l.returned + d.quantity
       from (select line_id, sum(quantity)::int as quantity from unnest($2::uuid[], $3::int[]) c(line_id, quantity) group by 1) d
      where l.order_id = $1 and l.id = d.line_id`,
    [order.id, lines.map((l) => l.orderLineId), lines.map((l) => l.quantity)],
  );
  const returned: ReturnRow = {
    id: newId(),
    source: OWN_SOURCE,
    number: `${nameOf(order)}-R${await countReturns(tx, order.id)}`,
    orderId: order.id,
    orderNumber: order.number,
    profileId: order.profileId,
    channel: command.channel,
    placeId: command.placeId,
    associateId: command.associateId,
    reason: command.reason,
    currency: order.currency,
    valueAmount: value,
    refundAmount,
    occurredAt: now,
    imported: false,
    bodyHash: bodyHash(command),
  };
  await insertReturn(tx, returned, lines);
  await refundMoney(tx, order, returned, now);
  await publish(tx, [await orderReturned(tx, returned, lines)]);
  if (command.placeId) await putBack(tx, returned, lines, now);
  return returned;
}

/** Two systems may give the same number to different orders; what comes back of them is numbered here. */
const nameOf = ({ source, number }: OrderRow): string => (source === OWN_SOURCE ? number : `${source}/${number}`);

/** Which line each of the wanted ones is, how many are left of it, and what they are worth. */
function takeBack(sold: readonly OrderLineRow[], wanted: ReturnOrderCommand['lines']): ReturnLineRow[] {
  if (wanted.length === 0)
    throw new DomainError('INVALID_LINES', 'Name at least one line to take back.', ['input', 'lines']);
  const left = new Map(sold.map((line) => [line.id, { ...line }]));
  return wanted.flatMap(({ lineId, sku, quantity, disposition }, index) => {
    const path = ['input', 'lines', String(index)];
    const matching = [...left.values()].filter((line) => (lineId ? line.id === lineId : line.sku === sku));
    if (matching.length === 0)
      throw new DomainError(
        'UNKNOWN_LINE',
        `The order has no line ${lineId ?? sku ?? '(neither lineId nor sku given)'}.`,
        path,
      );
    const open = matching.reduce((sum, line) => sum + line.quantity - line.returned, 0);
    if (quantity < 1 || quantity > open)
      throw new DomainError(
        'RETURN_EXCEEDS_SALE',
        `${quantity} of ${matching[0]!.sku} were to come back; 1 to ${open} can, the others have.`,
        path,
      );
    let rest = quantity;
    return matching.flatMap((line): ReturnLineRow[] => {
      const part = Math.min(rest, line.quantity - line.returned);
      if (part === 0) return [];
      const valueAmount = shareOf(line.netAmount, line.quantity, line.returned, part);
      line.returned += part;
      rest -= part;
      const { id, productId } = line;
      return [{ orderLineId: id, productId, sku: line.sku, quantity: part, valueAmount, disposition }];
    });
  });
}

async function countReturns(tx: Tx, orderId: string): Promise<number> {
  const [row] = await sql<{ n: number }>(tx, 'select count(*) + 1 as n from order_return where order_id = $1', [
    orderId,
  ]);
  return row!.n;
}

/** Back to the payments it came from, the first one first. Orders that were paid elsewhere (imported, marketplace) are refunded there. */
async function refundMoney(tx: Tx, order: OrderRow, returned: ReturnRow, now: Date): Promise<void> {
  const payments = await sql<{ id: string; open: number }>(
    tx,
    `select id, amount - refunded as open from payment
      where order_id = $1 and state in ('authorised', 'captured') and means not in ('points', 'external') and refunded < amount order by created_at, id`,
    [order.id],
  );
  let rest = returned.refundAmount;
  for (const { id, open } of payments) {
    const amount = Math.min(rest, open);
    if (amount <= 0) break;
    rest -= amount;
    await sql(tx, 'update payment set refunded = refunded + $2 where id = $1', [id, amount]);
    await sql(
      tx,
      `insert into refund (id, payment_id, return_id, amount, state, created_at) values ($1, $2, $3, $4, 'pending', $5)`,
      [newId(), id, returned.id, amount, now],
    );
  }
}
