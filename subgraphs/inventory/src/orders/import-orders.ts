import { erasedAmong, resolveCustomers } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event, newId, type AnyEvent } from '@trenza/events';
import { publish } from '@trenza/outbox';
import {
  blank,
  bodyHash,
  isCurrency,
  sift,
  type ImportOutcome,
  type Problem,
  type Refusal,
} from '../imports/import-rows.ts';
import type { ImportOrderInput, ImportOrderLineInput } from './import-orders.type.ts';
import {
  markReturned,
  writeOrders,
  writeReturns,
  type ImportedLine,
  type ImportedOrder,
  type ImportedReturn,
} from './import-orders.sql.ts';

/** The contract of order.completed carries as many. */
const MAX_LINES = 2_000;
/** The lines of one call: more would make one transaction too large. */
const MAX_LINES_PER_CALL = 50_000;
/** A till's clock may be ahead of ours by a time zone; a date beyond that is a mistake of the file. */
const MAX_AHEAD_MS = 24 * 3_600_000;
const MAX_AMOUNT = 1e12;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Document {
  index: number;
  row: ImportOrderInput;
  /** Null where nobody knows who bought, or may know any more. */
  profileId: string | null;
  hash: string;
}

/**
 * Brings in history: each document once per (source, number). Lines with a positive quantity are an order, those with a negative one a return;
 * a document may have both. It moves no stock, and what it says to the others carries `imported: true` and the day on which it happened.
 */
export async function importOrders(
  tx: Tx,
  command: { source: string; orders: readonly ImportOrderInput[] },
  now: Date,
): Promise<ImportOutcome> {
  const { source, orders } = command;
  const places = await placeIds(tx, orders);
  const { rows, refusals } = sift(
    orders,
    (o) => o.number,
    (o) => problemOf(o, places, now),
    'number',
  );
  const totalLines = rows.reduce((sum, { row }) => sum + row.lines.length, 0);
  if (totalLines > MAX_LINES_PER_CALL)
    return {
      created: 0,
      updated: 0,
      unchanged: 0,
      refusals: [...refusals, ...rows.map(({ index, row }) => tooMany(index, row, totalLines))],
    };

  const documents = rows.map(({ index, row }) => ({
    index,
    row,
    profileId: row.profileId?.toLowerCase() ?? null,
    hash: bodyHash(row),
  }));
  const known = await knownDocuments(tx, source, documents);
  const fresh = await withoutErased(
    tx,
    documents.filter((d) => !known.has(d.row.number)),
  );
  const changed = documents.filter((d) => known.has(d.row.number) && known.get(d.row.number) !== d.hash);

  const products = await productsOf(tx, fresh);
  const sales = fresh.flatMap((d) => toOrder(source, d, places, products) ?? []);
  const written = new Set(await writeOrders(tx, sales));
  const originals = await originalOrders(tx, source, fresh);
  const returns = fresh.flatMap((d) => toReturn(source, d, { places, products, originals, sales, written }) ?? []);
  const taken = new Set(await writeReturns(tx, returns));
  const newSales = sales.filter((o) => written.has(o.id));
  const newReturns = returns.filter((r) => taken.has(r.id));
  await markReturned(tx, newReturns);
  await announce(tx, newSales, newReturns);

  const created = new Set([...newSales, ...newReturns].map((d) => d.number)).size;
  return {
    created,
    updated: 0,
    unchanged: documents.length - created - changed.length,
    refusals: [...refusals, ...changed.map(numberTaken)],
  };
}

function problemOf(o: ImportOrderInput, places: Map<string, string>, now: Date): Problem {
  const invalid = (field: string, message: string): Problem => ({ field, code: 'INVALID', message });
  if (blank(o.number) || o.number.length > 100) return invalid('number', 'A number has 1 to 100 characters.');
  if (!isCurrency(o.currency)) return invalid('currency', `"${o.currency}" is no ISO 4217 code.`);
  if (o.profileId && !UUID.test(o.profileId)) return invalid('profileId', `"${o.profileId}" is no id.`);
  if (o.storeCode && !places.has(o.storeCode))
    return { field: 'storeCode', code: 'UNKNOWN_STORE', message: `No store has the code "${o.storeCode}".` };
  if (o.occurredAt.getTime() > now.getTime() + MAX_AHEAD_MS)
    return invalid('occurredAt', `${o.occurredAt.toISOString()} is in the future.`);
  if (o.shippingAmount < 0 || o.shippingAmount > MAX_AMOUNT)
    return invalid('shippingAmount', `${o.shippingAmount} is not between 0 and ${MAX_AMOUNT}.`);
  if (o.lines.length === 0 || o.lines.length > MAX_LINES)
    return invalid('lines', `A document has 1 to ${MAX_LINES} lines, this one has ${o.lines.length}.`);
  for (const [i, line] of o.lines.entries()) {
    const problem = lineProblem(line);
    if (problem) return invalid(`lines.${i}.${problem[0]}`, problem[1]);
  }
  return null;
}

