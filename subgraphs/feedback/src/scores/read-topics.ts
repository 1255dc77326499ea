import { sql } from '@trenza/database';
import type { DataSource } from 'typeorm';
import type { FeedbackTopic } from './score.type.ts';

export interface TopicFilter {
  from: Date;
  to: Date;
  channel?: string | null;
  storeId?: string | null;
  productId?: string | null;
}

/** One text counts once per topic; the period before has the same length, so that themes can be seen coming. */
const TOPICS = `
  with text as (
    select themes, occurred_at from answer
     where occurred_at >= $1::timestamptz - ($2::timestamptz - $1::timestamptz) and occurred_at < $2 and themes <> '[]' and $5::uuid is null
       and ($3::text is null or channel = $3) and ($4::uuid is null or store_id = $4)
    union all
    select themes, occurred_at from review
     where occurred_at >= $1::timestamptz - ($2::timestamptz - $1::timestamptz) and occurred_at < $2 and themes <> '[]'
       and ($3::text is null or channel = $3) and ($4::uuid is null or store_id = $4) and ($5::uuid is null or product_id = $5)
  )
  select theme ->> 'topic' as topic, count(*) filter (where occurred_at >= $1) as mentions,
         coalesce(avg((theme ->> 'sentiment')::float8) filter (where occurred_at >= $1), 0) as sentiment,
         count(*) filter (where occurred_at < $1) as "mentionsBefore",
         avg((theme ->> 'sentiment')::float8) filter (where occurred_at < $1) as "sentimentBefore"
    from text cross join lateral jsonb_array_elements(themes) as theme
   group by 1 having count(*) filter (where occurred_at >= $1) > 0
   order by 2 desc, 1`;

export const readTopics = (
  database: DataSource,
  { from, to, channel, storeId, productId }: TopicFilter,
): Promise<FeedbackTopic[]> =>
  sql<FeedbackTopic>(database, TOPICS, [from, to, channel ?? null, storeId ?? null, productId ?? null]);
