import { send, sql, type Tx } from '@trenza/database';
import type { Identifier } from '../identifiers/identifier.ts';
import type { AttributeValue } from '../customers/attributes.ts';
import type { Candidate } from '../customers/survivorship.ts';
import { PERSON_ATTRIBUTES } from '../matching/person.ts';
import { MembershipMoved } from './lookup.ts';
import type { NewIdentifier, Planner } from './plan.ts';

/** A sighting as it is stored: what the source said, and under which profile. */
export interface SourceRecord {
  id: string;
  profileId: string;
  source: string;
  sourceId: string | null;
  channel: string | null;
  occurredAt: Date;
  identifiers: readonly Identifier[];
  attributes: readonly AttributeValue[];
  confidence: number;
  payload: unknown;
  contentHash: string;
}

/** An insert of rows that come as one JSON array, `$rows`; `$1` is the time of writing. */
const PROFILES = `
  insert into profile (id, customer_id, known, source, created_at, first_seen_at, last_seen_at)
  select id, customer_id, known, source, $1, seen_at, seen_at
    from jsonb_to_recordset($rows) as x (id uuid, customer_id uuid, known boolean, source text, seen_at timestamptz)`;

const IDENTIFIERS = `
  insert into identifier (type, value, profile_id, first_seen_at, last_seen_at)
  select type, value, profile_id, seen_at, seen_at
    from jsonb_to_recordset($rows) as x (type text, value text, profile_id uuid, seen_at timestamptz)
   order by type, value`;

const EDGES = `
  insert into edge (id, a, b, kind, weight, evidence, created_at)
  select id, a, b, kind, 1, evidence, $1
    from jsonb_to_recordset($rows) as x (id uuid, a uuid, b uuid, kind text, evidence jsonb)
  on conflict do nothing`;

const RECORDS = `
  insert into source_record (id, profile_id, source, source_id, channel, occurred_at, recorded_at, identifiers, attributes, payload, content_hash)
  select id, profile_id, source, source_id, channel, occurred_at, $1, identifiers, attributes, payload, content_hash
    from jsonb_to_recordset($rows) as x (id uuid, profile_id uuid, source text, source_id text, channel text,
           occurred_at timestamptz, identifiers jsonb, attributes jsonb, payload jsonb, content_hash text)
  on conflict do nothing`;

const ATTRIBUTES = `
  insert into attribute as had (profile_id, name, source, value_hash, value, confidence, first_at, last_at, folded)
  select profile_id, name, source, value_hash, value, confidence, first_at, last_at, folded
    from jsonb_to_recordset($rows) as x (profile_id uuid, name text, source text, value_hash text, value jsonb,
           confidence real, first_at timestamptz, last_at timestamptz, folded text)
   order by profile_id, name, source, value_hash
  on conflict (profile_id, name, source, value_hash) do update
     set first_at = least(had.first_at, excluded.first_at), last_at = greatest(had.last_at, excluded.last_at),
         times = had.times + 1, confidence = greatest(had.confidence, excluded.confidence)`;

/** Who may match somebody now who did not before. */
const PENDING = `
  insert into match_pending (profile_id)
  select distinct value::uuid from jsonb_array_elements_text($rows) order by 1
  on conflict do nothing`;

/**
 * Sends what the plan and the records say to the database, where it is written before the next statement is looked at. It is one statement:
 * its parts do not depend on one another. Those without rows are left out, because opening their tables would cost most of the time. Rows are
 * inserted in the order of their keys, so that two batches that meet wait for each other and do not deadlock.
 */
export function write(tx: Tx, plan: Planner, records: readonly SourceRecord[], now: Date): void {
  const { profiles, identifiers, edges } = plan;
  const attributes = attributeRows(records);
  const parts = [
    ['p', PROFILES, profiles.map((p) => ({ ...p, customer_id: plan.customerOf(p.id), seen_at: p.seenAt }))] as const,
    ['i', IDENTIFIERS, identifiers.map((i) => ({ ...i, profile_id: i.profileId, seen_at: i.seenAt }))] as const,
    ['e', EDGES, edges] as const,
    ['r', RECORDS, records.map(recordRow)] as const,
    ['a', ATTRIBUTES, attributes] as const,
    ['q', PENDING, matchable(identifiers, attributes)] as const,
  ].filter(([, , rows]) => rows.length > 0);
  if (parts.length === 0) return;
  const inserts = parts.map(([part, insert], i) => `${part} as (${insert.replace('$rows', `$${i + 2}`)})`);
  send(
    tx,
    {
      name: `identity-write-${parts.map(([part]) => part).join('')}`,
      text: `with ${inserts.join(',')} select $1::timestamptz`,
      values: [now, ...parts.map(([, , rows]) => JSON.stringify(rows))],
    },
    (error) => (isTaken(error) ? new MembershipMoved('Another request took an identifier.') : (error as Error)),
  );
}

