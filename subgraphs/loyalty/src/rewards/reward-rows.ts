import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';
import type { Reward } from './reward.ts';

export const REWARD_COLUMNS = `id, name, description, kind, status, currency, points, discount_percent as "discountPercent",
  discount_amount as "discountAmount", money_currency as "moneyCurrency", product_id as "productId", cost_minor as "costMinor",
  starts_at as "startsAt", ends_at as "endsAt", store_ids as "storeIds", tiers, stock_left as "stockLeft", per_customer as "perCustomer",
  shared_code as "sharedCode", max_uses as "maxUses", valid_days as "validDays", local_programme_id as "localProgrammeId"`;

export async function findReward(db: Tx | DataSource, id: string): Promise<Reward> {
  const [reward] = await sql<Reward>(db, `select ${REWARD_COLUMNS} from reward where id = $1`, [id]);
  if (reward) return reward;
  throw new DomainError('UNKNOWN_REWARD', `There is no reward ${id}.`, ['input', 'rewardId']);
}

export interface Voucher {
  id: string;
  code: string;
  rewardId: string;
  issueId: string | null;
  profileId: string | null;
  status: 'active' | 'cancelled';
  maxUses: number | null;
  uses: number;
  perCustomer: number | null;
  validFrom: Date;
  expiresAt: Date | null;
}

export const VOUCHER_COLUMNS = `voucher.id, voucher.code, voucher.reward_id as "rewardId", voucher.issue_id as "issueId",
  voucher.profile_id as "profileId", voucher.status, voucher.max_uses as "maxUses", voucher.uses, voucher.per_customer as "perCustomer",
  voucher.valid_from as "validFrom", voucher.expires_at as "expiresAt"`;

export async function lockVoucher(tx: Tx, code: string): Promise<Voucher> {
  const [voucher] = await sql<Voucher>(tx, `select ${VOUCHER_COLUMNS} from voucher where code = $1 for update`, [code]);
  if (voucher) return voucher;
  throw new DomainError('UNKNOWN_VOUCHER', `No voucher has the code ${code}.`, ['input', 'code']);
}
