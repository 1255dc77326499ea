import type { Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { event } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { assertReason } from '../bounds.ts';
import { currencyOf, daysAfter, referenceOf } from '../programme/reference.ts';
import { assertPoints, earn, spendable, take } from './ledger.ts';
import { post } from './post.ts';
import { expiredEvents, openPurse } from './purse.ts';

export interface AdjustPoints {
  profileId: string;
  /** Positive gives, negative takes. */
  points: number;
  currency: string;
  reason: string;
  idempotencyKey: string;
}

export interface Adjusted {
  transferId: string;
  balance: number;
}

/** A correction by a person, with her reason: it is a movement like any other, and the old ones stay as they were. */
export async function adjustPoints(tx: Tx, command: AdjustPoints, { clock }: Pick<Deps, 'clock'>): Promise<Adjusted> {
  const { profileId, points, reason } = command;
  if (points === 0)
    throw new DomainError('INVALID_POINTS', 'An adjustment by 0 points changes nothing.', ['input', 'points']);
  assertPoints(Math.abs(points));
  assertReason(reason);
  const { code: currency, livesDays } = currencyOf(await referenceOf(tx), command.currency);
  const now = clock.now();
  const expiresAt = livesDays === null ? null : daysAfter(now, livesDays);

  const purse = await openPurse(tx, profileId, currency, now);
  const entry =
    points > 0
      ? earn({ profileId, points, expiresAt, code: 'adjust', at: now }, newId)
      : take(purse.holdings, { points: -points, into: 'programme.reversed', at: now }, newId);
  post(tx, [...purse.settlement, { key: `adjust:${command.idempotencyKey}`, currency, entry, reason }], now);
  const transferId = entry.transfers[0]!.id;
  const about = { profileId, customerId: purse.customerId, occurredAt: now };
  const given = { transferId, points, currency, state: 'active' as const, reason, expiresAt: expiresAt?.toISOString() };
  const taken = { transferId, earnedTakenBack: -points, redeemedGivenBack: 0, currency };
  await publish(tx, [
    ...expiredEvents(purse),
    points > 0
      ? event('loyalty.points.earned.v1', { ...about, data: given })
      : event('loyalty.points.reversed.v1', { ...about, data: taken }),
  ]);
  return { transferId, balance: spendable(purse.holdings, now) + points };
}
