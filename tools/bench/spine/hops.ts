import { randomUUID } from 'node:crypto';
import type { TestPlatform } from '../../src/platform/test-platform.ts';
import * as say from '../../src/story/operations.ts';
import { quantile } from '../harness.ts';

/** One customer after the other walks the story: what is measured is how long a hop takes, not how many can be on their way. */
const CUSTOMERS = 100;
/** The first ones compile and plan. */
const WARM_UP = 5;
const LOOK_EVERY_MS = 5;
const SEEN_WITHIN_MS = 20_000;
const PRICE = 6_995;

// The story reads deep into answers of many shapes; typing each would hide what it looks for.
// oxlint-disable-next-line typescript/no-explicit-any
type Found = any;
type Look = () => Promise<boolean>;

/** What is done and where it is seen, in the order of the story. */
export const HOPS = {
  'look-to-intent': 'a product is looked at (identity) until it is an intent (campaign)',
  'sign-in-to-cart': 'a visitor signs in (identity) until the cart of her visit is hers (inventory)',
  'sale-to-points': 'a sale at the till (inventory) until the points are there (loyalty)',
  'sale-to-survey': 'the same sale until she is asked how it was (feedback)',
  'sale-to-journey': 'the same sale until it is in her journey (identity)',
  'answer-to-action': 'an answer of a detractor (feedback) until the next best action is a recovery (campaign)',
  'answer-to-task': 'the same answer until the store has the task (campaign)',
  'task-to-case': 'the task is done (campaign) until the case is resolved (feedback)',
} as const;
export type Hop = keyof typeof HOPS;

export interface HopFigures {
  p50: number;
  p99: number;
}

/** How long after the answer to a step its effect in another subgraph is seen through the gateway; the look itself is part of it. */
export async function measureHops(platform: TestPlatform): Promise<Record<Hop, HopFigures>> {
  const shop = await openShop(platform);
  const delays = Object.fromEntries(Object.keys(HOPS).map((hop) => [hop, []])) as unknown as Record<Hop, number[]>;
  for (let n = 0; n < WARM_UP + CUSTOMERS; n += 1) {
    const walked = await walk(shop);
    if (n >= WARM_UP) for (const [hop, delay] of Object.entries(walked)) delays[hop as Hop].push(delay);
  }
  return Object.fromEntries(
    Object.entries(delays).map(([hop, all]) => [hop, { p50: quantile(all, 0.5), p99: quantile(all, 0.99) }]),
  ) as Record<Hop, HopFigures>;
}

type Send = (query: string, variables: Record<string, unknown>) => Promise<Found>;

interface Shop {
  send: Send;
  /** As a member of the store. */
  sendAsStore: Send;
  ask: Send;
  storeId: string;
  productId: string;
  sku: string;
}

async function openShop(platform: TestPlatform): Promise<Shop> {
  const [service, care] = await Promise.all([
    platform.token({ role: 'service', channel: 'store' }),
    platform.token({ role: 'care' }),
  ]);
  const sender =
    (token: string): Send =>
    async (query, variables) => {
      const { data, errors } = await platform.ask(token, query, variables);
      const refusals = Object.values<Found>(data ?? {}).flatMap((payload) => payload?.errors ?? []);
      if (errors || refusals.length > 0)
        throw new Error(`a step of the story failed: ${JSON.stringify(errors ?? refusals)}`);
      return data;
    };
  const send = sender(service);
  const [code, sku] = [`HOP-${randomUUID().slice(0, 8)}`, `hop-${randomUUID().slice(0, 8)}`];
  const place = { code, name: code, latitude: 37.3903, longitude: -5.9951, timeZone: 'Europe/Madrid' };
  await send(say.IMPORT_STORES, { input: { stores: [place] } });
  const shoe = { sku, name: 'Zapatilla', category: 'calzado', price: { amount: PRICE, currency: 'EUR' } };
  await send(say.IMPORT_PRODUCTS, { input: { products: [shoe] } });
  const stock = [{ sku, storeCode: code, onHand: CUSTOMERS + WARM_UP }];
  await send(say.IMPORT_STOCK, { input: { reference: `opening ${code}`, stock } });
  const storeId = (await send(say.STORE, { code })).store.id as string;
  const productId = (await send(say.PRODUCT, { sku })).product.id as string;
  const associate = await platform.token({ role: 'associate', stores: [storeId] });
  const ask: Send = async (query, variables) => (await sender(care)(query, variables)).customer;
  return { send, sendAsStore: sender(associate), ask, storeId, productId, sku };
}

