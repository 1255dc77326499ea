import { sql, type Tx } from '@trenza/database';
import { batch, type Consumers, type Projection } from '@trenza/outbox';
import type { DataSource } from 'typeorm';

/** The newest word on each profile wins, whatever order the words arrive in. */
const APPLY = `
  insert into customer_profile as known (profile_id, customer_id, version)
  select distinct on (profile_id) profile_id, customer_id, version
    from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as said (profile_id, customer_id, version)
   order by profile_id, version desc
  on conflict (profile_id) do update
     set customer_id = excluded.customer_id, version = excluded.version
   where known.version < excluded.version`;

/** Keeps `customer_profile`. Spread it into the consumers of a subgraph. */
export const customerMap: Consumers<unknown> = {
  'identity.customer.membership-changed.v1': batch(async (tx, events) => {
    const rows = events.flatMap(({ data }) =>
      data.customers.flatMap(({ customerId, profileIds }) =>
        profileIds.map((profileId) => [profileId, customerId, data.version] as const),
      ),
    );
    await sql(tx, {
      name: 'customer-map',
      text: APPLY,
      values: [rows.map((r) => r[0]), rows.map((r) => r[1]), rows.map((r) => r[2])],
    });
  }),
};

/** The map is nothing but what identity said, so it can be built anew. */
export const customerMapProjection: Projection<unknown> = {
  name: 'customer-map',
  tables: ['customer_profile'],
  consumers: customerMap,
};

const RESOLVE = `
  select asked.id, coalesce(known.customer_id, asked.id) as customer_id
    from unnest($1::uuid[]) as asked (id)
    left join customer_profile known on known.profile_id = asked.id`;

/** Any id a customer ever had, or a profile's → her id today. Order is kept. */
export async function resolveCustomers(db: Tx | DataSource, ids: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string; customer_id: string }>(db, {
    name: 'customer-resolve',
    text: RESOLVE,
    values: [ids],
  });
  const byId = new Map(rows.map((row) => [row.id, row.customer_id]));
  return ids.map((id) => byId.get(id.toLowerCase()) ?? id);
}

export async function resolveCustomer(db: Tx | DataSource, id: string): Promise<string> {
  return (await resolveCustomers(db, [id]))[0]!;
}

/** The customer's own id is among her profiles even before the map has arrived here. */
const PROFILES = `
  select asked.id,
         array(select profile_id from customer_profile where customer_id = current.id union select current.id order by 1) as profiles
    from (select distinct unnest($1::uuid[]) as id) asked
    cross join lateral (select coalesce((select customer_id from customer_profile where profile_id = asked.id), asked.id) as id) current`;

/** Any id of a customer → all her profiles, the oldest first. One statement for all ids; order is kept. */
export async function profilesOf(db: Tx | DataSource, ids: readonly string[]): Promise<string[][]> {
  const rows = await sql<{ id: string; profiles: string[] }>(db, {
    name: 'customer-profiles',
    text: PROFILES,
    values: [ids],
  });
  const byId = new Map(rows.map((row) => [row.id, row.profiles]));
  return ids.map((id) => byId.get(id.toLowerCase()) ?? [id]);
}
