import type { Product } from './catalogue.ts';
import type { Order } from './facts.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import { COMPLAINT } from './words.ts';

/** What is going on now, besides the history: carts that are open, and complaints that somebody has to see to. */
export interface Today {
  carts: { customer: string; channel: 'web' | 'app'; sku: string; quantity: number }[];
  answers: { customer: string; store: string; score: number; comment: string }[];
}

const CARTS = 45;
const COMPLAINTS = 8;

export function makeToday(
  people: Person[],
  orders: Order[],
  products: Product[],
  troubled: string,
  random: Random,
): Today {
  const shoppers = people.filter((person) => person.cookie && person.persona !== 'lapsed');
  const carts = Array.from({ length: CARTS }, (_, index) => shoppers[(index * 17) % shoppers.length] as Person).flatMap(
    (person) =>
      Array.from({ length: random.int(1, 3) }, () => ({
        customer: person.externalId,
        channel: person.device && random.chance(0.5) ? ('app' as const) : ('web' as const),
        sku: random.pick(products.filter((product) => person.favourites.includes(product.category))).sku,
        quantity: random.chance(0.85) ? 1 : 2,
      })),
  );
  return { carts, answers: complaints(orders, troubled, random) };
}

/** The last buyers of the store where things go wrong, and a few of others. */
function complaints(orders: Order[], troubled: string, random: Random): Today['answers'] {
  const inStores = orders.filter((order) => order.channel === 'store').toReversed();
  const ours = inStores.filter((order) => order.store === troubled).slice(0, COMPLAINTS - 3);
  const others = inStores.filter((order) => order.store !== troubled).slice(0, 3);
  const customers = new Map([...ours, ...others].map((order) => [order.who.customer as string, order.store as string]));
  return [...customers].map(([customer, store]) => ({
    customer,
    store,
    score: random.int(0, 4),
    comment: random.pick(COMPLAINT[random.pick(['atención', 'talla', 'calidad', 'devolución'] as const)]),
  }));
}
