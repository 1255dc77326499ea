import { sql } from '@trenza/database';
import { type Context, profilesInRequest } from '@trenza/subgraph';
import { attitudeOf, STARS } from '../answers/attitude.ts';
import { type Opinion, type Satisfaction, satisfactionOf } from './satisfaction.ts';

/** Of one customer the last opinions count; older ones say nothing of today. */
const LATEST = 50;

const OPINIONS = `
  select hers.n, o.*
    from (select n, array_agg(profile_id) as profiles from unnest($1::int[], $2::uuid[]) as p (n, profile_id) group by n) hers
    cross join lateral (
      (select metric, score, scale_min as "scaleMin", scale_max as "scaleMax", attitude, sentiment, occurred_at as "occurredAt"
         from answer where profile_id = any(hers.profiles) order by occurred_at desc, id desc limit ${LATEST})
      union all
      (select 'review', rating, ${STARS.min}, ${STARS.max}, null, sentiment, occurred_at
         from review where profile_id = any(hers.profiles) order by occurred_at desc limit ${LATEST})
      order by "occurredAt" desc limit ${LATEST}
    ) o
   order by hers.n, o."occurredAt" desc`;

/** Batch loader: what each customer's latest opinions say, under all her profiles; one statement for all customers. */
export async function satisfactionOfCustomers(ids: readonly string[], ctx: Context): Promise<Satisfaction[]> {
  const profiles = await profilesInRequest(ctx, ids);
  const rows = await sql<Opinion & { n: number }>(ctx.database, {
    name: 'customer-opinions',
    text: OPINIONS,
    values: [profiles.flatMap((of, n) => of.map(() => n)), profiles.flat()],
  });
  const byCustomer = ids.map((): Opinion[] => []);
  for (const { n, ...opinion } of rows)
    byCustomer[n]!.push({
      ...opinion,
      attitude: opinion.attitude ?? (opinion.metric === 'review' ? attitudeOf(opinion.score, STARS) : null),
    });
  return byCustomer.map(satisfactionOf);
}
