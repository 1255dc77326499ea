import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Signal } from './intent.ts';
import { BASELINE_WINDOWS, judgeSpike, MIN_SIGNALS, WINDOW_HOURS } from './spike.ts';

const HOUR_MS = 3_600_000;
/** Evidence is for people to look at; the newest twenty say it. */
const MAX_EVIDENCE = 20;
/** Fewer peer days than this are no baseline. */
const MIN_PEER_DAYS = 20;

/**
 * Activity of each (customer, topic) that this batch touched, over all profiles of hers, where there are enough signals for a spike and none was
 * announced within the window. Keyed by the profile that showed the newest signal, which is the one the spike is stored against.
 */
const ACTIVITY = `
  with asked as (
    select distinct coalesce(c.customer_id, a.profile_id) as customer_id, a.topic
      from unnest($1::uuid[], $2::text[]) as a (profile_id, topic)
      left join customer_profile c on c.profile_id = a.profile_id),
  member as (
    select a.customer_id, a.topic, p.profile_id
      from asked a
      cross join lateral (select profile_id from customer_profile where customer_id = a.customer_id union select a.customer_id) p),
  seen as (
    select m.customer_id, m.topic,
           count(*) filter (where s.at > $3) as recent,
           count(*) filter (where s.at <= $3) as before,
           (array_agg(s.event_id order by s.at desc) filter (where s.at > $3))[1:${MAX_EVIDENCE}] as evidence,
           (array_agg(s.profile_id order by s.at desc))[1] as profile_id
      from member m join intent_signal s on s.profile_id = m.profile_id and s.topic = m.topic
     where s.at > $4 and s.at <= $5
     group by 1, 2
    having count(*) filter (where s.at > $3) >= ${MIN_SIGNALS})
  select seen.*, b.mean as peer_mean
    from seen left join topic_baseline b on b.topic = seen.topic and b.days >= ${MIN_PEER_DAYS}
   where not exists (select 1 from member m join intent_spike k on k.profile_id = m.profile_id and k.topic = m.topic
                      where m.customer_id = seen.customer_id and m.topic = seen.topic and k.spiked_at > $3)`;

interface ActivityRow {
  customer_id: string;
  profile_id: string;
  topic: string;
  recent: number;
  before: number;
  evidence: string[];
  peer_mean: number | null;
}

const INSERT = `
  insert into intent_spike (id, profile_id, topic, signals, own_baseline, peer_baseline, probability, evidence, spiked_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** Looks whether these signals are more than chance; what happened before the last window is history and spikes no more. */
export async function detectSpikes(tx: Tx, signals: readonly Signal[], now: Date): Promise<void> {
  const since = new Date(now.getTime() - WINDOW_HOURS * HOUR_MS);
  const fresh = signals.filter((s) => s.weight > 0 && s.at > since);
  if (fresh.length === 0) return;
  const baselineSince = new Date(since.getTime() - BASELINE_WINDOWS * WINDOW_HOURS * HOUR_MS);
  const rows = await sql<ActivityRow>(tx, {
    name: 'intent-activity',
    text: ACTIVITY,
    values: [fresh.map((s) => s.profileId), fresh.map((s) => s.topic), since, baselineSince, now],
  });
  for (const row of rows) {
    const { recent, before, peer_mean: peerMean } = row;
    const judgement = judgeSpike({ recent, before, ...(peerMean !== null && { peerMean }) });
    if (!judgement.spiked) continue;
    const { ownBaseline, peerBaseline, probability } = judgement;
    const values = [row.profile_id, row.topic, recent, ownBaseline, peerBaseline, probability, row.evidence, now];
    await sql(tx, INSERT, [newId(), ...values]);
    await publish(tx, [
      event('campaign.intent.spiked.v1', {
        profileId: row.profile_id,
        customerId: row.customer_id,
        occurredAt: now,
        data: { topic: row.topic, strength: recent, baseline: Math.max(ownBaseline, peerBaseline) },
      }),
    ]);
  }
}

/** What a peer shows on a day on which she cares for a topic, over all customers and the weeks that signals are kept. */
const BASELINES = `
  insert into topic_baseline as known (topic, mean, days, computed_at)
  select topic, avg(signals), count(*), $1::timestamptz
    from (select topic, coalesce(c.customer_id, s.profile_id) as customer_id, date_bin('${WINDOW_HOURS} hours', at, 'epoch') as day, count(*) as signals
            from intent_signal s left join customer_profile c on c.profile_id = s.profile_id
           where at <= $1
           group by 1, 2, 3) days
   group by topic
  on conflict (topic) do update set mean = excluded.mean, days = excluded.days, computed_at = excluded.computed_at`;

const FORGET = 'delete from intent_signal where at < $1';

export async function refreshBaselines(tx: Tx, now: Date): Promise<void> {
  await sql(tx, FORGET, [new Date(now.getTime() - (BASELINE_WINDOWS + 1) * WINDOW_HOURS * HOUR_MS)]);
  await sql(tx, BASELINES, [now]);
}
