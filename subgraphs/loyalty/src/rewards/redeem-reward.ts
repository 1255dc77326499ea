import { randomBytes } from 'node:crypto';
import { profilesOf } from '@trenza/customers';
import { one, sql, type Tx } from '@trenza/database';
import { event, newId, type Channel } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { ensureAccount, openPurse, refuseSpending } from '../points/purse.ts';
import { redeemPoints } from '../points/redeem-points.ts';
import { currencyOf, daysAfter, referenceOf } from '../programme/reference.ts';
import { spendOnReward } from '../local-programmes/budget.ts';
import { standingsOf } from '../tiers/standings.ts';
import { newCode } from './code.ts';
import { refusalOf, type Reward } from './reward.ts';
import { findReward, type Voucher } from './reward-rows.ts';
import { signVoucher } from './voucher-promise.ts';

export interface RedeemReward {
  idempotencyKey: string;
  rewardId: string;
  profileId: string;
  slotId?: string | null;
  storeId?: string | null;
  channel?: Channel | null;
}

export interface Issued {
  issueId: string;
  points: number;
  voucherCode: string | null;
  voucherPromise: string | null;
  expiresAt: Date | null;
}

/**
 * Exchanges points for a reward: her account first (it is the lock of her limits), then the place and the stock, each by one conditional
 * update, so that the last one goes to one of many.
 */
export async function redeemReward(tx: Tx, command: RedeemReward, deps: Pick<Deps, 'clock' | 'keys'>): Promise<Issued> {
  const { profileId, slotId = null, storeId = null, channel } = command;
  const now = deps.clock.now();
  const reward = await findReward(tx, command.rewardId);
  await ensureAccount(tx, profileId, reward.currency);
  const purse = await openPurse(tx, profileId, reward.currency, now);
  await refuseSpending(tx, purse, currencyOf(await referenceOf(tx), reward.currency), now);
  const [standing] = await standingsOf(tx, [profileId], now);
  const had = await issuedTo(tx, reward.id, profileId);
  const refusal = refusalOf(reward, { tier: standing!.tier.code, had, storeId, slot: slotId !== null, now });
  if (refusal) throw refusal;

  const redemption =
    reward.points > 0
      ? await redeemPoints(
          tx,
          {
            ...command,
            idempotencyKey: `reward:${command.idempotencyKey}`,
            points: reward.points,
            currency: reward.currency,
            reason: reward.name,
          },
          deps,
        )
      : null;
  if (slotId) await takePlace(tx, reward, slotId, now);
  await takeOne(tx, reward);
  if (reward.localProgrammeId)
    await spendOnReward(
      tx,
      { programmeId: reward.localProgrammeId, points: reward.points, key: command.idempotencyKey },
      now,
    );
  const issueId = newId();
  await sql(
    tx,
    `insert into reward_issue (id, reward_id, profile_id, redemption_id, slot_id, points, store_id, channel, issued_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      issueId,
      reward.id,
      profileId,
      redemption?.redemptionId ?? null,
      slotId,
      reward.points,
      storeId,
      channel ?? null,
      now,
    ],
  );
  const voucher = reward.sharedCode === null ? await issueVoucher(tx, reward, issueId, profileId, now) : null;
  const [promise, shared] = [voucher && (await signVoucher(deps.keys, reward, voucher)), reward.sharedCode];
  await publish(tx, [
    event('loyalty.reward.issued.v1', {
      profileId,
      occurredAt: now,
      data: {
        issueId,
        rewardId: reward.id,
        kind: reward.kind,
        name: reward.name,
        expiresAt: voucher?.expiresAt?.toISOString(),
      },
    }),
  ]);
  return {
    issueId,
    points: reward.points,
    voucherCode: voucher?.code ?? shared,
    voucherPromise: promise,
    expiresAt: voucher?.expiresAt ?? null,
  };
}

/** How often the whole customer had it; what was cancelled does not count. */
async function issuedTo(tx: Tx, rewardId: string, profileId: string): Promise<number> {
  const [profiles] = await profilesOf(tx, [profileId]);
  const { n } = await one<{ n: number }>(
    tx,
    `select count(*) as n from reward_issue where reward_id = $1 and profile_id = any($2) and status = 'issued'`,
    [rewardId, profiles],
  );
  return n;
}

async function takePlace(tx: Tx, reward: Reward, slotId: string, now: Date): Promise<void> {
  const taken = await sql(
    tx,
    'update reward_slot set taken = taken + 1 where id = $1 and reward_id = $2 and taken < capacity and starts_at > $3 returning id',
    [slotId, reward.id, now],
  );
  if (taken.length === 0)
    throw new DomainError(
      'SLOT_FULL',
      `At that time there is no place left for "${reward.name}". Choose another slot.`,
      ['input', 'slotId'],
    );
}

async function takeOne(tx: Tx, { id, name, stockLeft }: Reward): Promise<void> {
  if (stockLeft === null) return;
  const taken = await sql(
    tx,
    'update reward set stock_left = stock_left - 1 where id = $1 and stock_left > 0 returning id',
    [id],
  );
  if (taken.length === 0) throw new DomainError('REWARD_SOLD_OUT', `"${name}" is sold out.`, ['input', 'rewardId']);
}

async function issueVoucher(tx: Tx, reward: Reward, issueId: string, profileId: string, now: Date): Promise<Voucher> {
  const voucher: Voucher = {
    id: newId(),
    code: newCode(randomBytes),
    rewardId: reward.id,
    issueId,
    profileId,
    status: 'active',
    maxUses: reward.maxUses,
    uses: 0,
    perCustomer: null,
    validFrom: now,
    expiresAt: daysAfter(now, reward.validDays),
  };
  await sql(
    tx,
    `insert into voucher (id, code, reward_id, issue_id, profile_id, max_uses, valid_from, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [voucher.id, voucher.code, reward.id, issueId, profileId, voucher.maxUses, now, voucher.expiresAt],
  );
  return voucher;
}
