import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { allocate, type Allocation, type Assignment, type Demand, type Shortage } from './allocation.ts';
import { stockOf } from './stock-views.sql.ts';
import { OutOfStock } from './out-of-stock.ts';
import { applyStock, availableOf, freeOf, lockStock, lockStockKeys, type StockRow } from './stock.sql.ts';

export interface ReserveCommand {
  /** The order or hold for which it is kept. */
  groupId: string;
  demand: readonly Demand[];
  /** Places that may serve it, in the order of preference. */
  places: readonly string[];
  /** The places that `foresee` named. */
  likely?: readonly string[];
  /** `held` ends at `expiresAt`; `allocated` is paid for. */
  state: 'held' | 'allocated';
  expiresAt: Date | null;
  /** For buyers who stand in the place: the safety stock is theirs too. */
  useSafety?: boolean;
}

const INSERT = `
  insert into reservation (id, group_id, line_no, product_id, place_id, quantity, state, expires_at, created_at)
  select id, $1::uuid, line_no, product_id, place_id, quantity, $2, $3::timestamptz, $4::timestamptz
    from unnest($5::uuid[], $6::int[], $7::uuid[], $8::uuid[], $9::int[]) r(id, line_no, product_id, place_id, quantity)`;

/**
 * Looks, without locking anything, whether the demand can be served and by which places. Most of those who come too late for something that
 * everybody wants are sent away here, and wait for nobody. What it says is a guess: `reserveStock` decides.
 */
export async function foresee(
  tx: Tx,
  { demand, places, useSafety }: Pick<ReserveCommand, 'demand' | 'places' | 'useSafety'>,
  now: Date,
): Promise<string[]> {
  const rows = await stockOf(tx, [...new Set(demand.map((d) => d.productId))], places, now);
  const decision = decide(demand, rows, places, useSafety);
  if ('shortages' in decision) throw await outOfStock(tx, decision.shortages);
  return [...new Set(decision.assignments.map((a) => a.placeId))];
}

const decide = (
  demand: readonly Demand[],
  rows: readonly StockRow[],
  places: readonly string[],
  useSafety = false,
): Allocation =>
  allocate(
    demand,
    rows.map((row) => ({ ...row, available: useSafety ? freeOf(row) : availableOf(row) })),
    places,
  );

/**
 * Locks stock and decides on what it locked. First only the places that were foreseen, because who locks less is waited for less; if somebody
 * was faster there, those locks are let go (so that locks are always taken in the order of the key) and all places are locked.
 */
async function lockAndDecide(tx: Tx, command: ReserveCommand, now: Date): Promise<Allocation> {
  const { demand, places, likely, useSafety } = command;
  const productIds = [...new Set(demand.map((d) => d.productId))];
  if (likely && likely.length < places.length) {
    await sql(tx, 'savepoint narrow');
    const decision = decide(demand, await lockStock(tx, productIds, likely), likely, useSafety);
    if ('assignments' in decision) return decision;
    await sql(tx, 'rollback to savepoint narrow');
  }
  const rows = await lockStock(tx, productIds, places);
  const decision = decide(demand, rows, places, useSafety);
  if ('assignments' in decision || (await releaseExpired(tx, rows, now)) === 0) return decision;
  return decide(demand, await lockStock(tx, productIds, places), places, useSafety);
}

/**
 * Keeps stock for somebody: everything or nothing. Locks the rows first, decides on what it locked, then writes. Holds that have run
 * out are given back before anybody is refused, whether or not the job has come by.
 */
export async function reserveStock(tx: Tx, command: ReserveCommand, now: Date): Promise<Assignment[]> {
  const { groupId, state, expiresAt } = command;
  const decision = await lockAndDecide(tx, command, now);
  if ('shortages' in decision) throw await outOfStock(tx, decision.shortages);

  const { assignments } = decision;
  await applyStock(
    tx,
    assignments.map((a) => ({ ...a, [state]: a.quantity })),
    now,
  );
  await sql(tx, {
    name: 'reservation-insert',
    text: INSERT,
    values: [
      groupId,
      state,
      expiresAt,
      now,
      assignments.map(() => newId()),
      assignments.map((a) => a.lineNo),
      assignments.map((a) => a.productId),
      assignments.map((a) => a.placeId),
      assignments.map((a) => a.quantity),
    ],
  });
  return assignments;
}

export async function outOfStock(tx: Tx, shortages: readonly Shortage[]): Promise<OutOfStock> {
  const products = await sql<{ id: string; sku: string }>(
    tx,
    'select id, sku from product where id = any($1::uuid[])',
    [shortages.map((s) => s.productId)],
  );
  const skus = new Map(products.map((p) => [p.id, p.sku]));
  return new OutOfStock(shortages.map((s) => ({ ...s, sku: skus.get(s.productId) ?? s.productId })));
}

