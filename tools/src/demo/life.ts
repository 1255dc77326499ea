import type { Product } from './catalogue.ts';
import { type DemoChannel, type Person, PERSONAS } from './people.ts';
import { type Place, STORE_PLACES } from './places.ts';
import type { Random } from './random.ts';
import { daysLater, later, moment } from './time.ts';
import { COMPLAINT, PRAISE, SEARCHES, SO_SO, TOPICS, type Topic } from './words.ts';

/** Who did it: a customer by her number, or a visitor of whom only a cookie or device is known. */
export interface Who {
  customer?: string;
  cookie?: string;
  device?: string;
}

export interface Touch {
  eventId: string;
  who: Who;
  kind: string;
  channel: DemoChannel;
  at: Date;
  store?: string;
  sku?: string;
  category?: string;
  properties?: Record<string, unknown>;
}

export interface Line {
  sku: string;
  name: string;
  category: string;
  quantity: number;
  netAmount: number;
  discountAmount: number;
}

export interface Order {
  number: string;
  who: Who;
  channel: DemoChannel;
  store: string | null;
  associate: string | null;
  fulfilment: 'ship' | 'collect' | 'carry-out';
  at: Date;
  lines: Line[];
}

export interface Return {
  number: string;
  order: Order;
  channel: DemoChannel;
  store: string | null;
  at: Date;
  reason: string;
  lines: { line: number; quantity: number; refundAmount: number }[];
}

export interface Answer {
  externalId: string;
  who: Who;
  metric: 'nps' | 'csat';
  score: number;
  comment: string | null;
  channel: DemoChannel;
  store: string | null;
  associate: string | null;
  order: string;
  at: Date;
}

export interface Review {
  externalId: string;
  who: Who;
  sku: string;
  rating: number;
  text: string;
  at: Date;
}

export interface Life {
  touches: Touch[];
  orders: Order[];
  returns: Return[];
  answers: Answer[];
  reviews: Review[];
}

export interface Shop {
  products: Product[];
  anchor: Date;
  /** The moment from which one store went wrong, so that there is something to be noticed. */
  trouble: { store: string; since: Date };
}

export const emptyLife = (): Life => ({ touches: [], orders: [], returns: [], answers: [], reviews: [] });

/** The 90 days of one person. Everything she does comes out of her own source of chance. */
export function live(person: Person, shop: Shop, random: Random): Life {
  const habits = PERSONAS[person.persona];
  const life = emptyLife();
  const visits = random.poisson(habits.visits);
  for (let visit = 0; visit < visits; visit += 1) {
    const channel = possible(random.weighted(habits.channels), person);
    const at = moment(random, shop.anchor, channel);
    visitShop(
      { person, shop, random, life, key: `${person.externalId}-${visit}` },
      channel,
      at,
      random.chance(habits.buys),
    );
  }
  return life;
}

interface Telling {
  person: Person;
  shop: Shop;
  random: Random;
  life: Life;
  key: string;
}

/** Who has no app uses the web, who is never online comes to the store. */
function possible(channel: DemoChannel, person: Person): DemoChannel {
  if (channel === 'app' && !person.device) return person.cookie ? 'web' : 'store';
  if ((channel === 'web' || channel === 'social') && !person.cookie) return 'store';
  return channel;
}

function visitShop(telling: Telling, channel: DemoChannel, at: Date, buys: boolean): void {
  const { person, random } = telling;
  const store = channel === 'store' ? storeOf(person, random) : null;
  const seen = lookAround(telling, channel, at, store);
  const bag = buys ? seen.slice(0, 1 + Math.min(3, random.poisson(0.7))) : [];
  const until = later(at, seen.length * 3 + 2);
  if (bag.length > 0) buy(telling, channel, until, store, bag);
  else if (channel !== 'store' && random.chance(0.25) && seen[0]) {
    note(telling, channel, until, { kind: 'cart_left', sku: seen[0].sku, category: seen[0].category });
  }
}

