import { Client } from 'pg';
import { type Counts, noCounts } from './counts.ts';

/** Addresses of the subgraphs' databases. */
export type Databases = Record<string, string>;

/** What the platform holds of one source, read from its databases and not through the code that wrote it. */
export async function totalsOf(databases: Databases, source: string, skus: string[]): Promise<Counts> {
  const profiles = await ask<{ profiles: string[]; customers: number }>(
    databases,
    'identity',
    `select coalesce(array_agg(id::text), '{}') as profiles, count(distinct customer_id)::int as customers
       from profile where source = $1`,
    [source],
  );
  const sales = await ask<Pick<Counts, 'orders' | 'orderRevenue' | 'shipping' | 'returns' | 'refunds' | 'products'>>(
    databases,
    'inventory',
    `select (select count(*)::int from orders where source = $1 and status <> 'cancelled') as orders,
            (select coalesce(sum(net_amount), 0)::float8 from orders where source = $1 and status <> 'cancelled') as "orderRevenue",
            (select coalesce(sum(shipping_amount), 0)::float8 from orders where source = $1 and status <> 'cancelled') as shipping,
            (select count(*)::int from order_return where source = $1) as returns,
            (select coalesce(sum(value_amount), 0)::float8 from order_return where source = $1) as refunds,
            (select count(*)::int from product where sku = any($2)) as products`,
    [source, skus],
  );
  const points = await ask<{ points: number }>(
    databases,
    'loyalty',
    `select coalesce(sum(t.amount), 0)::float8 as points
       from transfer t join earning_rule r on r.id = t.rule_id
      where r.code = 'purchase' and t.profile_id = any($1::uuid[])`,
    [profiles.profiles],
  );
  const opinions = await ask<{ reviews: number; ratings: number }>(
    databases,
    'feedback',
    `select count(*)::int as reviews, coalesce(sum(rating), 0)::float8 as ratings from review where source = $1`,
    [source],
  );
  return { ...noCounts(), customers: profiles.customers, ...sales, ...points, ...opinions };
}

async function ask<Row extends object>(
  databases: Databases,
  name: string,
  query: string,
  values: unknown[],
): Promise<Row> {
  const connectionString = databases[name];
  if (!connectionString)
    throw new Error(`The address of the database "${name}" is not known. Is the platform running?`);
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(query, values)).rows[0] as Row;
  } finally {
    await client.end();
  }
}
