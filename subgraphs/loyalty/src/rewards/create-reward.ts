import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { DomainError } from '@trenza/values';
import { assertBetween } from '../bounds.ts';
import { MAX_POINTS } from '../points/ledger.ts';
import { currencyOf, referenceOf } from '../programme/reference.ts';
import { normalised } from './code.ts';
import type { Reward } from './reward.ts';
import { findReward } from './reward-rows.ts';

export type RewardDraft = Omit<Reward, 'id' | 'status' | 'localProgrammeId'>;

const refuse = (code: string, message: string, field: string): never => {
  throw new DomainError(code, message, ['input', field]);
};

/** Refuses what can't be meant. */
async function assertDraft(tx: Tx, draft: RewardDraft): Promise<void> {
  const reference = await referenceOf(tx);
  currencyOf(reference, draft.currency);
  const { kind, discountPercent, discountAmount, moneyCurrency, sharedCode, points } = draft;
  if (draft.name.trim() === '' || draft.name.length > 200)
    refuse('INVALID_NAME', 'A name has 1 to 200 characters.', 'name');
  if (!Number.isInteger(points) || points < 0)
    refuse('INVALID_POINTS', `Points are a whole number from 0, not ${points}.`, 'points');
  if (discountPercent !== null && discountAmount !== null)
    refuse('INVALID_DISCOUNT', 'A discount is a percentage or an amount, not both.', 'discountPercent');
  if ((kind === 'discount' || kind === 'voucher') && discountPercent === null && discountAmount === null)
    refuse('INVALID_DISCOUNT', `A ${kind} needs discountPercent or discountAmount.`, 'discountPercent');
  if (discountPercent !== null && !(discountPercent > 0 && discountPercent <= 100))
    refuse(
      'INVALID_DISCOUNT',
      `A percentage is more than 0 and at most 100, not ${discountPercent}.`,
      'discountPercent',
    );
  if (discountAmount !== null && !(discountAmount > 0 && moneyCurrency))
    refuse('INVALID_DISCOUNT', `An amount is more than 0, not ${discountAmount}, and in some money.`, 'discount');
  if (moneyCurrency !== null && !/^[A-Z]{3}$/.test(moneyCurrency))
    refuse('INVALID_DISCOUNT', `"${moneyCurrency}" is no ISO 4217 code such as EUR.`, 'discount');
  if (sharedCode !== null && !/^[A-Za-z0-9-]{4,40}$/.test(sharedCode))
    refuse('INVALID_CODE', `"${sharedCode}" is no shared code: use 4 to 40 letters, digits and dashes.`, 'sharedCode');
  if (draft.startsAt && draft.endsAt && draft.endsAt <= draft.startsAt)
    refuse('INVALID_PERIOD', 'The reward ends before it starts.', 'endsAt');
  if (draft.description.length > 2_000)
    refuse('INVALID_DESCRIPTION', 'A description has up to 2000 characters.', 'description');
  assertBetween(draft.validDays, 1, 1_100, 'validDays');
  assertBetween(draft.stockLeft, 0, MAX_POINTS, 'stock');
  assertBetween(draft.perCustomer, 1, 1_000_000, 'perCustomer');
  assertBetween(draft.maxUses, 1, 1_000_000, 'maxUses');
  assertBetween(draft.costMinor, 0, MAX_POINTS, 'costMinor');
  const unknown = draft.tiers.find((code) => !reference.tiers.some((tier) => tier.code === code));
  if (unknown) refuse('UNKNOWN_TIER', `There is no tier "${unknown}".`, 'tiers');
}

