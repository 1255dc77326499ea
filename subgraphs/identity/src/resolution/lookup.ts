import { createHmac } from 'node:crypto';
import { send, sql, type Tx } from '@trenza/database';
import { keyOf, type Identifier, type IdentifierRules, type IdentifierType } from '../identifiers/identifier.ts';
import type { Component, Known, Owner } from './plan.ts';

/**
 * One index probe per identifier and one per profile, and for those that are not known one into the tombstones: an identifier
 * of an erased person is no longer in `identifier`, so the others need not be asked about. The rules come with the first row: a
 * change of them holds from the next transaction on, for every replica, and costs no round trip. So does a version for whoever
 * turns out to be new; it is wasted on the others, and versions are many.
 */
const LOOKUP = `
  select asked.type, asked.value, i.profile_id, i.shared, i.shared_profile_id, p.customer_id,
         i.type is null and exists (select from tombstone t where t.hash = asked.hash) as erased,
         exists (select from blocked_identifier b where b.type = asked.type and b.value = asked.value) as blocked,
         case when asked.n = 1 then (
           select jsonb_object_agg(type, jsonb_build_object('priority', priority, 'limit', most, 'windowDays', window_days)) from identifier_rule
         ) end as rules,
         case when asked.n = 1 then nextval('membership_version') end as version
    from unnest($1::text[], $2::text[], $3::text[]) with ordinality as asked (type, value, hash, n)
    left join identifier i on i.type = asked.type and i.value = asked.value
    left join profile p on p.id = i.profile_id`;

interface LookupRow {
  type: IdentifierType;
  value: string;
  profile_id: string | null;
  shared: boolean;
  shared_profile_id: string | null;
  customer_id: string;
  erased: boolean;
  blocked: boolean;
  rules: IdentifierRules | null;
  version: number | null;
}

export interface Found {
  owners: Map<string, Owner>;
  erased: Set<string>;
  blocked: Set<string>;
  rules: IdentifierRules;
  customers: Map<string, string>;
  /** What the membership that is made of this is numbered with; null where nobody was looked for. */
  version: number | null;
}

export async function lookUp(tx: Tx, identifiers: readonly Identifier[]): Promise<Found> {
  const found = { owners: new Map(), erased: new Set<string>(), blocked: new Set<string>(), customers: new Map() };
  // Without identifiers there is nothing to weigh.
  if (identifiers.length === 0) return { ...found, rules: {} as IdentifierRules, version: null };
  const rows = await sql<LookupRow>(tx, {
    name: 'identity-lookup',
    text: LOOKUP,
    values: [identifiers.map((i) => i.type), identifiers.map((i) => i.value), identifiers.map(tombstoneOf)],
  });
  for (const row of rows) {
    if (row.erased) found.erased.add(keyOf(row));
    if (row.blocked) found.blocked.add(keyOf(row));
    if (!row.profile_id || row.blocked) continue;
    found.owners.set(keyOf(row), {
      profileId: row.profile_id,
      shared: row.shared,
      sharedProfileId: row.shared_profile_id,
    });
    found.customers.set(row.profile_id, row.customer_id);
    if (row.shared_profile_id) found.customers.set(row.shared_profile_id, row.shared_profile_id);
  }
  const first = rows.find((row) => row.rules)!;
  return { ...found, rules: first.rules!, version: first.version };
}

/** Adds profiles that callers named themselves. */
export async function lookUpProfiles(tx: Tx, ids: readonly string[], found: Found): Promise<void> {
  if (ids.length === 0) return;
  const rows = await sql<{ id: string; customer_id: string }>(tx, {
    name: 'identity-profiles',
    text: 'select id, customer_id from profile where id = any($1::uuid[]) and erased_at is null',
    values: [ids],
  });
  for (const row of rows) found.customers.set(row.id, row.customer_id);
}

/**
 * Membership changes only under the lock of the root rows, taken in the order of their ids. What they protect is read by the
 * next statement: waiting for a lock does not refresh the snapshot of the statement that waits. The lock leaves the key alone: with
 * `for update`, whoever says something new of her without linking anybody would wait here for its foreign key, holding the very
 * attribute that the owner of the lock wants to write next.
 */