function lineProblem(line: ImportOrderLineInput): [keyof ImportOrderLineInput, string] | null {
  if (blank(line.sku) || line.sku.length > 100) return ['sku', 'A sku has 1 to 100 characters.'];
  if ((line.name?.length ?? 0) > 300) return ['name', 'A name has at most 300 characters.'];
  if ((line.category?.length ?? 0) > 200) return ['category', 'A category has at most 200 characters.'];
  if (line.quantity === 0) return ['quantity', 'A line of no units is neither sold nor returned.'];
  if (line.quantity < 0 && line.netAmount > 0)
    return ['netAmount', `${line.quantity} units come back, so ${line.netAmount} should not be above zero.`];
  for (const field of ['netAmount', 'discountAmount'] as const)
    if (Math.abs(line[field]) > MAX_AMOUNT) return [field, `${line[field]} is beyond any sale.`];
  return null;
}

const tooMany = (index: number, row: ImportOrderInput, lines: number): Refusal => ({
  index,
  key: row.number,
  field: 'lines',
  code: 'BATCH_TOO_LARGE',
  message: `The call has ${lines} lines, at most ${MAX_LINES_PER_CALL} fit. Send fewer orders at a time.`,
});

const numberTaken = ({ index, row }: Document): Refusal => ({
  index,
  key: row.number,
  field: 'number',
  code: 'NUMBER_TAKEN',
  message: `"${row.number}" came before with other content. Documents don't change; correct it by another one.`,
});

async function placeIds(tx: Tx, orders: readonly ImportOrderInput[]): Promise<Map<string, string>> {
  const codes = [...new Set(orders.flatMap((o) => o.storeCode ?? []))];
  const rows =
    codes.length > 0
      ? await sql<{ id: string; code: string }>(tx, 'select id, code from place where code = any($1)', [codes])
      : [];
  return new Map(rows.map((row) => [row.code, row.id]));
}

/** Number → hash of the documents that were here before, as an order or as a return. */
async function knownDocuments(tx: Tx, source: string, documents: readonly Document[]): Promise<Map<string, string>> {
  const rows = await sql<{ number: string; hash: string }>(
    tx,
    `select number, body_hash as hash from orders where source = $1 and number = any($2)
     union all select number, body_hash from order_return where source = $1 and number = any($2)`,
    [source, documents.map((d) => d.row.number)],
  );
  return new Map(rows.map((row) => [row.number, row.hash]));
}

/** A file may name somebody who was erased since it was written: her purchases are revenue, and nobody's. */
async function withoutErased(tx: Tx, documents: readonly Document[]): Promise<Document[]> {
  const erased = await erasedAmong(
    tx,
    documents.flatMap((d) => d.profileId ?? []),
  );
  return documents.map((d) => (d.profileId && erased.has(d.profileId) ? { ...d, profileId: null } : d));
}

interface KnownProduct {
  id: string;
  sku: string;
  name: string;
  category: string | null;
}

async function productsOf(tx: Tx, documents: readonly Document[]): Promise<Map<string, KnownProduct>> {
  const skus = [...new Set(documents.flatMap((d) => d.row.lines.map((line) => line.sku)))];
  const rows = await sql<KnownProduct>(tx, 'select id, sku, name, category from product where sku = any($1)', [skus]);
  return new Map(rows.map((row) => [row.sku, row]));
}

function toLines(
  lines: readonly ImportOrderLineInput[],
  sign: 1 | -1,
  products: Map<string, KnownProduct>,
): ImportedLine[] {
  const ours = lines.filter((line) => Math.sign(line.quantity) === sign);
  return ours.map((line, i) => {
    const product = products.get(line.sku);
    return {
      lineNo: i + 1,
      id: newId(),
      productId: product?.id ?? null,
      sku: line.sku,
      name: line.name ?? product?.name ?? null,
      category: line.category ?? product?.category ?? null,
      quantity: sign * line.quantity,
      netAmount: sign === 1 ? line.netAmount : -line.netAmount,
      discountAmount: line.discountAmount,
    };
  });
}

