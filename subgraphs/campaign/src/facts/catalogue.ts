import { sql, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';

const PRODUCTS = `
  insert into product as known (product_id, sku, name, category, price_amount, currency, active, changed_at)
  select distinct on (product_id) *
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::boolean[], $8::timestamptz[])
      as said (product_id, sku, name, category, price_amount, currency, active, changed_at)
   order by product_id, changed_at desc
  on conflict (product_id) do update
     set sku = excluded.sku, name = excluded.name, category = excluded.category, price_amount = excluded.price_amount,
         currency = excluded.currency, active = excluded.active, changed_at = excluded.changed_at
   where known.changed_at <= excluded.changed_at`;

export async function projectProducts(
  tx: Tx,
  events: readonly EventOf<'inventory.product.changed.v1'>[],
): Promise<void> {
  const data = events.map((e) => e.data);
  await sql(tx, {
    name: 'project-products',
    text: PRODUCTS,
    values: [
      data.map((d) => d.productId),
      data.map((d) => d.sku),
      data.map((d) => d.name),
      data.map((d) => d.category),
      data.map((d) => d.price.amount),
      data.map((d) => d.price.currency),
      data.map((d) => d.active),
      events.map((e) => e.occurredAt),
    ],
  });
}

const STOCK = `
  insert into product_stock as known (product_id, place_id, available, changed_at)
  select distinct on (product_id, place_id) *
    from unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[]) as said (product_id, place_id, available, changed_at)
   order by product_id, place_id, changed_at desc
  on conflict (product_id, place_id) do update set available = excluded.available, changed_at = excluded.changed_at
   where known.changed_at <= excluded.changed_at`;

export async function projectStock(
  tx: Tx,
  events: readonly EventOf<'inventory.stock.availability-changed.v1'>[],
): Promise<void> {
  await sql(tx, {
    name: 'project-stock',
    text: STOCK,
    values: [
      events.map((e) => e.data.productId),
      events.map((e) => e.data.placeId),
      events.map((e) => e.data.available),
      events.map((e) => e.occurredAt),
    ],
  });
}

const STORES = `
  insert into store as known (store_id, code, name, kind, time_zone, city, changed_at)
  select distinct on (store_id) *
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
      as said (store_id, code, name, kind, time_zone, city, changed_at)
   order by store_id, changed_at desc
  on conflict (store_id) do update
     set code = excluded.code, name = excluded.name, kind = excluded.kind, time_zone = excluded.time_zone,
         city = excluded.city, changed_at = excluded.changed_at
   where known.changed_at <= excluded.changed_at`;

export async function projectStores(tx: Tx, events: readonly EventOf<'inventory.store.changed.v1'>[]): Promise<void> {
  const data = events.map((e) => e.data);
  await sql(tx, {
    name: 'project-stores',
    text: STORES,
    values: [
      data.map((d) => d.storeId),
      data.map((d) => d.code),
      data.map((d) => d.name),
      data.map((d) => d.kind),
      data.map((d) => d.timeZone),
      data.map((d) => d.city ?? null),
      events.map((e) => e.occurredAt),
    ],
  });
}

/** Categories of products that events name only by id. What has not arrived yet is missing, and costs only the category's signal. */
export async function categoriesOf(tx: Tx, productIds: Iterable<string>): Promise<Map<string, string>> {
  const ids = [...new Set(productIds)];
  if (ids.length === 0) return new Map();
  const rows = await sql<{ product_id: string; category: string }>(tx, {
    name: 'categories-of',
    text: 'select product_id, category from product where product_id = any($1::uuid[]) and category is not null',
    values: [ids],
  });
  return new Map(rows.map((row) => [row.product_id, row.category]));
}
