import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, startTestPlatform, type TestPlatform } from '../platform/test-platform.ts';
import * as say from './operations.ts';

// The story reads deep into answers of many shapes; typing each would hide what it tells.
// oxlint-disable-next-line typescript/no-explicit-any
type Found = any;

/**
 * What happens in one subgraph is seen in the next within a second: that is measured by `npm run bench -- spine`. Here only what is seen counts, so that a
 * busy machine does not fail it.
 */
const WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;
/** Starting six processes with new databases takes a while on a busy machine. */
const START_MS = 180_000;

const STORE_CODE = 'SVQ1';
const SKU = 'CA-01-1';
const COOKIE = 'brz-4f2a9c';
const DEVICE = 'dev-77aa01';
const EMAIL = 'lucia.romero@correo.example';
const PRICE = 6_995;

let platform: TestPlatform;
let web: string;
let app: string;
let till: string;
let staff: string;
let storeId: string;
let productId: string;
/** Her profiles: as an unknown visitor, and as the till has known her for years. */
let visitor: string;
let known: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  [web, app, till, staff] = await Promise.all([
    platform.token({ role: 'service', channel: 'web' }),
    platform.token({ role: 'service', channel: 'app' }),
    platform.token({ role: 'service', channel: 'store' }),
    platform.token({ role: 'care' }),
  ]);
  await openTheShop();
}, START_MS);
afterAll(() => platform?.stop(), START_MS);

async function openTheShop(): Promise<void> {
  const place = {
    code: STORE_CODE,
    name: 'Brezo Tetuán',
    latitude: 37.3903,
    longitude: -5.9951,
    timeZone: 'Europe/Madrid',
  };
  const shoe = {
    sku: SKU,
    name: 'Zapatilla Camino, 37',
    category: 'calzado',
    price: { amount: PRICE, currency: 'EUR' },
  };
  const bag = {
    sku: 'AC-01-1',
    name: 'Bolso piel Ubrique',
    category: 'calzado',
    price: { amount: 14_900, currency: 'EUR' },
  };
  await ok(web, say.IMPORT_STORES, { input: { stores: [place] } });
  await ok(web, say.IMPORT_PRODUCTS, { input: { products: [shoe, bag] } });
  const stock = [SKU, 'AC-01-1'].map((sku) => ({ sku, storeCode: STORE_CODE, onHand: 10 }));
  await ok(web, say.IMPORT_STOCK, { input: { reference: 'opening', stock } });
  storeId = (await ok(web, say.STORE, { code: STORE_CODE })).data.store.id;
  productId = (await ok(web, say.PRODUCT, { sku: SKU })).data.product.id;
  // Lucía has had a loyalty card for a year; nobody knows yet that she is the one who will look around on the web.
  const row = {
    sourceId: '4711',
    identifiers: [
      { type: 'EMAIL', value: EMAIL },
      { type: 'CARD', value: '2800047114' },
    ],
    attributes: { givenName: 'Lucía', familyName: 'Romero', city: 'Sevilla' },
    occurredAt: new Date(Date.now() - 365 * 86_400_000),
  };
  const { data } = await ok(till, say.IMPORT_PROFILES, { input: { source: 'till', rows: [row] } });
  known = data.importProfiles.results[0].profileId;
}

it('shows what an unknown visitor wants while she browses on the web', async () => {
  const who = await ok(web, say.IDENTIFY, {
    input: { identifiers: [{ type: 'COOKIE', value: COOKIE }], channel: 'WEB' },
  });
  visitor = who.data.identify.profileId;
  expect(visitor).not.toBe(known);
  const view = (number: number) => ({
    eventId: `view-${number}`,
    kind: 'product_viewed',
    channel: 'WEB',
    productId,
    category: 'calzado',
  });
  const events = [1, 2, 3].map(view);
  await ok(web, say.TRACK, { input: { profileId: visitor, events } });
  await seen(
    'campaign knows what she looks at',
    () => ask(say.INTENTS, { id: visitor }),
    ({ intents }) => {
      expect(intents.length).toBeGreaterThan(0);
      expect(JSON.stringify(intents)).toMatch(/calzado|Zapatilla/);
    },
  );
});

