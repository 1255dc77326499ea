import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { DomainError } from '@trenza/values';
import { outOfStock } from './reserve-stock.ts';
import {
  applyStock,
  availableOf,
  ensureStock,
  keyOf,
  lockStockKeys,
  recordMovements,
  type Movement,
  type StockChange,
  type StockKey,
} from './stock.sql.ts';

/** Products on one lorry's list. */
const MAX_LINES = 500;

export interface SendTransferCommand {
  fromPlaceId: string;
  toPlaceId: string;
  lines: readonly { sku: string; quantity: number }[];
  actor: string;
}

interface TransferLine {
  productId: string;
  sku: string;
  quantity: number;
}

/** Sends units to another place. They leave here at once, and are in transit there until they are received. */
export async function sendTransfer(tx: Tx, command: SendTransferCommand, now: Date): Promise<{ transferId: string }> {
  const { fromPlaceId, toPlaceId, actor } = command;
  await checkPlaces(tx, fromPlaceId, toPlaceId);
  const lines = await resolveLines(tx, command.lines);
  const from = lines.map(({ productId }) => ({ productId, placeId: fromPlaceId }));
  const to = lines.map(({ productId }) => ({ productId, placeId: toPlaceId }));
  const rows = await lockBoth(tx, [...from, ...to]);
  const short = lines.filter(
    (line) => availableOf(rows.get(keyOf({ productId: line.productId, placeId: fromPlaceId }))!) < line.quantity,
  );
  if (short.length > 0)
    throw await outOfStock(
      tx,
      short.map(({ productId, quantity }) => {
        const available = availableOf(rows.get(keyOf({ productId, placeId: fromPlaceId }))!);
        return { productId, asked: quantity, available, where: [] };
      }),
    );
  const id = newId();
  await sql(
    tx,
    `insert into transfer (id, from_place_id, to_place_id, state, sent_at, actor) values ($1, $2, $3, 'sent', $4, $5)`,
    [id, fromPlaceId, toPlaceId, now, actor],
  );
  await sql(
    tx,
    'insert into transfer_line (transfer_id, product_id, sent) select $1, * from unnest($2::uuid[], $3::int[])',
    [id, lines.map((l) => l.productId), lines.map((l) => l.quantity)],
  );
  const changes = lines.flatMap(({ productId, quantity }): StockChange[] => [
    { productId, placeId: fromPlaceId, onHand: -quantity },
    { productId, placeId: toPlaceId, inTransit: quantity },
  ]);
  await applyStock(tx, changes, now);
  const movements = lines.map(({ productId, quantity }): Movement => ({
    kind: 'transfer-out',
    productId,
    placeId: fromPlaceId,
    quantity: -quantity,
    reference: id,
    actor,
  }));
  await recordMovements(tx, movements, now);
  return { transferId: id };
}