async function walk(shop: Shop): Promise<Record<Hop, number>> {
  const { send, ask, storeId, productId, sku } = shop;
  const [cookie, email] = [`hop-${randomUUID()}`, `${randomUUID()}@correo.example`];
  const identify = async (identifiers: object[]): Promise<string> =>
    (await send(say.IDENTIFY, { input: { identifiers, channel: 'WEB' } })).identify.profileId;
  const known = await identify([{ type: 'EMAIL', value: email }]);
  const visitor = await identify([{ type: 'COOKIE', value: cookie }]);

  const view = { eventId: randomUUID(), kind: 'product_viewed', channel: 'WEB', productId, category: 'calzado' };
  await send(say.TRACK, { input: { profileId: visitor, events: [view] } });
  const intent = await until(async () => (await ask(say.INTENTS, { id: visitor })).intents.length > 0);

  await send(say.ADD_TO_CART, {
    input: { idempotencyKey: randomUUID(), profileId: visitor, channel: 'WEB', sku, quantity: 1 },
  });
  await identify([
    { type: 'EMAIL', value: email },
    { type: 'COOKIE', value: cookie },
  ]);
  const cart = await until(async () => (await ask(say.CART, { id: known })).openCart?.items === 1);

  const payments = [{ means: 'CARD', amount: PRICE }];
  await send(say.TILL_SALE, { input: { idempotencyKey: randomUUID(), storeId, profileId: known, payments } });
  const [points, survey, journey] = await Promise.all([
    until(async () => (await ask(say.POINTS, { id: known })).loyalty.balance.available > 0),
    until(async () => (await ask(say.SURVEYS, { id: known })).pendingSurveys.length > 0),
    until(async () =>
      edges((await ask(say.WHO, { id: known })).journey).some(({ kind }) => kind === 'order_completed'),
    ),
  ]);

  const answer = {
    idempotencyKey: randomUUID(),
    surveyKey: 'nps-after-purchase',
    profileId: known,
    channel: 'STORE',
    storeId,
    score: 3,
  };
  await send(say.SUBMIT_ANSWER, { input: answer });
  let taskId = '';
  const [action, task] = await Promise.all([
    until(async () => (await ask(say.NEXT_BEST_ACTION, { id: known, storeId })).nextBestActions[0].kind === 'SERVICE'),
    until(async () => Boolean((taskId = await taskOf(shop, known)))),
  ]);

  await shop.sendAsStore(say.COMPLETE_TASK, { input: { taskId, outcome: 'RECOVERED' } });
  const resolved = await until(async () => (await ask(say.CASES, { id: known })).openCases.length === 0);
  return {
    'look-to-intent': intent,
    'sign-in-to-cart': cart,
    'sale-to-points': points,
    'sale-to-survey': survey,
    'sale-to-journey': journey,
    'answer-to-action': action,
    'answer-to-task': task,
    'task-to-case': resolved,
  };
}

const edges = (page: Found): Found[] => page.edges.map(({ node }: Found) => node);

async function taskOf({ sendAsStore, ask, storeId }: Shop, known: string): Promise<string> {
  const { id } = await ask(say.WHO, { id: known });
  const open = edges((await sendAsStore(say.STORE_TASKS, { storeId })).storeTasks);
  return open.find((task) => task.customer.id === id)?.id ?? '';
}

/** Milliseconds until it is seen. */
async function until(look: Look): Promise<number> {
  const began = performance.now();
  while (!(await look())) {
    if (performance.now() - began > SEEN_WITHIN_MS)
      throw new Error(`a step of the story was not seen within ${SEEN_WITHIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return performance.now() - began;
}
