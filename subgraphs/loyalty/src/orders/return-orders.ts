import { one, sql, type Tx } from '@trenza/database';
import { event, newId, type EventOf } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { lockFunded, refundPoints } from '../local-programmes/refund-points.ts';
import { moved } from '../points/entry.ts';
import { portionsOf } from '../points/hold.ts';
import { giveBack, takeBack } from '../points/ledger.ts';
import { post } from '../points/post.ts';
import { expiredEvents, openPurse } from '../points/purse.ts';
import { currencyOf, daysAfter, DEFAULT_CURRENCY, referenceOf } from '../programme/reference.ts';
import { releaseVouchers } from '../rewards/redeem-voucher.ts';
import { qualify, refreshStandings } from '../tiers/standings.ts';
import { isAllBack, reverseLines, total, type LinePoints, type LineSnapshot } from './order-line.ts';

export type OrderReturned = EventOf<'inventory.order.returned.v1'>;

interface OrderPoints {
  currency: string;
  profileId: string;
  occurredAt: Date;
  holdId: string | null;
  lines: LineSnapshot[];
}

/** One reversal, of one order in one currency. */
interface Reversal extends OrderPoints {
  /** Names the return, or the cancellation. */
  returnId: string;
  orderId: string | null;
  at: Date;
  /** What she reads beside the movement. */
  reason: string;
  storeId?: string | null;
  channel?: string | null;
  back: LinePoints[];
}

/** Goods come back, at whatever point: earned points are taken back and spent ones given back, from the snapshot of the order's lines. */
export async function returnOrder(tx: Tx, returned: OrderReturned, deps: Pick<Deps, 'clock'>): Promise<void> {
  const { returnId, orderId, storeId, channel, lines } = returned.data;
  const known = await sql(tx, `select 1 from order_return where return_id = $1`, [returnId]);
  if (known.length > 0) return;
  const reason = orderId ? 'Goods were returned.' : 'Goods were returned without a receipt.';
  const about = { returnId, storeId, channel, reason, at: new Date(returned.occurredAt) };
  if (orderId === null) return returnWithoutReceipt(tx, returned, about, deps);
  const orders = await snapshotsOf(tx, orderId);
  let allBack = orders.length > 0;
  for (const order of orders) {
    const earlier = await earlierReturns(tx, orderId, order.currency);
    const back = reverseLines(order.lines, earlier, lines);
    await reverse(tx, { ...order, ...about, orderId, back }, deps);
    allBack &&= isAllBack(order.lines, [...earlier, ...back]);
  }
  if (allBack) releaseVouchers(tx, orderId, deps.clock.now());
}

/** An order that was completed is called off: all of it goes back. */
export async function reverseWholeOrder(tx: Tx, orderId: string, at: Date, deps: Pick<Deps, 'clock'>): Promise<void> {
  for (const order of await snapshotsOf(tx, orderId)) {
    const back = reverseLines(order.lines, await earlierReturns(tx, orderId, order.currency), order.lines);
    if (back.length > 0)
      await reverse(tx, { ...order, returnId: orderId, orderId, at, back, reason: 'The order was cancelled.' }, deps);
  }
}

async function reverse(tx: Tx, reversal: Reversal, { clock }: Pick<Deps, 'clock'>): Promise<void> {
  const { profileId, orderId, returnId, holdId, lines, storeId, channel, reason } = reversal;
  const now = clock.now();
  const currency = currencyOf(await referenceOf(tx), reversal.currency);
  const funded = orderId ? await lockFunded(tx, orderId, currency.code) : [];
  const purse = await openPurse(tx, profileId, currency.code, now);
  post(tx, purse.settlement, now);
  await publish(tx, expiredEvents(purse));
  const due = total(reversal.back, 'earned');
  const lapsed = orderId ? Math.min(due, await lapsedOf(tx, orderId, currency.code)) : 0;
  const given = total(reversal.back, 'burned');
  const spent = holdId ? (await portionsOf(tx, [holdId])).get(holdId)! : [];
  const graceUntil = daysAfter(now, currency.graceDays);
  const restored = giveBack(spent, { profileId, points: given, graceUntil, at: now }, newId);
  const taken = takeBack(
    purse.holdings,
    { profileId, orderId, points: due - lapsed, policy: currency.clawBack, at: now },
    newId,
  );

  const about = { currency: currency.code, orderId, storeId, channel, reason, happenedAt: reversal.at };
  post(
    tx,
    [
      { ...about, key: `return:${returnId}:give-back`, entry: restored, holdId },
      { ...about, key: `return:${returnId}:claw-back`, entry: taken },
    ],
    now,
  );
  const back = moved(taken, 'credit', 'programme.reversed');
  if (orderId) await refundPoints(tx, funded, { orderId, returnId, earned: total(lines, 'earned'), taken: back }, now);
  const short = due - lapsed - back;
  await keepReturn(tx, reversal, { lapsed, short });
  await unqualify(tx, reversal, now);
  const transferId = [...taken.transfers, ...restored.transfers][0]?.id;
  if (!transferId) return;
  await publish(tx, [
    event('loyalty.points.reversed.v1', {
      profileId,
      customerId: purse.customerId,
      occurredAt: reversal.at,
      data: {
        transferId,
        orderId,
        earnedTakenBack: due - lapsed - short,
        redeemedGivenBack: given,
        currency: currency.code,
      },
    }),
  ]);
}

