import type { Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { assertReason } from '../bounds.ts';
import { currencyOf, daysAfter, referenceOf } from '../programme/reference.ts';
import { findHold, givenBackOf, lockHolds, portionsOf } from './hold.ts';
import { giveBack } from './ledger.ts';
import { post } from './post.ts';
import { expiredEvents, openPurse } from './purse.ts';

export interface CancelRedemption {
  redemptionId: string;
  /** All that has not gone back yet where none is given. */
  points?: number | null;
  reason: string;
  idempotencyKey: string;
}

export interface GivenBack {
  redemptionId: string;
  points: number;
}

/** Spent points go back to their original lots and expiry, because what they were exchanged for is not wanted or can't be had. */
export async function cancelRedemption(
  tx: Tx,
  command: CancelRedemption,
  { clock }: Pick<Deps, 'clock'>,
): Promise<GivenBack> {
  const { redemptionId, reason } = command;
  assertReason(reason);
  const now = clock.now();
  const { profileId, currency: code } = await findHold(tx, redemptionId);
  const currency = currencyOf(await referenceOf(tx), code);
  const purse = await openPurse(tx, profileId, code, now);
  const hold = (await lockHolds(tx, [redemptionId]))[0]!;
  const left = hold.captured - (await givenBackOf(tx, redemptionId));
  const points = command.points ?? left;
  if (hold.state !== 'captured' || points < 1 || points > left) {
    throw new DomainError(
      'NOTHING_TO_GIVE_BACK',
      `Of the redemption ${redemptionId}, ${hold.captured} points, ${left} can still go back; ${points} were asked for.`,
      ['input', 'points'],
    );
  }
  const spent = (await portionsOf(tx, [redemptionId])).get(redemptionId)!;
  const entry = giveBack(spent, { profileId, points, graceUntil: daysAfter(now, currency.graceDays), at: now }, newId);
  post(
    tx,
    [
      ...purse.settlement,
      { key: `cancel:${command.idempotencyKey}`, currency: code, entry, holdId: redemptionId, reason },
    ],
    now,
  );
  await publish(tx, [
    ...expiredEvents(purse),
    event('loyalty.points.reversed.v1', {
      profileId,
      customerId: purse.customerId,
      occurredAt: now,
      data: { transferId: entry.transfers[0]!.id, earnedTakenBack: 0, redeemedGivenBack: points, currency: code },
    }),
  ]);
  return { redemptionId, points };
}
