import { sql } from '@trenza/database';
import type { DataSource } from 'typeorm';
import type { Path } from './attribution.ts';

/** A bound on what one question reads; a retailer with more in the period asks for a shorter one. */
export const MAX_PATHS = 200_000;
/** Contacts of one path beyond this are cut from its beginning: they are long ago. */
const MAX_STEPS = 50;

/**
 * The paths to the orders of a period: all contacts of the customer, under all her profiles and so the anonymous ones too, in the days before the order and
 * after her order before that. An order without any contact is a path of the channel it was bought in. The contact at which she bought counts as well.
 */
const CONVERTED = `
  with sale as (
    select coalesce(m.customer_id, c.profile_id) as customer_id, c.order_id, c.channel, c.value, c.at
      from conversion c left join customer_profile m on m.profile_id = c.profile_id
     where c.at >= $1::timestamptz - make_interval(days => $3) and c.at < $2::timestamptz),
  ordered as (
    select *, lag(at) over (partition by customer_id order by at, order_id) as earlier from sale)
  select s.value, s.channel as bought_in, t.channels, t.ages
    from ordered s
    left join lateral (
      select array_agg(channel order by at) as channels, array_agg(extract(epoch from s.at - at)::float8 / 86400 order by at) as ages
        from (select t.channel, t.at
                from (select profile_id from customer_profile where customer_id = s.customer_id union select s.customer_id) p
                join touchpoint t on t.profile_id = p.profile_id
               where t.at <= s.at and t.at > greatest(s.earlier, s.at - make_interval(days => $3))
               order by t.at desc limit ${MAX_STEPS}) recent) t on true
   where s.at >= $1
   order by s.at limit ${MAX_PATHS + 1}`;

/** The paths of those who were there in the period and bought nothing in it; many go the same way, so they are counted. */
const UNCONVERTED = `
  with visitor as (
    select coalesce(m.customer_id, t.profile_id) as customer_id, t.channel, t.at
      from touchpoint t left join customer_profile m on m.profile_id = t.profile_id
     where t.at >= $1::timestamptz and t.at < $2::timestamptz),
  buyer as (
    select distinct coalesce(m.customer_id, c.profile_id) as customer_id
      from conversion c left join customer_profile m on m.profile_id = c.profile_id
     where c.at >= $1 and c.at < $2),
  way as (
    select (array_agg(v.channel order by v.at desc))[1:${MAX_STEPS}] as channels
      from visitor v where not exists (select 1 from buyer b where b.customer_id = v.customer_id)
     group by v.customer_id)
  select channels, count(*)::int as nulls from way group by channels limit ${MAX_PATHS}`;

export interface Period {
  from: Date;
  to: Date;
  lookbackDays: number;
}

export async function readPaths(db: DataSource, { from, to, lookbackDays }: Period): Promise<Path[]> {
  const [converted, unconverted] = await Promise.all([
    sql<{ value: number; bought_in: string; channels: string[] | null; ages: number[] | null }>(db, CONVERTED, [
      from,
      to,
      lookbackDays,
    ]),
    sql<{ channels: string[]; nulls: number }>(db, UNCONVERTED, [from, to]),
  ]);
  return [
    ...converted.map(({ value, bought_in: boughtIn, channels, ages }) => ({
      channels: channels ?? [boughtIn],
      ages: ages ?? [0],
      conversions: 1,
      value,
      nulls: 0,
    })),
    // They were read newest first, so that the cut takes the oldest.
    ...unconverted.map(({ channels, nulls }) => ({ channels: channels.toReversed(), conversions: 0, value: 0, nulls })),
  ];
}
