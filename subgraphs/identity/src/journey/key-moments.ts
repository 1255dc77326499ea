import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { TOUCHPOINT_COLUMNS, type TouchpointRow } from './journey-page.ts';

/** Moments that make or break it, by the kind of contact: the first of its kind, or every one. */
const FIRST_OF: Record<string, string> = {
  sign_in: 'First sign-in',
  order_completed: 'First purchase',
  store_visit: 'First visit to a store',
  points_redeemed: 'First points spent',
  review_written: 'First review',
};
const EVERY: Record<string, string> = {
  order_returned: 'Return',
  promise_broken: 'Broken promise',
  case_opened: 'Complaint',
  tier_changed: 'New tier',
};
/** At or below this answer, on a scale of ten, she was let down; NPS calls her a detractor. */
const LOW_SCORE = 6;
const MAX_MOMENTS = 50;

export interface Moment {
  what: string;
  touchpoint: TouchpointRow;
}

const MOMENTS = `
  with hers as (
    select *, row_number() over (partition by kind order by occurred_at, id) as nth
      from touchpoint where profile_id = any($1::uuid[])
  ), moments as (
    select * from hers
     where (nth = 1 and kind = any($2)) or kind = any($3) or (kind = 'survey_answered' and score <= ${LOW_SCORE})
     order by occurred_at desc, id desc limit ${MAX_MOMENTS}
  ), opening as (
    select * from hers order by occurred_at, id limit 1
  )
  select ${TOUCHPOINT_COLUMNS}, true as "first" from opening
  union all
  select ${TOUCHPOINT_COLUMNS}, false from moments`;

/** The moments of a journey that one would tell, in order. */
export async function keyMoments(ctx: Context, profileIds: readonly string[]): Promise<Moment[]> {
  const rows = await sql<TouchpointRow & { first: boolean }>(ctx.database, {
    name: 'identity-moments',
    text: MOMENTS,
    values: [profileIds, Object.keys(FIRST_OF), Object.keys(EVERY)],
  });
  return rows
    .map(({ first, ...touchpoint }) => ({ what: first ? 'First contact' : nameOf(touchpoint.kind), touchpoint }))
    .toSorted((x, y) => x.touchpoint.occurredAt.getTime() - y.touchpoint.occurredAt.getTime());
}

const nameOf = (kind: string): string => FIRST_OF[kind] ?? EVERY[kind] ?? 'Low answer';