interface Reserved {
  productId: string;
  placeId: string;
  quantity: number;
}

/** Gives back holds that have run out, of stock rows that the caller has locked. Returns how many there were. */
async function releaseExpired(tx: Tx, locked: readonly StockRow[], now: Date): Promise<number> {
  const released = await sql<Reserved>(
    tx,
    `update reservation r set state = 'released'
       from unnest($1::uuid[], $2::uuid[]) k(product_id, place_id)
      where r.product_id = k.product_id and r.place_id = k.place_id and r.state = 'held' and r.expires_at <= $3
     returning r.product_id as "productId", r.place_id as "placeId", r.quantity`,
    [locked.map((s) => s.productId), locked.map((s) => s.placeId), now],
  );
  await applyStock(
    tx,
    released.map((r) => ({ ...r, held: -r.quantity })),
    now,
  );
  return released.length;
}

/** Holds without an order say themselves that they are over. */
export const closeHolds = (tx: Tx, now: Date): Promise<unknown> =>
  sql(tx, `update stock_hold set state = 'expired' where state = 'live' and expires_at <= $1`, [now]);

/** Expired holds handled by one run of the job; the rest waits for the next, two seconds later. */
const EXPIRE_BATCH = 2_000;

/** The job: gives back what nobody paid for in time. */
export async function expireHolds(tx: Tx, now: Date): Promise<number> {
  const expired = await sql<{ productId: string; placeId: string }>(
    tx,
    `select distinct product_id as "productId", place_id as "placeId" from (
       select product_id, place_id from reservation where state = 'held' and expires_at <= $1 order by expires_at limit ${EXPIRE_BATCH}) e`,
    [now],
  );
  if (expired.length === 0) return 0;
  return releaseExpired(tx, await lockStockKeys(tx, expired), now);
}

/** Locks the stock that a group keeps, in the order of the key. Stock is always locked before reservations are touched. */
async function lockGroup(tx: Tx, groupIds: readonly string[]): Promise<void> {
  await sql(
    tx,
    `select from stock s where (product_id, place_id) in (
       select product_id, place_id from reservation where group_id = any($1::uuid[]) and state in ('held', 'allocated'))
      order by product_id, place_id for no key update`,
    [groupIds],
  );
}

/** Gives back whatever these groups keep. */
export async function releaseStock(tx: Tx, groupIds: readonly string[], now: Date): Promise<void> {
  await lockGroup(tx, groupIds);
  const released = await sql<Reserved & { was: 'held' | 'allocated' }>(
    tx,
    `with live as (select id, state from reservation where group_id = any($1::uuid[]) and state in ('held', 'allocated') for update)
     update reservation r set state = 'released' from live where r.id = live.id
     returning r.product_id as "productId", r.place_id as "placeId", r.quantity, live.state as was`,
    [groupIds],
  );
  await applyStock(
    tx,
    released.map((r) => ({ ...r, [r.was]: -r.quantity })),
    now,
  );
}

/** Turns the holds of a group into allocations. False if any of them has been given back meanwhile: then nothing is changed. */
export async function allocateHolds(tx: Tx, groupId: string, now: Date): Promise<boolean> {
  await lockGroup(tx, [groupId]);
  const rows = await sql<Reserved & { id: string; state: string }>(
    tx,
    `select id, product_id as "productId", place_id as "placeId", quantity, state from reservation where group_id = $1 for update`,
    [groupId],
  );
  if (rows.some((row) => row.state !== 'held')) return false;
  await sql(tx, `update reservation set state = 'allocated', expires_at = null where group_id = $1`, [groupId]);
  await applyStock(
    tx,
    rows.map((r) => ({ ...r, held: -r.quantity, allocated: r.quantity })),
    now,
  );
  return true;
}

/** The units of a group leave a place: they are no longer kept there, nor on hand. Returns what left. */
export async function consumeStock(tx: Tx, groupId: string, placeId: string, now: Date): Promise<Reserved[]> {
  await lockGroup(tx, [groupId]);
  const left = await sql<Reserved>(
    tx,
    `update reservation set state = 'consumed' where group_id = $1 and place_id = $2 and state = 'allocated'
     returning product_id as "productId", place_id as "placeId", quantity`,
    [groupId, placeId],
  );
  await applyStock(
    tx,
    left.map((r) => ({ ...r, onHand: -r.quantity, allocated: -r.quantity })),
    now,
  );
  return left;
}
