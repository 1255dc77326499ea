import { InvalidToken, verifyPromise, type Keys } from '@trenza/auth';
import { resolveCustomers } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import type { VoucherRule } from '../promotions/price-basket.ts';

/** What loyalty signs when it holds points: money that is as good as paid. */
export interface PointsHold {
  holdId: string;
  profileId: string;
  points: number;
  /** What it pays, in minor units. */
  amount: number;
  currency: string;
}

/** What loyalty signs when it gives a voucher away. Without `profileId` anybody may use it. */
export interface Voucher {
  voucherId: string;
  rewardId?: string | null;
  code: string;
  profileId?: string | null;
  discount: { percent: number } | { amount: number };
  currency?: string | null;
}

export interface Tender {
  points: PointsHold | null;
  vouchers: Voucher[];
}

const ISSUER = 'loyalty';
/** Nobody lays more slips on the counter. */
const MAX_VOUCHERS = 10;

/** Checks the promises with which she pays, offline: the signature is loyalty's, they have not run out, and they are hers. */
export async function checkTender(
  tx: Tx,
  keys: Keys,
  input: {
    pointsHold?: string | null;
    vouchers?: readonly string[] | null;
    profileId: string | null;
    currency: string;
  },
  now: Date,
): Promise<Tender> {
  const tokens = input.vouchers ?? [];
  if (tokens.length > MAX_VOUCHERS)
    throw new DomainError(
      'TOO_MANY_VOUCHERS',
      `${tokens.length} vouchers were given, at most ${MAX_VOUCHERS} are taken.`,
      ['input', 'vouchers'],
    );
  const points = input.pointsHold
    ? await verify<PointsHold>(keys, 'points-hold', input.pointsHold, ['input', 'pointsHold'], now)
    : null;
  const vouchers = await Promise.all(
    tokens.map((token, i) => verify<Voucher>(keys, 'voucher', token, ['input', 'vouchers', String(i)], now)),
  );
  await checkOwner(tx, input.profileId, [points?.profileId, ...vouchers.map((v) => v.profileId)]);
  const foreign = [points, ...vouchers].find((p) => p?.currency && p.currency !== input.currency);
  if (foreign)
    throw new DomainError(
      'CURRENCY_MISMATCH',
      `The promise is in ${foreign.currency} and the order in ${input.currency}.`,
      ['input'],
    );
  return { points, vouchers };
}

async function verify<Content>(keys: Keys, kind: string, token: string, path: string[], now: Date): Promise<Content> {
  try {
    return await verifyPromise<Content>(keys, ISSUER, kind, token, now);
  } catch (error) {
    if (!(error instanceof InvalidToken)) throw error;
    throw new DomainError(
      'PROMISE_NOT_ACCEPTED',
      `The ${kind} is not accepted: ${error.message} Ask loyalty for a new one.`,
      path,
    );
  }
}

async function checkOwner(tx: Tx, buyer: string | null, owners: readonly (string | null | undefined)[]): Promise<void> {
  const named = owners.filter((owner) => owner !== null && owner !== undefined);
  if (named.length === 0) return;
  const [customer, ...others] = await resolveCustomers(tx, [buyer ?? '00000000-0000-0000-0000-000000000000', ...named]);
  if (others.some((other) => other !== customer))
    throw new DomainError('PROMISE_OF_ANOTHER', 'The points or the voucher belong to another customer.', ['input']);
}

export const voucherRules = ({ vouchers }: Pick<Tender, 'vouchers'>): VoucherRule[] =>
  vouchers.map(({ code, discount }) => ({ code, ...discount }));

/** A voucher is used once: the second order with it is refused, and a cancelled order gives it free. */
export async function useVouchers(tx: Tx, orderId: string, { vouchers }: Tender): Promise<void> {
  if (vouchers.length === 0) return;
  const used = await sql<{ id: string }>(
    tx,
    `insert into voucher_use (voucher_id, order_id) select id, $2 from unnest($1::uuid[]) v(id) order by id
     on conflict do nothing returning voucher_id as id`,
    [vouchers.map((v) => v.voucherId), orderId],
  );
  const again = vouchers.find((v) => !used.some((u) => u.id === v.voucherId));
  if (again)
    throw new DomainError('VOUCHER_USED', `The voucher ${again.code} pays for another order already.`, [
      'input',
      'vouchers',
    ]);
}
