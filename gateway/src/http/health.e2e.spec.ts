import { setTimeout as sleep } from 'node:timers/promises';
import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';

const get = async (graph: TestGraph, path: string) => {
  const response = await fetch(graph.url + path);
  return { status: response.status, text: await response.text() };
};
const untilReady = async (graph: TestGraph): Promise<number> => {
  const started = performance.now();
  while ((await get(graph, '/health/ready')).status !== 200) await sleep(20);
  return performance.now() - started;
};

describe('with every subgraph there', () => {
  const { all, orders } = shop();
  const graph = new TestGraph(all);
  beforeAll(() => graph.start());
  afterAll(() => graph.stop());

  it('is live, and ready as soon as all have answered', async () => {
    expect(await get(graph, '/health/live')).toEqual({ status: 200, text: '{"status":"live"}' });
    expect(await untilReady(graph)).toBeLessThan(2_000);
  });

  it('measures operations and fetches', async () => {
    await graph.ask('query Who { customer(id: "1") { points } }');
    const text = await graph.metrics();
    expect(text).toMatch(/operation_seconds_count\{operation="Who",type="query",outcome="ok"\} 1/);
    expect(text).toMatch(/subgraph_seconds_count\{subgraph="points",outcome="ok"\} [1-9]/);
    expect(text).toContain('trenza_gateway_circuit_open{subgraph="orders"} 0');
    expect(text).toMatch(/trenza_gateway_plans [1-9]/);
    expect(text).toMatch(/trenza_gateway_plans_bytes [1-9]/);
    expect(text).toContain('trenza_gateway_streams 0');
  });

  it('counts plans that were there and plans that had to be made', async () => {
    const count = async (outcome: string): Promise<number> =>
      Number(new RegExp(`plan_requests_total\\{outcome="${outcome}"\\} (\\d+)`).exec(await graph.metrics())![1]);
    const [hits, misses] = [await count('hit'), await count('miss')];
    for (let i = 0; i < 3; i++) await graph.ask('query Counted { customer(id: "1") { name } }');
    expect([await count('hit'), await count('miss')]).toEqual([hits + 2, misses + 1]);
  });

  it('keeps what is measured off the public door', async () => {
    expect((await get(graph, '/metrics')).status).toBe(404);
  });

  it('logs requests with their ids and never what was asked about whom', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    await graph.ask(
      'query Planted($id: ID!) { customer(id: $id) { name } }',
      { id: 'maria.planted@example.com' },
      { 'x-request-id': 'request-planted', traceparent: `00-${trace}-b7ad6b7169203331-01` },
    );
    const line = JSON.parse(graph.logs.find((l) => l.includes('request-planted'))!) as object;
    expect(line).toMatchObject({ requestId: 'request-planted', traceId: trace, operation: 'Planted', outcome: 'ok' });
    expect(graph.logs.join('')).not.toContain('maria.planted');
  });

  it('passes the trace and the request id on to subgraphs', async () => {
    orders.heal();
    const trace = '0af7651916cd43dd8448eb211c80319c';
    await graph.ask('{ products { name } }', undefined, {
      'x-request-id': 'request-0002',
      traceparent: `00-${trace}-b7ad6b7169203331-01`,
    });
    const { headers } = orders.received[0]!;
    expect(headers['x-request-id']).toBe('request-0002');
    expect(headers.traceparent).toBe(`00-${trace}-b7ad6b7169203331-01`);
  });
});

it('starts with one subgraph down, is ready after the bound, and serves the rest', async () => {
  const { all, points } = shop();
  const graph = new TestGraph(all, { startupBoundMs: 600 });
  await graph.start();
  await points.stop();
  try {
    points.received.length = 0;
    await untilReady(graph);
    const { body } = await graph.ask('{ customer(id: "1") { name points } }');
    expect(body.data).toEqual({ customer: { name: 'Customer 1', points: null } });
    expect(body.errors![0]!.extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
  } finally {
    await graph.stop();
  }
});

it('finishes what is under way before it stops, and takes nothing new', async () => {
  const { all, people } = shop();
  const graph = new TestGraph(all, { drainDelayMs: 200 });
  await graph.start();
  people.slow(400);
  const running = graph.ask('{ customer(id: "1") { name } }');
  await sleep(50);
  const closing = graph.gateway.close();
  await sleep(50);
  expect((await get(graph, '/health/ready')).status).toBe(503);
  expect((await running).body.data).toEqual({ customer: { name: 'Customer 1' } });
  await closing;
  await expect(fetch(`${graph.url}/health/live`)).rejects.toThrow('fetch failed');
  await Promise.all(all.map((subgraph) => subgraph.stop()));
});
