import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError, type Channel } from '@trenza/values';
import { bodyHash, isCurrency } from '../imports/import-rows.ts';
import type { Destination } from '../promise/candidates.sql.ts';
import type { FulfilmentKind } from '../promise/promise.ts';
import { assignStock, reserveStock } from '../stock/reserve-stock.ts';
import { orderCompleted, orderPlaced, ownerOf } from './order-events.ts';
import { insertOrder, totalOf, type OrderLineRow } from './orders.sql.ts';
import { lastOf, partsOf, placesFor } from './place-order.ts';

/** The event of a completed order carries as many. */
const MAX_LINES = 2_000;
/** Beyond any sale; sums of them stay exact. */
const MAX_AMOUNT = 1e12;
const MAX_UNITS = 1_000_000;

export interface RecordOrderCommand {
  source: string;
  number: string;
  profileId: string | null;
  channel: Channel;
  currency: string;
  fulfilment: FulfilmentKind;
  placeId: string | null;
  destination: Destination | null;
  shippingAmount: number;
  placedAt: Date;
  lines: readonly { sku: string; quantity: number; netAmount: number }[];
}

/** Takes over an order that was sold and paid elsewhere: the stock is allocated, or it is refused so that the other side can cancel. */
export async function recordOrder(tx: Tx, command: RecordOrderCommand, now: Date): Promise<{ orderId: string }> {
  const hash = bodyHash({ ...command, placedAt: undefined });
  const known = await claimNumber(tx, command, hash);
  if (known) return { orderId: known };
  checkMoney(command);
  const lines = await linesFrom(tx, command);
  const places = await placesFor(tx, command, { lines }, now);
  const assigned = await assignStock(tx, { demand: lines, ...places }, now);
  const parts = partsOf(assigned.assignments, places.ranking);
  const { currency, shippingAmount } = command;
  const netAmount = lines.reduce((sum, line) => sum + line.netAmount, 0);
  const owner = await ownerOf(tx, command.profileId);
  const order = insertOrder(tx, {
    ...command,
    id: newId(),
    associateId: null,
    status: 'paid',
    promisedFor: lastOf(parts),
    pointsHoldId: null,
    pointsAmount: null,
    voucherCodes: [],
    completedAt: now,
    fulfilledAt: null,
    bodyHash: hash,
    lines,
    parts,
    payments: [
      {
        id: newId(),
        means: 'external',
        state: 'captured',
        amount: totalOf({ netAmount, shippingAmount }),
        currency,
        provider: command.source,
      },
    ],
    now,
  });
  const orderId = order.id;
  await publish(tx, [orderPlaced(order, owner, command.placedAt), orderCompleted(order, lines, owner, now)]);
  await reserveStock(tx, { ...assigned, groupId: orderId, state: 'allocated', expiresAt: null }, now);
  return { orderId };
}

/** Two deliveries of one order wait for each other; the later one gets the order of the first. */
async function claimNumber(tx: Tx, { source, number }: RecordOrderCommand, hash: string): Promise<string | null> {
  if (number.trim() === '' || number.length > 100 || source.trim() === '')
    throw new DomainError('INVALID_NUMBER', 'A source is named and a number has 1 to 100 characters.', [
      'input',
      'number',
    ]);
  await sql(tx, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`order:${source}:${number}`]);
  const [known] = await sql<{ id: string; same: boolean }>(
    tx,
    'select id, body_hash = $3 as same from orders where source = $1 and number = $2',
    [source, number, hash],
  );
  if (known && !known.same)
    throw new DomainError('NUMBER_TAKEN', `${source} sent the order ${number} before, with other content.`, [
      'input',
      'number',
    ]);
  return known?.id ?? null;
}

function checkMoney({ currency, shippingAmount }: RecordOrderCommand): void {
  if (!isCurrency(currency))
    throw new DomainError('INVALID_CURRENCY', `"${currency.slice(0, 10)}" is no ISO 4217 code.`, ['input', 'currency']);
  if (shippingAmount < 0 || shippingAmount > MAX_AMOUNT)
    throw new DomainError('INVALID_AMOUNT', `${shippingAmount} (minor units) is no price of shipping.`, [
      'input',
      'shippingAmount',
    ]);
}

async function linesFrom(tx: Tx, { lines }: RecordOrderCommand): Promise<(OrderLineRow & { productId: string })[]> {
  const bad = lines.findIndex(
    (line) => line.quantity < 1 || line.quantity > MAX_UNITS || line.netAmount < 0 || line.netAmount > MAX_AMOUNT,
  );
  if (lines.length === 0 || lines.length > MAX_LINES || bad >= 0)
    throw new DomainError(
      'INVALID_LINES',
      `An order has 1 to ${MAX_LINES} lines, each with 1 to ${MAX_UNITS} units and an amount from 0 to ${MAX_AMOUNT} (minor units).`,
      ['input', 'lines', ...(bad >= 0 ? [String(bad)] : [])],
    );
  const products = await sql<{ id: string; sku: string; name: string; category: string | null }>(
    tx,
    'select id, sku, name, category from product where sku = any($1)',
    [lines.map((line) => line.sku)],
  );
  const bySku = new Map(products.map((p) => [p.sku, p]));
  return lines.map(({ sku, quantity, netAmount }, i) => {
    const product = bySku.get(sku);
    if (!product)
      throw new DomainError('UNKNOWN_SKU', `No product has the sku "${sku}".`, ['input', 'lines', String(i)]);
    const { id: productId, name, category } = product;
    return {
      lineNo: i + 1,
      id: newId(),
      productId,
      sku,
      name,
      category,
      quantity,
      netAmount,
      discountAmount: 0,
      returned: 0,
    };
  });
}
