import type { Tx } from '@trenza/database';
import { event, newId, type Channel } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { assertReason } from '../bounds.ts';
import { currencyOf, referenceOf } from '../programme/reference.ts';
import type { Hold } from './hold.ts';
import { spendable, take } from './ledger.ts';
import { post } from './post.ts';
import { expiredEvents, openPurse, refuseSpending } from './purse.ts';

export interface RedeemPoints {
  profileId: string;
  points: number;
  currency: string;
  idempotencyKey: string;
  orderId?: string | null;
  rewardId?: string | null;
  storeId?: string | null;
  channel?: Channel | null;
  reason?: string | null;
}

export interface Redeemed {
  /** Names this redemption when it is cancelled or goods are returned. */
  redemptionId: string;
  points: number;
  balance: number;
}

/** Spends points at once, for whatever they are exchanged: a hold and its capture in one step. */
export async function redeemPoints(tx: Tx, command: RedeemPoints, { clock }: Pick<Deps, 'clock'>): Promise<Redeemed> {
  const { profileId, points, orderId = null, rewardId, storeId, channel, reason } = command;
  const spent = currencyOf(await referenceOf(tx), command.currency);
  const currency = spent.code;
  if (reason) assertReason(reason);
  const now = clock.now();

  const purse = await openPurse(tx, profileId, currency, now);
  await refuseSpending(tx, purse, spent, now);
  const entry = take(purse.holdings, { points, into: 'programme.redeemed', at: now }, newId);
  const id = newId();
  const hold: Hold = {
    id,
    profileId,
    currency,
    amount: points,
    captured: points,
    state: 'captured',
    orderId,
    expiresAt: now,
  };
  const key = `redeem:${command.idempotencyKey}`;
  post(
    tx,
    [...purse.settlement, { key, currency, entry, holdId: id, orderId, rewardId, storeId, channel, reason }],
    now,
    [hold],
  );
  await publish(tx, [
    ...expiredEvents(purse),
    event('loyalty.points.redeemed.v1', {
      profileId,
      customerId: purse.customerId,
      occurredAt: now,
      data: { transferId: entry.transfers[0]!.id, holdId: id, points, currency, orderId, rewardId, storeId, channel },
    }),
  ]);
  return { redemptionId: id, points, balance: spendable(purse.holdings, now) - points };
}
