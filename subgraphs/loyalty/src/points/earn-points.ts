import type { Tx } from '@trenza/database';
import { event, newId, type Channel } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { assertBetween, assertReason } from '../bounds.ts';
import { currencyOf, daysAfter, referenceOf } from '../programme/reference.ts';
import { assertPoints, earn } from './ledger.ts';
import { post } from './post.ts';

export interface EarnPoints {
  profileId: string;
  points: number;
  currency: string;
  reason: string;
  idempotencyKey: string;
  /** Pending for so many days. */
  pendingDays?: number | null;
  storeId?: string | null;
  channel?: Channel | null;
}

export interface Earned {
  transferId: string;
  points: number;
  expiresAt: Date | null;
}

/** Points that wait longer than a year are a promise that nobody keeps track of. */
const MAX_PENDING_DAYS = 365;

/** Gives points that no rule decided on: goodwill, a game at the till, points from another system. */
export async function earnPoints(tx: Tx, command: EarnPoints, { clock }: Pick<Deps, 'clock'>): Promise<Earned> {
  const { profileId, points, storeId, channel, reason } = command;
  assertPoints(points);
  assertReason(reason);
  assertBetween(command.pendingDays, 0, MAX_PENDING_DAYS, 'pendingDays');
  const currency = currencyOf(await referenceOf(tx), command.currency);
  const now = clock.now();
  const unlockAt = command.pendingDays ? daysAfter(now, command.pendingDays) : null;
  const expiresAt = currency.livesDays === null ? null : daysAfter(unlockAt ?? now, currency.livesDays);
  const entry = earn({ profileId, points, unlockAt, expiresAt, at: now }, newId);
  const transferId = entry.transfers[0]!.id;
  post(tx, [{ key: `earn:${command.idempotencyKey}`, currency: currency.code, entry, storeId, channel, reason }], now);
  await publish(tx, [
    event('loyalty.points.earned.v1', {
      profileId,
      occurredAt: now,
      data: {
        transferId,
        points,
        currency: currency.code,
        state: unlockAt ? 'pending' : 'active',
        reason,
        storeId,
        channel,
        expiresAt: expiresAt?.toISOString(),
      },
    }),
  ]);
  return { transferId, points, expiresAt };
}
