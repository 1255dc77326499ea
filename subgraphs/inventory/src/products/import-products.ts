import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { blank, bodyHash, isCurrency, sift, type ImportOutcome, type Problem } from '../imports/import-rows.ts';
import { idOwners, idProblem } from '../imports/taken-ids.ts';
import { MAX_PRICE } from './price.ts';
import type { ImportProductInput } from './product.type.ts';

const UPSERT = `
  insert into product (id, sku, model, name, description, brand, category, amount, currency, attributes, media, active,
                       body_hash, changed_at)
  select id, sku, model, name, description, brand, category, amount, currency, attributes, media, active, "bodyHash", $2
    from jsonb_to_recordset($1) as r(
      id uuid, sku text, model text, name text, description text, brand text, category text, amount bigint, currency text,
      attributes jsonb, media jsonb, active boolean, "bodyHash" text)
   order by sku
  on conflict (sku) do update set
    model = excluded.model, name = excluded.name, description = excluded.description, brand = excluded.brand,
    category = excluded.category, amount = excluded.amount, currency = excluded.currency,
    attributes = excluded.attributes, media = excluded.media, active = excluded.active,
    body_hash = excluded.body_hash, changed_at = excluded.changed_at
  where product.body_hash <> excluded.body_hash
  returning id, sku, xmax = 0 as created`;

const REPLACE_PRICES = `
  with new as (
    select r."productId" as product_id, r.channel, p.id as place_id, r.amount, coalesce(r."validFrom", '-infinity') as valid_from,
           coalesce(r."validTo", 'infinity') as valid_to
      from jsonb_to_recordset($1) as r("productId" uuid, channel text, "storeCode" text, amount bigint,
                                       "validFrom" timestamptz, "validTo" timestamptz)
      left join place p on p.code = r."storeCode"),
  gone as (delete from price where product_id = any($2::uuid[])
             and not exists (select from new n where (n.product_id, n.valid_from) = (price.product_id, price.valid_from)
                               and n.channel is not distinct from price.channel and n.place_id is not distinct from price.place_id))
  insert into price (product_id, channel, place_id, amount, valid_from, valid_to)
  select product_id, channel, place_id, amount, valid_from, valid_to from new
  on conflict (product_id, channel, place_id, valid_from) do update set amount = excluded.amount, valid_to = excluded.valid_to`;

/** Makes and changes products with their prices; each that is new or different is announced. */
export async function importProducts(
  tx: Tx,
  products: readonly ImportProductInput[],
  now: Date,
): Promise<ImportOutcome> {
  const stores = await storeCodes(tx, products);
  const owners = await idOwners(
    tx,
    { name: 'product', key: 'sku' },
    products.map(({ id, sku }) => ({ id, key: sku })),
  );
  const { rows, refusals } = sift(
    products,
    (p) => p.sku,
    (p) => problemOf(p, stores) ?? idProblem(p.id, p.sku, owners),
    'sku',
  );
  const values = rows.map(({ row: { id, price, attributes, media, ...rest } }) => {
    const { amount, currency } = price;
    const body = { ...rest, amount, currency, attributes: attributes ?? {}, media: media ?? [] };
    return { ...body, id: id ?? newId(), bodyHash: bodyHash(body) };
  });
  const written = await sql<{ id: string; sku: string; created: boolean }>(tx, UPSERT, [JSON.stringify(values), now]);
  const bySku = new Map(values.map((v) => [v.sku, v]));
  await replacePrices(
    tx,
    written.map(({ id, sku }) => ({ id, prices: bySku.get(sku)!.prices })),
  );
  await publish(
    tx,
    written.map(({ id, sku }) => {
      const { name, category, amount, currency, active } = bySku.get(sku)!;
      return event('inventory.product.changed.v1', {
        occurredAt: now,
        data: { productId: id, sku, name, category: category ?? null, price: { amount, currency }, active },
      });
    }),
  );
  const created = written.filter((w) => w.created).length;
  return { created, updated: written.length - created, unchanged: rows.length - written.length, refusals };
}

async function replacePrices(tx: Tx, products: { id: string; prices?: ImportProductInput['prices'] }[]): Promise<void> {
  const priced = products.filter((p) => p.prices);
  if (priced.length === 0) return;
  const rows = priced.flatMap(({ id, prices }) => prices!.map((price) => Object.assign({ productId: id }, price)));
  await sql(tx, REPLACE_PRICES, [JSON.stringify(rows), priced.map((p) => p.id)]);
}

async function storeCodes(tx: Tx, products: readonly ImportProductInput[]): Promise<Set<string>> {
  const codes = products.flatMap((p) => p.prices ?? []).flatMap((p) => p.storeCode ?? []);
  if (codes.length === 0) return new Set();
  const rows = await sql<{ code: string }>(tx, 'select code from place where code = any($1)', [codes]);
  return new Set(rows.map((row) => row.code));
}

function problemOf(p: ImportProductInput, stores: Set<string>): Problem {
  const invalid = (field: string, message: string): Problem => ({ field, code: 'INVALID', message });
  if (blank(p.sku) || p.sku.length > 100) return invalid('sku', 'A sku has 1 to 100 characters.');
  if (blank(p.name) || p.name.length > 300) return invalid('name', 'A name has 1 to 300 characters.');
  if ((p.category?.length ?? 0) > 200) return invalid('category', 'A category has at most 200 characters.');
  if (p.price.amount < 0 || p.price.amount > MAX_PRICE)
    return invalid('price.amount', `${p.price.amount} is not between 0 and ${MAX_PRICE}.`);
  if (!isCurrency(p.price.currency)) return invalid('price.currency', `"${p.price.currency}" is no ISO 4217 code.`);
  const seen = new Set<string>();
  for (const [i, price] of (p.prices ?? []).entries()) {
    const field = `prices.${i}`;
    if (price.amount < 0 || price.amount > MAX_PRICE)
      return invalid(`${field}.amount`, `${price.amount} is not between 0 and ${MAX_PRICE}.`);
    if (price.storeCode && !stores.has(price.storeCode))
      return {
        field: `${field}.storeCode`,
        code: 'UNKNOWN_STORE',
        message: `No store has the code "${price.storeCode}".`,
      };
    if (price.validFrom && price.validTo && price.validFrom >= price.validTo)
      return invalid(`${field}.validTo`, 'It would end before it begins.');
    const key = JSON.stringify([price.channel, price.storeCode, price.validFrom]);
    if (seen.has(key)) return invalid(field, 'There is another price for the same channel, store and beginning.');
    seen.add(key);
  }
  return null;
}
