import { setTimeout as sleep } from 'node:timers/promises';
import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';
import { ALL_FAULTS, TestSubgraph } from '../testing/test-subgraph.ts';

/** Long enough that a busy machine does not miss it where nothing is wrong. */
const TIMEOUT_MS = 1_500;
const { people, orders, points, all } = shop();
const graph = new TestGraph(all, { subgraphTimeoutMs: TIMEOUT_MS });

beforeAll(() => graph.start());
afterAll(() => graph.stop());
beforeEach(() => graph.heal());

const CUSTOMER = '{ customer(id: "1") { id name orders { id total } points } }';
const WHOLE = { id: '1', name: 'Customer 1', orders: [{ id: 'o-1', total: 100 }], points: 40 };
const CODES = ['SUBGRAPH_TIMEOUT', 'SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_ERROR'];

describe('a subgraph that fails costs only its own fields', () => {
  it.each(ALL_FAULTS)('%s', async (fault) => {
    orders.fail(fault);
    const { status, body } = await graph.ask(CUSTOMER, undefined, { 'x-request-id': 'request-0001' });
    expect(status).toBe(200);
    expect(body.data).toEqual({ customer: { ...WHOLE, orders: null } });
    expect(body.errors).toHaveLength(1);
    expect(body.errors![0]!.extensions).toEqual({ code: expect.any(String), requestId: 'request-0001' });
    expect(CODES).toContain(body.errors![0]!.extensions.code);
  });
});

describe.each(['people', 'orders', 'points'])('nothing of the inside leaks when %s fails', (name) => {
  const failing = all.find((subgraph) => subgraph.name === name)!;
  it.each(ALL_FAULTS)('%s', async (fault) => {
    failing.fail(fault);
    const { text, body } = await graph.ask(CUSTOMER);
    for (const secret of TestSubgraph.secrets) expect(text).not.toContain(secret);
    for (const error of body.errors!) {
      expect(Object.keys(error).toSorted()).toEqual(
        'path' in error ? ['extensions', 'message', 'path'] : ['extensions', 'message'],
      );
      expect(Object.keys(error.extensions).toSorted()).toEqual(['code', 'requestId']);
    }
  });
});

describe('the error says where', () => {
  it('names the path of every field that is missing', async () => {
    points.fail('HTML page');
    const { body } = await graph.ask('{ customers(first: 2) { id points } }');
    expect(body.errors!.map((error) => error.path)).toEqual([
      ['customers', 0, 'points'],
      ['customers', 1, 'points'],
    ]);
  });

  it('names the aliased root field', async () => {
    points.fail('HTML page');
    const { body } = await graph.ask('{ club: programme products { name } }');
    expect(body.data).toEqual({ club: null, products: [{ name: 'Shoe' }] });
    expect(body.errors!.map((error) => error.path)).toEqual([['club']]);
  });
});

describe('retries', () => {
  it('asks a read a second time when the first answer was broken', async () => {
    orders.fail('connection reset', 1);
    const { body } = await graph.ask(CUSTOMER);
    expect(body).toEqual({ data: { customer: WHOLE } });
    expect(orders.received).toHaveLength(2);
  });

  it('never repeats a mutation', async () => {
    orders.fail('connection reset', 1);
    const { body } = await graph.ask('mutation { placeOrder(customerId: "1") { id } }');
    expect(body.errors![0]!.extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
    expect(orders.received).toHaveLength(1);
  });

  it('does not repeat what has waited its whole time', async () => {
    orders.fail('hang', 1);
    const { body } = await graph.ask(CUSTOMER);
    expect(body.errors![0]!.extensions.code).toBe('SUBGRAPH_TIMEOUT');
    expect(orders.received).toHaveLength(1);
  });
});

describe('the circuit', () => {
  it('opens when a subgraph hangs, so that the next one does not wait, and closes when it answers again', async () => {
    orders.fail('hang');
    await Promise.all(Array.from({ length: 6 }, (_n, i) => graph.ask(CUSTOMER.replace('1', `${i + 2}`))));
    const { body } = await graph.ask(CUSTOMER);
    expect(body.errors![0]!.extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
    expect(body.data).toEqual({ customer: { ...WHOLE, orders: null } });

    orders.heal();
    // Half open after a while: how long a busy machine takes is not what is tested.
    for (let looks = 0; looks < 50; looks += 1) {
      await sleep(300);
      if (!(await graph.ask(CUSTOMER)).body.errors) break;
    }
    expect((await graph.ask(CUSTOMER)).body).toEqual({ data: { customer: WHOLE } });
  });

  it("asks a hanging subgraph for a sign of life itself, and never with a client's request", async () => {
    orders.fail('hang');
    await Promise.all(Array.from({ length: 6 }, (_n, i) => graph.ask(CUSTOMER.replace('1', `${i + 2}`))));
    const asked = orders.received.length;
    const pings = orders.pings;
    while (orders.pings < pings + 2) {
      expect((await graph.ask(CUSTOMER)).body.errors![0]!.extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
      await sleep(20);
    }
    expect(orders.received).toHaveLength(asked);
  });

  it('says once that it opened and once that it closed', async () => {
    orders.fail('connection reset');
    graph.logs.length = 0;
    for (let i = 0; i < 10; i++) await graph.ask(CUSTOMER);
    orders.heal();
    for (let looks = 0; looks < 50; looks += 1) {
      await sleep(300);
      if (!(await graph.ask(CUSTOMER)).body.errors) break;
    }
    const circuits = graph.logs.map((line) => JSON.parse(line) as { subgraph?: string; circuit?: string });
    expect(circuits.filter(({ circuit }) => circuit)).toMatchObject([
      { subgraph: 'orders', circuit: 'open' },
      { subgraph: 'orders', circuit: 'closed' },
    ]);
  });

  it('stays closed for errors that a subgraph means', async () => {
    people.fail('GraphQL error with SQL and stack');
    await Promise.all(Array.from({ length: 10 }, (_n, i) => graph.ask(CUSTOMER.replace('1', `${i + 2}`))));
    people.heal();
    expect((await graph.ask(CUSTOMER)).body).toEqual({ data: { customer: WHOLE } });
  });
});

it('answers within the time-out and a little when a subgraph hangs', async () => {
  people.slow(10 * TIMEOUT_MS);
  const { body } = await graph.ask('{ customer(id: "1") { name } products { name } }');
  expect(body.data).toEqual({ customer: null, products: [{ name: 'Shoe' }] });
  expect(body.errors![0]).toMatchObject({ path: ['customer'], extensions: { code: 'SUBGRAPH_TIMEOUT' } });
});
