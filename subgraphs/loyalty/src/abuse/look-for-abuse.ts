import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';

/** One basket in four receipts within ten minutes in one store is split to get what is given per receipt. */
const SPLIT_ORDERS = 4;
const SPLIT_MINUTES = 10;
/** Who brings most of what she buys back over a season buys for the points, or for a tier. */
const CHURN_ORDERS = 5;
const CHURN_SHARE = 0.7;
const CHURN_DAYS = 90;
/** Nobody writes, shares and visits so often in a day. */
const ENGAGEMENTS_PER_DAY = 30;
/** A customer in a shop spends points once or twice; a stolen account is emptied in small bites. */
const REDEMPTIONS_PER_HOUR = 10;
/** An associate who does far more of a kind in a day than her colleagues usually do, or a dozen in ten minutes, may be making it up. */
const STAFF_DEEDS = 20;
const STAFF_TIMES_MEDIAN = 3;
const STAFF_BURST = 12;
/** Each detection raises so many flags at most: more is an attack, which needs another answer than a list. */
const MAX_FLAGS = 200;

/** Raises flags for what happened in the last day and looks like abuse. Nobody is frozen by it: a person decides. Returns how many are new. */
export async function lookForAbuse(tx: Tx, now: Date): Promise<number> {
  let raised = 0;
  for (const [kind, detection] of Object.entries(DETECTIONS)) {
    const found = await sql<{ profile_id: string; evidence: unknown }>(tx, `${detection} limit ${MAX_FLAGS}`, [now]);
    const flags = await sql(
      tx,
      `insert into abuse_flag (id, kind, profile_id, day, evidence, raised_at)
       select id, $2, profile_id, $5::timestamptz::date, evidence, $5 from unnest($1::uuid[], $3::uuid[], $4::jsonb[]) as f (id, profile_id, evidence)
       on conflict (kind, profile_id, day) do nothing returning id`,
      [
        found.map(newId),
        kind,
        found.map((row) => row.profile_id),
        found.map((row) => JSON.stringify(row.evidence)),
        now,
      ],
    );
    raised += flags.length;
  }
  return raised;
}

const DETECTIONS: Record<string, string> = {
  'split-purchases': `
    select profile_id, jsonb_build_object('orders', max(n), 'storeId', store) as evidence
      from (select profile_id, facts ->> 'storeId' as store,
                   count(*) over (partition by profile_id, facts ->> 'storeId' order by occurred_at
                                  range between interval '${SPLIT_MINUTES} minutes' preceding and current row) as n
              from occasion
             where trigger = 'order' and occurred_at > $1::timestamptz - interval '1 day' and facts ->> 'storeId' is not null) orders
     group by profile_id, store
    having max(n) >= ${SPLIT_ORDERS}`,
  'return-churn': `
    with recent as (select distinct profile_id from order_return where occurred_at > $1::timestamptz - interval '1 day'),
    sold as (
      select profile_id, count(distinct order_id) as orders, sum((line ->> 'earned')::bigint) as earned
        from order_points cross join lateral jsonb_array_elements(lines) as line
       where profile_id in (select profile_id from recent) and occurred_at > $1::timestamptz - interval '${CHURN_DAYS} days'
       group by profile_id),
    back as (
      select profile_id, sum((line ->> 'earned')::bigint) as earned
        from order_return cross join lateral jsonb_array_elements(lines) as line
       where profile_id in (select profile_id from recent) and occurred_at > $1::timestamptz - interval '${CHURN_DAYS} days'
       group by profile_id)
    select sold.profile_id, jsonb_build_object('orders', sold.orders, 'earned', sold.earned, 'takenBack', back.earned) as evidence
      from sold join back using (profile_id)
     where sold.orders >= ${CHURN_ORDERS} and back.earned >= ${CHURN_SHARE} * sold.earned`,
  'many-engagements': `
    select profile_id, jsonb_build_object('engagements', count(*), 'kinds', jsonb_agg(distinct trigger)) as evidence
      from occasion
     where trigger <> 'order' and occurred_at > $1::timestamptz - interval '1 day'
     group by profile_id
    having count(*) > ${ENGAGEMENTS_PER_DAY}`,
  'staff-anomaly': `
    with daily as (
      select associate_id, kind, occurred_at::date as day, count(*) as deeds
        from staff_award where occurred_at > $1::timestamptz - interval '28 days' group by 1, 2, 3),
    usual as (select kind, percentile_cont(0.5) within group (order by deeds) as deeds from daily group by kind),
    bursts as (
      select associate_id, kind, max(n) as burst
        from (select associate_id, kind,
                     count(*) over (partition by associate_id, kind order by occurred_at range between interval '10 minutes' preceding and current row) as n
                from staff_award where occurred_at > $1::timestamptz - interval '1 day') deed
       group by 1, 2)
    select daily.associate_id as profile_id,
           jsonb_build_object('kind', daily.kind, 'deeds', max(daily.deeds), 'usual', usual.deeds, 'withinTenMinutes', max(bursts.burst)) as evidence
      from daily join usual using (kind) join bursts using (associate_id, kind)
     where daily.day >= $1::timestamptz::date - 1
       and (daily.deeds >= ${STAFF_DEEDS} and daily.deeds >= ${STAFF_TIMES_MEDIAN} * usual.deeds or bursts.burst >= ${STAFF_BURST})
     group by daily.associate_id, daily.kind, usual.deeds`,
  'many-redemptions': `
    select profile_id, jsonb_build_object('redemptions', count(*), 'points', sum(amount)) as evidence
      from points_hold
     where created_at > $1::timestamptz - interval '1 hour'
     group by profile_id
    having count(*) > ${REDEMPTIONS_PER_HOUR}`,
};
