import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { assertReason } from '../bounds.ts';
import { closeHolds, findHold, lockHolds, portionsOf, type Hold } from './hold.ts';
import { release } from './ledger.ts';
import { post, type Posting } from './post.ts';
import { openPurses } from './purse.ts';

export interface Released {
  holdId: string;
  points: number;
}

/** The order is not going to be: the points go back where they came from. Voiding twice is voiding once; a captured hold stays captured. */
export async function voidHold(
  tx: Tx,
  command: { holdId: string; reason: string },
  deps: Pick<Deps, 'clock'>,
): Promise<Released> {
  assertReason(command.reason);
  const hold = await findHold(tx, command.holdId);
  const [released] = await releaseHolds(tx, [hold], { state: 'voided', reason: command.reason }, deps);
  if (released) return released;
  const [now] = await lockHolds(tx, [command.holdId]);
  if (now!.state !== 'captured') return { holdId: command.holdId, points: 0 };
  throw new DomainError('HOLD_CAPTURED', `The hold ${command.holdId} has been captured. Return the order instead.`, [
    'input',
    'holdId',
  ]);
}

/** An order may be completed at a till just before the promise runs out; word of it needs a moment to arrive. */
const LATE_CAPTURE_SECONDS = 60;
/** Bounds one transaction; the job comes again. */
const EXPIRE_AT_ONCE = 200;

/** Lets holds go whose promise has run out. Returns how many. */
export async function expireHolds(tx: Tx, deps: Pick<Deps, 'clock'>): Promise<number> {
  const due = new Date(deps.clock.now().getTime() - LATE_CAPTURE_SECONDS * 1_000);
  const holds = await sql<Hold>(
    tx,
    `select id, profile_id as "profileId", currency from points_hold where state = 'open' and expires_at <= $1
      order by expires_at limit ${EXPIRE_AT_ONCE}`,
    [due],
  );
  const released = await releaseHolds(tx, holds, { state: 'expired', reason: 'expired' }, deps);
  return released.length;
}

/** Purses first, holds second: the same order in which a capture takes its locks. */
async function releaseHolds(
  tx: Tx,
  asked: readonly Pick<Hold, 'id' | 'profileId' | 'currency'>[],
  close: { state: 'voided' | 'expired'; reason: string },
  { clock }: Pick<Deps, 'clock'>,
): Promise<Released[]> {
  const now = clock.now();
  const postings: Posting[] = [];
  const customers = new Map<string, string>();
  for (const currency of new Set(asked.map((hold) => hold.currency))) {
    const profiles = asked.filter((hold) => hold.currency === currency).map((hold) => hold.profileId);
    for (const [id, purse] of await openPurses(tx, profiles, currency, now)) customers.set(id, purse.customerId);
  }
  const open = (
    await lockHolds(
      tx,
      asked.map((hold) => hold.id),
    )
  ).filter((hold) => hold.state === 'open');
  if (open.length === 0) return [];
  const portions = await portionsOf(
    tx,
    open.map((hold) => hold.id),
  );
  for (const { id, currency } of open) {
    const entry = release(portions.get(id)!, now, newId);
    postings.push({ key: `release:${id}`, currency, entry, holdId: id, reason: close.reason });
  }
  await closeHolds(
    tx,
    open.map((hold) => hold.id),
    { state: close.state, captured: 0, now },
  );
  post(tx, postings, now);
  await publish(
    tx,
    open.map(({ id, profileId, currency, amount }) =>
      event('loyalty.points.released.v1', {
        profileId,
        customerId: customers.get(profileId),
        occurredAt: now,
        data: { holdId: id, points: amount, currency, reason: close.reason },
      }),
    ),
  );
  return open.map(({ id, amount }) => ({ holdId: id, points: amount }));
}
