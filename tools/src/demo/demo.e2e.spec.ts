import { startTestPlatform, type TestPlatform } from '../platform/test-platform.ts';
import { loadDemo } from './load.ts';

const START_MS = 180_000;
const LOAD_MS = 120_000;
/** A small retailer: the same code, in seconds. */
const SIZE = { people: 150, visitors: 30 };

let platform: TestPlatform;
let token: string;
let marketerToken: string;
beforeAll(async () => {
  platform = await startTestPlatform();
  token = await platform.token({ role: 'service' });
  marketerToken = await platform.token({ role: 'marketer' });
}, START_MS);
afterAll(() => platform?.stop(), START_MS);

const load = (signal?: AbortSignal) =>
  loadDemo({ graphUrl: platform.graph, token, marketerToken, size: SIZE, ...(signal && { signal }) });

async function counts(): Promise<Record<string, number>> {
  const admin = await platform.token({ role: 'admin' });
  const { data, errors } = await platform.ask(
    admin,
    `{ customerCounts { state count } salesTotals(source: "brezo") { orders returns sales } reviewTotals { count } products { totalCount } stores(first: 100) { edges { node { id } } } }`,
  );
  expect(errors).toBeUndefined();
  const [sales] = data.salesTotals;
  return {
    customers: data.customerCounts.reduce((sum: number, { count }: { count: number }) => sum + count, 0),
    orders: sales.orders,
    returns: sales.returns,
    sales: sales.sales,
    reviews: data.reviewTotals.count,
    products: data.products.totalCount,
    stores: data.stores.edges.length,
  };
}

it(
  'goes on after it was stopped in the middle, refuses nothing, and changes nothing the second time',
  async () => {
    // The first stage is in when it stops, as after a kill.
    const stop = new AbortController();
    const stopped = loadDemo({
      graphUrl: platform.graph,
      token,
      size: SIZE,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toThrow('aborted');

    expect(await load()).toMatchObject({ loaded: true, refused: 0 });
    const first = await counts();
    expect(first['products']).toBeGreaterThan(200);
    expect(first['stores']).toBeGreaterThanOrEqual(8);
    expect(first['orders']).toBeGreaterThan(50);

    expect(await load()).toMatchObject({ loaded: false, created: 0 });
    expect(await counts()).toEqual(first);
  },
  LOAD_MS,
);

it('shows life in every subgraph: carts that are open, points, cases, messages', async () => {
  const admin = await platform.token({ role: 'admin' });
  const { data } = await platform.ask(
    admin,
    '{ feedbackCases { edges { node { store { city } } } } ledgerIntegrity { sound transfers } }',
  );
  expect(data.feedbackCases.edges.length).toBeGreaterThan(0);
  expect(data.ledgerIntegrity).toMatchObject({ sound: true });
  expect(data.ledgerIntegrity.transfers).toBeGreaterThan(50);
});

it('has promotions that run and one that is about to', async () => {
  const { data } = await platform.ask(
    marketerToken,
    '{ promotions { edges { node { name status } } } product(sku: "NI-01-1") { promotions { name } } }',
  );
  expect(data.promotions.edges.map((e: { node: unknown }) => e.node)).toEqual([
    { name: 'Semana del deporte', status: 'SCHEDULED' },
    { name: 'Cuanto más, mejor', status: 'ACTIVE' },
    { name: '3x2 en niños', status: 'ACTIVE' },
  ]);
  expect(data.product.promotions.map((p: { name: string }) => p.name).toSorted()).toEqual([
    '3x2 en niños',
    'Cuanto más, mejor',
  ]);
});

describe('the catalogue is read through a CDN', () => {
  const KEPT_NOT = 'private, no-store';
  const get = async (query: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${platform.graph}?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': '1', ...headers },
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
    const [kept, vary] = ['cache-control', 'vary'].map((name) => response.headers.get(name));
    return { data, errors, kept, vary };
  };

  it.each([
    ['{ product(sku: "NI-01-1") { name brand media { url } variants { sku } } }', 'public, max-age=300'],
    ['{ product(sku: "NI-01-1") { name price { amount } } }', 'public, max-age=60'],
    ['{ products(filter: { search: "zapatilla" }) { totalCount edges { node { sku } } } }', 'public, max-age=60'],
    ['{ stores(first: 5) { edges { node { name opening { weekly { from to } } } } } }', 'public, max-age=300'],
    ['{ stores(openNow: true) { edges { node { name } } } }', 'public, max-age=60'],
    ['{ stores { edges { node { isOpen nextOpening { opensAt } } } } }', 'public, max-age=60'],
  ])('%s', async (query, kept) => {
    const answer = await get(query);
    expect(answer.errors).toBeUndefined();
    expect(answer).toMatchObject({ kept, vary: 'accept' });
  });

  it.each([
    ['{ product(sku: "NI-01-1") { name available } }'],
    ['{ product(sku: "NI-01-1") { availableNear(latitude: 40.4, longitude: -3.7) { available } } }'],
    [
      '{ products(filter: { search: "zapatilla" }, near: { latitude: 40.4, longitude: -3.7 }) { edges { node { sku } } } }',
    ],
    ['{ stores(near: { latitude: 40.4, longitude: -3.7 }) { edges { node { name } } } }'],
    ['{ product(sku: "NI-01-1") { name promotions { name } } }'],
  ])('but not %s', async (query) => {
    const answer = await get(query);
    expect(answer.errors).toBeUndefined();
    expect(answer.kept).toBe(KEPT_NOT);
  });

  it('and nothing about a customer, even beside what is in the catalogue', async () => {
    const care = { authorization: `Bearer ${await platform.token({ role: 'care' })}` };
    const answer = await get(
      '{ product(sku: "NI-01-1") { name } customers(first: 1) { edges { node { id } } } }',
      care,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.kept).toBe(KEPT_NOT);
  });
});
