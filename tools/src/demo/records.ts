import type { ImportRecord } from '../import/records.ts';
import type { Kind } from '../import/mapping.ts';
import type { Answer, Message, Order, Return, Review, Touch } from './facts.ts';
import type { Person } from './people.ts';
import type { Place } from './places.ts';
import { daysBefore } from './time.ts';
import type { World } from './world.ts';

/** The retailer as records of an import: the demo goes through the same door as a retailer's own files. */
export interface Part {
  name: string;
  kind: Kind;
  values: Record<string, unknown>[];
}

const CURRENCY = 'EUR';

/** Parts in the order in which they must be there; those of one stage can go side by side. */
export function stagesOf(world: World, anchor: Date): Part[][] {
  return [
    [
      { name: 'stores', kind: 'stores', values: world.places.map(placeValue) },
      { name: 'products', kind: 'products', values: world.products.map(productValue) },
      { name: 'customers', kind: 'customers', values: world.people.map((person) => personValue(person, anchor)) },
    ],
    [
      { name: 'stock', kind: 'stock', values: world.stock.map(stockValue) },
      { name: 'consents', kind: 'consents', values: world.people.flatMap((person) => consentValues(person, anchor)) },
      { name: 'history', kind: 'history', values: world.touches.map(touchValue) },
      { name: 'orders', kind: 'orders', values: world.orders.map(orderValue) },
      { name: 'answers', kind: 'answers', values: world.answers.map(answerValue) },
      { name: 'reviews', kind: 'reviews', values: world.reviews.map(reviewValue) },
      { name: 'messages', kind: 'messages', values: world.messages.map(messageValue) },
    ],
    // A return belongs to its order, by the number.
    [{ name: 'returns', kind: 'orders', values: world.returns.map(returnValue) }],
  ];
}

export const recordsOf = (values: Record<string, unknown>[]): ImportRecord[] =>
  values.map((value, index) => ({ row: index + 1, value: withoutNothing(value) }));

const withoutNothing = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null && field !== undefined));

const OPEN = { from: '10:00', to: '21:00' };
const WEEK = [[OPEN], [OPEN], [OPEN], [OPEN], [OPEN], [{ from: '10:00', to: '22:00' }], []];

function placeValue({ weight: _weight, ...place }: Place): Record<string, unknown> {
  const shop =
    place.kind === 'store' ? { opening: { weekly: WEEK }, sameDayCutOff: '17:00' } : { shippingCutOff: '18:00' };
  return { ...place, country: 'ES', ...shop };
}

const productValue = ({
  popularity: _popularity,
  amount,
  ...product
}: World['products'][number]): Record<string, unknown> => ({
  ...product,
  price: { amount, currency: CURRENCY },
});

const stockValue = ({ sku, place, onHand, safety }: World['stock'][number]): Record<string, unknown> => ({
  sku,
  storeCode: place,
  onHand,
  safetyStock: safety,
});

function personValue(person: Person, anchor: Date): Record<string, unknown> {
  const { externalId, givenName, familyName, gender, birthDate, email, phone, loyaltyCard, home, language } = person;
  return {
    externalId,
    occurredAt: daysBefore(anchor, person.sinceDays).toISOString(),
    channel: person.cookie ? 'web' : 'store',
    email,
    phone,
    card: loyaltyCard,
    givenName,
    familyName,
    gender,
    birthDate,
    language,
    country: 'ES',
    city: home.city,
    region: home.region,
    postalCode: person.postalCode,
    timeZone: home.timeZone,
    preferredChannel: person.preferredChannel,
    favourites: person.favourites,
    homeStore: home.code,
  };
}

const PURPOSES = ['marketing', 'personalisation', 'survey'] as const;

/** What she ticked on the day on which she became a customer; members agreed to the programme too. */
function consentValues(person: Person, anchor: Date): Record<string, unknown>[] {
  const say = (purpose: string, granted: boolean): Record<string, unknown> => ({
    customer: person.externalId,
    purpose,
    granted,
    wordingVersion: '2026-01',
    occurredAt: daysBefore(anchor, person.sinceDays).toISOString(),
  });
  return [
    ...PURPOSES.map((purpose) => say(purpose, person[purpose])),
    ...(person.loyaltyCard ? [say('loyalty', true)] : []),
  ];
}

const touchValue = ({
  eventId,
  who,
  kind,
  channel,
  at,
  store,
  sku,
  category,
  properties,
}: Touch): Record<string, unknown> => ({
  eventId,
  ...who,
  kind,
  channel,
  occurredAt: at.toISOString(),
  storeCode: store,
  sku,
  category,
  ...properties,
});

const orderValue = ({
  number,
  who,
  channel,
  store,
  associate,
  fulfilment,
  at,
  lines,
}: Order): Record<string, unknown> => ({
  number,
  customer: who.customer,
  channel,
  storeCode: store,
  associateId: associate,
  occurredAt: at.toISOString(),
  currency: CURRENCY,
  fulfilment,
  lines,
});

function returnValue({ number, order, channel, store, at, lines }: Return): Record<string, unknown> {
  return {
    number,
    originalNumber: order.number,
    customer: order.who.customer,
    channel,
    storeCode: store,
    occurredAt: at.toISOString(),
    currency: CURRENCY,
    lines: lines.map(({ line, quantity, refundAmount }) => ({
      sku: order.lines[line]?.sku,
      quantity: -quantity,
      netAmount: -refundAmount,
    })),
  };
}

const answerValue = ({
  externalId,
  survey,
  who,
  channel,
  store,
  associate,
  score,
  comment,
  at,
}: Answer): Record<string, unknown> => ({
  externalId,
  surveyKey: survey,
  customer: who.customer,
  channel,
  storeCode: store,
  associateId: associate,
  score,
  comment,
  language: 'es',
  occurredAt: at.toISOString(),
});

const reviewValue = ({ externalId, who, sku, rating, text, at }: Review): Record<string, unknown> => ({
  externalId,
  customer: who.customer,
  sku,
  channel: 'web',
  rating,
  text,
  language: 'es',
  occurredAt: at.toISOString(),
});

const messageValue = ({
  externalId,
  who,
  channel,
  template,
  subject,
  at,
  outcomes,
}: Message): Record<string, unknown> => ({
  externalId,
  customer: who.customer,
  channel,
  purpose: 'marketing',
  template,
  subject,
  occurredAt: at.toISOString(),
  outcomes: outcomes.map((one) => ({ outcome: one.outcome, at: one.at.toISOString() })),
});
