import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';

/** Units of one product at one place. Counters are whole numbers of 32 bits; sums of a few of these stay within them. */
export const MAX_UNITS = 500_000_000;

export interface StockRow {
  productId: string;
  placeId: string;
  onHand: number;
  allocated: number;
  held: number;
  inTransit: number;
  safety: number;
}

/** What may be promised to somebody who is not standing in the place. Never negative: safety stock may be larger than what is left. */
export const availableOf = (row: StockRow): number => Math.max(0, freeOf(row) - row.safety);
/** What may be sold to somebody who holds it in her hand: the safety stock is there for her. */
export const freeOf = (row: StockRow): number => row.onHand - row.allocated - row.held;

/**
 * Locks the rows of these products at these places, always in the order of the key, so that two buyers of the same two things never
 * wait for each other. What it returns is what it locked: later statements of the transaction may trust it.
 */
const LOCK = `
  select product_id as "productId", place_id as "placeId", on_hand as "onHand", allocated, held, in_transit as "inTransit", safety
    from stock
   where product_id = any($1::uuid[]) and place_id = any($2::uuid[])
   order by product_id, place_id
     for no key update`;

export const lockStock = (tx: Tx, productIds: readonly string[], placeIds: readonly string[]): Promise<StockRow[]> =>
  sql<StockRow>(tx, { name: 'stock-lock', text: LOCK, values: [productIds, placeIds] });

const LOCK_KEYS = `
  select s.product_id as "productId", s.place_id as "placeId", s.on_hand as "onHand", s.allocated, s.held, s.in_transit as "inTransit",
         s.safety
    from (select distinct product_id, place_id from unnest($1::uuid[], $2::uuid[]) k(product_id, place_id)) k
    join stock s on s.product_id = k.product_id and s.place_id = k.place_id
   order by s.product_id, s.place_id
     for no key update of s`;

/** Up to here it is the statement of a sale, planned once; above, of a file, and planned for its size: a plan for a handful is slow for a thousand. */
const FEW_KEYS = 50;

/** The same for exactly these pairs. */
export function lockStockKeys(tx: Tx, keys: readonly StockKey[]): Promise<StockRow[]> {
  const values = [keys.map((k) => k.productId), keys.map((k) => k.placeId)];
  return keys.length > FEW_KEYS
    ? sql<StockRow>(tx, LOCK_KEYS, values)
    : sql<StockRow>(tx, { name: 'stock-lock-keys', text: LOCK_KEYS, values });
}

export const keyOf = ({ productId, placeId }: StockKey): string => `${productId}/${placeId}`;

/** The rows that are missing, in the order of the key as well. */
export const ensureStock = (tx: Tx, keys: readonly StockKey[]): Promise<unknown> =>
  sql(
    tx,
    `insert into stock (product_id, place_id)
     select distinct product_id, place_id from unnest($1::uuid[], $2::uuid[]) k(product_id, place_id) order by 1, 2
     on conflict do nothing`,
    [keys.map((k) => k.productId), keys.map((k) => k.placeId)],
  );

export interface StockKey {
  productId: string;
  placeId: string;
}

export interface StockChange extends StockKey {
  onHand?: number;
  allocated?: number;
  held?: number;
  inTransit?: number;
}

/** Several changes of one row are summed before they meet it: a row is updated once, whatever the number of lines. */
const APPLY = `
  update stock s
     set on_hand = s.on_hand + d.on_hand, allocated = s.allocated + d.allocated, held = s.held + d.held,
         in_transit = s.in_transit + d.in_transit
    from (select product_id, place_id, sum(on_hand)::int as on_hand, sum(allocated)::int as allocated, sum(held)::int as held,
                 sum(in_transit)::int as in_transit
            from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::int[], $6::int[])
                 as c(product_id, place_id, on_hand, allocated, held, in_transit)
           group by product_id, place_id) d
   where s.product_id = d.product_id and s.place_id = d.place_id
  returning s.product_id as "productId", s.place_id as "placeId",
            greatest(0, s.on_hand - s.allocated - s.held - s.safety) as after,
            greatest(0, s.on_hand - s.allocated - s.held - s.safety - d.on_hand + d.allocated + d.held) as before`;

/** Changes counters of rows that the caller has locked; says so to the others where something sold out or came back. */
export async function applyStock(tx: Tx, changes: readonly StockChange[], now: Date): Promise<void> {
  if (changes.length === 0) return;
  const rows = await sql<Crossing>(tx, {
    name: 'stock-apply',
    text: APPLY,
    values: [
      changes.map((c) => c.productId),
      changes.map((c) => c.placeId),
      changes.map((c) => c.onHand ?? 0),
      changes.map((c) => c.allocated ?? 0),
      changes.map((c) => c.held ?? 0),
      changes.map((c) => c.inTransit ?? 0),
    ],
  });
  await announceCrossed(tx, rows, now);
}

/** What could be promised of a row before a change, and after it. */
export interface Crossing extends StockKey {
  before: number;
  after: number;
}

/** Tells the others of those rows that sold out or came back. `skuOf` where the caller knows the skus. */
export async function announceCrossed(
  tx: Tx,
  rows: readonly Crossing[],
  now: Date,
  skuOf?: (row: StockKey) => string,
): Promise<void> {
  const crossed = rows.filter((row) => (row.before === 0) !== (row.after === 0));
  if (crossed.length === 0) return;
  const sku = skuOf ?? (await skusOf(tx, crossed));
  await publish(
    tx,
    crossed.map((row) => {
      const { productId, placeId, after } = row;
      const data = { productId, sku: sku(row), placeId, available: after };
      return event('inventory.stock.availability-changed.v1', { occurredAt: now, data });
    }),
  );
}

async function skusOf(tx: Tx, rows: readonly StockKey[]): Promise<(row: StockKey) => string> {
  const products = await sql<{ id: string; sku: string }>(
    tx,
    'select id, sku from product where id = any($1::uuid[])',
    [[...new Set(rows.map((row) => row.productId))]],
  );
  const skus = new Map(products.map((p) => [p.id, p.sku]));
  return ({ productId }) => skus.get(productId)!;
}

export type MovementKind =
  'import' | 'receipt' | 'sale' | 'return' | 'write-off' | 'count' | 'adjustment' | 'transfer-out' | 'transfer-in';

export interface Movement extends StockKey {
  kind: MovementKind;
  quantity: number;
  reason?: string | null;
  /** The order, return or transfer it belongs to. */
  reference?: string | null;
  document?: string | null;
  actor?: string | null;
}

const RECORD = `
  insert into stock_movement (id, product_id, place_id, kind, quantity, reason, reference, document, actor, occurred_at)
  select *, $10::timestamptz from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[], $7::uuid[], $8::text[], $9::text[])`;

/** Lines of the ledger. The counters are changed by `applyStock` in the same transaction. */
export async function recordMovements(tx: Tx, movements: readonly Movement[], occurredAt: Date): Promise<void> {
  if (movements.length === 0) return;
  await sql(tx, {
    name: 'stock-record',
    text: RECORD,
    values: [
      movements.map(() => newId()),
      movements.map((m) => m.productId),
      movements.map((m) => m.placeId),
      movements.map((m) => m.kind),
      movements.map((m) => m.quantity),
      movements.map((m) => m.reason ?? null),
      movements.map((m) => m.reference ?? null),
      movements.map((m) => m.document ?? null),
      movements.map((m) => m.actor ?? null),
      occurredAt,
    ],
  });
}
