import { sql, type Tx } from '@trenza/database';
import { type Channel, event, newId } from '@trenza/events';
import { tell } from '../tell.ts';
import { checkBatch, type ImportOutcome, type Problem, sift, timeProblem } from '../imports/import-batch.ts';
import { MAX_COMMENT } from '../surveys/survey.ts';
import { understand, type Understanding } from '../understanding/understand.ts';
import { openCaseForReview } from '../cases/open-case.ts';
import { isVeryNegative } from '../cases/case.ts';

export interface ReviewItem {
  externalId: string;
  kind?: 'review' | 'mention' | null;
  profileId?: string | null;
  productId?: string | null;
  productSku?: string | null;
  orderId?: string | null;
  storeId?: string | null;
  channel?: Channel | null;
  rating?: number | null;
  title?: string | null;
  text?: string | null;
  language?: string | null;
  occurredAt: Date;
}

export interface ReviewRow {
  id: string;
  source: string;
  externalId: string;
  kind: 'review' | 'mention';
  profileId: string | null;
  productId: string | null;
  orderId: string | null;
  storeId: string | null;
  channel: Channel;
  rating: number | null;
  title: string | null;
  body: string | null;
  language: string | null;
  sentiment: number | null;
  themes: { topic: string; sentiment: number }[];
  status: 'pending' | 'approved' | 'rejected';
  imported: boolean;
  occurredAt: Date;
}

export const REVIEW_COLUMNS = `id, source, source_id as "externalId", kind, profile_id as "profileId", product_id as "productId", order_id as "orderId",
  store_id as "storeId", channel, rating, title, body, language, sentiment, themes, status, imported, occurred_at as "occurredAt"`;

const MAX_TITLE = 300;

/** What is wrong with a review, wherever it comes from. */
export function reviewProblem(item: ReviewItem, now: Date): Problem | null {
  const { rating = null, title, text, kind } = item;
  if (rating !== null && (rating < 1 || rating > 5))
    return { field: 'rating', code: 'RATING', message: `A rating lies between 1 and 5, not ${rating}.` };
  if (kind !== 'mention' && rating === null && !text?.trim())
    return { field: 'rating', code: 'REVIEW_EMPTY', message: 'A review has a rating or a text.' };
  if ((title?.length ?? 0) > MAX_TITLE)
    return {
      field: 'title',
      code: 'TOO_LONG',
      message: `The title has ${title!.length} characters, at most ${MAX_TITLE} are kept.`,
    };
  if ((text?.length ?? 0) > MAX_COMMENT)
    return {
      field: 'text',
      code: 'TOO_LONG',
      message: `The text has ${text!.length} characters, at most ${MAX_COMMENT} are kept.`,
    };
  return timeProblem(item.occurredAt, now);
}

const INSERT = `
  insert into review (id, source, source_id, kind, profile_id, product_id, product_sku, order_id, store_id, channel, rating, title, body, language,
                      sentiment, themes, status, imported, occurred_at, received_at)
  select r.id, $1, r.source_id, r.kind, case when e.profile_id is null then r.profile_id end, coalesce(r.product_id, p.id), r.product_sku, r.order_id, r.store_id,
         r.channel, r.rating, case when e.profile_id is null then r.title end, case when e.profile_id is null then r.body end, r.language, r.sentiment,
         r.themes::jsonb, $2, $3, r.occurred_at, $4
    from unnest($5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::text[], $11::uuid[], $12::uuid[], $13::text[], $14::numeric[], $15::text[],
                $16::text[], $17::text[], $18::numeric[], $19::text[], $20::timestamptz[])
      as r (id, source_id, kind, profile_id, product_id, product_sku, order_id, store_id, channel, rating, title, body, language, sentiment, themes, occurred_at)
    left join product p on p.sku = r.product_sku
    left join erased_profile e on e.profile_id = r.profile_id
   order by r.source_id
  on conflict (source, source_id) do nothing
  returning ${REVIEW_COLUMNS}`;

export interface Keeping {
  source: string;
  imported: boolean;
  status: ReviewRow['status'];
}

/** Keeps reviews in one statement and tells of those that are new. */
export async function keepReviews(
  tx: Tx,
  items: readonly ReviewItem[],
  { source, imported, status }: Keeping,
  now: Date,
): Promise<ReviewRow[]> {
  if (items.length === 0) return [];
  const understood = items.map(({ title, text, language }) =>
    understand([title, text].filter(Boolean).join('. '), language),
  );
  const rows = await sql<ReviewRow>(tx, {
    name: 'review-keep',
    text: INSERT,
    values: [source, status, imported, now, ...columns(items, understood)],
  });
  await tell(tx, rows.map(reviewReceived));
  return rows;
}

const columns = (items: readonly ReviewItem[], understood: Understanding[]): unknown[][] => [
  items.map(() => newId()),
  items.map((i) => i.externalId),
  items.map((i) => i.kind ?? 'review'),
  items.map((i) => i.profileId ?? null),
  items.map((i) => i.productId ?? null),
  items.map((i) => i.productSku ?? null),
  items.map((i) => i.orderId ?? null),
  items.map((i) => i.storeId ?? null),
  items.map((i) => i.channel ?? 'other'),
  items.map((i) => i.rating ?? null),
  items.map((i) => i.title?.trim() || null),
  items.map((i) => i.text?.trim() || null),
  items.map((i, at) => understood[at]!.language ?? i.language?.slice(0, 2).toLowerCase() ?? null),
  understood.map((u) => u.sentiment),
  understood.map((u) => JSON.stringify(u.themes)),
  items.map((i) => i.occurredAt),
];

/** Reviews and social mentions of other systems, with their own time. Each (source, externalId) once, whatever is sent how often. */
export async function importReviews(
  tx: Tx,
  source: string,
  items: readonly ReviewItem[],
  now: Date,
): Promise<ImportOutcome> {
  checkBatch(source, items.length);
  const { taken, refusals } = sift(items, (item) => reviewProblem(item, now));
  const created = await keepReviews(tx, taken, { source, imported: true, status: 'approved' }, now);
  return { created: created.length, existing: taken.length - created.length, refusals };
}

/** A case where it asks for one: what happens today, not history. */
export async function followReview(tx: Tx, review: ReviewRow, now: Date): Promise<void> {
  if (!review.imported && isVeryNegative(review.rating, review.sentiment)) await openCaseForReview(tx, review, now);
}

export const reviewReceived = (row: ReviewRow): ReturnType<typeof event<'feedback.review.received.v1'>> =>
  event('feedback.review.received.v1', {
    occurredAt: row.occurredAt,
    ...(row.profileId && { profileId: row.profileId }),
    data: {
      reviewId: row.id,
      source: row.source,
      rating: row.rating,
      sentiment: row.sentiment,
      topics: row.themes.map((theme) => theme.topic),
      productId: row.productId,
      orderId: row.orderId,
      approved: row.status === 'approved',
      imported: row.imported,
    },
  });
