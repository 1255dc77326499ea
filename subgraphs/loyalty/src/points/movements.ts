import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { decodeCursor, pageOf, pageSize, type Connection } from '@trenza/values';
import { owners } from './balances.ts';
import type { PointMovement } from './points.type.ts';

export interface MovementsKey {
  customerId: string;
  first?: number | null;
  after?: string | null;
  currency?: string | null;
}

/** The statements of many customers, the newest movement first; one statement for all that ask for the same page. */
export async function loadMovements(keys: readonly MovementsKey[], ctx: Context): Promise<Connection<PointMovement>[]> {
  const pages = new Map<MovementsKey, Connection<PointMovement>>();
  for (const [, same] of Map.groupBy(keys, ({ first, after, currency }) => JSON.stringify([first, after, currency]))) {
    const { first, after, currency } = same[0]!;
    const size = pageSize(first);
    const [at, id] = decodeCursor<[string, string]>(after) ?? [null, null];
    const [places, profiles] = await owners(
      ctx,
      same.map((key) => key.customerId),
    );
    const rows = await sql<PointMovement & { i: number }>(ctx.database, {
      name: 'points-movements',
      text: MOVEMENTS,
      values: [places, profiles, currency ?? null, at, id, size + 1],
    });
    const byCustomer = Map.groupBy(rows, (row) => row.i);
    same.forEach((key, i) => {
      const own = byCustomer.get(i) ?? [];
      pages.set(
        key,
        pageOf(
          own,
          size,
          (row) => row,
          (row) => [row.occurredAt.toISOString(), row.id],
          at !== null,
        ),
      );
    });
  }
  return keys.map((key) => pages.get(key)!);
}

const change = (account: string): string =>
  `case when credit = 'customer.${account}' then amount when debit = 'customer.${account}' then -amount else 0 end`;

/** No id is greater: where no page went before, this one begins at the end of time. A plan without the values can use the index for it. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * A page of each profile by the index on (profile, time), and of those the page of the customer: a long history costs no more than a short
 * one.
 */
const MOVEMENTS = `
  with owner as (select * from unnest($1::int[], $2::uuid[]) as owner (i, profile_id))
  select customer.i, page.*
    from (select distinct i from owner) customer
   cross join lateral (
     select own.*
       from owner
      cross join lateral (
        select id, code as kind, currency, amount as points, ${change('available')} as available, ${change('pending')} as pending,
               ${change('held')} as held, occurred_at as "occurredAt",
               coalesce(happened_at, occurred_at) as "happenedAt", order_id as "orderId", rule_id as "ruleId", store_id as "storeId",
               channel, reason
          from transfer
         where transfer.profile_id = owner.profile_id
           and ($3::text is null or currency = $3)
           and (occurred_at, id) < (coalesce($4::timestamptz, 'infinity'), coalesce($5::uuid, '${LAST_ID}'))
         order by occurred_at desc, id desc
         limit $6) own
      where owner.i = customer.i
      order by own."occurredAt" desc, own.id desc
      limit $6) page
   order by customer.i, page."occurredAt" desc, page.id desc`;