const storeOf = (person: Person, random: Random): Place =>
  random.chance(0.88) ? person.home : random.pick(STORE_PLACES);

/** Looks at some products, mostly of what she likes; returns them in the order in which she would buy. */
function lookAround(telling: Telling, channel: DemoChannel, at: Date, store: Place | null): Product[] {
  const { person, random } = telling;
  const anonymous = channel === 'web' && random.chance(0.4);
  const base = { store: store?.code, anonymous };
  if (store) note(telling, channel, at, { kind: 'store_visit', ...base });
  else
    note(telling, channel, at, {
      kind: 'page_view',
      ...base,
      properties: { page: '/', referrer: referrer(channel, random) },
    });
  if (!store && random.chance(0.35)) {
    note(telling, channel, later(at, 1), { kind: 'search', ...base, properties: { query: random.weighted(SEARCHES) } });
  }
  const wanted = telling.shop.products.map(
    (product) => [product, product.popularity * (person.favourites.includes(product.category) ? 6 : 1)] as const,
  );
  const seen = Array.from({ length: store ? 2 : 1 + Math.min(6, random.poisson(1.6)) }, () => random.weighted(wanted));
  if (!store) {
    seen.forEach((product, index) =>
      note(telling, channel, later(at, 2 + index * 3), {
        kind: 'product_viewed',
        sku: product.sku,
        category: product.category,
        ...base,
      }),
    );
    if (anonymous) note(telling, channel, later(at, 2 + seen.length * 3), { kind: 'sign_in' });
  }
  return [...new Set(seen)];
}

const referrer = (channel: DemoChannel, random: Random): string =>
  channel === 'social'
    ? random.pick(['instagram', 'tiktok', 'facebook'])
    : random.weighted([
        ['direct', 5],
        ['search', 4],
        ['email', 3],
        ['ads', 2],
      ]);

type Noted = {
  kind: string;
  store?: string | undefined;
  sku?: string;
  category?: string;
  anonymous?: boolean;
  properties?: Record<string, unknown>;
};

function note(
  { person, life, key }: Telling,
  channel: DemoChannel,
  at: Date,
  { anonymous = false, store, ...what }: Noted,
): void {
  life.touches.push({
    eventId: `demo-${key}-${life.touches.length}`,
    who: whoIs(person, channel, anonymous),
    channel,
    at,
    ...what,
    ...(store && { store }),
  });
}

function whoIs(person: Person, channel: DemoChannel, anonymous: boolean): Who {
  const trace: Who =
    channel === 'app' && person.device
      ? { device: person.device }
      : (channel === 'web' || channel === 'social') && person.cookie
        ? { cookie: person.cookie }
        : {};
  return anonymous && trace.cookie ? trace : { customer: person.externalId, ...trace };
}

const ASSOCIATES_PER_STORE = 4;

function buy(telling: Telling, channel: DemoChannel, at: Date, store: Place | null, bag: Product[]): void {
  const { person, random, life, key } = telling;
  const collect = !store && random.chance(0.3);
  const discount = random.chance(person.persona === 'bargain' ? 0.7 : 0.25) ? random.pick([10, 15, 20]) : 0;
  const order: Order = {
    number: `B-${key}`,
    who: { customer: person.externalId },
    channel,
    store: store?.code ?? (collect ? person.home.code : null),
    associate: store ? `${store.code.toLowerCase()}-${random.int(1, ASSOCIATES_PER_STORE)}` : null,
    fulfilment: store ? 'carry-out' : collect ? 'collect' : 'ship',
    at,
    lines: bag.map((product) => lineOf(product, random.chance(0.12) ? 2 : 1, discount)),
  };
  life.orders.push(order);
  afterwards(telling, order);
}