function toOrder(
  source: string,
  { row, profileId, hash }: Document,
  places: Map<string, string>,
  products: Map<string, KnownProduct>,
): ImportedOrder | null {
  const lines = toLines(row.lines, 1, products);
  if (lines.length === 0) return null;
  return {
    id: newId(),
    source,
    number: row.number,
    profileId,
    channel: row.channel,
    placeId: row.storeCode ? places.get(row.storeCode)! : null,
    associateId: row.associateId ?? null,
    status: row.cancelled ? 'cancelled' : 'fulfilled',
    currency: row.currency,
    netAmount: lines.reduce((sum, line) => sum + line.netAmount, 0),
    discountAmount: lines.reduce((sum, line) => sum + line.discountAmount, 0),
    shippingAmount: row.shippingAmount,
    fulfilment: row.fulfilment ?? (row.storeCode ? 'store' : 'delivery'),
    promisedFor: row.promisedFor ?? null,
    occurredAt: row.occurredAt,
    fulfilledAt: row.cancelled ? null : (row.fulfilledAt ?? row.occurredAt),
    bodyHash: hash,
    lines,
  };
}

interface ReturnSources {
  places: Map<string, string>;
  products: Map<string, KnownProduct>;
  originals: Map<string, string>;
  sales: readonly ImportedOrder[];
  written: Set<string>;
}

function toReturn(source: string, { row, profileId, hash }: Document, from: ReturnSources): ImportedReturn | null {
  const lines = toLines(row.lines, -1, from.products);
  if (lines.length === 0 || row.cancelled) return null;
  const ownSale = from.sales.find((o) => o.number === row.number);
  // The sale of the same document was written by somebody else at this moment: so is its return.
  if (ownSale && !from.written.has(ownSale.id)) return null;
  return {
    id: newId(),
    source,
    number: row.number,
    orderId: (row.originalNumber ? from.originals.get(row.originalNumber) : undefined) ?? ownSale?.id ?? null,
    orderNumber: row.originalNumber ?? ownSale?.number ?? null,
    profileId,
    channel: row.channel,
    placeId: row.storeCode ? from.places.get(row.storeCode)! : null,
    associateId: row.associateId ?? null,
    currency: row.currency,
    valueAmount: lines.reduce((sum, line) => sum + line.netAmount, 0),
    occurredAt: row.occurredAt,
    bodyHash: hash,
    lines,
  };
}

async function originalOrders(tx: Tx, source: string, documents: readonly Document[]): Promise<Map<string, string>> {
  const numbers = documents.flatMap((d) => d.row.originalNumber ?? []);
  if (numbers.length === 0) return new Map();
  const rows = await sql<{ id: string; number: string }>(
    tx,
    'select id, number from orders where source = $1 and number = any($2)',
    [source, numbers],
  );
  return new Map(rows.map((row) => [row.number, row.id]));
}

/** Tells the others of what belongs to somebody. What nobody is known for is revenue, and no news. */
async function announce(tx: Tx, orders: readonly ImportedOrder[], returns: readonly ImportedReturn[]): Promise<void> {
  const told = orders.filter((o) => o.profileId && o.status !== 'cancelled');
  const back = returns.filter((r) => r.profileId);
  const profiles = [...new Set([...told, ...back].map((d) => d.profileId!))];
  const customers = await resolveCustomers(tx, profiles);
  const customerOf = new Map(profiles.map((profile, i) => [profile, customers[i]!]));
  const owner = (profileId: string | null): { profileId: string; customerId: string } => ({
    profileId: profileId!,
    customerId: customerOf.get(profileId!)!,
  });
  await publish(tx, [
    ...told.map((o) => completed(o, owner(o.profileId))),
    ...back.map((r) => returned(r, owner(r.profileId))),
  ]);
}

const completed = (o: ImportedOrder, owner: { profileId: string; customerId: string }): AnyEvent =>
  event('inventory.order.completed.v1', {
    ...owner,
    occurredAt: o.occurredAt,
    data: {
      orderId: o.id,
      number: o.number,
      channel: o.channel,
      storeId: o.placeId,
      associateId: o.associateId,
      total: { amount: o.netAmount + o.shippingAmount, currency: o.currency },
      netAmount: o.netAmount,
      lines: o.lines.map(({ id, productId, sku, name, category, quantity, netAmount, discountAmount }) => ({
        lineId: id,
        ...(productId && { productId }),
        sku,
        ...(name && { name }),
        ...(category && { category }),
        quantity,
        netAmount,
        discountAmount,
      })),
      imported: true,
    },
  });

const returned = (r: ImportedReturn, owner: { profileId: string; customerId: string }): AnyEvent =>
  event('inventory.order.returned.v1', {
    ...owner,
    occurredAt: r.occurredAt,
    data: {
      returnId: r.id,
      orderId: r.orderId,
      number: r.orderNumber,
      channel: r.channel,
      storeId: r.placeId,
      lines: r.lines.map((l) => ({ lineId: null, sku: l.sku, quantity: l.quantity, refundAmount: l.netAmount })),
      refund: { amount: r.valueAmount, currency: r.currency },
      imported: true,
    },
  });