/** Takes what arrived onto the shelf. What was sent and did not arrive is no longer in transit, and stays as the difference of the transfer. */
export async function receiveTransfer(
  tx: Tx,
  command: {
    transferId: string;
    placeId: string;
    lines: readonly { sku: string; quantity: number }[] | null;
    actor: string;
  },
  now: Date,
): Promise<{ transferId: string }> {
  const { transferId, placeId, actor } = command;
  const [transfer] = await sql<{ state: string }>(
    tx,
    'select state from transfer where id = $1 and to_place_id = $2 for update',
    [transferId, placeId],
  );
  if (!transfer)
    throw new DomainError('UNKNOWN_TRANSFER', `No transfer ${transferId} is on its way to the place ${placeId}.`, [
      'input',
      'transferId',
    ]);
  if (transfer.state === 'received')
    throw new DomainError('ALREADY_RECEIVED', 'It has been received before.', ['input', 'transferId']);
  const sent = await sql<{ productId: string; sku: string; sent: number }>(
    tx,
    `select l.product_id as "productId", p.sku, l.sent from transfer_line l join product p on p.id = l.product_id where l.transfer_id = $1`,
    [transferId],
  );
  const arrived = new Map(command.lines?.map((line) => [line.sku, line.quantity]) ?? sent.map((s) => [s.sku, s.sent]));
  const wrong = [...arrived].find(
    ([sku, quantity]) => quantity < 0 || quantity > (sent.find((s) => s.sku === sku)?.sent ?? -1),
  );
  if (wrong)
    throw new DomainError(
      'MORE_THAN_SENT',
      `${wrong[1]} of ${wrong[0]} were to arrive and ${sent.find((s) => s.sku === wrong[0])?.sent ?? 0} were sent. Adjust the stock for the others.`,
      ['input', 'lines'],
    );
  await lockBoth(
    tx,
    sent.map(({ productId }) => ({ productId, placeId })),
  );
  const received = sent.map((s) => ({ ...s, quantity: arrived.get(s.sku) ?? 0 }));
  await sql(
    tx,
    `update transfer_line l set received = r.quantity from unnest($2::uuid[], $3::int[]) r(product_id, quantity)
      where l.transfer_id = $1 and l.product_id = r.product_id`,
    [transferId, received.map((r) => r.productId), received.map((r) => r.quantity)],
  );
  await sql(tx, `update transfer set state = 'received', received_at = $2 where id = $1`, [transferId, now]);
  await applyStock(
    tx,
    received.map((r) => ({ productId: r.productId, placeId, onHand: r.quantity, inTransit: -r.sent })),
    now,
  );
  await recordMovements(
    tx,
    received
      .filter((r) => r.quantity > 0)
      .map((r) => ({
        kind: 'transfer-in',
        productId: r.productId,
        placeId,
        quantity: r.quantity,
        reference: transferId,
        actor,
      })),
    now,
  );
  return { transferId };
}

async function lockBoth(
  tx: Tx,
  keys: readonly StockKey[],
): Promise<Map<string, Awaited<ReturnType<typeof lockStockKeys>>[number]>> {
  await ensureStock(tx, keys);
  return new Map((await lockStockKeys(tx, keys)).map((row) => [keyOf(row), row]));
}

async function checkPlaces(tx: Tx, from: string, to: string): Promise<void> {
  if (from === to) throw new DomainError('SAME_PLACE', 'A transfer goes to another place.', ['input', 'toStoreId']);
  const rows = await sql<{ id: string }>(tx, 'select id from place where id = any($1::uuid[]) and active', [
    [from, to],
  ]);
  for (const [id, field] of [
    [from, 'fromStoreId'],
    [to, 'toStoreId'],
  ] as const)
    if (!rows.some((row) => row.id === id))
      throw new DomainError('UNKNOWN_STORE', `No open place has the id ${id}.`, ['input', field]);
}

async function resolveLines(tx: Tx, lines: readonly { sku: string; quantity: number }[]): Promise<TransferLine[]> {
  if (lines.length === 0 || lines.length > MAX_LINES || lines.some((l) => l.quantity < 1))
    throw new DomainError('INVALID_LINES', `A transfer has 1 to ${MAX_LINES} lines of at least one unit.`, [
      'input',
      'lines',
    ]);
  if (new Set(lines.map((l) => l.sku)).size < lines.length)
    throw new DomainError('INVALID_LINES', 'Every sku stands on one line.', ['input', 'lines']);
  const products = await sql<{ id: string; sku: string }>(tx, 'select id, sku from product where sku = any($1)', [
    lines.map((l) => l.sku),
  ]);
  const bySku = new Map(products.map((p) => [p.sku, p.id]));
  return lines.map(({ sku, quantity }) => {
    const productId = bySku.get(sku);
    if (!productId) throw new DomainError('UNKNOWN_SKU', `No product has the sku "${sku}".`, ['input', 'lines']);
    return { productId, sku, quantity };
  });
}