function lineOf(product: Product, quantity: number, discountPercent: number): Line {
  const gross = product.amount * quantity;
  const discountAmount = Math.round((gross * discountPercent) / 100);
  const { sku, name, category } = product;
  return { sku, name, category, quantity, netAmount: gross - discountAmount, discountAmount };
}

/** What follows a purchase: goods that come back, an answer, a review; none of it in the future. */
function afterwards(telling: Telling, order: Order): void {
  const { random, shop, life, person } = telling;
  const mood = moodAfter(telling, order);
  const arrived = order.fulfilment === 'carry-out' ? order.at : daysLater(order.at, 1 + random.next() * 3);
  const past = (at: Date): boolean => at < shop.anchor;
  if (random.chance(returnChance(order, mood))) {
    const at = daysLater(arrived, 1 + random.next() * 12);
    if (past(at)) life.returns.push(bringBack(order, person, at, random));
  }
  const answeredAt = later(arrived, 60 + random.next() * 2_800);
  if (person.survey && past(answeredAt) && random.chance(0.34))
    life.answers.push(answer(order, mood, answeredAt, random));
  const reviewedAt = daysLater(arrived, 2 + random.next() * 10);
  if (past(reviewedAt) && random.chance(0.12)) life.reviews.push(review(order, mood, reviewedAt, random));
}

function moodAfter({ person, shop, random }: Telling, order: Order): number {
  const trouble = order.store === shop.trouble.store && order.at > shop.trouble.since ? 4.2 : 0;
  const late = order.fulfilment === 'ship' && random.chance(0.08) ? 3.5 : 0;
  return Math.max(0, Math.min(10, random.normal(person.mood + 0.5, 1.2) - trouble - late));
}

const returnChance = (order: Order, mood: number): number =>
  (order.fulfilment === 'carry-out' ? 0.05 : 0.13) + (mood < 5 ? 0.2 : 0);

function bringBack(order: Order, person: Person, at: Date, random: Random): Return {
  const index = random.int(0, order.lines.length - 1);
  const line = order.lines[index] as Line;
  const quantity = random.int(1, line.quantity);
  const inStore = order.channel === 'store' || random.chance(0.55);
  return {
    number: `R-${order.number}`,
    order,
    channel: inStore ? 'store' : order.channel,
    store: inStore ? person.home.code : null,
    at,
    reason: random.weighted([
      ['talla', 5],
      ['no es lo esperado', 3],
      ['defecto', 1],
      ['cambio de opinión', 2],
    ]),
    lines: [{ line: index, quantity, refundAmount: Math.floor((line.netAmount * quantity) / line.quantity) }],
  };
}

function answer(order: Order, mood: number, at: Date, random: Random): Answer {
  const metric = order.channel === 'store' ? 'csat' : 'nps';
  const score = metric === 'nps' ? Math.round(mood) : Math.max(1, Math.min(5, Math.round(mood / 2)));
  return {
    externalId: `A-${order.number}`,
    who: order.who,
    metric,
    score,
    comment: random.chance(0.55) ? comment(mood, topicOf(order, random), random) : null,
    channel: order.channel,
    store: order.store,
    associate: order.associate,
    order: order.number,
    at,
  };
}

const topicOf = (order: Order, random: Random): Topic => {
  if (random.chance(0.4)) return random.pick(TOPICS);
  return order.channel === 'store' ? 'atención' : 'entrega';
};

const comment = (mood: number, topic: Topic, random: Random): string =>
  random.pick((mood >= 7.5 ? PRAISE : mood >= 5.5 ? SO_SO : COMPLAINT)[topic]);

function review(order: Order, mood: number, at: Date, random: Random): Review {
  return {
    externalId: `V-${order.number}`,
    who: order.who,
    sku: (order.lines[0] as Line).sku,
    rating: Math.max(1, Math.min(5, Math.round(mood / 2))),
    text: comment(mood, random.pick(['calidad', 'talla', 'precio']), random),
    at,
  };
}
