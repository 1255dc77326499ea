import type { Answer, Order, Return, Review, Telling, Line } from './facts.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import { daysLater, later } from './time.ts';
import { COMPLAINT, PRAISE, SO_SO, TOPICS, type Topic } from './words.ts';

/** What follows a purchase: goods that come back, an answer, a review; none of it in the future. */
export function afterwards(telling: Telling, order: Order): void {
  const { random, shop, life, person } = telling;
  const mood = moodAfter(telling, order);
  const arrived = order.fulfilment === 'store' ? order.at : daysLater(order.at, 1 + random.next() * 3);
  const past = (at: Date): boolean => at < shop.anchor;
  if (random.chance(returnChance(order, mood))) {
    const at = daysLater(arrived, 1 + random.next() * 12);
    if (past(at)) takeBack(telling, bringBack(order, person, at, random), mood);
  }
  const answeredAt = later(arrived, 60 + random.next() * 2_800);
  if (person.survey && past(answeredAt) && random.chance(0.34))
    life.answers.push(answer(order, 'nps-after-purchase', mood, answeredAt, random));
  const reviewedAt = daysLater(arrived, 2 + random.next() * 10);
  if (past(reviewedAt) && random.chance(0.12)) life.reviews.push(review(order, mood, reviewedAt, random));
}

function moodAfter({ person, shop, random }: Telling, order: Order): number {
  const trouble = order.store === shop.trouble.store && order.at > shop.trouble.since ? 4.2 : 0;
  const late = order.fulfilment === 'delivery' && random.chance(0.08) ? 3.5 : 0;
  return Math.max(0, Math.min(10, random.normal(person.mood + 0.5, 1.2) - trouble - late));
}

const returnChance = (order: Order, mood: number): number =>
  (order.fulfilment === 'store' ? 0.05 : 0.13) + (mood < 5 ? 0.2 : 0);

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

/** The goods are back; some tell how that went. */
function takeBack({ random, shop, life, person }: Telling, given: Return, mood: number): void {
  life.returns.push(given);
  const at = later(given.at, 90 + random.next() * 2_000);
  if (!person.survey || at >= shop.anchor || !random.chance(0.3)) return;
  const { order, channel, store } = given;
  life.answers.push({ ...answer(order, 'csat-after-return', mood - 0.5, at, random), channel, store });
}

function answer(order: Order, survey: Answer['survey'], mood: number, at: Date, random: Random): Answer {
  const score = survey === 'csat-after-return' ? Math.round(mood / 2) : Math.round(mood);
  const topic = survey === 'csat-after-return' ? 'devolución' : topicOf(order, random);
  return {
    externalId: `${survey === 'csat-after-return' ? 'AR' : 'A'}-${order.number}`,
    who: order.who,
    survey,
    score: survey === 'csat-after-return' ? Math.max(1, Math.min(5, score)) : score,
    comment: random.chance(0.55) ? comment(mood, topic, random) : null,
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
