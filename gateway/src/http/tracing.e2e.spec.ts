import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { startTracing, type Tracing } from '@trenza/telemetry';
import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CLIENT_SPAN = 'b7ad6b7169203331';
const { all, points, people } = shop();
const graph = new TestGraph(all);
const exporter = new InMemorySpanExporter();
let tracing: Tracing;

beforeAll(async () => {
  tracing = await startTracing('gateway', {}, [new SimpleSpanProcessor(exporter)]);
  await graph.start();
});
afterAll(async () => {
  await graph.stop();
  await tracing.stop();
});
beforeEach(() => {
  graph.heal();
  exporter.reset();
});

const ask = (id = '1') =>
  graph.ask(
    'query Traced($id: ID!) { customer(id: $id) { name points } }',
    { id },
    {
      traceparent: `00-${TRACE}-${CLIENT_SPAN}-01`,
    },
  );
const spansOf = (name: string): ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === name && span.spanContext().traceId === TRACE);
const fetchSpans = (): ReadableSpan[] => [...spansOf('fetch people'), ...spansOf('fetch points')];

it("goes on with the client's trace, down to each subgraph", async () => {
  await ask();
  const [request] = spansOf('query Traced');
  expect(request!.parentSpanId).toBe(CLIENT_SPAN);
  const byId = new Map(exporter.getFinishedSpans().map((span) => [span.spanContext().spanId, span]));
  const fetches = fetchSpans();
  expect(fetches.map((span) => String(span.attributes.subgraph))).toEqual(['people', 'points']);
  for (const span of fetches) expect(byId.get(span.parentSpanId!)).toBe(request);
});

it('gives each subgraph the span of its own fetch as the parent of what follows there', async () => {
  await ask();
  const spanOf = (name: string) => spansOf(`fetch ${name}`)[0]!;
  for (const subgraph of [people, points])
    expect(subgraph.received[0]!.headers.traceparent).toBe(
      `00-${TRACE}-${spanOf(subgraph.name).spanContext().spanId}-01`,
    );
});

it('holds no personal data', async () => {
  points.fail('GraphQL error with SQL and stack');
  await ask('maria.planted@example.com');
  const said = JSON.stringify(
    exporter.getFinishedSpans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
  );
  expect(spansOf('query Traced')).toHaveLength(1);
  expect(said).not.toContain('maria.planted');
});

it('says of a fetch that failed which code it failed with', async () => {
  points.fail('status 500 with a stack');
  await ask();
  expect(spansOf('fetch points')[0]).toMatchObject({
    status: { code: 2 },
    attributes: { 'error.type': 'SUBGRAPH_UNAVAILABLE' },
  });
});

it('begins a trace of its own for a client that sends none, or one that is no trace', async () => {
  await graph.ask('query Own { customer(id: "1") { name } }', undefined, { traceparent: 'maria.planted' });
  const [request] = exporter.getFinishedSpans().filter((span) => span.name === 'query Own');
  expect(request!.parentSpanId).toBeUndefined();
  expect(people.received[0]!.headers.traceparent).toContain(request!.spanContext().traceId);
});
