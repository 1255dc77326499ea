import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { cellOf, keptTerm } from './demand.ts';

export interface Sought {
  latitude: number;
  longitude: number;
  /** Words, or the product itself. */
  term: string | null;
  productId: string | null;
  found: boolean;
}

/** Counters of the day, the cell and what was looked for: no profile, no session, no time of day. Rows in one order, so that two writers never cross. */
const COUNT = `
  insert into demand as d (day, cell_latitude, cell_longitude, term, product_id, searches, unmet)
  select day, latitude, longitude, fold(term), product_id, count(*)::int, count(*) filter (where not found)::int
    from unnest($1::date[], $2::numeric[], $3::numeric[], $4::text[], $5::uuid[], $6::boolean[]) s(day, latitude, longitude, term, product_id, found)
   group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (day, cell_latitude, cell_longitude, term, product_id)
  do update set searches = d.searches + excluded.searches, unmet = d.unmet + excluded.unmet`;

/** All that one request looked for, in one statement. */
async function countDemand(sought: readonly Sought[], ctx: Context): Promise<null[]> {
  const rows = sought.flatMap((s) => {
    const term = s.productId ? '' : keptTerm(s.term ?? '');
    return term === null ? [] : [{ ...s, term }];
  });
  const day = ctx.now().toISOString().slice(0, 10);
  if (rows.length > 0)
    await sql(ctx.database, {
      name: 'demand-count',
      text: COUNT,
      values: [
        rows.map(() => day),
        rows.map((r) => cellOf(r.latitude)),
        rows.map((r) => cellOf(r.longitude)),
        rows.map((r) => r.term),
        rows.map((r) => r.productId),
        rows.map((r) => r.found),
      ],
    });
  return sought.map(() => null);
}

/** Keeps what was looked for. A search must not fail because its counting did. */
export const recordDemand = async (ctx: Context, sought: Sought): Promise<void> => {
  await ctx
    .load(countDemand, sought)
    .catch((error: unknown) => ctx.log.warn({ err: error }, 'A search could not be counted.'));
};
