import { signPromise, type Keys } from '@trenza/auth';
import { discountOf, type Reward } from './reward.ts';
import type { Voucher } from './reward-rows.ts';

/** The kind of the promise that a voucher is: what a checkout verifies it as. */
export const VOUCHER = 'voucher';

/** A voucher that never expires is promised anew every so often: a promise can't be taken back once it is out. */
const PROMISE_DAYS = 90;

/** What a checkout needs to know offline. Null for what takes nothing off an order: a gift is handed over against its code. */
export function signVoucher(keys: Keys, reward: Reward, voucher: Voucher): Promise<string> | null {
  const discount = discountOf(reward);
  if (!discount) return null;
  const { id: voucherId, code, profileId } = voucher;
  const currency = 'amount' in discount ? reward.moneyCurrency : null;
  const until = voucher.expiresAt ?? new Date(voucher.validFrom.getTime() + PROMISE_DAYS * 86_400_000);
  return signPromise(keys, VOUCHER, { voucherId, rewardId: reward.id, code, profileId, discount, currency }, until);
}
