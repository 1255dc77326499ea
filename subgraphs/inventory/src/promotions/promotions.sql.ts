import { sql, type Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import type { Promotion, PromotionRule, PromotionState } from './promotion.ts';

type Db = Tx | DataSource;

export interface StoredPromotion extends Promotion {
  description: string | null;
  state: PromotionState;
  validFrom: Date;
  validTo: Date | null;
  releasedAt: Date | null;
  createdAt: Date;
  changedAt: Date;
}

interface Row extends Omit<StoredPromotion, keyof PromotionRule> {
  rule: PromotionRule;
}

const COLUMNS = `
  p.id, p.name, p.description, p.rule, p.priority, p.total_limit as "totalLimit", p.customer_limit as "customerLimit", p.state,
  p.valid_from as "validFrom", p.valid_to as "validTo", p.released_at as "releasedAt", p.created_at as "createdAt", p.changed_at as "changedAt"`;

const fromRow = ({ rule, ...rest }: Row): StoredPromotion => ({ ...rule, ...rest });

/**
 * How many promotions may run at a time. Each is tried on each basket, so this bounds the work of a checkout: a tenth of a second for a full cart at worst, where
 * twenty of them on twenty lines take less than a millisecond. Retailers run dozens.
 */
export const MAX_RUNNING = 100;

const LIVE = `
  select ${COLUMNS}, t.used from promotion p left join promotion_tally t on t.promotion_id = p.id and p.total_limit is not null
   where p.state = 'released' and p.valid_from <= $1 and (p.valid_to is null or p.valid_to > $1)
   order by p.id`;

export type LivePromotion = StoredPromotion & { used: number };

/** What runs at an instant, with how often it was used where that is limited. */
export async function livePromotions(db: Db, at: Date): Promise<LivePromotion[]> {
  const rows = await sql<Row & { used: number | null }>(db, { name: 'promotions-live', text: LIVE, values: [at] });
  return rows.map(({ used, ...row }) => ({ ...fromRow(row), used: used ?? 0 }));
}

/** How many orders of these profiles used each of these promotions. */
export const usesByProfile = (
  db: Db,
  promotionIds: readonly string[],
  profileIds: readonly string[],
): Promise<{ promotionId: string; profileId: string; uses: number }[]> =>
  sql(db, {
    name: 'promotion-uses',
    text: `select promotion_id as "promotionId", profile_id as "profileId", count(*) as uses from promotion_use
            where profile_id = any($2::uuid[]) and promotion_id = any($1::uuid[]) group by 1, 2`,
    values: [promotionIds, profileIds],
  });

export async function promotionsById(db: Db, ids: readonly string[]): Promise<(StoredPromotion | null)[]> {
  const rows = await sql<Row>(db, `select ${COLUMNS} from promotion p where p.id = any($1::uuid[])`, [ids]);
  const byId = new Map(rows.map((row) => [row.id, fromRow(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Locked: two marketers change it one after the other. */
export async function lockPromotion(tx: Tx, id: string): Promise<StoredPromotion | null> {
  const [row] = await sql<Row>(tx, `select ${COLUMNS} from promotion p where p.id = $1 for update`, [id]);
  return row ? fromRow(row) : null;
}

/** In SQL what `statusAt` says, for lists. */
const STATUS = `
  case when p.state in ('draft', 'ended') then p.state
       when p.valid_to <= $1 then 'ended'
       when p.state = 'paused' then 'paused'
       when p.valid_from > $1 then 'scheduled'
       else 'active' end`;

export async function listPromotions(
  db: Db,
  page: { at: Date; statuses: readonly string[] | null; limit: number; after: [string, string] | null },
): Promise<StoredPromotion[]> {
  const rows = await sql<Row>(
    db,
    `select ${COLUMNS} from promotion p
      where ($2::text[] is null or ${STATUS} = any($2))
        and ($4::timestamptz is null or (p.created_at, p.id) < ($4, $5::uuid))
      order by p.created_at desc, p.id desc limit $3`,
    [page.at, page.statuses, page.limit, page.after?.[0] ?? null, page.after?.[1] ?? null],
  );
  return rows.map(fromRow);
}

const ruleOf = (p: PromotionRule): PromotionRule => {
  const { currency, benefit, scope, conditions, exclusive, withVouchers, maxSets, maximumAmount } = p;
  return { currency, benefit, scope, conditions, exclusive, withVouchers, maxSets, maximumAmount };
};

const WRITE = `
  insert into promotion (id, name, description, rule, priority, total_limit, customer_limit, valid_from, valid_to, state, released_at, created_at, changed_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  on conflict (id) do update set name = $2, description = $3, rule = $4, priority = $5, total_limit = $6, customer_limit = $7,
    valid_from = $8, valid_to = $9, state = $10, released_at = $11, changed_at = $13`;

export async function writePromotion(tx: Tx, p: StoredPromotion): Promise<void> {
  await sql(tx, WRITE, [
    p.id,
    p.name,
    p.description,
    JSON.stringify(ruleOf(p)),
    p.priority,
    p.totalLimit,
    p.customerLimit,
    p.validFrom,
    p.validTo,
    p.state,
    p.releasedAt,
    p.createdAt,
    p.changedAt,
  ]);
  await sql(tx, 'insert into promotion_tally (promotion_id) values ($1) on conflict do nothing', [p.id]);
}

export interface PromotionChangeRow {
  id: string;
  promotionId: string;
  action: string;
  actor: string;
  reason: string | null;
  changedAt: Date;
}

export async function changesByPromotion(db: Db, ids: readonly string[]): Promise<PromotionChangeRow[][]> {
  const rows = await sql<PromotionChangeRow>(
    db,
    `select id, promotion_id as "promotionId", action, actor, reason, changed_at as "changedAt" from promotion_change
      where promotion_id = any($1::uuid[]) order by changed_at, id`,
    [ids],
  );
  const groups = Map.groupBy(rows, (row) => row.promotionId);
  return ids.map((id) => groups.get(id) ?? []);
}

export interface PromotionResult {
  orders: number;
  discountAmount: number;
  salesAmount: number;
}

/** What it did: orders that are not cancelled, what it took off them, and what they sold for. */
export async function resultsByPromotion(db: Db, ids: readonly string[]): Promise<PromotionResult[]> {
  const rows = await sql<PromotionResult & { id: string }>(
    db,
    `select u.promotion_id as id, count(*) as orders, sum(u.amount)::bigint as "discountAmount", sum(o.net_amount)::bigint as "salesAmount"
       from promotion_use u join orders o on o.id = u.order_id where u.promotion_id = any($1::uuid[]) group by 1`,
    [ids],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? { orders: 0, discountAmount: 0, salesAmount: 0 });
}
