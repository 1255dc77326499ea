import { signPromise, type Keys } from '@trenza/auth';
import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { DomainError, type Channel } from '@trenza/values';
import { MAX_CART_LINES, MAX_QUANTITY } from '../carts/cart.ts';
import { assignStock, releaseStock, reserveStock } from './reserve-stock.ts';

/** What we sign when we keep units for somebody: whoever knows our public key can believe it offline. */
export const STOCK_HOLD = 'stock-hold';
/** Keeping something aside longer than this is a sale, not a hold. */
export const MAX_HOLD_MINUTES = 72 * 60;

export interface HoldCommand {
  profileId: string | null;
  channel: Channel;
  /** Places that may keep it, the preferred one first. */
  placeIds: readonly string[];
  lines: readonly { sku: string; quantity: number }[];
  minutes: number;
  reason: string | null;
}

export interface StockHoldResult {
  holdId: string;
  expiresAt: string;
  promise: string;
}

/** Keeps units aside without an order: for a kiosk, a fitting room, a customer who is on her way. */
export async function holdStock(tx: Tx, command: HoldCommand, keys: Keys, now: Date): Promise<StockHoldResult> {
  const { profileId, channel, placeIds, lines, minutes, reason } = command;
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > MAX_HOLD_MINUTES)
    throw new DomainError('INVALID_TIME', `A hold lasts 1 to ${MAX_HOLD_MINUTES} minutes, ${minutes} were asked for.`, [
      'input',
      'minutes',
    ]);
  const demand = await demandOf(tx, lines);
  const places = await knownPlaces(tx, placeIds);
  const assigned = await assignStock(tx, { demand, places }, now);
  const id = newId();
  const expiresAt = new Date(now.getTime() + minutes * 60_000);
  await sql(
    tx,
    `insert into stock_hold (id, profile_id, channel, reason, expires_at, state, created_at) values ($1, $2, $3, $4, $5, 'live', $6)`,
    [id, profileId, channel, reason, expiresAt, now],
  );
  await reserveStock(tx, { ...assigned, groupId: id, state: 'held', expiresAt }, now);
  const promise = await signPromise(
    keys,
    STOCK_HOLD,
    { holdId: id, profileId, lines: assigned.assignments },
    expiresAt,
  );
  return { holdId: id, expiresAt: expiresAt.toISOString(), promise };
}

/** Gives back what is kept aside, before its time is over. A repeat changes nothing. */
export async function releaseHold(tx: Tx, holdId: string, now: Date): Promise<{ holdId: string }> {
  const [hold] = await sql(tx, 'select id from stock_hold where id = $1 for update', [holdId]);
  if (!hold) throw new DomainError('UNKNOWN_HOLD', `No hold has the id ${holdId}.`, ['input', 'holdId']);
  await releaseStock(tx, [holdId], now);
  await sql(tx, `update stock_hold set state = 'released' where id = $1 and state = 'live'`, [holdId]);
  return { holdId };
}

/** She comes for what was kept for her: the hold ends, and in the same transaction the units are sold. */
export async function useHold(tx: Tx, holdId: string, now: Date): Promise<void> {
  const used = await sql(
    tx,
    `update stock_hold set state = 'used' where id = $1 and state = 'live' and expires_at > $2 returning id`,
    [holdId, now],
  );
  if (used.length === 0)
    throw new DomainError(
      'HOLD_NOT_LIVE',
      `The hold ${holdId} does not exist, was given back, or is over. Sell without it.`,
      ['input', 'stockHoldId'],
    );
  await releaseStock(tx, [holdId], now);
}

async function demandOf(
  tx: Tx,
  lines: HoldCommand['lines'],
): Promise<{ lineNo: number; productId: string; quantity: number }[]> {
  if (
    lines.length === 0 ||
    lines.length > MAX_CART_LINES ||
    lines.some((l) => l.quantity < 1 || l.quantity > MAX_QUANTITY)
  )
    throw new DomainError('INVALID_LINES', `A hold has 1 to ${MAX_CART_LINES} lines of 1 to ${MAX_QUANTITY} units.`, [
      'input',
      'lines',
    ]);
  const products = await sql<{ id: string; sku: string }>(tx, 'select id, sku from product where sku = any($1)', [
    lines.map((l) => l.sku),
  ]);
  const bySku = new Map(products.map((p) => [p.sku, p.id]));
  return lines.map(({ sku, quantity }, i) => {
    const productId = bySku.get(sku);
    if (!productId)
      throw new DomainError('UNKNOWN_SKU', `No product has the sku "${sku}".`, ['input', 'lines', String(i)]);
    return { lineNo: i + 1, productId, quantity };
  });
}

async function knownPlaces(tx: Tx, placeIds: readonly string[]): Promise<string[]> {
  const known = await sql<{ id: string }>(tx, 'select id from place where id = any($1::uuid[]) and active', [placeIds]);
  const ids = new Set(known.map((p) => p.id));
  const unknown = placeIds.find((id) => !ids.has(id));
  if (placeIds.length === 0 || unknown)
    throw new DomainError(
      'UNKNOWN_STORE',
      unknown ? `No open place has the id ${unknown}.` : 'Name at least one place.',
      ['input', 'storeIds'],
    );
  return [...placeIds];
}
