import { sql, type Tx } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import type { DataSource } from 'typeorm';
import type { IdentifierType } from '../identifiers/identifier.ts';
import { survivors, type Candidate, type Golden } from './survivorship.ts';
import { survivorshipRules } from './survivorship-rules.ts';

/** A customer as the sum of her profiles. */
export interface CustomerRow {
  /** The id she was asked for by: any id she ever had. */
  asked: string;
  customerId: string;
  profileIds: string[];
  known: boolean;
  orders: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  erased: boolean;
}

const CUSTOMERS = `
  select asked.id as asked, p.customer_id as "customerId", array_agg(m.id order by m.id) as "profileIds", bool_or(m.known) as known,
         sum(m.orders) as orders, min(m.first_seen_at) as "firstSeenAt", max(m.last_seen_at) as "lastSeenAt",
         bool_or(m.erased_at is not null) as erased
    from unnest($1::uuid[]) as asked (id)
    join profile p on p.id = asked.id
    join profile m on m.customer_id = p.customer_id
   group by asked.id, p.customer_id`;

/** Any ids → their customers, in order; null where there is none. */
export async function findCustomers(db: Tx | DataSource, ids: readonly string[]): Promise<(CustomerRow | null)[]> {
  const rows = await sql<CustomerRow>(db, { name: 'identity-customers', text: CUSTOMERS, values: [ids] });
  const byId = new Map(rows.map((row) => [row.asked, row]));
  return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
}

export const loadCustomers = (ids: readonly string[], ctx: Context): Promise<(CustomerRow | null)[]> =>
  findCustomers(ctx.database, ids);

/** One row of something for each of the profiles of each customer asked for; lists come back in the order of the ids. */
async function perCustomer<Row extends { profileId: string }>(
  ids: readonly string[],
  ctx: Context,
  read: (profileIds: string[]) => Promise<Row[]>,
): Promise<Row[][]> {
  const customers = await Promise.all(ids.map((id) => ctx.load(loadCustomers, id)));
  const profileIds = [...new Set(customers.flatMap((c) => c?.profileIds ?? []))];
  const rows = Map.groupBy(profileIds.length > 0 ? await read(profileIds) : [], (row) => row.profileId);
  return customers.map((c) => (c?.profileIds ?? []).flatMap((id) => rows.get(id) ?? []));
}

const ATTRIBUTES = `
  select profile_id as "profileId", name, value, value_hash as hash, source, confidence,
         first_at as "firstAt", last_at as "lastAt", times
    from attribute where profile_id = any($1::uuid[])`;

export async function loadGolden(ids: readonly string[], ctx: Context): Promise<Golden[][]> {
  const rules = await survivorshipRules(ctx.database);
  const lists = await perCustomer(ids, ctx, (profileIds) =>
    sql<Candidate>(ctx.database, { name: 'identity-attributes', text: ATTRIBUTES, values: [profileIds] }),
  );
  return lists.map((candidates) => survivors(candidates, rules));
}

export interface IdentifierRow {
  profileId: string;
  type: IdentifierType;
  value: string;
  firstSeenAt: Date;
  shared: boolean;
}

const IDENTIFIERS = `
  select profile_id as "profileId", type, value, first_seen_at as "firstSeenAt", shared
    from identifier where profile_id = any($1::uuid[]) order by first_seen_at, type, value`;

export const loadIdentifiers = (ids: readonly string[], ctx: Context): Promise<IdentifierRow[][]> =>
  perCustomer(ids, ctx, (profileIds) =>
    sql<IdentifierRow>(ctx.database, { name: 'identity-identifiers', text: IDENTIFIERS, values: [profileIds] }),
  );
