import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { STATE_SQL } from '../customers/state.ts';
import type { JourneyMap, JourneyMapFilter } from './journey-map.type.ts';

/** A season compared to the one before; longer periods hide what changed in them. */
const MAX_DAYS = 366;
/** A segment as campaign lists it; larger ones are drawn by state, channel and period. */
const MAX_CUSTOMERS = 10_000;
/** What one core draws in a second or two. */
const MAX_TOUCHPOINTS = 200_000;
/** A drawing with more boxes or arrows than this is read by nobody. */
const MAX_STEPS = 50;
const MAX_TRANSITIONS = 200;
const MAX_PAIN_POINTS = 50;
/** Scores are of ten: six and less is a detractor. */
const LOW_SCORE = 6;
const DAY_MS = 86_400_000;

/**
 * What our systems add to a step by themselves. It would stand between an order and the return that follows it, and is no step of hers.
 */
const ECHOES = [
  'points_earned',
  'points_reversed',
  'points_expired',
  'tier_changed',
  'reward_issued',
  'intent_spiked',
  'survey_invited',
  'case_changed',
  'task_created',
];

const PAIN = `
  case when kind = 'order_returned' then 'return' when kind = 'case_opened' then 'case' when kind = 'cart_abandoned' then 'abandoned-cart'
       when kind = 'promise_broken' then 'broken-promise' when score <= ${LOW_SCORE} then 'low-score' end`;

/** Of customers, not of profiles: a journey that begins as a visitor goes on after she signed in. */
const MAP = `
  with wanted as materialized (
    select distinct p.customer_id from profile p where p.id = any($4::uuid[])
  ), in_state as materialized (
    select customer_id from profile where $5::text is not null and erased_at is null group by customer_id having ${STATE_SQL} = $5
  ), touched as materialized (
    select p.customer_id, t.id, t.kind, t.occurred_at, t.score
      from touchpoint t join profile p on p.id = t.profile_id
     where t.occurred_at >= $1 and t.occurred_at < $2 and t.kind <> all($6) and ($3::text is null or t.channel = $3)
       and ($4::uuid[] is null or p.customer_id in (select customer_id from wanted))
       and ($5::text is null or p.customer_id in (select customer_id from in_state))
     order by t.occurred_at desc, t.id desc limit ${MAX_TOUCHPOINTS}
  ), step as materialized (
    select customer_id, kind, occurred_at, ${PAIN} as pain,
           lag(kind) over journey as before,
           lead(kind) over journey as next, lead(occurred_at) over journey as next_at
      from touched window journey as (partition by customer_id order by occurred_at, id)
  ), visited as (
    select kind, count(*)::int as times, count(distinct customer_id)::int as customers, (count(*) filter (where next is null))::int as dropped
      from step group by kind
  ), steps as (
    select *, dropped::float8 / customers as "dropOff" from visited order by customers desc, kind limit ${MAX_STEPS}
  ), transitions as (
    select s.kind as "from", s.next as "to", count(*)::int as times, count(distinct s.customer_id)::int as customers,
           count(*)::float8 / min(v.times) as share,
           percentile_cont(0.5) within group (order by extract(epoch from s.next_at - s.occurred_at)::float8) as "medianSeconds"
      from step s join visited v on v.kind = s.kind
     where s.next is not null group by s.kind, s.next order by times desc, 1, 2 limit ${MAX_TRANSITIONS}
  ), pains as (
    select s.before as after, s.pain, count(*)::int as times, count(distinct s.customer_id)::int as customers,
           count(*)::float8 / min(v.times) as share
      from step s join visited v on v.kind = s.before
     where s.pain is not null group by s.before, s.pain order by times desc, 1, 2 limit ${MAX_PAIN_POINTS}
  )
  select (select count(distinct customer_id)::int from step) as customers,
         (select count(*)::int from step) as touchpoints,
         (select count(*) = ${MAX_TOUCHPOINTS} from step) as truncated,
         (select coalesce(jsonb_agg(to_jsonb(x) order by x.customers desc, x.kind), '[]') from steps x) as steps,
         (select coalesce(jsonb_agg(to_jsonb(x) order by x.times desc, x."from", x."to"), '[]') from transitions x) as transitions,
         (select coalesce(jsonb_agg(to_jsonb(x) order by x.times desc, x.after, x.pain), '[]') from pains x) as "painPoints"`;

/** How customers went in a period: one read of their touchpoints, each beside the one before and the one after it. */
export async function journeyMap(ctx: Context, filter: JourneyMapFilter): Promise<JourneyMap> {
  check(filter);
  const { from, to, channel, customerIds, state } = filter;
  const [map] = await sql<JourneyMap>(ctx.database, MAP, [
    from,
    to,
    channel ?? null,
    customerIds ?? null,
    state ?? null,
    ECHOES,
  ]);
  return map!;
}

function check({ from, to, customerIds }: JourneyMapFilter): void {
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (!(days > 0 && days <= MAX_DAYS)) {
    const message = `From ${from.toISOString()} to ${to.toISOString()} are ${days.toFixed(1)} days. Ask for more than 0 and at most ${MAX_DAYS}.`;
    throw new DomainError('INVALID_PERIOD', message, ['filter', 'to']);
  }
  if (customerIds && customerIds.length > MAX_CUSTOMERS) {
    const message = `${customerIds.length} customers were named, at most ${MAX_CUSTOMERS} are looked up at once. Leave the list out to draw all.`;
    throw new DomainError('TOO_MANY_CUSTOMERS', message, ['filter', 'customerIds']);
  }
}