it('continues her cart in the app', async () => {
  await ok(web, say.ADD_TO_CART, {
    input: { idempotencyKey: 'add-web', profileId: visitor, channel: 'WEB', sku: SKU, quantity: 1 },
  });
  // She taps "open in the app": the app tells its own device and the cookie that the link carried.
  const identifiers = [
    { type: 'DEVICE', value: DEVICE },
    { type: 'COOKIE', value: COOKIE },
  ];
  const who = await ok(app, say.IDENTIFY, { input: { identifiers, channel: 'APP' } });
  const inApp = who.data.identify.profileId;
  await seen(
    'the app shows the cart of the web',
    () => ask(say.CART, { id: inApp }),
    ({ openCart }) => {
      expect(openCart.lines).toEqual([{ quantity: 1, channel: 'WEB', product: { sku: SKU } }]);
    },
  );
  await ok(app, say.ADD_TO_CART, {
    input: { idempotencyKey: 'add-app', profileId: inApp, channel: 'APP', sku: SKU, quantity: 1 },
  });
  await seen(
    'both pieces are in one cart',
    () => ask(say.CART, { id: visitor }),
    ({ openCart }) => {
      expect(openCart.items).toBe(2);
    },
  );
});

it('makes her past hers when she signs in', async () => {
  const identifiers = [
    { type: 'EMAIL', value: EMAIL },
    { type: 'DEVICE', value: DEVICE },
    { type: 'COOKIE', value: COOKIE },
  ];
  const who = await ok(app, say.IDENTIFY, { input: { identifiers, channel: 'APP' } });
  expect(who.data.identify.customerId).toBe((await ask(say.WHO, { id: known })).id);
  for (const purpose of ['PERSONALISATION', 'MARKETING']) {
    const input = { customerId: known, purpose, granted: true, wordingVersion: '2026-01', source: 'sign-in' };
    await ok(app, say.SET_CONSENT, { input });
  }
  await seen(
    'her journey has what she did before',
    () => ask(say.WHO, { id: known }),
    (her) => {
      expect(her.name).toBe('Lucía Romero');
      expect(her.profileIds).toEqual(expect.arrayContaining([known, visitor]));
      const views = her.journey.edges.filter(({ node }: Found) => node.kind === 'product_viewed');
      expect(views).toHaveLength(3);
    },
  );
  await seen(
    'the cart is hers',
    () => ask(say.CART, { id: known }),
    ({ openCart }) => expect(openCart.items).toBe(2),
  );
  await seen(
    'old and new ids are one customer to campaign',
    () => ask(say.INTENTS, { id: known }),
    ({ intents }) => {
      expect(intents.length).toBeGreaterThan(0);
    },
  );
});

it('takes her payment at a till of the store, and she earns points', async () => {
  await seen(
    'before she pays, the best thing to do in the store is to offer something',
    () => nextBestAction(),
    (action) => {
      expect(action.kind).toBe('OFFER');
    },
  );
  const payments = [{ means: 'CARD', amount: 2 * PRICE }];
  const sale = await ok(till, say.TILL_SALE, {
    input: { idempotencyKey: 'sale-1', storeId, profileId: known, associateId: 'svq1-2', payments },
  });
  expect(sale.data.tillSale.order).toMatchObject({ channel: 'STORE', total: { amount: 2 * PRICE, currency: 'EUR' } });
  await seen(
    'the points are there',
    () => ask(say.POINTS, { id: known }),
    ({ loyalty }) => {
      expect(loyalty.balance.available).toBe(Math.floor((2 * PRICE) / 100));
    },
  );
  await seen(
    'the cart is empty',
    () => ask(say.CART, { id: known }),
    ({ openCart }) => expect(openCart).toBeNull(),
  );
  await seen(
    'she is asked how it was',
    () => ask(say.SURVEYS, { id: known }),
    ({ pendingSurveys }) => {
      expect(pendingSurveys.map((one: Found) => one.survey.key)).toContain('nps-after-purchase');
    },
  );
});