/** Keeps a reward as a draft; nobody can have it until it goes live. */
export async function createReward(
  tx: Tx,
  draft: RewardDraft,
  by: string,
  now: Date,
  localProgrammeId: string | null = null,
): Promise<Reward> {
  await assertDraft(tx, draft);
  const id = newId();
  await sql(
    tx,
    `insert into reward (id, programme_id, name, description, kind, currency, points, discount_percent, discount_amount, money_currency,
                         product_id, cost_minor, starts_at, ends_at, store_ids, tiers, stock_left, per_customer, shared_code, max_uses,
                         valid_days, local_programme_id, created_by, created_at)
     select $1, programme_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23
       from point_currency where code = $5`,
    [
      id,
      draft.name,
      draft.description,
      draft.kind,
      draft.currency,
      draft.points,
      draft.discountPercent,
      draft.discountAmount,
      draft.moneyCurrency,
      draft.productId,
      draft.costMinor,
      draft.startsAt,
      draft.endsAt,
      draft.storeIds,
      draft.tiers,
      draft.stockLeft,
      draft.perCustomer,
      draft.sharedCode,
      draft.maxUses,
      draft.validDays,
      localProgrammeId,
      by,
      now,
    ],
  );
  return findReward(tx, id);
}

const ALLOWED: Record<Reward['status'], readonly Reward['status'][]> = {
  draft: ['live', 'retired'],
  live: ['paused', 'retired'],
  paused: ['live', 'retired'],
  retired: [],
};

/** Goes live, pauses, retires. Codes that are out stay valid: they were promised. */
export async function changeReward(
  tx: Tx,
  command: { rewardId: string; status: Reward['status'] },
  now: Date,
): Promise<Reward> {
  await sql(tx, 'select 1 from reward where id = $1 for update', [command.rewardId]);
  const reward = await findReward(tx, command.rewardId);
  if (reward.status === command.status) return reward;
  if (!ALLOWED[reward.status].includes(command.status)) {
    const next = ALLOWED[reward.status].join(' or ') || 'nothing any more: create a new one';
    throw new DomainError('INVALID_STATUS', `The reward is ${reward.status}; it can become ${next}.`, [
      'input',
      'status',
    ]);
  }
  if (command.status === 'live' && reward.sharedCode) await shareCode(tx, reward, now);
  await sql(tx, 'update reward set status = $2 where id = $1', [reward.id, command.status]);
  return { ...reward, status: command.status };
}

/** A word means one reward, for ever: codes that are out stay valid. */
async function shareCode(tx: Tx, reward: Reward, now: Date): Promise<void> {
  const code = normalised(reward.sharedCode!);
  const valid = [reward.maxUses, reward.perCustomer, reward.startsAt ?? now, reward.endsAt];
  await sql(
    tx,
    `insert into voucher (id, code, reward_id, max_uses, per_customer, valid_from, expires_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (code) do nothing`,
    [newId(), code, reward.id, ...valid],
  );
  const others = await sql(tx, 'select 1 from voucher where code = $1 and reward_id <> $2', [code, reward.id]);
  if (others.length > 0)
    refuse(
      'CODE_TAKEN',
      `"${reward.sharedCode}" is the code of another reward: create this one with another.`,
      'rewardId',
    );
}

/** A place in time for an experience. */
export async function addSlot(
  tx: Tx,
  slot: { rewardId: string; storeId: string; startsAt: Date; endsAt: Date; capacity: number },
): Promise<{ slotId: string }> {
  const reward = await findReward(tx, slot.rewardId);
  if (reward.kind !== 'experience')
    refuse('NO_EXPERIENCE', `"${reward.name}" is a ${reward.kind}; only experiences take place at a time.`, 'rewardId');
  if (slot.endsAt <= slot.startsAt) refuse('INVALID_PERIOD', 'The slot ends before it starts.', 'endsAt');
  if (slot.capacity < 1) refuse('INVALID_CAPACITY', `A slot has at least 1 place, not ${slot.capacity}.`, 'capacity');
  const slotId = newId();
  await sql(
    tx,
    'insert into reward_slot (id, reward_id, store_id, starts_at, ends_at, capacity) values ($1, $2, $3, $4, $5, $6)',
    [slotId, slot.rewardId, slot.storeId, slot.startsAt, slot.endsAt, slot.capacity],
  );
  return { slotId };
}
