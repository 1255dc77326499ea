import { inTransaction, sql } from '@trenza/database';
import { newId } from '@trenza/events';
import { Channel } from '@trenza/values';
import { payOrder } from '../../subgraphs/inventory/src/orders/pay-order.ts';
import { placeOrder } from '../../subgraphs/inventory/src/orders/place-order.ts';
import { ProductSort, type ProductFilter } from '../../subgraphs/inventory/src/products/product.type.ts';
import { searchProducts } from '../../subgraphs/inventory/src/products/search-products.ts';
import { setStock } from '../../subgraphs/inventory/src/stock/import-stock.ts';
import { availableNear } from '../../subgraphs/inventory/src/stock/stock-views.sql.ts';
import { atLeast, atMost, drive, figure, interleaved, median, quantile, type Figure, type Group } from './harness.ts';
import { plainCheckout, type PlainProduct } from './inventory/plain-checkout.ts';
import {
  addPlaces,
  addProducts,
  anyOf,
  checkSameRows,
  CLIENTS,
  openStockDatabase,
  type StockDatabase,
} from './inventory/stock-database.ts';

const SECONDS = 1.5;
const ROUNDS = 3;
const SOLD_PRODUCTS = 1_000;
const ALL_PRODUCTS = 100_000;
const PLACES = [10, 100, 1_000];
/** A product lies in this many places; one in a thousand lies in all of them. */
const PLACES_PER_PRODUCT = 10;
const STOCKED_WHILE_GROWING = 10_000;
const NEAR_QUESTIONS = 1_000;
const IMPORT_ROWS = 100_000;
/** The places that both databases have. */
const TWIN_PLACES = ['P1', 'P2', 'P3'];
const BATCH = 1_000;
const PLENTY = 1_000_000;

const buy = async ({ deps, database }: StockDatabase, sku: string): Promise<void> => {
  const now = new Date();
  const command = {
    profileId: newId(),
    channel: Channel.WEB,
    lines: [{ sku, quantity: 1 }],
    fulfilment: 'delivery',
    placeId: null,
    destination: null,
    payNow: true,
  } as const;
  const begun = await inTransaction(database, (tx) => placeOrder(tx, command, deps, now));
  await payOrder({ database }, begun.order.id, 'tok_ok', now, begun);
};

/** Hold, pay, confirm: our use cases against the same rows by hand, spread over a thousand products and all on one. */
async function checkouts(db: StockDatabase): Promise<Figure[]> {
  const products = (
    await db.plain.query<PlainProduct>(
      `select p.id, p.sku, l.id as "placeId" from product p cross join (select id from place order by code limit 1) l order by p.sku limit ${SOLD_PRODUCTS}`,
    )
  ).rows;
  const hot = products[0]!;
  const rates = await interleaved(
    {
      spread: () => drive({ connections: CLIENTS, seconds: SECONDS, work: () => buy(db, anyOf(products).sku) }),
      spreadPlain: () =>
        drive({ connections: CLIENTS, seconds: SECONDS, work: () => plainCheckout(db.plain, anyOf(products)) }),
      hot: () => drive({ connections: CLIENTS, seconds: SECONDS, work: () => buy(db, hot.sku) }),
      hotPlain: () => drive({ connections: CLIENTS, seconds: SECONDS, work: () => plainCheckout(db.plain, hot) }),
    },
    { rounds: ROUNDS },
  );
  for (const [name, loads] of Object.entries(rates))
    if (loads.some((load) => load.failures > 0))
      throw new Error(`calls of "${name}" failed: a rate of failures is no rate`);
  await checkSameRows(db);
  const perSecond = (name: keyof typeof rates): number => median(rates[name].map((load) => load.perSecond));
  return [
    figure('inventory.checkout.spread', {
      value: perSecond('spread'),
      unit: 'checkouts/s',
      against: perSecond('spreadPlain'),
      aim: atLeast('ratio', 0.5),
    }),
    figure('inventory.checkout.hot', {
      value: perSecond('hot'),
      unit: 'checkouts/s',
      against: perSecond('hotPlain'),
      aim: atLeast('ratio', 0.5),
    }),
    figure('inventory.checkout.p99', {
      value: median(rates.spread.map((l) => l.p99)),
      unit: 'ms',
      against: median(rates.spreadPlain.map((l) => l.p99)),
    }),
  ];
}

/**
 * Stock at as many places as there are: every product lies in ten of them, every thousandth in all. How a question grows with places depends on the
 * rows of one product, not on how many products there are, so all of them are stocked only at the full size.
 */
