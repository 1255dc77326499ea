import { profilesOf } from '@trenza/customers';
import { one, send, sql, type Tx } from '@trenza/database';
import { event } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { isWellFormed, normalised } from './code.ts';
import { findReward, lockVoucher, type Voucher } from './reward-rows.ts';

export interface RedeemVoucher {
  /** As it was typed. */
  code: string;
  /** Names the use: a repeat from the till is the same use. */
  useKey: string;
  profileId?: string | null;
  orderId?: string | null;
  storeId?: string | null;
  /** What it took off, in minor units. */
  discount?: number | null;
  usedAt: Date;
}

export interface VoucherUsed {
  voucherId: string;
  rewardId: string;
  usesLeft: number | null;
}

/** Uses a voucher, once per key. Refuses what is unknown, used up, not yet or no longer valid, or another's. */
export async function redeemVoucher(tx: Tx, command: RedeemVoucher, deps: Pick<Deps, 'clock'>): Promise<VoucherUsed> {
  const code = normalised(command.code);
  const voucher = await lockVoucher(tx, await known(tx, code));
  if (await isUsed(tx, voucher.id, command.useKey)) return resultOf(voucher);
  const refusal = await refusalOf(tx, voucher, command);
  if (refusal) throw refusal;
  return use(tx, voucher, command, null, deps);
}

/**
 * An order was paid with the voucher, against its signed promise: it has been honoured, whatever is known here. What should not have been
 * is kept as irregular, for somebody to look at.
 */
export async function recordVoucherUse(tx: Tx, command: RedeemVoucher, deps: Pick<Deps, 'clock'>): Promise<void> {
  const code = normalised(command.code);
  const ours = await sql(tx, 'select 1 from voucher where code = $1', [code]);
  if (ours.length === 0) return; // a code that the till accepts by itself
  const voucher = await lockVoucher(tx, code);
  if (await isUsed(tx, voucher.id, command.useKey, command.orderId)) return;
  const refusal = await refusalOf(tx, voucher, command);
  await use(tx, voucher, command, refusal?.code ?? null, deps);
}

/** An order that is called off, or of which everything went back, frees its vouchers; as long as she keeps anything of it they stay used. */
export function releaseVouchers(tx: Tx, orderId: string, at: Date): void {
  send(tx, {
    name: 'vouchers-release',
    text: `with freed as (update voucher_use set released_at = $2 where order_id = $1 and released_at is null returning voucher_id, irregular)
           update voucher set uses = uses - 1 from freed where voucher.id = freed.voucher_id and freed.irregular is null`,
    values: [orderId, at],
  });
}

/** A typing error is told from an unknown code; shared codes are words and have no check. */
async function known(tx: Tx, code: string): Promise<string> {
  if (isWellFormed(code)) return code;
  const shared = await sql(tx, `select 1 from voucher where code = $1`, [code]);
  if (shared.length > 0) return code;
  throw new DomainError('INVALID_VOUCHER_CODE', `"${code.slice(0, 40)}" is no voucher code: check what was typed.`, [
    'input',
    'code',
  ]);
}

/** Under this key, or on this order: a till that asked first and then sends the order used it once. */
async function isUsed(tx: Tx, voucherId: string, key: string, orderId: string | null = null): Promise<boolean> {
  const uses = await sql(tx, 'select 1 from voucher_use where voucher_id = $1 and (use_key = $2 or order_id = $3)', [
    voucherId,
    key,
    orderId,
  ]);
  return uses.length > 0;
}

async function refusalOf(tx: Tx, voucher: Voucher, { profileId, usedAt }: RedeemVoucher): Promise<DomainError | null> {
  const no = (code: string, message: string): DomainError => new DomainError(code, message, ['input', 'code']);
  if (voucher.status === 'cancelled') return no('VOUCHER_CANCELLED', 'The voucher was cancelled.');
  if (usedAt < voucher.validFrom)
    return no('VOUCHER_NOT_YET_VALID', `The voucher is valid from ${voucher.validFrom.toISOString()}.`);
  if (voucher.expiresAt && usedAt >= voucher.expiresAt)
    return no('VOUCHER_EXPIRED', `The voucher expired on ${voucher.expiresAt.toISOString()}.`);
  if (voucher.maxUses !== null && voucher.uses >= voucher.maxUses)
    return no('VOUCHER_USED', `The voucher has been used ${voucher.uses} times.`);
  if (profileId && voucher.profileId) {
    const [own] = await profilesOf(tx, [profileId]);
    if (!own!.includes(voucher.profileId)) return no('VOUCHER_OF_ANOTHER', 'The voucher belongs to another customer.');
  }
  if (voucher.perCustomer !== null) {
    if (!profileId) return no('CUSTOMER_NEEDED', 'The voucher is limited per customer: pass her profile.');
    const [own] = await profilesOf(tx, [profileId]);
    const { n } = await one<{ n: number }>(
      tx,
      'select count(*) as n from voucher_use where voucher_id = $1 and profile_id = any($2) and released_at is null',
      [voucher.id, own],
    );
    if (n >= voucher.perCustomer) return no('VOUCHER_USED', `She has used the voucher ${n} times.`);
  }
  return null;
}

async function use(
  tx: Tx,
  voucher: Voucher,
  command: RedeemVoucher,
  irregular: string | null,
  { clock }: Pick<Deps, 'clock'>,
): Promise<VoucherUsed> {
  const { useKey, profileId = null, orderId = null, storeId = null, discount = null, usedAt } = command;
  await sql(
    tx,
    `insert into voucher_use (voucher_id, use_key, profile_id, order_id, store_id, discount, used_at, irregular) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [voucher.id, useKey, profileId, orderId, storeId, discount, usedAt, irregular],
  );
  if (irregular === null) await sql(tx, 'update voucher set uses = uses + 1 where id = $1', [voucher.id]);
  const owner = profileId ?? voucher.profileId;
  const money = (await findReward(tx, voucher.rewardId)).moneyCurrency;
  await publish(tx, [
    event('loyalty.voucher.redeemed.v1', {
      ...(owner && { profileId: owner }),
      occurredAt: clock.now(),
      data: {
        voucherId: voucher.id,
        rewardId: voucher.rewardId,
        orderId,
        discount: discount !== null && money ? { amount: discount, currency: money } : null,
      },
    }),
  ]);
  return resultOf({ ...voucher, uses: voucher.uses + 1 });
}

const resultOf = ({ id: voucherId, rewardId, maxUses, uses }: Voucher): VoucherUsed => ({
  voucherId,
  rewardId,
  usesLeft: maxUses === null ? null : Math.max(0, maxUses - uses),
});
