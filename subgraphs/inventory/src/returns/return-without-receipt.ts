import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError, type Channel } from '@trenza/values';
import { requirePlace } from '../places/require-place.ts';
import { bodyHash } from '../imports/import-rows.ts';
import {
  insertReturn,
  orderReturned,
  putBack,
  type Disposition,
  type ReturnLineRow,
  type ReturnRow,
} from './returns.sql.ts';

/** What was sold longer ago is not taken back without a receipt. */
export const LOOK_BACK_DAYS = 90;
/** Without a receipt nobody knows whether it was bought at all: more units, or more money, need one. */
export const MAX_UNITS = 10;
export const MAX_VALUE = 30_000;
const DAY_MS = 86_400_000;

export interface ReturnWithoutReceiptCommand {
  profileId: string | null;
  channel: Channel;
  placeId: string;
  associateId: string | null;
  reason: string | null;
  lines: readonly { sku: string; quantity: number; disposition: Disposition }[];
}

interface Sold {
  sku: string;
  productId: string;
  currency: string;
  /** The least that anybody paid for one in the time; null where nobody bought it. */
  lowest: number | null;
}

const LOWEST = `
  select p.sku, p.id as "productId", p.currency,
         (select min(l.net_amount / l.quantity) from order_line l join orders o on o.id = l.order_id
           where l.product_id = p.id and o.completed_at >= $2 and o.status <> 'cancelled' and o.currency = p.currency and l.net_amount >= 0) as lowest
    from product p where p.sku = any($1)`;

/**
 * Takes back what nobody can show a receipt for: at the lowest price anybody paid in the last `LOOK_BACK_DAYS` days, so that buying in a sale and
 * bringing back at full price earns nothing, in cash at the till, within limits.
 */
export async function returnWithoutReceipt(
  tx: Tx,
  command: ReturnWithoutReceiptCommand,
  now: Date,
): Promise<ReturnRow> {
  const { lines: wanted } = command;
  await requirePlace(tx, command.placeId);
  const units = wanted.reduce((sum, line) => sum + line.quantity, 0);
  if (wanted.length === 0 || wanted.some((line) => line.quantity < 1) || units > MAX_UNITS)
    throw new DomainError(
      'INVALID_LINES',
      `Without a receipt 1 to ${MAX_UNITS} units are taken back, ${units} were brought.`,
      ['input', 'lines'],
    );
  const sold = await sql<Sold>(tx, LOWEST, [
    wanted.map((line) => line.sku),
    new Date(now.getTime() - LOOK_BACK_DAYS * DAY_MS),
  ]);
  const lines = wanted.map(({ sku, quantity, disposition }, i): ReturnLineRow => {
    const product = sold.find((s) => s.sku === sku);
    const path = ['input', 'lines', String(i)];
    if (!product) throw new DomainError('UNKNOWN_SKU', `No product has the sku "${sku}".`, path);
    if (product.lowest === null)
      throw new DomainError(
        'NEVER_SOLD',
        `Nobody bought ${sku} in the last ${LOOK_BACK_DAYS} days. It needs a receipt.`,
        path,
      );
    return {
      orderLineId: null,
      productId: product.productId,
      sku,
      quantity,
      valueAmount: product.lowest * quantity,
      disposition,
    };
  });
  const currencies = new Set(sold.map((s) => s.currency));
  const valueAmount = lines.reduce((sum, line) => sum + line.valueAmount, 0);
  if (currencies.size > 1)
    throw new DomainError('CURRENCY_MISMATCH', `One return cannot be in ${[...currencies].join(' and ')}.`, [
      'input',
      'lines',
    ]);
  if (valueAmount > MAX_VALUE)
    throw new DomainError(
      'RECEIPT_REQUIRED',
      `It is worth ${valueAmount} (minor units); above ${MAX_VALUE} a receipt is needed.`,
      ['input', 'lines'],
    );

  const id = newId();
  const returned: ReturnRow = {
    ...command,
    id,
    source: 'trenza',
    number: `R-${id}`,
    orderId: null,
    orderNumber: null,
    currency: sold[0]!.currency,
    valueAmount,
    refundAmount: valueAmount,
    occurredAt: now,
    imported: false,
    bodyHash: bodyHash(command),
  };
  await insertReturn(tx, returned, lines);
  await publish(tx, [await orderReturned(tx, returned, lines)]);
  await putBack(tx, returned, lines, now);
  return returned;
}