const FILL = `
  with l as (select id, row_number() over (order by code) as n, count(*) over () as total from place),
  step as (select greatest(1, max(total) / ${PLACES_PER_PRODUCT}) as width, max(total) as total from l)
  insert into stock (product_id, place_id, on_hand)
  select p.id, l.id, 5
    from (select id, row_number() over (order by sku) as n from product) p
   cross join step
   cross join lateral generate_series(
     case when p.n % 1000 = 0 then 1 else 1 + p.n % step.width end, step.total, case when p.n % 1000 = 0 then 1 else step.width end) g(n)
    join l on l.n = g.n
   where p.n <= $1
  on conflict do nothing`;

/** Where is it near me, one question after the other, while the number of places grows. */
async function nearMe(db: StockDatabase, say: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  let first: number | undefined;
  let have = 3;
  for (const places of PLACES) {
    await addPlaces(db.database, have + 1, places);
    have = places;
    const stocked = places === PLACES.at(-1) ? ALL_PRODUCTS : STOCKED_WHILE_GROWING;
    await sql(db.database, `delete from stock where held = 0 and allocated = 0`);
    await inTransaction(db.database, async (tx) => {
      await sql(tx, 'set local statement_timeout = 0');
      await sql(tx, FILL, [stocked]);
    });
    await sql(db.database, 'vacuum analyze stock');
    const [{ n } = { n: 0 }] = await sql<{ n: number }>(db.database, 'select count(*) as n from stock');
    say(`near me: ${places} places, ${stocked} products, ${n} rows of stock`);
    const ids = await sql<{ id: string }>(
      db.database,
      'select id from (select id, row_number() over (order by sku) as n from product) p where n <= $1 order by random() limit 1000',
      [stocked],
    );
    const everywhere = await sql<{ id: string }>(
      db.database,
      'select id from (select id, row_number() over (order by sku) as n from product) p where n % 1000 = 0 and n <= $1',
      [stocked],
    );
    const ask = async (productIds: readonly { id: string }[]): Promise<number[]> => {
      const times: number[] = [];
      for (let i = 0; i < NEAR_QUESTIONS; i++) {
        const start = performance.now();
        const point = { latitude: 36 + 8 * Math.random(), longitude: -9 + 12 * Math.random(), withinKm: 100 };
        await availableNear(
          db.database,
          { ...point, productId: anyOf(productIds).id, quantity: 1, limit: 10 },
          new Date(),
        );
        times.push(performance.now() - start);
      }
      return times;
    };
    await ask(ids); // warms up
    const [usual, all] = [await ask(ids), await ask(everywhere)];
    first ??= median(usual);
    figures.push(
      figure(`inventory.near.${places}.p50`, { value: median(usual), unit: 'ms', against: first }),
      figure(`inventory.near.${places}.p99`, {
        value: quantile(usual, 0.99),
        unit: 'ms',
        ...(places === 1_000 && { aim: atMost('value', 20) }),
      }),
      figure(`inventory.near.${places}.everywhere.p50`, { value: median(all), unit: 'ms' }),
      figure(`inventory.near.${places}.everywhere.p99`, { value: quantile(all, 0.99), unit: 'ms' }),
    );
  }
  return figures;
}

/** Words with accents and a typing error, which ILIKE would not even find, against ILIKE for words spelt as they are written. */
async function search({ database }: StockDatabase): Promise<Figure[]> {
  const word = (): string =>
    `${anyOf(['zapatilla', 'pantalon', 'vestido', 'chaqeta', 'cinturon'])} ${10_000 + Math.floor(Math.random() * 80_000)}`;
  const filter = (text: string): ProductFilter => ({ search: text, includeInactive: false });
  const loads = await interleaved(
    {
      trigrams: () =>
        drive({
          connections: 2,
          seconds: SECONDS,
          work: () => searchProducts(database, filter(word()), { sort: ProductSort.RELEVANCE }, new Date()),
        }),
      ilike: () =>
        drive({
          connections: 2,
          seconds: SECONDS,
          work: () => {
            const [thing, number] = word().split(' ');
            return sql(
              database,
              'select * from product where active and name ilike $1 and name ilike $2 order by name limit 21',
              [`%${thing}%`, `%${number}%`],
            );
          },
        }),
    },
    { rounds: ROUNDS },
  );
  const p50 = (name: keyof typeof loads): number => median(loads[name].map((l) => l.p50));
  const p99 = (name: keyof typeof loads): number => median(loads[name].map((l) => l.p99));
  return [
    figure('inventory.search.p50', {
      value: p50('trigrams'),
      unit: 'ms',
      against: p50('ilike'),
      aim: atMost('ratio', 1),
    }),
    figure('inventory.search.p99', { value: p99('trigrams'), unit: 'ms', against: p99('ilike') }),
  ];
}

