import { connectNats, subjectOf, type Bus } from '@trenza/bus';
import { event, newId } from '@trenza/events';
import { setTimeout as sleep } from 'node:timers/promises';
import { metricsPortOf } from '../platform/services.ts';
import { startTestPlatform, type TestPlatform } from '../platform/test-platform.ts';
import * as say from '../story/operations.ts';
import { SpanCollector, type CollectedSpan } from './span-collector.ts';

/** Starting six processes with new databases takes a while on a busy machine. */
const START_MS = 180_000;
/** Below the time of a test, so that it says what was missing. */
const WITHIN_MS = 60_000;
jest.setTimeout(START_MS);
/** OpenTelemetry's kinds, as OTLP numbers them. */
const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5];
const COMPLETED = 'inventory.order.completed.v1';

const collector = new SpanCollector();
let platform: TestPlatform;
let bus: Bus;
let till: string;

beforeAll(async () => {
  const endpoint = await collector.start();
  platform = await startTestPlatform({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '200' },
  });
  bus = await connectNats({ url: platform.run().natsUrl, name: 'test' });
  till = await platform.token({ role: 'service', channel: 'store' });
  const store = { code: 'S1', name: 'S1', latitude: 37.39, longitude: -5.99, timeZone: 'Europe/Madrid' };
  const shoe = { sku: 'A-1', name: 'A-1', category: 'shoes', price: { amount: 5_000, currency: 'EUR' } };
  await platform.ask(till, say.IMPORT_STORES, { input: { stores: [store] } });
  await platform.ask(till, say.IMPORT_PRODUCTS, { input: { products: [shoe] } });
  const stock = [{ sku: 'A-1', storeCode: 'S1', onHand: 10 }];
  await platform.ask(till, say.IMPORT_STOCK, { input: { reference: 'opening', stock } });
}, START_MS);

afterAll(async () => {
  await bus?.close();
  await platform?.stop();
  await collector.stop();
}, START_MS);

async function seen<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const deadline = Date.now() + WITHIN_MS; ; await sleep(50)) {
    const found = look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Not so after ${WITHIN_MS} ms: ${what}.`);
  }
}

/** Sells one at the till, whose own span is the beginning of the trace. */
async function sell(profileId: string, traceparent: string): Promise<void> {
  const { data } = await platform.ask(till, say.STORE, { code: 'S1' });
  const response = await fetch(platform.graph, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${till}`, traceparent },
    body: JSON.stringify({
      query: say.TILL_SALE,
      variables: {
        input: {
          ...{ idempotencyKey: newId(), profileId, storeId: data.store.id },
          lines: [{ sku: 'A-1', quantity: 1 }],
          payments: [{ means: 'CARD', amount: 5_000 }],
        },
      },
    }),
  });
  expect(await response.json()).toMatchObject({ data: { tillSale: { errors: [] } } });
}

const hex = (digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(Math.random() * 15 + 1).toString(16)).join('');

it('follows one order from the till through gateway, inventory, PostgreSQL and NATS to what loyalty writes for it', async () => {
  const [traceId, tillSpan] = [hex(32), hex(16)];
  await sell(newId(), `00-${traceId}-${tillSpan}-01`);
  const written = await seen('loyalty has written for the order', () =>
    collector.spans.find(
      (span) =>
        span.traceId === traceId &&
        span.service === 'loyalty' &&
        span.kind === CLIENT &&
        collector.above(span).some(({ name }) => name === `process ${COMPLETED}`) &&
        collector.above(span).at(-1)!.parentSpanId === tillSpan,
    ),
  );
  const chain = collector.above(written).map(({ service, kind, name }) => [service, kind, name]);
  expect(chain).toEqual([
    ['loyalty', CLIENT, written.name],
    ['loyalty', CONSUMER, `process ${COMPLETED}`],
    ['inventory', PRODUCER, `publish ${COMPLETED}`],
    ['inventory', SERVER, 'tillSale'],
    ['gateway', CLIENT, 'fetch inventory'],
    ['gateway', SERVER, 'mutation TillSale'],
  ]);
  const inInventory = collector.spans.filter((span) => span.traceId === traceId && span.service === 'inventory');
  const statements = inInventory.filter(({ attributes }) => attributes['db.system.name'] === 'postgresql');
  expect(statements.map(({ name }) => name)).toEqual(expect.arrayContaining(['begin', 'outbox-insert', 'commit']));
  for (const { parentSpanId } of statements)
    expect(inInventory.find(({ spanId }) => spanId === parentSpanId)!.name).toBe('tillSale');
});

