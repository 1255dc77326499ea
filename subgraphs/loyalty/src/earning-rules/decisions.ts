import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { decodeCursor, pageOf, pageSize, type Connection } from '@trenza/values';
import { owners } from '../points/balances.ts';
import type { EarningDecision } from './rule.type.ts';

export interface DecisionsKey {
  customerId: string;
  first?: number | null;
  after?: string | null;
}

/** What many customers could have earned by and what became of it, the newest first. */
export async function loadDecisions(
  keys: readonly DecisionsKey[],
  ctx: Context,
): Promise<Connection<EarningDecision>[]> {
  const pages = new Map<DecisionsKey, Connection<EarningDecision>>();
  for (const same of Map.groupBy(keys, ({ first, after }) => JSON.stringify([first, after])).values()) {
    const size = pageSize(same[0]!.first);
    const [at, source] = decodeCursor<[string, string]>(same[0]!.after) ?? [null, null];
    const [places, profiles] = await owners(
      ctx,
      same.map((key) => key.customerId),
    );
    const rows = await sql<EarningDecision & { i: number }>(ctx.database, DECISIONS, [
      places,
      profiles,
      at,
      source,
      size + 1,
    ]);
    const byCustomer = Map.groupBy(rows, (row) => row.i);
    same.forEach((key, i) => {
      const own = byCustomer.get(i) ?? [];
      pages.set(
        key,
        pageOf(
          own,
          size,
          (row) => row,
          (row) => [row.occurredAt.toISOString(), row.source],
          at !== null,
        ),
      );
    });
  }
  return keys.map((key) => pages.get(key)!);
}

const DECISIONS = `
  with owner as (select * from unnest($1::int[], $2::uuid[]) as owner (i, profile_id))
  select customer.i, page.source, page.trigger, page."occurredAt", page.facts,
         (select coalesce(jsonb_agg(outcome || jsonb_build_object('ruleCode', rule.code) order by place), '[]')
            from jsonb_array_elements(page.outcomes) with ordinality as o (outcome, place)
            left join earning_rule rule on rule.id = (outcome ->> 'ruleId')::uuid) as outcomes
    from (select distinct i from owner) customer
   cross join lateral (
     select source, trigger, occurred_at as "occurredAt", facts, outcomes
       from occasion
      where profile_id in (select profile_id from owner where owner.i = customer.i)
        and ($3::timestamptz is null or (occurred_at, source) < ($3, $4))
      order by occurred_at desc, source desc
      limit $5) page
   order by customer.i, page."occurredAt" desc, page.source desc`;
