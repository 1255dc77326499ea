import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';
import { NOT_KEPT } from './cache-policy.ts';

const { all, people, orders, points } = shop();
const graph = new TestGraph(all);
beforeAll(() => graph.start());
afterAll(() => graph.stop());
beforeEach(() => graph.heal());

const get = (query: string) =>
  fetch(`${graph.url}/graphql?query=${encodeURIComponent(query)}`, { headers: { 'apollo-require-preflight': '1' } });
const cacheControl = async (query: string) => (await graph.ask(query)).headers.get('cache-control');

describe('how long an answer may be kept', () => {
  it('is what the subgraph says of a public catalogue query, for a CDN to use', async () => {
    orders.keep('public, max-age=60');
    const response = await get('{ products { name } }');
    expect(response.headers.get('cache-control')).toBe('public, max-age=60');
    expect(response.headers.get('vary')).toBe('accept');
  });

  it('is the shortest time of all parts, private as soon as one of them is', async () => {
    orders.keep('public, max-age=60');
    points.keep('private, max-age=5');
    expect(await cacheControl('{ products { name } programme }')).toBe('private, max-age=5');
  });

  it('is not at all where a part says nothing', async () => {
    orders.keep('public, max-age=60');
    expect(await cacheControl('{ products { name } programme }')).toBe(NOT_KEPT);
    expect(await cacheControl('{ programme }')).toBe(NOT_KEPT);
  });

  it('is not at all where a part is missing, of a mutation, of a batch, and of a refusal', async () => {
    for (const subgraph of all) subgraph.keep('public, max-age=60');
    points.fail('HTML page');
    expect(await cacheControl('{ products { name } programme }')).toBe(NOT_KEPT);
    points.heal();
    expect(await cacheControl('mutation { placeOrder(customerId: "1") { id } }')).toBe(NOT_KEPT);
    expect(await cacheControl('{ nothing }')).toBe(NOT_KEPT);
    const batch = await graph.post([{ query: '{ products { name } }' }]);
    expect(batch.headers.get('cache-control')).toBe(NOT_KEPT);
  });
});

describe('the same query while it is under way', () => {
  const WHO = 'query Who($id: ID!) { customer(id: $id) { name } }';
  const many = (ask: (i: number) => Promise<unknown>) => Promise.all(Array.from({ length: 10 }, (_n, i) => ask(i)));
  const as = async (sub: string) => ({
    authorization: `Bearer ${await graph.token({ sub, role: 'customer', customerId: sub })}`,
  });

  it('is executed once for one caller, and answered to all', async () => {
    people.slow(100);
    const headers = await as('ana');
    const answers = await many(() => graph.ask(WHO, { id: '1' }, headers));
    for (const answer of answers)
      expect(answer).toMatchObject({ body: { data: { customer: { name: 'Customer 1' } } } });
    expect(people.received).toHaveLength(1);
  });

  it('is never shared between callers', async () => {
    people.slow(100);
    await many(async (i) => graph.ask(WHO, { id: '1' }, await as(`customer-${i}`)));
    expect(people.received).toHaveLength(10);
    expect(new Set(people.received.map(({ headers }) => headers.authorization)).size).toBe(10);
  });

  it('is another one with other variables', async () => {
    people.slow(100);
    await many((i) => graph.ask(WHO, { id: String(i) }));
    expect(people.received).toHaveLength(10);
  });

  it('is executed anew when the first is done', async () => {
    await graph.ask(WHO, { id: '1' });
    await graph.ask(WHO, { id: '1' });
    expect(people.received).toHaveLength(2);
  });

  it('gives every request its own request id, also in errors', async () => {
    people.fail('HTML page');
    people.slow(100);
    const answers = await Promise.all(
      ['request-a0', 'request-b0'].map((id) => graph.ask(WHO, { id: '1' }, { 'x-request-id': id })),
    );
    expect(answers.map(({ body }) => body.errors![0]!.extensions.requestId)).toEqual(['request-a0', 'request-b0']);
  });

  it('is never a mutation', async () => {
    orders.slow(100);
    await many(() => graph.ask('mutation { placeOrder(customerId: "1") { id } }'));
    expect(orders.received).toHaveLength(10);
  });
});
