import { sql, TryAgain, type Tx } from '@trenza/database';
import { sift, type ImportOutcome, type Refusal } from '../imports/import-rows.ts';
import { announceCrossed, keyOf, lockStockKeys, MAX_UNITS, type Crossing } from './stock.sql.ts';

export interface StockCount {
  sku: string;
  storeCode: string;
  onHand: number;
  safetyStock?: number | null;
}

const RESOLVE = `
  select k.index::int, p.id as "productId", l.id as "placeId",
         exists (select from stock_movement m where m.document = $3 and m.product_id = p.id and m.place_id = l.id) as done
    from unnest($1::text[], $2::text[]) with ordinality k(sku, code, index)
    left join product p on p.sku = k.sku
    left join place l on l.code = k.code`;

/**
 * Rows that are missing are made, the others are locked, compared and set, in the order of the key; what is promised to customers stays covered.
 * Without a name, so that it is planned for the size of the batch.
 */
const SET = `
  with written as (
    insert into stock (product_id, place_id, on_hand, safety)
    select product_id, place_id, on_hand, coalesce(safety, 0)
      from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) g(product_id, place_id, on_hand, safety)
     order by product_id, place_id
    on conflict (product_id, place_id) do update
       set on_hand = excluded.on_hand, safety = case when $5 then excluded.safety else stock.safety end
     where excluded.on_hand >= stock.allocated + stock.held
    returning new.product_id, new.place_id, new.on_hand - coalesce(old.on_hand, 0) as moved,
              greatest(0, coalesce(old.on_hand - old.allocated - old.held - old.safety, 0)) as before,
              greatest(0, new.on_hand - new.allocated - new.held - new.safety) as after),
  recorded as (
    insert into stock_movement (id, product_id, place_id, kind, quantity, reason, document, actor, occurred_at)
    select uuidv7(), product_id, place_id, $6, moved, $7, $8, $9, $10 from written)
  select product_id as "productId", place_id as "placeId", moved, before, after from written`;

export interface SetStockCommand {
  rows: readonly StockCount[];
  kind: 'import' | 'count';
  /** The document these figures come from. It speaks once about a product and a place: a repeat, after sales, does not bring the figure back. */
  document: string;
  reason?: string | null;
  actor: string;
}

interface Target {
  index: number;
  row: StockCount;
  productId: string;
  placeId: string;
}

/** Sets what is on hand, as a retailer's stock file or a count says; the difference goes into the ledger. */
export async function setStock(tx: Tx, command: SetStockCommand, now: Date): Promise<ImportOutcome> {
  const sifted = sift(
    command.rows,
    (r) => `${r.sku}@${r.storeCode}`,
    (r) =>
      outOfRange(r.onHand)
        ? { field: 'onHand', code: 'INVALID', message: `${r.onHand} is not between 0 and ${MAX_UNITS}.` }
        : outOfRange(r.safetyStock ?? 0)
          ? { field: 'safetyStock', code: 'INVALID', message: `${r.safetyStock} is not between 0 and ${MAX_UNITS}.` }
          : null,
    'sku',
  );
  const { targets, refusals, repeated } = await resolve(tx, sifted.rows, command.document);
  const written = await write(tx, targets, command, now);
  const bySku = new Map(targets.map((t) => [keyOf(t), t.row.sku]));
  await announceCrossed(tx, written, now, (row) => bySku.get(keyOf(row))!);
  const taken = new Set(written.map(keyOf));
  const changed = written.filter((row) => row.moved !== 0).length;
  return {
    created: 0,
    updated: changed,
    unchanged: repeated + written.length - changed,
    refusals: [
      ...sifted.refusals,
      ...refusals,
      ...(await committed(
        tx,
        targets.filter((t) => !taken.has(keyOf(t))),
      )),
    ],
  };
}

type Written = Crossing & { moved: number };

/** Rows that say what the safety stock is set it, the others leave it as it is; where a batch has both, all are locked first, in one order. */
async function write(tx: Tx, targets: readonly Target[], command: SetStockCommand, now: Date): Promise<Written[]> {
  const parts = [...Map.groupBy(targets, (t) => t.row.safetyStock != null)];
  if (parts.length > 1) await lockStockKeys(tx, targets);
  const written: Written[] = [];
  for (const [withSafety, part] of parts)
    written.push(
      ...(await sql<Written>(tx, SET, [
        part.map((t) => t.productId),
        part.map((t) => t.placeId),
        part.map((t) => t.row.onHand),
        part.map((t) => t.row.safetyStock ?? null),
        withSafety,
        command.kind,
        command.reason ?? null,
        command.document,
        command.actor,
        now,
      ]).catch(saidMeanwhile)),
    );
  return written;
}

/** The same document was sent twice at once, and the other was faster: done again, this one finds that all has been said. */
function saidMeanwhile(error: { code?: string; constraint?: string }): never {
  if (error.code === '23505' && error.constraint === 'stock_movement_document')
    throw new TryAgain('the document was taken by another call at the same moment');
  throw error;
}

const outOfRange = (units: number): boolean => units < 0 || units > MAX_UNITS;

async function resolve(
  tx: Tx,
  rows: readonly { index: number; row: StockCount }[],
  document: string,
): Promise<{ targets: Target[]; refusals: Refusal[]; repeated: number }> {
  const found = await sql<{ index: number; productId: string | null; placeId: string | null; done: boolean }>(
    tx,
    RESOLVE,
    [rows.map((r) => r.row.sku), rows.map((r) => r.row.storeCode), document],
  );
  const targets: Target[] = [];
  const refusals: Refusal[] = [];
  let repeated = 0;
  for (const { index: ordinal, productId, placeId, done } of found) {
    const { index, row } = rows[ordinal - 1]!;
    const key = `${row.sku}@${row.storeCode}`;
    if (!productId)
      refusals.push({ index, key, field: 'sku', code: 'UNKNOWN_SKU', message: `No product has the sku "${row.sku}".` });
    else if (!placeId)
      refusals.push({
        index,
        key,
        field: 'storeCode',
        code: 'UNKNOWN_STORE',
        message: `No store has the code "${row.storeCode}".`,
      });
    else if (done) repeated++;
    else targets.push({ index, row, productId, placeId });
  }
  return { targets, refusals, repeated };
}

/** Why these were not written: customers were promised more than they would leave. */
async function committed(tx: Tx, targets: readonly Target[]): Promise<Refusal[]> {
  if (targets.length === 0) return [];
  const rows = new Map((await lockStockKeys(tx, targets)).map((row) => [keyOf(row), row]));
  return targets.map((t) => {
    const { allocated, held } = rows.get(keyOf(t))!;
    return {
      index: t.index,
      key: `${t.row.sku}@${t.row.storeCode}`,
      field: 'onHand',
      code: 'BELOW_COMMITTED',
      message: `${t.row.onHand} is less than the ${allocated + held} units promised to customers there. Cancel or move orders first.`,
    };
  });
}