/** What was returned never counted towards the tier, so it is taken off where it was added. */
async function unqualify(tx: Tx, { returnId, profileId, occurredAt, back }: Reversal, now: Date): Promise<void> {
  const points = -total(back, 'qualifying');
  if (points === 0) return;
  qualify(tx, [{ source: `return:${returnId}`, profileId, points, occurredAt }]);
  await refreshStandings(tx, [profileId], now);
}

/**
 * Without a receipt there is no snapshot. Money was paid out, so what it would have earned by the plain rules is taken back, within the
 * balance; else buying, earning and returning without the receipt would print points.
 */
async function returnWithoutReceipt(
  tx: Tx,
  { profileId, data }: OrderReturned,
  about: Pick<Reversal, 'returnId' | 'at' | 'reason' | 'storeId' | 'channel'>,
  deps: Pick<Deps, 'clock'>,
): Promise<void> {
  if (!profileId) return;
  const { rules } = await referenceOf(tx);
  const rate = rules
    .filter(
      (r) =>
        r.trigger === 'order' && r.effect === 'per-amount' && r.currency === DEFAULT_CURRENCY && r.condition === '',
    )
    .reduce((sum, rule) => sum + rule.value, 0);
  const earned = Math.floor((Math.max(0, total(data.lines, 'refundAmount')) * rate) / 100 + 1e-9);
  const back = [{ lineId: about.returnId, quantity: 1, earned, burned: 0, qualifying: earned }];
  const order = { currency: DEFAULT_CURRENCY, profileId, occurredAt: about.at, holdId: null, lines: [] };
  await reverse(tx, { ...order, ...about, orderId: null, back }, deps);
}

const snapshotsOf = (tx: Tx, orderId: string): Promise<OrderPoints[]> =>
  sql<OrderPoints>(
    tx,
    `select currency, profile_id as "profileId", occurred_at as "occurredAt", hold_id as "holdId", lines
       from order_points where order_id = $1 order by currency for update`,
    [orderId],
  );

async function earlierReturns(tx: Tx, orderId: string, currency: string): Promise<LinePoints[]> {
  const rows = await sql<{ lines: LinePoints[] }>(
    tx,
    `select lines from order_return where order_id = $1 and currency = $2`,
    [orderId, currency],
  );
  return rows.flatMap((row) => row.lines);
}

async function lapsedOf(tx: Tx, orderId: string, currency: string): Promise<number> {
  const { points } = await one<{ points: number }>(tx, LAPSED, [orderId, currency]);
  return points;
}

/** Points of this order that expired unspent are gone already: taking others in their place would take them twice. Each is counted once. */
const LAPSED = `
  select (coalesce((select sum(lot_use.amount)
                      from lot
                      join lot_use on lot_use.lot_id = lot.id
                      join transfer on transfer.id = lot_use.transfer_id and transfer.code = 'expire'
                     where lot.order_id = $1 and lot.currency = $2), 0)
        - coalesce((select sum(lapsed) from order_return where order_id = $1 and currency = $2), 0))::bigint as points`;

const keepReturn = (tx: Tx, r: Reversal, result: { lapsed: number; short: number }): Promise<unknown> =>
  sql(
    tx,
    `insert into order_return (return_id, currency, order_id, profile_id, occurred_at, lines, lapsed, short)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [r.returnId, r.currency, r.orderId, r.profileId, r.at, JSON.stringify(r.back), result.lapsed, result.short],
  );