it('opens a case when she answers with a 3, and the upsell gives way to a recovery by the store', async () => {
  await ok(till, say.SUBMIT_ANSWER, {
    input: {
      idempotencyKey: 'answer-1',
      surveyKey: 'nps-after-purchase',
      profileId: known,
      channel: 'STORE',
      storeId,
      score: 3,
      comment: 'Pésima atención en caja, nadie me hizo caso.',
    },
  });
  let caseId = '';
  await seen(
    'a case is open',
    () => ask(say.CASES, { id: known }),
    ({ openCases, satisfaction }) => {
      expect(openCases).toHaveLength(1);
      expect(openCases[0].store.id).toBe(storeId);
      expect(satisfaction).toMatchObject({ attitude: 'DETRACTOR', latestNps: 3 });
      caseId = openCases[0].id;
    },
  );
  await seen(
    'the next best action is a service',
    () => nextBestAction(),
    (action) => {
      expect(action).toMatchObject({ kind: 'SERVICE', action: `recover:${caseId}`, caseId });
    },
  );
  await seen(
    'the store has the task',
    () => tasks(),
    (all) => {
      expect(all).toContainEqual(expect.objectContaining({ kind: 'RECOVER_DETRACTOR', state: 'OPEN', caseId }));
    },
  );
});

it('closes the circle when the store has called her', async () => {
  const associate = await platform.token({ role: 'associate', stores: [storeId] });
  const [task] = (await ok(associate, say.STORE_TASKS, { storeId })).data.storeTasks.edges;
  const input = { taskId: task.node.id, outcome: 'RECOVERED', note: 'Called, said sorry, kept the shoes for her.' };
  await ok(associate, say.COMPLETE_TASK, { input });
  await seen(
    'the case is resolved',
    () => ask(say.CASES, { id: known }),
    ({ openCases }) => expect(openCases).toEqual([]),
  );
  await seen(
    'the call is part of her journey',
    () => ask(say.WHO, { id: known }),
    ({ journey }) => expect(journey.edges.map(({ node }: Found) => node.subgraph)).toContain('campaign'),
  );
});

it('returns her from all five subgraphs in one query, with her whole journey in order', async () => {
  const query = readFileSync(join(__dirname, 'customer.graphql'), 'utf8');
  const { data } = await ok(staff, query, { id: visitor, latitude: 37.39, longitude: -5.99 });
  const her = data.customer;
  expect(her).toMatchObject({ name: 'Lucía Romero', openCart: null, openCases: [] });
  expect(her.loyalty.balance.available).toBeGreaterThanOrEqual(139);
  expect(her.orders.edges[0].node).toMatchObject({ channel: 'STORE', store: { name: 'Brezo Tetuán' } });
  expect(her.answers.edges[0].node).toMatchObject({ metric: 'NPS', score: 3 });
  expect(her.tasks.edges[0].node).toMatchObject({ kind: 'RECOVER_DETRACTOR', state: 'DONE' });
  expect(her.nextBestActions.length).toBeGreaterThan(0);
  const journey = her.journey.edges.map(({ node }: Found) => node);
  expect(new Set(journey.map((one: Found) => one.subgraph))).toEqual(
    new Set(['identity', 'inventory', 'loyalty', 'campaign', 'feedback']),
  );
  const times = journey.map((one: Found) => Date.parse(one.occurredAt));
  expect(times).toEqual(times.toSorted((a: number, b: number) => a - b));
});

/** Sends an operation that must succeed: no GraphQL errors, none in the payload. */
async function ok(token: string, query: string, variables: Record<string, unknown>): Promise<Answer> {
  const answer = await platform.ask(token, query, variables);
  expect(answer.errors).toBeUndefined();
  for (const payload of Object.values<Found>(answer.data ?? {})) expect(payload?.errors ?? []).toEqual([]);
  return answer;
}

const ask = async (query: string, variables: Record<string, unknown>) =>
  (await ok(staff, query, variables)).data.customer;
const nextBestAction = async () => (await ask(say.NEXT_BEST_ACTION, { id: known, storeId })).nextBestActions[0];
const tasks = async () =>
  (await ok(staff, say.STORE_TASKS, { storeId })).data.storeTasks.edges.map(({ node }: Found) => node);

/** Looks until it is as expected. */
async function seen(what: string, look: () => Promise<Found>, expectation: (found: Found) => void): Promise<void> {
  const began = performance.now();
  for (;;) {
    const found = await look();
    const after = performance.now() - began;
    try {
      return expectation(found);
    } catch (error) {
      if (after > WITHIN_MS)
        throw new Error(`${what}: not within ${WITHIN_MS} ms. ${(error as Error).message}`, { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
