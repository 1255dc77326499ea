import { inTransaction, sql } from '@trenza/database';
import type { Connection } from '@trenza/values';
import { decodeCursor, pageOf, pageSize } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { type Product, type ProductFacets, type ProductFilter, ProductSort } from './product.type.ts';

export const PRODUCT_COLUMNS = `
  p.id, p.sku, p.model, p.name, p.description, p.brand, p.category, p.attributes, p.media, p.active, p.amount, p.currency`;

/** Words beyond these add cost and no meaning. */
const MAX_WORDS = 8;
/** Values shown of one facet. */
const FACET_VALUES = 30;

/**
 * How alike a typed word and a written one must be. PostgreSQL's 0.6 takes "zapatila" and refuses "camno" for "camino"; below 0.45 short words
 * begin to find each other by chance.
 */
const WORD_SIMILARITY = 0.45;

/** The operator `<%` reads its threshold from a setting, so a search by words runs in a transaction that sets it. */
const searching = <Row>(db: DataSource, filter: ProductFilter, text: string, values: unknown[]): Promise<Row[]> =>
  filter.search
    ? inTransaction(db, async (tx) => {
        await sql(tx, `set local pg_trgm.word_similarity_threshold = ${WORD_SIMILARITY}`);
        return sql<Row>(tx, text, values);
      })
    : sql<Row>(db, text, values);

interface Query {
  where: string;
  rank: string;
  /** What it costs: of its own, or in the channel and the store that the filter names. Asked for only where it is used. */
  amount: () => string;
  values: unknown[];
}

/** In SQL what `priceFor` says. Only where somebody asks: most lists need no prices but those of the page. */
const effectiveAmount = (channel: string, place: string, now: string): string => `
  coalesce((select r.amount from price r
             where r.product_id = p.id and (r.channel is null or r.channel = ${channel}::text) and (r.place_id is null or r.place_id = ${place}::uuid)
               and r.valid_from <= ${now}::timestamptz and ${now}::timestamptz < r.valid_to
             order by r.place_id is null, r.channel is null, r.valid_from desc limit 1), p.amount)`;

/**
 * Every word has to be found: as it stands, or with typing errors (`<%`, trigrams). Both sides are folded, so accents don't matter,
 * and both operators use the one trigram index.
 */
function queryOf(filter: ProductFilter, now: Date): Query {
  const values: unknown[] = [];
  const param = (value: unknown): string => `$${values.push(value)}`;
  let effective: string | undefined;
  const amount = (): string => {
    const { priceChannel, priceStoreId } = filter;
    if (!priceChannel && !priceStoreId) return 'p.amount';
    return (effective ??= effectiveAmount(param(priceChannel ?? null), param(priceStoreId ?? null), param(now)));
  };
  const conditions = filter.includeInactive ? [] : ['p.active'];
  const ranks: string[] = [];
  for (const word of (filter.search ?? '').split(/\s+/).filter(Boolean).slice(0, MAX_WORDS)) {
    const w = `fold(${param(word)})`;
    const literal = `fold(${param(`%${word.replace(/[\\%_]/g, '\\$&')}%`)})`;
    conditions.push(`(p.search like ${literal} or ${w} <% p.search)`);
    ranks.push(`case when p.search like ${literal} then 1 else word_similarity(${w}, p.search) end`);
  }
  if (filter.categories?.length) {
    const categories = param(filter.categories);
    conditions.push(
      `(p.category = any(${categories}) or exists (select from unnest(${categories}::text[]) c where starts_with(p.category, c || ' > ')))`,
    );
  }
  if (filter.brands?.length) conditions.push(`p.brand = any(${param(filter.brands)})`);
  if (filter.skus?.length) conditions.push(`p.sku = any(${param(filter.skus)})`);
  if (filter.minAmount != null) conditions.push(`${amount()} >= ${param(filter.minAmount)}`);
  if (filter.maxAmount != null) conditions.push(`${amount()} <= ${param(filter.maxAmount)}`);
  if (filter.attributes) conditions.push(`p.attributes @> ${param(JSON.stringify(filter.attributes))}`);
  if (filter.availableAt)
    conditions.push(`exists (select from stock s where s.product_id = p.id and s.place_id = ${param(filter.availableAt)}::uuid
      and s.on_hand - s.allocated - s.held - s.safety > 0)`);
  return {
    where: conditions.length > 0 ? conditions.join(' and ') : 'true',
    rank: ranks.length > 0 ? `(${ranks.join(' + ')})::float8` : '0::float8',
    amount,
    values,
  };
}

const SORT_KEY: Record<ProductSort, (query: Query) => string> = {
  [ProductSort.RELEVANCE]: ({ rank }) => `-${rank}`,
  [ProductSort.NAME]: () => '0::float8',
  [ProductSort.PRICE_ASCENDING]: ({ amount }) => `${amount()}::float8`,
  [ProductSort.PRICE_DESCENDING]: ({ amount }) => `-${amount()}::float8`,
};

export async function searchProducts(
  db: DataSource,
  filter: ProductFilter,
  page: { sort: ProductSort; first?: number | null; after?: string | null },
  now: Date,
): Promise<Connection<Product>> {
  const size = pageSize(page.first);
  const after = decodeCursor<[number, string, string]>(page.after);
  const query = queryOf(filter, now);
  const { where, values } = query;
  const key = SORT_KEY[page.sort](query);
  const from = values.length;
  const rows = await searching<Product & { key: number }>(
    db,
    filter,
    `select * from (select ${PRODUCT_COLUMNS}, ${key} as key from product p where ${where}) found
      ${after ? `where (key, name, id) > ($${from + 2}::float8, $${from + 3}, $${from + 4}::uuid)` : ''}
      order by key, name, id limit $${from + 1}`,
    [...values, size + 1, ...(after ?? [])],
  );
  return pageOf(
    rows,
    size,
    (row) => row,
    (row) => [row.key, row.name, row.id],
    after !== null,
  );
}

export async function countProducts(db: DataSource, filter: ProductFilter, now: Date): Promise<number> {
  const { where, values } = queryOf(filter, now);
  const [row] = await searching<{ n: number }>(
    db,
    filter,
    `select count(*) as n from product p where ${where}`,
    values,
  );
  return row?.n ?? 0;
}

export async function facetsOf(db: DataSource, filter: ProductFilter, now: Date): Promise<ProductFacets> {
  const { where, amount, values } = queryOf(filter, now);
  const facet = (column: string): string =>
    `(select coalesce(json_agg(f), '[]') from (select ${column} as value, count(*)::int as count from found
       where ${column} is not null group by 1 order by 2 desc, 1 limit ${FACET_VALUES}) f)`;
  const [row] = await searching<ProductFacets>(
    db,
    filter,
    `with found as materialized (select p.category, p.brand, ${amount()} as amount from product p where ${where})
     select ${facet('category')} as categories, ${facet('brand')} as brands,
            (select min(amount) from found) as "minAmount", (select max(amount) from found) as "maxAmount"`,
    values,
  );
  return row!;
}

export async function productsById(db: DataSource, ids: readonly string[]): Promise<(Product | null)[]> {
  const rows = await sql<Product>(db, `select ${PRODUCT_COLUMNS} from product p where p.id = any($1::uuid[])`, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
