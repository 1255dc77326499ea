import { sql, type Tx } from '@trenza/database';
import { sift, type ImportOutcome, type Refusal } from '../imports/import-rows.ts';
import {
  announceAvailability,
  availableOf,
  ensureStock,
  keyOf,
  lockStockKeys,
  MAX_UNITS,
  recordMovements,
  type StockRow,
} from './stock.sql.ts';

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

const SET = `
  update stock s set on_hand = n.on_hand, safety = coalesce(n.safety, s.safety)
    from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) n(product_id, place_id, on_hand, safety)
   where s.product_id = n.product_id and s.place_id = n.place_id`;

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
  await ensureStock(tx, targets);
  const before = new Map((await lockStockKeys(tx, targets)).map((row) => [keyOf(row), row]));
  const rowOf = (t: Target): StockRow => before.get(keyOf(t))!;
  const fits = (t: Target): boolean => t.row.onHand >= rowOf(t).allocated + rowOf(t).held;

  const accepted = targets.filter(fits);
  await sql(tx, SET, [
    accepted.map((t) => t.productId),
    accepted.map((t) => t.placeId),
    accepted.map((t) => t.row.onHand),
    accepted.map((t) => t.row.safetyStock ?? null),
  ]);
  await recordMovements(
    tx,
    accepted.map((t) => ({ ...command, ...t, quantity: t.row.onHand - rowOf(t).onHand })),
    now,
  );
  await announceAvailability(tx, crossings(accepted, rowOf), now);

  const changed = accepted.filter((t) => t.row.onHand !== rowOf(t).onHand);
  return {
    created: 0,
    updated: changed.length,
    unchanged: repeated + accepted.length - changed.length,
    refusals: [...sifted.refusals, ...refusals, ...targets.filter((t) => !fits(t)).map((t) => committed(t, rowOf(t)))],
  };
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

const committed = (t: Target, row: StockRow): Refusal => ({
  index: t.index,
  key: `${t.row.sku}@${t.row.storeCode}`,
  field: 'onHand',
  code: 'BELOW_COMMITTED',
  message: `${t.row.onHand} is less than the ${row.allocated + row.held} units promised to customers there. Cancel or move orders first.`,
});

function crossings(
  targets: readonly Target[],
  rowOf: (t: Target) => StockRow,
): { productId: string; placeId: string; after: number }[] {
  return targets.flatMap((t) => {
    const row = rowOf(t);
    const after = availableOf({ ...row, onHand: t.row.onHand, safety: t.row.safetyStock ?? row.safety });
    return (availableOf(row) === 0) === (after === 0) ? [] : [{ productId: t.productId, placeId: t.placeId, after }];
  });
}
