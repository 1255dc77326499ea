import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { decodeCursor, pageOf, pageSize, type Connection } from '@trenza/values';
import { owners } from '../points/balances.ts';
import { printed } from './code.ts';
import type { Reward } from './reward.ts';
import { REWARD_COLUMNS, VOUCHER_COLUMNS, type Voucher } from './reward-rows.ts';
import type { LoyaltyReward, LoyaltyVoucher } from './reward.type.ts';
import { signVoucher } from './voucher-promise.ts';

export interface VouchersKey {
  customerId: string;
  first?: number | null;
  after?: string | null;
}

/** The vouchers of many customers, the newest first, with the promises of those that can be used. */
export async function loadVouchers(keys: readonly VouchersKey[], ctx: Context): Promise<Connection<LoyaltyVoucher>[]> {
  const pages = new Map<VouchersKey, Connection<LoyaltyVoucher>>();
  for (const same of Map.groupBy(keys, ({ first, after }) => JSON.stringify([first, after])).values()) {
    const size = pageSize(same[0]!.first);
    const [at, id] = decodeCursor<[string, string]>(same[0]!.after) ?? [null, null];
    const [places, profiles] = await owners(
      ctx,
      same.map((key) => key.customerId),
    );
    const rows = await sql<Voucher & { i: number }>(ctx.database, VOUCHERS, [places, profiles, at, id, size + 1]);
    const rewards = await sql<Reward>(ctx.database, `select ${REWARD_COLUMNS} from reward where id = any($1)`, [
      rows.map((row) => row.rewardId),
    ]);
    const rewardOf = new Map(rewards.map((reward) => [reward.id, reward]));
    const nodes = new Map(
      await Promise.all(rows.map(async (row) => [row, await shown(row, rewardOf.get(row.rewardId)!, ctx)] as const)),
    );
    const byCustomer = Map.groupBy(rows, (row) => row.i);
    same.forEach((key, i) => {
      const own = byCustomer.get(i) ?? [];
      pages.set(
        key,
        pageOf(
          own,
          size,
          (row) => nodes.get(row)!,
          (row) => [row.validFrom.toISOString(), row.id],
          at !== null,
        ),
      );
    });
  }
  return keys.map((key) => pages.get(key)!);
}

async function shown(voucher: Voucher, reward: Reward, ctx: Context): Promise<LoyaltyVoucher> {
  const state = stateOf(voucher, ctx.now());
  return {
    id: voucher.id,
    code: printed(voucher.code),
    reward: reward as unknown as LoyaltyReward,
    state,
    expiresAt: voucher.expiresAt,
    promise: state === 'active' ? await signVoucher(ctx.keys, reward, voucher) : null,
  };
}

function stateOf({ status, maxUses, uses, expiresAt }: Voucher, now: Date): string {
  if (status === 'cancelled') return 'cancelled';
  if (maxUses !== null && uses >= maxUses) return 'used';
  return expiresAt && expiresAt <= now ? 'expired' : 'active';
}

const VOUCHERS = `
  with owner as (select * from unnest($1::int[], $2::uuid[]) as owner (i, profile_id))
  select customer.i, page.*
    from (select distinct i from owner) customer
   cross join lateral (
     select ${VOUCHER_COLUMNS}
       from voucher
      where profile_id in (select profile_id from owner where owner.i = customer.i)
        and ($3::timestamptz is null or (valid_from, id) < ($3, $4::uuid))
      order by valid_from desc, id desc
      limit $5) page
   order by customer.i, page."validFrom" desc, page.id desc`;