const matchable = (identifiers: readonly NewIdentifier[], attributes: readonly AttributeRow[]): string[] => [
  ...identifiers.filter((i) => i.type === 'email' || i.type === 'phone').map((i) => i.profileId),
  ...attributes.filter((a) => PERSON_ATTRIBUTES.includes(a.name)).map((a) => a.profile_id),
];

/** A moment ago, by another request: to look again is to find it. */
const isTaken = (error: unknown): boolean => (error as { constraint?: string }).constraint === 'identifier_pkey';

const recordRow = (r: SourceRecord) => ({
  id: r.id,
  profile_id: r.profileId,
  source: r.source,
  source_id: r.sourceId,
  channel: r.channel,
  occurred_at: r.occurredAt,
  identifiers: r.identifiers,
  attributes: Object.fromEntries(r.attributes.map((a) => [a.name, a.value])),
  payload: r.payload,
  content_hash: r.contentHash,
});

interface AttributeRow {
  profile_id: string;
  name: string;
  source: string;
  value_hash: string;
  value: unknown;
  confidence: number;
  folded: string | null;
  first_at: Date;
  last_at: Date;
}

/** One row per value: the same value twice in a batch is one row from the first time to the last. */
function attributeRows(records: readonly SourceRecord[]): AttributeRow[] {
  const rows = new Map<string, AttributeRow>();
  for (const { profileId, source, occurredAt, confidence, attributes } of records) {
    for (const { name, value, hash, folded } of attributes) {
      const key = `${profileId}|${name}|${source}|${hash}`;
      const had = rows.get(key);
      if (had) {
        if (occurredAt < had.first_at) had.first_at = occurredAt;
        if (occurredAt > had.last_at) had.last_at = occurredAt;
      } else {
        const row = { profile_id: profileId, name, source, value_hash: hash, value, confidence, folded };
        rows.set(key, { ...row, first_at: occurredAt, last_at: occurredAt });
      }
    }
  }
  return [...rows.values()];
}

/** What will be held once this is written, given what is held before: as a read after `write` would find it. */
export function heldAfter(before: readonly Candidate[], plan: Planner, records: readonly SourceRecord[]): Candidate[] {
  const held = new Map(before.map((candidate) => [sayingOf(candidate), candidate]));
  const learnt = [...attributeRows(records).map(saidOnce), ...plan.identifiers.map(seenOnce)];
  for (const candidate of learnt) {
    const saying = sayingOf(candidate);
    const had = held.get(saying);
    held.set(saying, had ? saidAgain(had, candidate) : candidate);
  }
  return [...held.values()].filter(({ name, value }) => !plan.shared.has(`${name}:${String(value)}`));
}

const sayingOf = ({ profileId, name, source, hash }: Candidate): string => `${profileId}|${name}|${source}|${hash}`;

const saidOnce = (row: AttributeRow): Candidate => ({
  profileId: row.profile_id,
  name: row.name,
  value: row.value,
  hash: row.value_hash,
  source: row.source,
  confidence: row.confidence,
  firstAt: row.first_at,
  lastAt: row.last_at,
  times: 1,
});

const seenOnce = ({ profileId, type, value, seenAt }: NewIdentifier): Candidate => ({
  profileId,
  name: type,
  value,
  hash: value,
  source: '',
  confidence: 1,
  firstAt: seenAt,
  lastAt: seenAt,
  times: 1,
});