const LOCK_ROOTS = `select id from profile where id = any($1::uuid[]) order by id for no key update`;

const COMPONENTS = `
  select p.customer_id,
         array_agg(p.id) as profiles,
         coalesce(jsonb_agg(i.items) filter (where i.items is not null), '[]') as identifiers,
         coalesce(jsonb_agg(a.items) filter (where a.items is not null), '[]') as features,
         (select nextval('membership_version')) as version
    from profile p
    left join lateral (
      select jsonb_agg(jsonb_build_array(type, value, first_seen_at)) as items from identifier where profile_id = p.id
    ) i on true
    left join lateral (
      select jsonb_agg(jsonb_build_array(name, value)) as items
        from attribute where profile_id = p.id and name in ('givenName', 'birthDate')
    ) a on true
   where p.customer_id = any($1::uuid[]) and p.erased_at is null
   group by p.customer_id`;

const CANNOT_LINK = `
  select o.a, o.b from profile p join override o on o.a = p.id where p.customer_id = any($1::uuid[]) and o.active and o.kind = 'cannot-link'
   union
  select o.a, o.b from profile p join override o on o.b = p.id where p.customer_id = any($1::uuid[]) and o.active and o.kind = 'cannot-link'`;

interface ComponentRow {
  customer_id: string;
  profiles: string[];
  identifiers: [IdentifierType, string, string][][];
  features: [string, unknown][][];
  version: number;
}

/** Somebody else changed the membership between our look and our lock: `inTransaction` tries again. */
export class MembershipMoved extends Error {
  /** SQLSTATE of a serialisation failure, which is what this is. */
  readonly code = '40001';
}

/** Locks the customers found and reads what a decision about them needs, with a version for it that is later than all they had. */
export async function lockAndLoad(tx: Tx, found: Found): Promise<Known & { version: number | null }> {
  const roots = [...new Set(found.customers.values())].toSorted();
  if (roots.length === 0) return { ...found, components: new Map(), cannotLink: [] };
  send(tx, { name: 'identity-lock', text: LOCK_ROOTS, values: [roots] });
  const [rows, cannotLink] = await Promise.all([
    sql<ComponentRow>(tx, { name: 'identity-components', text: COMPONENTS, values: [roots] }),
    sql<{ a: string; b: string }>(tx, { name: 'identity-cannot-link', text: CANNOT_LINK, values: [roots] }),
  ]);
  const components = new Map(rows.map((row) => [row.customer_id, componentOf(row)]));
  const customers = new Map(rows.flatMap((row) => row.profiles.map((id) => [id, row.customer_id] as const)));
  for (const profile of found.customers.keys()) {
    if (!customers.has(profile))
      throw new MembershipMoved(`Profile ${profile} moved to another customer or was erased meanwhile.`);
  }
  const version = rows[0]?.version ?? found.version;
  return { ...found, customers, components, version, cannotLink: cannotLink.map(({ a, b }) => [a, b] as const) };
}

const componentOf = (row: ComponentRow): Component => {
  const texts = (wanted: string): string[] =>
    row.features.flat().flatMap(([name, value]) => (name === wanted && typeof value === 'string' ? [value] : []));
  return {
    profileIds: row.profiles.toSorted(),
    identifiers: row.identifiers.flat().map(([type, value, at]) => ({ type, value, firstSeenAt: new Date(at) })),
    givenNames: texts('givenName'),
    birthDates: texts('birthDate'),
  };
};

/**
 * The trace an erased identifier leaves. It is keyed, because telephone numbers are few enough to be tried one by one; whoever
 * has only the database learns nothing. `TRENZA_TOMBSTONE_KEY` must stay the same for ever, or erased people could come back.
 */
const tombstoneKey = process.env['TRENZA_TOMBSTONE_KEY'] ?? 'trenza-development';
export const tombstoneOf = (identifier: Identifier): string =>
  createHmac('sha256', tombstoneKey).update(keyOf(identifier)).digest('base64url');
