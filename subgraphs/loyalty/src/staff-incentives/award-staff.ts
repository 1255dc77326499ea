import { resolveCustomers } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { EMPTY } from '../points/entry.ts';
import { earn } from '../points/ledger.ts';
import { post, type Posting } from '../points/post.ts';
import { daysAfter, localTime, referenceOf } from '../programme/reference.ts';
import {
  customerKey,
  dayKey,
  decideDeeds,
  type Deed,
  type StaffAward,
  type StaffHistory,
  type StaffRule,
} from './staff-incentive.ts';

export const STAFF_CURRENCY = 'staff';

/** A deed as an event names it: the associate by her code, the customer by a profile. */
export interface StaffDeed {
  source: string;
  kind: string;
  associate: string;
  storeId: string | null;
  profileId: string | null;
  occurredAt: Date;
}

/** Associates earn for what they did, each deed once, within the limits; every deed is kept with its reason. Set-based. */
export async function awardStaff(tx: Tx, told: readonly StaffDeed[], { clock }: Pick<Deps, 'clock'>): Promise<void> {
  const fresh = await withoutKnown(tx, told);
  if (fresh.length === 0) return;
  const now = clock.now();
  const { tierPolicy } = await referenceOf(tx);
  const dayOf = (at: Date): string => {
    const { year, month, day } = localTime(at, tierPolicy.timeZone);
    return `${year}-${month}-${day}`;
  };
  const deeds = await withIds(tx, fresh);
  const awards = decideDeeds(deeds, await readRules(tx), await readHistory(tx, deeds, dayOf), dayOf);
  post(
    tx,
    awards.map((award) => postingOf(award)),
    now,
  );
  await keep(tx, awards, new Map(fresh.map((deed) => [deed.source, deed.profileId])));
}

async function withoutKnown(tx: Tx, told: readonly StaffDeed[]): Promise<StaffDeed[]> {
  if (told.length === 0) return [];
  const known = await sql<{ source: string }>(tx, 'select source from staff_award where source = any($1)', [
    told.map((deed) => deed.source),
  ]);
  const seen = new Set(known.map((row) => row.source));
  return told.filter(({ source }) => !seen.has(source) && seen.add(source));
}

/** Codes become associates (new ones are made, and where they were seen last is noted), profiles become customers. */
async function withIds(tx: Tx, deeds: readonly StaffDeed[]): Promise<Deed[]> {
  const stores = new Map(deeds.map((deed) => [deed.associate, deed.storeId]));
  const codes = [...stores.keys()].sort();
  const rows = await sql<{ id: string; code: string }>(
    tx,
    `insert into associate (id, code, store_id) select * from unnest($1::uuid[], $2::text[], $3::uuid[])
     on conflict (code) do update set store_id = coalesce(excluded.store_id, associate.store_id) returning id, code`,
    [codes.map(newId), codes, codes.map((code) => stores.get(code))],
  );
  const idOf = new Map(rows.map((row) => [row.code, row.id]));
  const profiles = [...new Set(deeds.flatMap(({ profileId }) => profileId ?? []))];
  const customers = await resolveCustomers(tx, profiles);
  const customerOf = new Map(profiles.map((profile, i) => [profile, customers[i]!]));
  return deeds.map(({ source, kind, associate, storeId, profileId, occurredAt }) => ({
    source,
    kind,
    associateId: idOf.get(associate)!,
    storeId,
    customerId: profileId && customerOf.get(profileId)!,
    occurredAt,
  }));
}

const readRules = (tx: Tx): Promise<StaffRule[]> =>
  sql<StaffRule>(
    tx,
    `select kind, points, cap_per_day as "capPerDay", same_customer_days as "sameCustomerDays", pending_days as "pendingDays" from staff_rule where active`,
  );

/** A year back: no rule looks further. */
async function readHistory(tx: Tx, deeds: readonly Deed[], dayOf: (at: Date) => string): Promise<StaffHistory> {
  const rows = await sql<{
    associateId: string;
    kind: string;
    customerId: string | null;
    points: number;
    occurredAt: Date;
  }>(
    tx,
    `select award.associate_id as "associateId", award.kind, coalesce(known.customer_id, award.profile_id) as "customerId", award.points,
            award.occurred_at as "occurredAt"
       from staff_award award left join customer_profile known on known.profile_id = award.profile_id
      where award.associate_id = any($1) and award.points > 0 and award.occurred_at > $2::timestamptz - interval '1 year'
      order by award.occurred_at`,
    [
      [...new Set(deeds.map((deed) => deed.associateId))],
      deeds.map((deed) => deed.occurredAt).sort((a, b) => a.getTime() - b.getTime())[0],
    ],
  );
  const pointsOfDay = new Map<string, number>();
  const lastOfCustomer = new Map<string, Date>();
  for (const row of rows) {
    const deed: Deed = { ...row, source: '', storeId: null };
    const day = dayKey(deed, dayOf(row.occurredAt));
    pointsOfDay.set(day, (pointsOfDay.get(day) ?? 0) + row.points);
    if (row.customerId !== null) lastOfCustomer.set(customerKey(deed), row.occurredAt);
  }
  return { pointsOfDay, lastOfCustomer };
}

function postingOf({ deed, points, pendingDays }: StaffAward): Posting {
  const { associateId: profileId, occurredAt: at, storeId, source, kind } = deed;
  const entry = points === 0 ? EMPTY : earn({ profileId, points, unlockAt: daysAfter(at, pendingDays), at }, newId);
  return { key: `staff:${source}:${kind}`, currency: STAFF_CURRENCY, entry, storeId, reason: kind };
}

const keep = (tx: Tx, awards: readonly StaffAward[], profileOf: Map<string, string | null>): Promise<unknown> =>
  sql(
    tx,
    `insert into staff_award (source, kind, associate_id, store_id, profile_id, points, reason, occurred_at)
     select * from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[], $8::timestamptz[])`,
    [
      awards.map(({ deed }) => deed.source),
      awards.map(({ deed }) => deed.kind),
      awards.map(({ deed }) => deed.associateId),
      awards.map(({ deed }) => deed.storeId),
      awards.map(({ deed }) => profileOf.get(deed.source)),
      awards.map(({ points }) => points),
      awards.map(({ reason }) => reason),
      awards.map(({ deed }) => deed.occurredAt),
    ],
  );
