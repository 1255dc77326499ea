import { DomainError } from '@trenza/values';

export interface Reward {
  id: string;
  name: string;
  description: string;
  kind: 'discount' | 'voucher' | 'product' | 'experience';
  status: 'draft' | 'live' | 'paused' | 'retired';
  currency: string;
  points: number;
  discountPercent: number | null;
  discountAmount: number | null;
  moneyCurrency: string | null;
  productId: string | null;
  costMinor: number;
  startsAt: Date | null;
  endsAt: Date | null;
  storeIds: readonly string[];
  tiers: readonly string[];
  stockLeft: number | null;
  perCustomer: number | null;
  sharedCode: string | null;
  maxUses: number | null;
  validDays: number;
  localProgrammeId: string | null;
}

/** Why a customer can't have a reward now; null where she can. What only the stock can tell is not asked here. */
export function refusalOf(
  reward: Reward,
  who: { tier: string; had: number; storeId: string | null; slot: boolean; now: Date },
): DomainError | null {
  const no = (code: string, message: string, field = 'rewardId'): DomainError =>
    new DomainError(code, message, ['input', field]);
  const { name, tiers, perCustomer, startsAt, endsAt, storeIds } = reward;
  if (reward.status !== 'live') return no('REWARD_NOT_AVAILABLE', `"${name}" is ${reward.status}.`);
  if (startsAt && who.now < startsAt)
    return no('REWARD_NOT_AVAILABLE', `"${name}" begins on ${startsAt.toISOString()}.`);
  if (endsAt && who.now >= endsAt) return no('REWARD_NOT_AVAILABLE', `"${name}" ended on ${endsAt.toISOString()}.`);
  if (tiers.length > 0 && !tiers.includes(who.tier))
    return no('REWARD_NOT_FOR_TIER', `"${name}" is for ${tiers.join(', ')}; her tier is ${who.tier}.`);
  if (storeIds.length > 0 && !(who.storeId && storeIds.includes(who.storeId)))
    return no(
      'REWARD_NOT_IN_STORE',
      `"${name}" is to be had in certain stores only. Pass the store in which she is.`,
      'storeId',
    );
  if (perCustomer !== null && who.had >= perCustomer)
    return no('REWARD_LIMIT_REACHED', `"${name}" is to be had ${perCustomer} times; she had it ${who.had} times.`);
  if (reward.kind === 'experience' && !who.slot)
    return no('SLOT_NEEDED', `"${name}" takes place at a time: pass a slot.`, 'slotId');
  return null;
}

/** What a code of this reward takes off; null for what is handed over. */
export const discountOf = (
  reward: Pick<Reward, 'discountPercent' | 'discountAmount'>,
): { percent: number } | { amount: number } | null =>
  reward.discountPercent !== null
    ? { percent: reward.discountPercent }
    : reward.discountAmount !== null
      ? { amount: reward.discountAmount }
      : null;
