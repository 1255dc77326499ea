import { connectNats, subjectOf, type Bus } from '@trenza/bus';
import { event, newId } from '@trenza/events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPlatform, type TestPlatform } from '../platform/test-platform.ts';
import * as say from '../story/operations.ts';
import { SpanCollector, type CollectedSpan } from './span-collector.ts';

/** Starting six processes with new databases takes a while on a busy machine. */
const START_MS = 180_000;
const WITHIN_MS = 60_000;
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

const hex = (digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(Math.random() * 15 + 1).toString(16)).join('');

it('follows one order from the till through gateway, inventory, PostgreSQL and NATS to what loyalty writes for it', async () => {
  const [traceId, tillSpan] = [hex(32), hex(16)];
  const { data } = await platform.ask(till, say.STORE, { code: 'S1' });
  const response = await fetch(platform.graph, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${till}`,
      traceparent: `00-${traceId}-${tillSpan}-01`,
    },
    body: JSON.stringify({
      query: say.TILL_SALE,
      variables: {
        input: {
          ...{ idempotencyKey: newId(), profileId: newId(), storeId: data.store.id },
          lines: [{ sku: 'A-1', quantity: 1 }],
          payments: [{ means: 'CARD', amount: 5_000 }],
        },
      },
    }),
  });
  expect(await response.json()).toMatchObject({ data: { tillSale: { errors: [] } } });

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
