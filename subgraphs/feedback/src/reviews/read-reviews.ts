import { sql } from '@trenza/database';
import { decodeCursor, pageOf, pageSize, type Connection, type PageArgs } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { REVIEW_COLUMNS, type ReviewRow } from './import-reviews.ts';
import { ProductReviews, Review, type ReviewTotal, type ReviewTotals } from './review.type.ts';
import { productRef } from '../customers/entities.ts';

export const toReview = ({ body, productId, ...row }: ReviewRow): Review =>
  Object.assign(new Review(), row, { text: body, product: productRef(productId) });

/** Batch loader: what approved reviews say of products. */
export async function reviewsOfProducts(
  ids: readonly string[],
  { database }: { database: DataSource },
): Promise<ProductReviews[]> {
  const rows = await sql<{
    productId: string;
    count: number;
    average: number | null;
    distribution: number[];
    sentiment: number | null;
  }>(database, {
    name: 'product-reviews',
    text: `
      select product_id as "productId", count(*) as count, avg(rating)::float8 as average, avg(sentiment)::float8 as sentiment,
             array[count(*) filter (where round(rating) = 1), count(*) filter (where round(rating) = 2), count(*) filter (where round(rating) = 3),
                   count(*) filter (where round(rating) = 4), count(*) filter (where round(rating) = 5)]::int[] as distribution
        from review where product_id = any($1::uuid[]) and status = 'approved' and kind = 'review' group by product_id`,
    values: [ids],
  });
  const byId = new Map(rows.map((row) => [row.productId, row]));
  const none = { count: 0, average: null, distribution: [0, 0, 0, 0, 0], sentiment: null };
  return ids.map((productId) => Object.assign(new ProductReviews(), byId.get(productId) ?? none, { productId }));
}

/** Approved reviews of a product, the newest first. */
export async function listReviews(
  database: DataSource,
  productId: string,
  page: PageArgs,
): Promise<Connection<Review>> {
  const size = pageSize(page.first);
  const [at, id] = decodeCursor<[string, string]>(page.after) ?? [null, null];
  const rows = await sql<ReviewRow>(
    database,
    `select ${REVIEW_COLUMNS} from review
      where product_id = $1 and status = 'approved' and ($2::timestamptz is null or (occurred_at, id) < ($2, $3::uuid))
      order by occurred_at desc, id desc limit $4`,
    [productId, at, id, size + 1],
  );
  return pageOf(rows, size, toReview, (row) => [row.occurredAt.toISOString(), row.id], at !== null);
}

/** What waits to be read, the oldest first. */
export async function listPending(database: DataSource, page: PageArgs): Promise<Connection<Review>> {
  const size = pageSize(page.first);
  const [id] = decodeCursor<[string]>(page.after) ?? [null];
  const rows = await sql<ReviewRow>(
    database,
    `select ${REVIEW_COLUMNS} from review where status = 'pending' and ($1::uuid is null or id > $1) order by id limit $2`,
    [id, size + 1],
  );
  return pageOf(rows, size, toReview, (row) => [row.id], id !== null);
}

const TOTALS = `
  select case when grouping(source) = 0 then 'source' when grouping(to_char(occurred_at, 'YYYY-MM')) = 0 then 'month' else 'all' end as by,
         coalesce(source, to_char(occurred_at, 'YYYY-MM'), '') as key, count(*) as count, count(rating) as rated, avg(rating)::float8 as average
    from review
   where ($1::text is null or source = $1) and ($2::timestamptz is null or occurred_at >= $2) and ($3::timestamptz is null or occurred_at < $3)
   group by grouping sets ((), (source), (to_char(occurred_at, 'YYYY-MM')))
   order by key`;

export interface TotalsFilter {
  source?: string | null;
  from?: Date | null;
  to?: Date | null;
}

export async function reviewTotals(database: DataSource, { source, from, to }: TotalsFilter): Promise<ReviewTotals> {
  const rows = await sql<ReviewTotal & { by: 'all' | 'source' | 'month' }>(database, TOTALS, [
    source ?? null,
    from ?? null,
    to ?? null,
  ]);
  const of = (by: string): ReviewTotal[] => rows.filter((row) => row.by === by);
  const [{ count, rated, average }] = of('all') as [ReviewTotal];
  return { count, rated, average, bySource: of('source'), byMonth: of('month') };
}
