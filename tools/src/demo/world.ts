import { makeCatalogue, type Product } from './catalogue.ts';
import type { Life, Touch } from './facts.ts';
import { emptyLife, live } from './life.ts';
import { makePeople, type Person } from './people.ts';
import { type Place, PLACES } from './places.ts';
import { type Random, seeded } from './random.ts';
import { daysBefore, later, moment } from './time.ts';
import { makeToday, type Today } from './today.ts';

export interface StockLevel {
  sku: string;
  place: string;
  onHand: number;
  safety: number;
}

/** Everything about the retailer Brezo. The same seed, day and sizes give the same, to the letter. */
export interface World extends Life {
  places: readonly Place[];
  products: Product[];
  stock: StockLevel[];
  people: Person[];
  today: Today;
}

export interface WorldOptions {
  /** The day that counts as today: the history ends on the evening before. */
  anchor: Date;
  seed?: string;
  people?: number;
  visitors?: number;
}

const SEED = 'brezo';
const PEOPLE = 2_200;
const VISITORS = 600;
/** Sevilla goes wrong three weeks ago: answers there drop, which alerts and cases should show. */
const TROUBLE = { store: 'SVQ1', daysAgo: 21 };

export function makeWorld({ anchor, seed = SEED, people = PEOPLE, visitors = VISITORS }: WorldOptions): World {
  const random = seeded(seed);
  const today = new Date(Math.floor(anchor.getTime() / 86_400_000) * 86_400_000);
  const products = makeCatalogue(random.fork('catalogue'));
  const persons = makePeople(random.fork('people'), people, today.getUTCFullYear());
  const shop = {
    products,
    anchor: today,
    trouble: { store: TROUBLE.store, since: daysBefore(today, TROUBLE.daysAgo) },
  };
  const lives = persons.map((person) => live(person, shop, random.fork(`life-${person.externalId}`)));
  const strangers = Array.from({ length: visitors }, (_, index) =>
    wander(index, products, today, random.fork(`visitor-${index}`)),
  );
  const history = inOrder([...lives, ...strangers]);
  return {
    places: PLACES,
    products,
    stock: makeStock(products, random.fork('stock')),
    people: persons,
    today: makeToday(persons, history.orders, products, TROUBLE.store, random.fork('today')),
    ...history,
  };
}

/** Told as it happened: by time, and by id where two things happened in the same second. */
function inOrder(lives: Life[]): Life {
  const all = emptyLife();
  for (const life of lives) {
    all.touches.push(...life.touches);
    all.orders.push(...life.orders);
    all.returns.push(...life.returns);
    all.answers.push(...life.answers);
    all.reviews.push(...life.reviews);
    all.messages.push(...life.messages);
  }
  const byTime = (a: { at: Date }, b: { at: Date }): number => a.at.getTime() - b.at.getTime();
  for (const list of Object.values(all) as { at: Date }[][]) list.sort(byTime);
  return all;
}

/** A visitor whom nobody knows: a cookie that looked at a few things and went. */
function wander(index: number, products: Product[], anchor: Date, random: Random): Life {
  const channel = random.weighted([
    ['web', 80],
    ['social', 20],
  ] as const);
  const cookie = `brz-v${String(index + 1).padStart(5, '0')}`;
  const at = moment(random, anchor, channel);
  const look = (step: number): Touch => {
    const product = random.pick(products);
    const eventId = `demo-${cookie}-${step}`;
    return {
      eventId,
      who: { cookie },
      kind: 'product_viewed',
      channel,
      at: later(at, step * 2),
      sku: product.sku,
      category: product.category,
    };
  };
  return {
    ...emptyLife(),
    touches: Array.from({ length: 1 + Math.min(4, random.poisson(1.2)) }, (_, step) => look(step)),
  };
}

/** Warehouses hold everything, a store two thirds of the range; one in twenty shelves is empty. */
function makeStock(products: Product[], random: Random): StockLevel[] {
  return PLACES.flatMap((place) =>
    products.flatMap((product) => {
      const stocked = place.kind === 'warehouse' || random.chance(0.66);
      if (!stocked) return [];
      const mean = place.kind === 'warehouse' ? 120 : 3 + place.weight / 2;
      return [
        {
          sku: product.sku,
          place: place.code,
          onHand: random.chance(0.05) ? 0 : 1 + random.poisson(mean),
          safety: place.kind === 'store' ? 1 : 5,
        },
      ];
    }),
  );
}
