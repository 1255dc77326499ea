import { testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { shop } from '../testing/shop.ts';

const inventory = testSubgraph(definition);
const { stores, stock, run } = shop(inventory);
const ANYONE = inventory.as({ role: 'anonymous' });

interface Imported {
  created: number;
  updated: number;
  unchanged: number;
  refusals: { index: number; field: string; code: string }[];
}
const product = (sku: string, name: string, over: Record<string, unknown> = {}): Record<string, unknown> => ({
  sku,
  name,
  price: { amount: 5_000, currency: 'EUR' },
  ...over,
});
const bring = async (...products: Record<string, unknown>[]): Promise<Imported> =>
  (
    await run<{ importProducts: Imported }>(
      'mutation ($input: ImportProductsInput!) { importProducts(input: $input) { created updated unchanged refusals { index field code } } }',
      { input: { products } },
    )
  ).importProducts;

interface Found {
  totalCount: number;
  edges: { node: { sku: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
  facets: {
    categories: { value: string; count: number }[];
    brands: { value: string; count: number }[];
    minAmount: number;
    maxAmount: number;
  };
}
const search = async (filter: Record<string, unknown>, page = ''): Promise<Found> =>
  (
    await run<{ products: Found }>(
      `query ($filter: ProductFilter) { products(filter: $filter${page}) { totalCount edges { node { sku } } pageInfo { hasNextPage endCursor }
         facets { categories { value count } brands { value count } minAmount maxAmount } } }`,
      { filter },
      ANYONE,
    )
  ).products;
const skus = async (filter: Record<string, unknown>, page = ''): Promise<string[]> =>
  (await search(filter, page)).edges.map((e) => e.node.sku);

beforeAll(async () => {
  await stores({ code: 'A' });
  await bring(
    product('Z37', 'Zapatilla Camino, 37', {
      model: 'camino',
      brand: 'Brezo',
      category: 'Mujer > Calzado',
      attributes: { size: 37, colour: 'rojo' },
    }),
    product('Z38', 'Zapatilla Camino, 38', {
      model: 'camino',
      brand: 'Brezo',
      category: 'Mujer > Calzado',
      attributes: { size: 38, colour: 'rojo' },
    }),
    product('P1', 'Pantalón de pana', {
      brand: 'Ubrique',
      category: 'Hombre',
      price: { amount: 3_000, currency: 'EUR' },
    }),
    product('C1', 'Camisa de algodón', {
      brand: 'Ubrique',
      category: 'Hombre',
      price: { amount: 2_000, currency: 'EUR' },
    }),
    product('OLD', 'Zapatilla vieja', { active: false }),
  );
  await stock({ A: { Z38: 1 } });
});

describe('a search', () => {
  it('does not mind accents, case, parts of words and typing errors', async () => {
    expect(await skus({ search: 'pantalon' })).toEqual(['P1']);
    expect(await skus({ search: 'ALGODÓN' })).toEqual(['C1']);
    expect(await skus({ search: 'zapat' })).toEqual(['Z37', 'Z38']);
    expect(await skus({ search: 'zapatila camno' })).toEqual(['Z37', 'Z38']);
    expect(await skus({ search: 'zapatilla 38' })).toEqual(['Z38']);
    expect(await skus({ search: '100%' })).toEqual([]);
    expect(await skus({ search: "'; drop table product; --" })).toEqual([]);
  });

  it('finds by category with what is below it, brand, price, attribute, sku and what a store has', async () => {
    expect(await skus({ categories: ['Mujer'] })).toEqual(['Z37', 'Z38']);
    expect(await skus({ brands: ['Ubrique'], maxAmount: 2_500 })).toEqual(['C1']);
    expect(await skus({ attributes: { size: 37 } })).toEqual(['Z37']);
    expect(await skus({ skus: ['P1', 'OLD'] })).toEqual(['P1']);
    expect(await skus({ skus: ['P1', 'OLD'], includeInactive: true })).toEqual(['P1', 'OLD']);
    const [place] = await inventory.sql<{ id: string }>('select id from place');
    expect(await skus({ availableAt: place!.id })).toEqual(['Z38']);
  });

  it('counts all it found and divides it, whatever the page', async () => {
    const { totalCount, facets, pageInfo } = await search({}, ', first: 1');
    expect(totalCount).toBe(4);
    expect(pageInfo.hasNextPage).toBe(true);
    expect(facets).toEqual({
      categories: [
        { value: 'Hombre', count: 2 },
        { value: 'Mujer > Calzado', count: 2 },
      ],
      brands: [
        { value: 'Brezo', count: 2 },
        { value: 'Ubrique', count: 2 },
      ],
      minAmount: 2_000,
      maxAmount: 5_000,
    });
  });

  it('turns its pages without losing or repeating one, in every order', async () => {
    for (const sort of ['RELEVANCE', 'NAME', 'PRICE_ASCENDING', 'PRICE_DESCENDING']) {
      const all = await skus({}, `, sort: ${sort}`);
      const paged: string[] = [];
      let after = '';
      for (;;) {
        const page = await search({}, `, sort: ${sort}, first: 1${after}`);
        paged.push(...page.edges.map((e) => e.node.sku));
        if (!page.pageInfo.hasNextPage) break;
        after = `, after: "${page.pageInfo.endCursor}"`;
      }
      expect(paged).toEqual(all);
    }
    expect((await skus({}, ', sort: PRICE_ASCENDING'))[0]).toBe('C1');
  });
});

describe('a product', () => {
  it('shows its variants and its price in a channel', async () => {
    await bring(
      product('V1', 'Bolso', {
        prices: [
          { channel: 'APP', amount: 4_500 },
          { storeCode: 'A', amount: 4_000 },
        ],
      }),
    );
    const [place] = await inventory.sql<{ id: string }>('select id from place');
    const answer = await run<{ a: unknown; b: unknown }>(
      `query ($id: ID!) { a: product(sku: "V1") { web: price { amount } app: price(channel: APP) { amount } store: price(channel: STORE, storeId: $id) { amount } }
        b: product(sku: "Z37") { variants { sku } } }`,
      { id: place!.id },
      ANYONE,
    );
    expect(answer.a).toEqual({ web: { amount: 5_000 }, app: { amount: 4_500 }, store: { amount: 4_000 } });
    expect(answer.b).toEqual({ variants: [{ sku: 'Z37' }, { sku: 'Z38' }] });
  });

  it('is found, ordered and counted by its price in the channel and the store that are named, as it is shown there', async () => {
    const past = { validFrom: '2020-01-01T00:00:00Z', validTo: '2020-02-01T00:00:00Z' };
    await bring(
      product('Q1', 'Gorro', {
        category: 'Gorros',
        prices: [
          { channel: 'APP', amount: 900 },
          { storeCode: 'A', amount: 700 },
          { storeCode: 'A', channel: 'STORE', amount: 600 },
          { channel: 'APP', amount: 1, ...past },
        ],
      }),
      product('Q2', 'Gorra', { category: 'Gorros', price: { amount: 800, currency: 'EUR' } }),
    );
    const [place] = await inventory.sql<{ id: string }>(`select id from place where code = 'A'`);
    const cheapest = (over: object): Promise<string[]> =>
      skus({ categories: ['Gorros'], ...over }, ', sort: PRICE_ASCENDING');
    expect(await cheapest({})).toEqual(['Q2', 'Q1']);
    expect(await cheapest({ priceChannel: 'APP' })).toEqual(['Q2', 'Q1']);
    expect(await cheapest({ priceStoreId: place!.id })).toEqual(['Q1', 'Q2']);
    expect(await cheapest({ maxAmount: 1_000 })).toEqual(['Q2']);
    expect(await cheapest({ maxAmount: 1_000, priceChannel: 'APP' })).toEqual(['Q2', 'Q1']);
    const { facets, totalCount } = await search({
      categories: ['Gorros'],
      priceChannel: 'STORE',
      priceStoreId: place!.id,
      maxAmount: 650,
    });
    expect([totalCount, facets.minAmount, facets.maxAmount]).toEqual([1, 600, 600]);
  });

  it('is imported once, announced when it changed, and refused with the field and the reason', async () => {
    const announced = async (): Promise<number> =>
      (await inventory.published('inventory.product.changed.v1')).filter((e) => e.data.sku === 'I1').length;
    expect(await bring(product('I1', 'Uno'))).toMatchObject({ created: 1 });
    expect(await bring(product('I1', 'Uno'))).toMatchObject({ unchanged: 1 });
    expect(await announced()).toBe(1);
    expect(await bring(product('I1', 'Dos'))).toMatchObject({ updated: 1 });
    expect(await announced()).toBe(2);
    const [one] = await inventory.sql<{ id: string }>(`select id from product where sku = 'I1'`);
    expect(await bring(product('I1', 'Tres', { id: one!.id }))).toMatchObject({ updated: 1 });
    const { refusals } = await bring(
      product('', 'x'),
      product('I2', ' '),
      product('I3', 'x', { price: { amount: -1, currency: 'EUR' } }),
      product('I4', 'x', { prices: [{ storeCode: 'NOWHERE', amount: 1 }] }),
      product('I5', 'x'),
      product('I5', 'x'),
      product('I6', 'x', { price: { amount: 1e15, currency: 'EUR' } }),
      product('I7', 'x', { id: one!.id.toUpperCase() }),
    );
    expect(refusals.map((r) => [r.index, r.field, r.code])).toEqual([
      [0, 'sku', 'INVALID'],
      [1, 'name', 'INVALID'],
      [2, 'price.amount', 'INVALID'],
      [3, 'prices.0.storeCode', 'UNKNOWN_STORE'],
      [5, 'sku', 'DUPLICATE_IN_BATCH'],
      [6, 'price.amount', 'INVALID'],
      [7, 'id', 'ID_TAKEN'],
    ]);
  });
});