it('shows what subscribers got of an event in its trace', async () => {
  const [traceId, ended] = [hex(32), new AbortController()];
  const visitor = { identifiers: [{ type: 'CARD', value: '2800047114' }], channel: 'STORE' };
  const { profileId } = (await platform.ask(till, say.IDENTIFY, { input: visitor })).data.identify;
  const care = await platform.token({ role: 'care' });
  const stream = await fetch(platform.graph, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: `Bearer ${care}` },
    body: JSON.stringify({
      query:
        'subscription Hers($id: ID!) { customerActivity(customerId: $id) { type customer { id loyalty { balance { available } } } } }',
      variables: { id: profileId },
    }),
    signal: ended.signal,
  });
  expect(stream.status).toBe(200);
  let received = '';
  const reading = (async () => {
    for await (const chunk of stream.body!) received += Buffer.from(chunk as Uint8Array).toString('utf8');
  })().catch(() => undefined);
  await sell(profileId, `00-${traceId}-${hex(16)}-01`);
  const fetched = await seen('loyalty was asked for an update', () =>
    collector.spans.find(
      (span) =>
        span.traceId === traceId &&
        collector.above(span).some(({ name }) => name === `deliver ${COMPLETED}`) &&
        span.service === 'loyalty',
    ),
  );
  expect(collector.above(fetched).map(({ service }) => service)).toEqual(
    expect.arrayContaining(['gateway', 'inventory']),
  );
  await seen('she got it', () => received.includes(`"type":"${COMPLETED}"`) || undefined);
  const { port } = platform;
  expect(await (await fetch(`http://127.0.0.1:${metricsPortOf(port)}/metrics`)).text()).toMatch(
    new RegExp(`trenza_gateway_update_seconds_count\\{event="${COMPLETED}",outcome="ok"\\} 1`),
  );
  ended.abort();
  await reading;
});

it('shows a batch in the trace of each of its events, linked with the one below which its statements are', async () => {
  const profileId = newId();
  const traces = [hex(32), hex(32), hex(32)];
  const events = traces.map((trace) => ({
    ...event('feedback.review.received.v1', {
      ...{ occurredAt: new Date(), profileId, traceparent: `00-${trace}-${hex(16)}-01` },
      data: { reviewId: newId(), source: 'web', productId: newId(), rating: 5, sentiment: 1, approved: true },
    }),
  }));
  await bus.publish(events.map((each) => ({ id: each.id, subject: subjectOf(each), json: JSON.stringify(each) })));
  const spansOf = (): CollectedSpan[] =>
    collector.spans.filter(
      ({ service, name, traceId }) =>
        service === 'loyalty' && name === `process feedback.review.received.v1` && traces.includes(traceId),
    );
  const spans = await seen('each event was handled', () => {
    const found = spansOf();
    return new Set(found.map(({ traceId }) => traceId)).size === traces.length ? found : undefined;
  });
  for (const span of spans) {
    const batch = Number(span.attributes['messaging.batch.message_count']);
    const linked = span.links.map((link) => link.traceId);
    if (batch > 1) expect(linked.length).toBeGreaterThan(0);
    expect(linked).not.toContain(span.traceId);
  }
});

it('gives what looks for work by itself no trace', () => {
  expect(collector.spans.filter(({ name }) => name === 'outbox-take')).toEqual([]);
  for (const span of collector.spans.filter(({ attributes }) => attributes['db.system.name']))
    expect(span.parentSpanId).toBeDefined();
});