/** As the conflict clause of `ATTRIBUTES` does it. */
const saidAgain = (had: Candidate, again: Candidate): Candidate => ({
  ...had,
  firstAt: again.firstAt < had.firstAt ? again.firstAt : had.firstAt,
  lastAt: again.lastAt > had.lastAt ? again.lastAt : had.lastAt,
  times: had.times + 1,
  confidence: Math.max(had.confidence, again.confidence),
});

const MOVE = `
  update profile p set customer_id = x.customer_id, version = $2
    from jsonb_to_recordset($1) as x (id uuid, customer_id uuid)
   where p.id = x.id and p.customer_id <> x.customer_id`;

const KNOW = `update profile set known = true where id = any($1::uuid[]) and not known`;

const SHARE = `
  update identifier i set shared = true, shared_profile_id = coalesce(i.shared_profile_id, x.shared_profile_id)
    from jsonb_to_recordset($1) as x (type text, value text, shared_profile_id uuid)
   where i.type = x.type and i.value = x.value`;

const LOG_MERGES = `
  insert into merge (id, into_customer, merged_customer, into_profiles, merged_profiles, kind, made_by, reason, made_at)
  select x.id, x.into_customer, x.merged_customer,
         array(select jsonb_array_elements_text(x.into_profiles)::uuid), array(select jsonb_array_elements_text(x.merged_profiles)::uuid),
         x.kind, x.made_by, x.reason, $2
    from jsonb_to_recordset($1) as x (id uuid, into_customer uuid, merged_customer uuid, into_profiles jsonb, merged_profiles jsonb,
           kind text, made_by text, reason text)`;

export interface MergeRow {
  id: string;
  into: string;
  merged: string;
  intoProfiles: readonly string[];
  mergedProfiles: readonly string[];
  kind: string;
  by: string;
  reason: string;
}

/** Points profiles to the customer they belong to now. */
export function moveProfiles(tx: Tx, customers: ReadonlyMap<string, readonly string[]>, version: number): void {
  const rows = [...customers].flatMap(([customer, ids]) => ids.map((id) => ({ id, customer_id: customer })));
  send(tx, { name: 'identity-move', text: MOVE, values: [JSON.stringify(rows), version] });
}

export const markKnown = (tx: Tx, profileIds: readonly string[]): void =>
  send(tx, { name: 'identity-know', text: KNOW, values: [profileIds] });

export function markShared(tx: Tx, plan: Planner): void {
  const rows = [...plan.shared.values()].map((i) => ({ ...i, shared_profile_id: i.sharedProfileId }));
  send(tx, { name: 'identity-share', text: SHARE, values: [JSON.stringify(rows)] });
}

const UNLINKED = `
  with x as (
    select * from jsonb_to_recordset($1) as x (type text, value text, profile_id uuid, seen_at timestamptz)
  ), kept as (
    insert into shared_sighting (type, value, profile_id, seen_at)
    select type, value, profile_id, seen_at from x order by type, value, profile_id
    on conflict do nothing
  )
  select count(*)::int as shared from x join identifier i using (type, value) where i.shared`;

/** Each once, at its first time: what is to be replayed if the identifier turns out to be one person's. */
export async function keepUnlinked(tx: Tx, unlinked: readonly NewIdentifier[]): Promise<void> {
  const rows = unlinked.map((i) => ({ type: i.type, value: i.value, profile_id: i.profileId, seen_at: i.seenAt }));
  const values = [JSON.stringify(rows)];
  const [row] = await sql<{ shared: number }>(tx, { name: 'identity-unlinked', text: UNLINKED, values });
  // The mark was taken back while this request waited for the customer: look again, and link.
  if (row!.shared < rows.length) throw new MembershipMoved('An identifier is not shared any more.');
}

export function logMerges(tx: Tx, merges: readonly MergeRow[], now: Date): void {
  const rows = merges.map((m) => ({
    id: m.id,
    into_customer: m.into,
    merged_customer: m.merged,
    into_profiles: m.intoProfiles,
    merged_profiles: m.mergedProfiles,
    kind: m.kind,
    made_by: m.by,
    reason: m.reason,
  }));
  send(tx, { name: 'identity-log-merges', text: LOG_MERGES, values: [JSON.stringify(rows), now] });
}

export async function nextVersion(tx: Tx): Promise<number> {
  const [row] = await sql<{ version: number }>(tx, `select nextval('membership_version') as version`);
  return row!.version;
}
