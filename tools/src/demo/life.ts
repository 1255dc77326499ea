import { afterwards } from './aftermath.ts';
import type { Product } from './catalogue.ts';
import { lettersTo } from './letters.ts';
import type { Life, Line, Order, Shop, Telling, Who } from './facts.ts';
import { type DemoChannel, type Person, PERSONAS } from './people.ts';
import { type Place, STORE_PLACES } from './places.ts';
import type { Random } from './random.ts';
import { later, moment } from './time.ts';
import { SEARCHES } from './words.ts';

export const emptyLife = (): Life => ({ touches: [], orders: [], returns: [], answers: [], reviews: [], messages: [] });

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
  life.messages.push(...lettersTo(person, shop.anchor, random.fork('letters')));
  return life;
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

/** The others come straight to a product: from a search engine, a letter, a friend. */
const LANDS_ON_HOME = 0.35;

/** Looks at some products, mostly of what she likes; returns them in the order in which she would buy. */
function lookAround(telling: Telling, channel: DemoChannel, at: Date, store: Place | null): Product[] {
  const { person, random } = telling;
  const anonymous = channel === 'web' && random.chance(0.4);
  const base = { store: store?.code, anonymous };
  if (store) note(telling, channel, at, { kind: 'store_visit', ...base });
  else if (random.chance(LANDS_ON_HOME))
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
  const seen = Array.from({ length: store ? 2 : 1 + Math.min(6, random.poisson(1.1)) }, () => random.weighted(wanted));
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
    fulfilment: store ? 'store' : collect ? 'pick-up' : 'delivery',
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
