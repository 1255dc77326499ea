import { shop } from '../testing/shop.ts';
import { answerOf, TestGraph, type Answer } from '../testing/test-graph.ts';
import { MAX_BODY_BYTES } from '../http/graphql-route.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const LIMITS = {
  ...DEFAULT_LIMITS,
  depth: 4,
  tokens: 60,
  aliases: 3,
  directives: 2,
  rootFields: 5,
  batch: 2,
  cost: 300,
  timeMs: 300,
};
const { all, orders, people } = shop();
const graph = new TestGraph(all, { limits: LIMITS });

beforeAll(() => graph.start());
afterAll(() => graph.stop());
beforeEach(() => graph.heal());

const refusal = ({ status, body }: Answer) => ({ status, ...body.errors?.[0]?.extensions });
const DEEP = '{ __schema { types { fields { type { name } } } } }';
const ALIASES = '{ a: programme b: programme c: programme d: programme }';

describe('each limit refuses with its own code, the limit and the actual value', () => {
  it.each([
    ['DEPTH_LIMIT_EXCEEDED', DEEP, 4, 5],
    ['TOKEN_LIMIT_EXCEEDED', `{ ${'programme '.repeat(70)} }`, 60, 61],
    ['ALIAS_LIMIT_EXCEEDED', ALIASES, 3, 4],
    [
      'DIRECTIVE_LIMIT_EXCEEDED',
      '{ programme @skip(if: false) @include(if: true) products @skip(if: false) { id } }',
      2,
      3,
    ],
    ['ROOT_FIELD_LIMIT_EXCEEDED', '{ programme programme programme programme programme programme }', 5, 6],
    ['PAGE_SIZE_LIMIT_EXCEEDED', '{ customers(first: 101) { id } }', 100, 101],
    ['COST_LIMIT_EXCEEDED', '{ customers(first: 100) { id orders { id } } }', 300, 1_100],
  ])('%s', async (code, query, limit, actual) => {
    const answer = await graph.ask(query);
    expect(refusal(answer)).toEqual({ status: 400, code, limit, actual, requestId: expect.any(String) });
    expect(answer.body.errors![0]!.message).toContain(String(limit));
    expect([...people.received, ...orders.received]).toHaveLength(0);
  });

  it('BATCH_LIMIT_EXCEEDED', async () => {
    const answer = await graph.post([{ query: '{programme}' }, { query: '{programme}' }, { query: '{programme}' }]);
    expect(refusal(answer)).toMatchObject({ status: 400, code: 'BATCH_LIMIT_EXCEEDED', limit: 2, actual: 3 });
  });

  it('BODY_TOO_LARGE', async () => {
    const answer = await graph.post({ query: '{programme}', variables: { pad: 'x'.repeat(MAX_BODY_BYTES) } });
    expect(refusal(answer)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE', limit: MAX_BODY_BYTES });
  });

  it('OPERATION_TIMEOUT, with what was there in time', async () => {
    orders.slow(5_000);
    const { body } = await graph.ask('{ customer(id: "1") { name orders { id } } }');
    expect(body.data).toEqual({ customer: { name: 'Customer 1', orders: null } });
    expect(body.errors![0]!.extensions.code).toBe('OPERATION_TIMEOUT');
  });
});

describe('no limit can be walked around', () => {
  it('counts the page size of a variable', async () => {
    const answer = await graph.ask('query ($n: Int) { customers(first: $n) { id } }', { n: 5_000 });
    expect(refusal(answer)).toMatchObject({ code: 'PAGE_SIZE_LIMIT_EXCEEDED', actual: 5_000 });
  });
  it('counts the default of a variable', async () => {
    const answer = await graph.ask('query ($n: Int = 5000) { customers(first: $n) { id } }');
    expect(refusal(answer)).toMatchObject({ code: 'PAGE_SIZE_LIMIT_EXCEEDED', actual: 5_000 });
  });
  it('counts what a fragment holds wherever it is spread', async () => {
    const answer = await graph.ask(
      '{ ...F ...G } fragment F on Query { a: programme b: programme } fragment G on Query { ...F }',
    );
    expect(refusal(answer)).toMatchObject({ code: 'ALIAS_LIMIT_EXCEEDED', actual: 4 });
  });
  it('counts depth through fragments', async () => {
    const answer = await graph.ask('{ ...F } fragment F on Query { __schema { types { fields { type { name } } } } }');
    expect(refusal(answer)).toMatchObject({ code: 'DEPTH_LIMIT_EXCEEDED', actual: 5 });
  });
  it('survives fragments that spread themselves', async () => {
    const { body } = await graph.ask('{ ...F } fragment F on Query { programme ...F }');
    expect(body.errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
  it('survives fragments that double themselves', async () => {
    const doubling = Array.from({ length: 8 }, (_n, i) => `fragment F${i} on Query{...F${i + 1} ...F${i + 1}}`).join(
      '',
    );
    const big = new TestGraph(shop().all, { limits: { ...DEFAULT_LIMITS, rootFields: 100 } });
    await big.start();
    try {
      const answer = await big.ask(`{...F0} ${doubling} fragment F8 on Query{programme}`);
      expect(refusal(answer)).toMatchObject({ code: 'ROOT_FIELD_LIMIT_EXCEEDED', actual: 256 });
    } finally {
      await big.stop();
    }
  });
  it('measures GET requests as well', async () => {
    const response = await fetch(`${graph.url}/graphql?query=${encodeURIComponent(ALIASES)}`, {
      headers: { 'apollo-require-preflight': 'true' },
    });
    expect(refusal(await answerOf(response))).toMatchObject({ status: 400, code: 'ALIAS_LIMIT_EXCEEDED' });
  });
});

it('answers a batch that keeps the limit in order', async () => {
  const response = await graph.post([{ query: '{ programme }' }, { query: '{ products { id } }' }]);
  expect(response.body).toEqual([{ data: { programme: 'Braid club' } }, { data: { products: [{ id: 'p1' }] } }]);
});

describe('rates', () => {
  const limited = new TestGraph(shop().all, { rates: { anonymous: 1, customer: 2 } });
  beforeAll(() => limited.start());
  afterAll(() => limited.stop());

  it('says how much is left, refuses what is too much with RATE_LIMITED, and when to return', async () => {
    const first = await limited.ask('{ programme }');
    expect(first.headers.get('ratelimit-limit')).toBe('5');
    expect(first.headers.get('ratelimit-remaining')).toBe('4');
    for (let i = 0; i < 4; i++) await limited.ask('{ programme }');
    const refused = await limited.ask('{ programme }');
    expect(refusal(refused)).toMatchObject({ status: 429, code: 'RATE_LIMITED', limit: 5 });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
  });

  it('counts each signed-in client by herself, and every operation of a batch', async () => {
    const ask = async (sub: string, operations: number) =>
      limited.post(
        Array.from({ length: operations }, () => ({ query: '{ programme }' })),
        { authorization: `Bearer ${await limited.token({ sub, role: 'customer', customerId: sub })}` },
      );
    expect((await ask('ana', 9)).status).toBe(200);
    expect((await ask('ana', 2)).status).toBe(429);
    expect((await ask('eva', 2)).status).toBe(200);
  });

  it('leaves roles without a rate alone', async () => {
    const headers = { authorization: `Bearer ${await limited.token({ sub: 'till', role: 'service' })}` };
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => limited.ask('{ programme }', undefined, headers)),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('in production', () => {
  const production = new TestGraph(shop().all, { production: true });
  beforeAll(() => production.start());
  afterAll(() => production.stop());

  it('does not describe the schema', async () => {
    const { body } = await production.ask('{ __schema { types { name } } }');
    expect(body.errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(body.data).toBeUndefined();
  });
  it('does not suggest names', async () => {
    const { text } = await production.ask('{ programm }');
    expect(text).not.toMatch(/did you mean/i);
    expect(text).not.toContain('programme');
  });
  it('has no playground', async () => {
    expect((await fetch(`${production.url}/playground`)).status).toBe(404);
    const page = await fetch(`${production.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).not.toContain('text/html');
  });
});