const BARE_UPSERT = `
  insert into stock (product_id, place_id, on_hand)
  select p.id, l.id, n.on_hand from unnest($1::text[], $2::text[], $3::int[]) n(sku, code, on_hand)
    join product p on p.sku = n.sku join place l on l.code = n.code
  on conflict (product_id, place_id) do update set on_hand = excluded.on_hand`;

/**
 * A stock file of 100,000 rows in calls of 1,000, with ledger, refusals and exactly-once, against a bare upsert of the same rows that keeps
 * none of it: the first file, which brings nearly everything into stock and so says it to the others, and the next one with other figures.
 */
async function importStock({ database, plain }: StockDatabase): Promise<Figure[]> {
  const skus = await sql<{ sku: string }>(
    database,
    `select sku from product order by sku limit ${Math.ceil(IMPORT_ROWS / TWIN_PLACES.length)}`,
  );
  const file = (): { sku: string; storeCode: string; onHand: number }[] =>
    skus.flatMap(({ sku }) =>
      TWIN_PLACES.map((storeCode) => ({ sku, storeCode, onHand: PLENTY + Math.floor(Math.random() * 1_000_000) })),
    );
  const figures: Figure[] = [];
  for (const name of ['import.stock', 'import.stock.again']) {
    const rows = file();
    const timed = async (work: (batch: typeof rows, i: number) => Promise<unknown>): Promise<number> => {
      const start = performance.now();
      for (let i = 0; i < rows.length; i += BATCH) await work(rows.slice(i, i + BATCH), i);
      return rows.length / ((performance.now() - start) / 1_000);
    };
    const ours = await timed((batch, i) => {
      const command = { rows: batch, kind: 'import', document: `${name}:${i}`, actor: 'bench' } as const;
      return inTransaction(database, (tx) => setStock(tx, command, new Date()));
    });
    const bare = await timed((batch) =>
      plain.query(BARE_UPSERT, [batch.map((r) => r.sku), batch.map((r) => r.storeCode), batch.map((r) => r.onHand)]),
    );
    figures.push(figure(`inventory.${name}`, { value: ours, unit: 'rows/s', against: bare }));
  }
  return figures;
}

const measure: Group = async (say) => {
  say('bringing up PostgreSQL with two equal databases');
  const db = await openStockDatabase();
  try {
    const twin = db.plain;
    await addPlaces(db.database, 1, 3);
    await addProducts(db.database, 1, ALL_PRODUCTS);
    for (const table of ['place', 'product']) await copyTable(db, table);
    const stockUp = `insert into stock (product_id, place_id, on_hand) select p.id, l.id, ${PLENTY} from (select id from product order by sku limit ${SOLD_PRODUCTS}) p cross join place l`;
    await sql(db.database, stockUp);
    await twin.query(stockUp);
    for (const text of ['analyze product', 'analyze stock', 'analyze place'])
      await Promise.all([sql(db.database, text), twin.query(text)]);
    say('checkouts, spread out and on one hot sku');
    const figures = await checkouts(db);
    say('search against ILIKE');
    figures.push(...(await search(db)));
    // Before the places grow, which they do in one of the databases only.
    say(`import of ${IMPORT_ROWS} stock rows, twice`);
    const imports = await importStock(db);
    figures.push(...(await nearMe(db, say)), ...imports);
    return figures;
  } finally {
    await db.stop();
  }
};
export default measure;

/** The twin has the same rows under the same ids. */
async function copyTable({ database, plain }: StockDatabase, table: string): Promise<void> {
  const generated = table === 'product' ? ['search'] : [];
  const columns = (
    await sql<{ name: string }>(
      database,
      'select column_name as name from information_schema.columns where table_name = $1 order by ordinal_position',
      [table],
    )
  )
    .map((c) => c.name)
    .filter((name) => !generated.includes(name))
    .join(', ');
  for (let offset = 0; ; offset += 10_000) {
    const [row] = await sql<{ rows: unknown }>(
      database,
      `select json_agg(t) as rows from (select ${columns} from ${table} order by id limit 10000 offset ${offset}) t`,
    );
    if (!row?.rows) return;
    await plain.query(
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(row.rows)],
    );
  }
}
