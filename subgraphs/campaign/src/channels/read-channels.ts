import { sql } from '@trenza/database';
import type { Channel } from '@trenza/events';
import type { Context } from '@trenza/subgraph';
import type { DataSource } from 'typeorm';
import { CONTACT_COST } from '../decisions/decide.ts';
import { isPush } from '../policy/contact-policy.ts';
import { CUSTOMERS, judge, standingsOf, type Standing } from '../policy/standing.ts';
import { channelFits, type ChannelUse } from './channel-fit.ts';
import type { ChannelPerformance, CustomerChannelFit } from './channel.type.ts';

/** Channels in which she can be met or written to; sources such as newsletters are contacts of one of these. */
const CHANNELS: readonly Channel[] = ['web', 'app', 'store', 'call-centre', 'social', 'email', 'sms', 'push'];
const HALF_LIFE_DAYS = 30;
/** What is older has faded to a sixteenth. */
const LOOK_BACK_DAYS = 120;

const USES = `
  with ${CUSTOMERS}
  select c.id,
         (select jsonb_object_agg(channel, visits) from (
            select channel, sum(power(2, -extract(epoch from $2::timestamptz - at)::float8 / 86400 / ${HALF_LIFE_DAYS})) as visits from touchpoint
             where profile_id = any(c.profiles) and at > $2::timestamptz - interval '${LOOK_BACK_DAYS} days' and at <= $2 group by 1) t) as visits,
         (select jsonb_object_agg(channel, orders) from (
            select channel, count(*) as orders from conversion where profile_id = any(c.profiles) group by 1) o) as orders,
         (select jsonb_object_agg(channel, jsonb_build_object('sent', sent, 'answered', answered)) from (
            select m.channel, count(*) as sent,
                   count(*) filter (where exists (select 1 from message_outcome o where o.message_id = m.id and o.outcome in ('opened', 'clicked', 'converted'))) as answered
              from message m where m.profile_id = any(c.profiles) and m.state = 'sent' and m.sent_at > $2::timestamptz - interval '${LOOK_BACK_DAYS} days' group by 1) m) as messages,
         (select value #>> '{}' from contact_field where profile_id = any(c.profiles) and field = 'preferredChannel' and value <> 'null'
           order by changed_at desc limit 1) as preferred
    from customer c`;

interface UseRow {
  id: string;
  visits: Record<string, number> | null;
  orders: Record<string, number> | null;
  messages: Record<string, { sent: number; answered: number }> | null;
  preferred: string | null;
}

export async function loadChannelFits(ids: readonly string[], ctx: Context): Promise<CustomerChannelFit[][]> {
  const now = ctx.now();
  const [rows, standings] = await Promise.all([
    sql<UseRow>(ctx.database, { name: 'channel-uses', text: USES, values: [ids, now] }),
    standingsOf(ctx.database, ids, now),
  ]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = byId.get(id)!;
    const uses = CHANNELS.map((channel) => usesOf(row, channel));
    return channelFits(uses, row.preferred ?? undefined).map((fit) => withPermission(fit, standings.get(id)!, now));
  });
}

const usesOf = ({ visits, orders, messages }: UseRow, channel: Channel): ChannelUse => ({
  channel,
  visits: visits?.[channel] ?? 0,
  orders: orders?.[channel] ?? 0,
  sent: messages?.[channel]?.sent ?? 0,
  answered: messages?.[channel]?.answered ?? 0,
});

/** The hour does not matter here: a channel does not suit her less because it is night. */
function withPermission(
  fit: { channel: Channel; score: number; reason: string },
  standing: Standing,
  now: Date,
): CustomerChannelFit {
  if (!isPush(fit.channel)) return { ...fit, allowed: true };
  const verdict = judge(now, standing, fit.channel, 'marketing');
  const allowed = verdict.decision === 'allow' || verdict.rule === 'quiet-hours';
  return { ...fit, allowed, reason: allowed ? fit.reason : `${fit.reason} ${verdict.reason}` };
}

/** Each figure from its own table, joined by channel; people are customers of today, whatever profiles they were seen under. */
const PERFORMANCE = `
  with reached as (
    select distinct t.channel, coalesce(m.customer_id, t.profile_id) as customer_id
      from (select channel, profile_id from touchpoint where at >= $1 and at < $2
            union select channel, profile_id from message where state = 'sent' and sent_at >= $1 and sent_at < $2
            union select channel, profile_id from conversion where at >= $1 and at < $2) t
      left join customer_profile m on m.profile_id = t.profile_id),
  buyer as (
    select distinct coalesce(m.customer_id, c.profile_id) as customer_id
      from conversion c left join customer_profile m on m.profile_id = c.profile_id where c.at >= $1 and c.at < $2),
  people as (
    select r.channel, count(*)::int as reach, count(b.customer_id)::int as buyers from reached r left join buyer b using (customer_id) group by 1),
  sales as (select channel, count(*)::int as orders, sum(value)::bigint as revenue from conversion where at >= $1 and at < $2 group by 1),
  mails as (
    select m.channel, count(*)::int as sent, (count(*) filter (where o.good))::int as engaged, (count(*) filter (where o.bad))::int as lost
      from message m
      left join lateral (select bool_or(outcome in ('opened', 'clicked', 'converted')) as good, bool_or(outcome in ('unsubscribed', 'complained')) as bad
                           from message_outcome where message_id = m.id) o on true
     where m.state = 'sent' and m.sent_at >= $1 and m.sent_at < $2 group by 1),
  said as (
    select channel, count(*)::int as answers,
           100.0 * ((count(*) filter (where attitude = 'promoter')) - (count(*) filter (where attitude = 'detractor'))) / count(*) as satisfaction
      from channel_answer where at >= $1 and at < $2 group by 1)
  select channel, coalesce(reach, 0) as reach, coalesce(buyers, 0) as buyers, coalesce(orders, 0) as orders, coalesce(revenue, 0) as revenue,
         coalesce(sent, 0) as sent, coalesce(engaged, 0) as engaged, coalesce(lost, 0) as lost, coalesce(answers, 0) as answers, satisfaction::float8 as satisfaction
    from people full join sales using (channel) full join mails using (channel) full join said using (channel)
   order by reach desc, channel`;

type PerformanceRow = Omit<ChannelPerformance, 'conversion' | 'engagement' | 'cost'> & { engaged: number };

export async function readPerformance(db: DataSource, from: Date, to: Date): Promise<ChannelPerformance[]> {
  const rows = await sql<PerformanceRow>(db, PERFORMANCE, [from, to]);
  return rows.map(({ engaged, ...row }) => ({
    ...row,
    conversion: row.reach > 0 ? row.buyers / row.reach : 0,
    engagement: row.sent > 0 ? engaged / row.sent : 0,
    cost: row.sent * (CONTACT_COST[row.channel as Channel] ?? 0),
  }));
}
