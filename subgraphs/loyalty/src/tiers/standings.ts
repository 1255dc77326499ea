import { profilesOf, resolveCustomers } from '@trenza/customers';
import { send, sql, type Tx } from '@trenza/database';
import { event } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { DataSource } from 'typeorm';
import { referenceOf } from '../programme/reference.ts';
import { standing, type Qualification, type Standing } from './tier.ts';

export interface QualificationRow extends Qualification {
  /** What it was for, once: 'order:<id>', 'return:<id>', 'answer:<id>' …. */
  source: string;
  profileId: string;
}

/** Notes what counts towards the tier. A source that is there already is not counted again. */
export function qualify(tx: Tx, rows: readonly QualificationRow[]): void {
  const counting = rows.filter((row) => row.points !== 0);
  if (counting.length === 0) return;
  send(tx, {
    name: 'qualify',
    text: `insert into qualification (source, profile_id, points, occurred_at)
           select * from unnest($1::text[], $2::uuid[], $3::bigint[], $4::timestamptz[]) on conflict (source) do nothing`,
    values: [
      counting.map((row) => row.source),
      counting.map((row) => row.profileId),
      counting.map((row) => row.points),
      counting.map((row) => row.occurredAt),
    ],
  });
}

/** Where these customers stand now, reckoned from their qualifications; order is kept. Who knows their profiles already hands them over. */
export async function standingsOf(
  db: Tx | DataSource,
  ids: readonly string[],
  at: Date,
  known?: readonly string[][],
): Promise<Standing[]> {
  const { tiers, tierPolicy } = await referenceOf(db);
  const qualifications = await qualificationsByCustomer(db, ids, known);
  return ids.map((id) => standing(tiers, tierPolicy, qualifications.get(id) ?? [], at));
}

export async function qualificationsByCustomer(
  db: Tx | DataSource,
  ids: readonly string[],
  known?: readonly string[][],
): Promise<Map<string, Qualification[]>> {
  const profiles = known ?? (await profilesOf(db, ids));
  const rows = await sql<Qualification & { profileId: string }>(db, {
    name: 'qualifications',
    text: `select profile_id as "profileId", points, occurred_at as "occurredAt" from qualification where profile_id = any($1)`,
    values: [profiles.flat()],
  });
  const byProfile = Map.groupBy(rows, (row) => row.profileId);
  return new Map(ids.map((id, i) => [id, profiles[i]!.flatMap((profile) => byProfile.get(profile) ?? [])]));
}

/** The tier that was last announced of these customers: one row each, for decisions that must be quick. Order is kept. */
export async function tiersOf(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { tiers } = await referenceOf(tx);
  const customers = await resolveCustomers(tx, ids);
  const rows = await sql<{ customer_id: string; tier: string }>(tx, {
    name: 'tiers-announced',
    text: `select customer_id, tier from tier_standing where customer_id = any($1)`,
    values: [customers],
  });
  const known = new Map(rows.map((row) => [row.customer_id, row.tier]));
  return customers.map((customer) => known.get(customer) ?? tiers[0]!.code);
}

/** Reckons the standing of these customers anew, keeps it, and announces what changed. Set-based: an import calls it with hundreds. */
export async function refreshStandings(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  const customers = [...new Set(await resolveCustomers(tx, ids))].sort();
  const standings = await standingsOf(tx, customers, at);
  const lowest = (await referenceOf(tx)).tiers[0]!.code;
  const changed = await sql<{ customer_id: string; before: string | null; tier: string }>(tx, {
    name: 'standing-keep',
    text: KEEP,
    values: [
      customers,
      standings.map((s) => s.tier.code),
      standings.map((s) => s.since ?? at),
      standings.map((s) => s.reviewAt),
    ],
  });
  await publish(
    tx,
    changed
      .filter(({ before, tier }) => (before ?? lowest) !== tier)
      .map(({ customer_id: customerId, before, tier }) =>
        event('loyalty.tier.changed.v1', {
          profileId: customerId,
          customerId,
          occurredAt: at,
          data: { from: before, to: tier, reason: reasonOf(standings[customers.indexOf(customerId)]!) },
        }),
      ),
  );
}

/** After a merge or an unmerge a tier may change without a step of its own. */
const reasonOf = ({ history }: Standing): string => history.at(-1)?.reason ?? 'the qualifying points changed';

/** Rows in key order, so that two refreshes never wait for each other in a circle. `before` is read in the same snapshot. */
const KEEP = `
  with fresh as (
    select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[]) as fresh (customer_id, tier, since, review_at)
     order by customer_id),
  before as (select customer_id, tier from tier_standing where customer_id = any($1)),
  kept as (
    insert into tier_standing as standing (customer_id, tier, since, review_at) select * from fresh
    on conflict (customer_id) do update set tier = excluded.tier, since = excluded.since, review_at = excluded.review_at
     where (standing.tier, standing.since, standing.review_at) is distinct from (excluded.tier, excluded.since, excluded.review_at))
  select fresh.customer_id, before.tier as before, fresh.tier from fresh left join before using (customer_id)`;

/** Bounds one transaction of the daily review. */
const REVIEW_AT_ONCE = 500;

/** Standings that time has changed: windows that ended, grace periods that ran out. Returns how many were looked at. */
export async function reviewStandings(tx: Tx, at: Date): Promise<number> {
  const due = await sql<{ customer_id: string }>(
    tx,
    `select customer_id from tier_standing where review_at <= $1 order by review_at limit ${REVIEW_AT_ONCE}`,
    [at],
  );
  await refreshStandings(
    tx,
    due.map((row) => row.customer_id),
    at,
  );
  return due.length;
}
