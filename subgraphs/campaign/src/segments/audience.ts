import { sql, type Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { compileRule, type Rule } from './rule.ts';

/** Everybody we know of, with all profiles of each. */
const PEOPLE = `
  select coalesce(m.customer_id, k.profile_id) as customer_id, array_agg(k.profile_id) as profiles
    from (select profile_id from customer_profile union select profile_id from profile_facts union select profile_id from contact_field) k
    left join customer_profile m on m.profile_id = k.profile_id
   group by 1`;

export async function countAudience(db: Tx | DataSource, rule: Rule, now: Date): Promise<number> {
  const { where, values } = compileRule(rule);
  const [row] = await sql<{ size: number }>(
    db,
    `select count(*) as size from (${PEOPLE}) p where $1::timestamptz is not null and ${where}`,
    [now, ...values],
  );
  return row!.size;
}

/** Does the rule hold for one customer, given all profiles of hers? */
export async function isInAudience(
  db: Tx | DataSource,
  rule: Rule,
  profiles: readonly string[],
  now: Date,
): Promise<boolean> {
  const { where, values } = compileRule(rule);
  const person = `select $${values.length + 2}::uuid[] as profiles`;
  const rows = await sql(db, `select 1 from (${person}) p where $1::timestamptz is not null and ${where}`, [
    now,
    ...values,
    profiles,
  ]);
  return rows.length > 0;
}

/**
 * Writes down whom a campaign means: one statement, however many. Who is held out follows from her id and the campaign's, so that it is the same
 * whenever one asks and independent between campaigns.
 */
export async function enrolAudience(
  tx: Tx,
  campaignId: string,
  rule: Rule,
  holdOut: number,
  now: Date,
): Promise<number> {
  const { where, values } = compileRule(rule);
  const n = values.length + 1;
  const rows = await sql<{ count: number }>(
    tx,
    `with meant as (
       insert into campaign_member (campaign_id, profile_id, held_out, at)
       select $${n + 1}::uuid, p.customer_id,
              ('x' || substr(md5(p.customer_id::text || $${n + 1}::text), 1, 8))::bit(32)::bigint / 4294967296.0 < $${n + 2}::float8, $1::timestamptz
         from (${PEOPLE}) p where ${where}
       on conflict do nothing returning 1)
     select count(*) as count from meant`,
    [now, ...values, campaignId, holdOut],
  );
  return rows[0]!.count;
}
