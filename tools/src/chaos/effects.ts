import { Client } from 'pg';
import type { TestPlatform } from '../platform/test-platform.ts';
import type { Acknowledged } from './load.ts';

/** What each subgraph has of a profile, read from its own database: counters would show a repeat that an id hides. */
export interface Effects {
  orders: number;
  campaignOrders: number;
  campaignSpend: number;
  ordersThatEarned: number;
  grants: number;
  journeyOrders: number;
  journeyPoints: number;
  journeyViews: number;
  signalsOfViews: number;
}

const QUERIES: Record<string, Partial<Record<keyof Effects, string>>> = {
  inventory: { orders: `select profile_id as id, count(*) as n from orders group by 1` },
  loyalty: {
    ordersThatEarned: `select profile_id as id, count(*) as n from transfer t join earning_rule r on r.id = t.rule_id where r.code = 'purchase' group by 1`,
    grants: `select profile_id as id, count(*) as n from transfer where order_id is null and rule_id is null group by 1`,
  },
  campaign: {
    campaignOrders: `select profile_id as id, orders as n from profile_facts`,
    campaignSpend: `select profile_id as id, spend as n from profile_facts`,
    signalsOfViews: `select profile_id as id, count(*) as n from intent_signal where topic like '%chaos-view' group by 1`,
  },
  identity: {
    journeyOrders: `select profile_id as id, count(*) as n from touchpoint where kind = 'order_completed' group by 1`,
    journeyPoints: `select profile_id as id, count(*) as n from touchpoint where kind = 'points_earned' group by 1`,
    journeyViews: `select profile_id as id, count(*) as n from touchpoint where kind = 'product_viewed' group by 1`,
  },
};

export async function effectsOf(platform: TestPlatform, profileIds: readonly string[]): Promise<Map<string, Effects>> {
  const effects = new Map(profileIds.map((id) => [id, {} as Effects]));
  for (const [subgraph, queries] of Object.entries(QUERIES))
    await withDatabase(platform, subgraph, async (client) => {
      for (const [name, text] of Object.entries(queries)) {
        const { rows } = await client.query<{ id: string; n: string }>(text);
        const counts = new Map(rows.map((row) => [row.id, Number(row.n)]));
        for (const [id, effect] of effects) effect[name as keyof Effects] = counts.get(id) ?? 0;
      }
    });
  return effects;
}

/** What they must be: one of each for every mutation that was acknowledged. */
export const expectedOf = ({ sales, spend, grants, views }: Acknowledged): Effects => ({
  orders: sales,
  campaignOrders: sales,
  campaignSpend: spend,
  ordersThatEarned: sales,
  grants,
  journeyOrders: sales,
  journeyPoints: sales + grants,
  journeyViews: views,
  signalsOfViews: views,
});

export async function withDatabase<T>(
  platform: TestPlatform,
  subgraph: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: platform.run().databases[subgraph] });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
