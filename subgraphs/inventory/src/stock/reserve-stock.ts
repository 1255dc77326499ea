import { attemptOf, send, sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { allocate, type Allocation, type Assignment, type Demand, type Shortage } from './allocation.ts';
import { stockOf } from './stock-views.sql.ts';
import { OutOfStock } from './out-of-stock.ts';
import {
  announceCrossed,
  applyStock,
  availableOf,
  keyOf,
  lockStock,
  lockStockKeys,
  type Crossing,
  type StockRow,
} from './stock.sql.ts';

/** Which place serves what. */
export interface Assigned {
  assignments: readonly Assignment[];
  /** Something would be left everywhere: nothing sells out, and nothing of it has to be announced. */
  plenty: boolean;
}

/**
 * Says which place serves what, or refuses with what is still there. It looks without locking anything, so most of those who come too late
 * for something that everybody wants are sent away here and wait for nobody; what it says is a guess until `reserveStock` has made it true.
 * Who was outrun in between is here a second time: now everything is locked before it is decided, and the guess cannot fail.
 */
export async function assignStock(
  tx: Tx,
  wanted: {
    demand: readonly Demand[];
    /** Places that may serve it, in the order of preference. */
    places: readonly string[];
    /** The stock of these places, where the caller has looked already. */
    seen?: readonly StockRow[];
  },
  now: Date,
): Promise<Assigned> {
  const { demand, places } = wanted;
  const productIds = [...new Set(demand.map((d) => d.productId))];
  if (attemptOf(tx) > 1) {
    const decision = await lockAndDecide(tx, { demand, places, productIds }, now);
    return { assignments: await granted(tx, decision), plenty: false };
  }
  const seen = wanted.seen ?? (await stockOf(tx, productIds, places, now));
  const assignments = await granted(tx, decide(demand, seen, places));
  const left = new Map(seen.map((row) => [keyOf(row), availableOf(row)]));
  for (const a of assignments) left.set(keyOf(a), left.get(keyOf(a))! - a.quantity);
  return { assignments, plenty: assignments.every((a) => left.get(keyOf(a))! > 0) };
}

async function granted(tx: Tx, decision: Allocation): Promise<Assignment[]> {
  if ('shortages' in decision) throw await outOfStock(tx, decision.shortages);
  return decision.assignments;
}

const decide = (demand: readonly Demand[], rows: readonly StockRow[], places: readonly string[]): Allocation =>
  allocate(
    demand,
    rows.map((row) => ({ ...row, available: availableOf(row) })),
    places,
  );

/** Holds that have run out are given back before anybody is refused, whether or not the job has come by. */
async function lockAndDecide(
  tx: Tx,
  { demand, places, productIds }: { demand: readonly Demand[]; places: readonly string[]; productIds: string[] },
  now: Date,
): Promise<Allocation> {
  const rows = await lockStock(tx, productIds, places);
  const decision = decide(demand, rows, places);
  if ('assignments' in decision || (await releaseExpired(tx, rows, now)) === 0) return decision;
  return decide(demand, await lockStock(tx, productIds, places), places);
}

/**
 * Everything or nothing, in one statement: rows locked in the order of the key, compared as they were found then, counted and written down;
 * refused as a serialisation failure where somebody was faster, or where something sells out ($10) and nobody would hear of it.
 *
 * All counters are set from the locked row. An update meets the row as the statement's snapshot saw it before it meets the newest one, and
 * what it would make of that old one is checked too: after waiting for somebody who put units back, it would be refused as oversold.
 */
const RESERVE = `
  with kept as (
    select * from unnest($5::uuid[], $6::int[], $7::uuid[], $8::uuid[], $9::int[]) k(id, line_no, product_id, place_id, quantity)),
  wanted as (select product_id, place_id, sum(quantity)::int as quantity from kept group by 1, 2),
  locked as materialized (
    select s.product_id, s.place_id, s.on_hand, s.allocated, s.held, s.on_hand - s.allocated - s.held - s.safety as free, w.quantity
      from wanted w join stock s on s.product_id = w.product_id and s.place_id = w.place_id
     order by s.product_id, s.place_id for no key update of s),
  counted as (
    update stock s
       set on_hand = l.on_hand, held = l.held + case $2 when 'held' then l.quantity else 0 end,
           allocated = l.allocated + case $2 when 'allocated' then l.quantity else 0 end
      from locked l
     where (select case when bool_and(free >= quantity) and count(*) = (select count(*) from wanted) and not ($10 and bool_or(free = quantity))
                        then true else refuse('40001', 'stock was taken by somebody faster') end
              from locked)
       and s.product_id = l.product_id and s.place_id = l.place_id
    returning s.product_id, s.place_id, l.free as before, l.free - l.quantity as after),
  written as (
    insert into reservation (id, group_id, line_no, product_id, place_id, quantity, state, expires_at, created_at)
    select id, $1::uuid, line_no, product_id, place_id, quantity, $2, $3::timestamptz, $4::timestamptz from kept
     where exists (select from counted))
  select product_id as "productId", place_id as "placeId", before, after from counted`;

export interface ReserveCommand extends Assigned {
  /** The order or hold for which it is kept. */
  groupId: string;
  /** `held` ends at `expiresAt`; `allocated` is paid for. */
  state: 'held' | 'allocated';
  expiresAt: Date | null;
}

/**
 * Makes true what `assignStock` said: everything or nothing. Called last, because from here to the commit others wait for the same rows. With
 * plenty it travels with the commit, so they wait for no message. If somebody was faster the whole transaction is done again.
 */
export async function reserveStock(tx: Tx, command: ReserveCommand, now: Date): Promise<void> {
  const { groupId, assignments, plenty, state, expiresAt } = command;
  const statement = {
    name: 'stock-reserve',
    text: RESERVE,
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
      plenty,
    ],
  };
  if (plenty) send(tx, statement);
  else await announceCrossed(tx, await sql<Crossing>(tx, statement), now);
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

/** What PostgreSQL says where holds were to be allocated that are gone. */
const HOLDS_GONE = 'TR001';

/** The time of a hold was over, and its units were given to somebody else. */
export class HoldsGone extends Error {}

/** Locks the stock first; a hold that was given back while it waited for that is no longer `held` when its turn comes, and is missing from the count. */
const ALLOCATE = `
  with locked as materialized (
    select from stock where (product_id, place_id) in (select product_id, place_id from reservation where group_id = $1)
     order by product_id, place_id for no key update),
  moved as (
    update reservation set state = 'allocated', expires_at = null
     where (select count(*) from locked) > 0 and group_id = $1 and state = 'held'
    returning product_id, place_id, quantity),
  counted as (
    update stock s set held = s.held - m.quantity, allocated = s.allocated + m.quantity
      from (select product_id, place_id, sum(quantity)::int as quantity from moved group by 1, 2) m
     where s.product_id = m.product_id and s.place_id = m.place_id)
  select case when (select count(*) from moved) = (select count(*) from reservation where group_id = $1)
              then true else refuse('${HOLDS_GONE}', 'holds were given back') end`;

/** Turns the holds of a group into allocations, on the way to the commit; that fails with `HoldsGone` if any of them has been given back meanwhile. */
export function allocateHolds(tx: Tx, groupId: string): void {
  send(tx, { name: 'stock-allocate', text: ALLOCATE, values: [groupId] }, (error) =>
    (error as { code?: string }).code === HOLDS_GONE
      ? new HoldsGone(`The holds of ${groupId} are gone.`)
      : (error as Error),
  );
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
