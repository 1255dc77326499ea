import { sql } from '@trenza/database';
import { DomainError, isTimeZone } from '@trenza/values';
import type { DataSource } from 'typeorm';
import type { MetricName } from '../surveys/survey.ts';
import type { Tally } from './score.ts';

export interface ScoreFilter {
  metric: MetricName;
  from: Date;
  to: Date;
  surveyId?: string | null;
  channel?: string | null;
  storeIds?: string[] | null;
  /** A segment: its members, by any id they ever had. */
  customerIds?: string[] | null;
}

/** What the groups are made by; the key comes back as text. */
const GROUPS = {
  none: `''`,
  channel: 'channel',
  store: 'store_id::text',
  day: `to_char(date_trunc('day', at at time zone $8), 'YYYY-MM-DD')`,
  week: `to_char(date_trunc('week', at at time zone $8), 'YYYY-MM-DD')`,
  month: `to_char(date_trunc('month', at at time zone $8), 'YYYY-MM-DD')`,
} as const;
export type GroupBy = keyof typeof GROUPS;

/** A longer list belongs into a segment's own numbers; this bounds the parameter. */
const MAX_CUSTOMERS = 10_000;

const SEGMENT = `($7::uuid[] is null or profile_id in (
  select unnest($7::uuid[])
  union select peer.profile_id from customer_profile known join customer_profile peer on peer.customer_id = known.customer_id where known.profile_id = any($7::uuid[])))`;

/**
 * Answers are counted by when they were given, invitations by when they were put; both in one statement, one row per group.
 * A dismissed or ignored invitation is no part of the score, only of the response rate.
 */
const statement = (groupBy: GroupBy): string => `
  with scored as (
    select ${GROUPS[groupBy]} as key, count(*) as n, sum(score) as sum, sum(score * score) as squares,
           count(*) filter (where attitude = 'promoter') as promoters, count(*) filter (where attitude = 'passive') as passives,
           count(*) filter (where attitude = 'detractor') as detractors,
           count(*) filter (where (score - scale_min) / (scale_max - scale_min) >= 0.75) as satisfied,
           sum((score - scale_min) / (scale_max - scale_min)) as positions, sum(((score - scale_min) / (scale_max - scale_min)) ^ 2) as position_squares
      from (select *, occurred_at as at from answer) a
     where metric = $1 and score is not null and at >= $2 and at < $3
       and ($4::uuid is null or survey_id = $4) and ($5::text is null or channel = $5) and ($6::uuid[] is null or store_id = any($6)) and ${SEGMENT}
     group by 1
  ), asked as (
    select ${GROUPS[groupBy]} as key, count(*) as asked, count(*) filter (where answered) as answered, count(*) filter (where status = 'dismissed') as dismissed
      from (select i.*, i.asked_at as at, exists (select 1 from answer a where a.invitation_id = i.id) as answered
              from invitation i join survey s on s.id = i.survey_id where s.metric = $1) i
     where at >= $2 and at < $3
       and ($4::uuid is null or survey_id = $4) and ($5::text is null or channel = $5) and ($6::uuid[] is null or store_id = any($6)) and ${SEGMENT}
     group by 1
  )
  select key, coalesce(n, 0) as n, coalesce(sum, 0) as sum, coalesce(squares, 0) as squares, coalesce(promoters, 0) as promoters,
         coalesce(passives, 0) as passives, coalesce(detractors, 0) as detractors, coalesce(satisfied, 0) as satisfied,
         coalesce(positions, 0) as positions, coalesce(position_squares, 0) as "positionSquares",
         coalesce(asked, 0) as asked, coalesce(answered, 0) as answered, coalesce(dismissed, 0) as dismissed
    from scored full join asked using (key)
   where key is not null and $8::text is not null
   order by key`;

/** Tallies by group; without groups exactly one row, or none where nothing happened. */
export async function readTallies(
  database: DataSource,
  filter: ScoreFilter,
  groupBy: GroupBy,
  timeZone = 'UTC',
): Promise<(Tally & { key: string })[]> {
  if ((filter.customerIds?.length ?? 0) > MAX_CUSTOMERS)
    throw new DomainError(
      'SEGMENT_TOO_LARGE',
      `${filter.customerIds!.length} customers were named, at most ${MAX_CUSTOMERS} can be.`,
      ['customerIds'],
    );
  checkTimeZone(timeZone);
  return sql(database, statement(groupBy), [
    filter.metric,
    filter.from,
    filter.to,
    filter.surveyId ?? null,
    filter.channel ?? null,
    filter.storeIds ?? null,
    filter.customerIds ?? null,
    timeZone,
  ]);
}

function checkTimeZone(timeZone: string): void {
  if (!isTimeZone(timeZone))
    throw new DomainError('TIME_ZONE', `"${timeZone}" is no time zone. Use a name such as Europe/Madrid.`, [
      'timeZone',
    ]);
}
