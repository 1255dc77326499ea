import fc from 'fast-check';
import { makeWorld, type World } from './world.ts';
import { seeded } from './random.ts';

const anchor = new Date('2026-06-15T13:00:00Z');
const DAY_MS = 86_400_000;
let world: World;
beforeAll(() => (world = makeWorld({ anchor })));

it('is the same to the letter for the same day, and other for another seed', () => {
  const small = { anchor, people: 40, visitors: 5 };
  expect(makeWorld(small)).toEqual(makeWorld({ ...small, anchor: new Date('2026-06-15T23:59:00Z') }));
  expect(makeWorld({ ...small, seed: 'other' }).people).not.toEqual(makeWorld(small).people);
});

it('moves with the day: the same history, a day later', () => {
  const next = makeWorld({ anchor: new Date(anchor.getTime() + 7 * DAY_MS), people: 30, visitors: 5 });
  const base = makeWorld({ anchor, people: 30, visitors: 5 });
  const shifted = base.orders.map(({ number, at }) => [number, at.getTime() + 7 * DAY_MS]);
  expect(next.orders.map(({ number, at }) => [number, at.getTime()])).toEqual(shifted);
});

it('is as large as promised: stores, products, customers and every channel', () => {
  expect(world.places.filter((place) => place.kind === 'store').length).toBeGreaterThanOrEqual(8);
  expect(world.products.length).toBeGreaterThanOrEqual(200);
  expect(world.people.length).toBeGreaterThanOrEqual(2_000);
  expect(new Set(world.orders.map((order) => order.channel))).toEqual(
    new Set(['web', 'app', 'store', 'call-centre', 'social']),
  );
});

it('happens in order within the 90 days before the anchor, and nothing happens before its cause', () => {
  const today = Date.parse('2026-06-15T00:00:00Z');
  for (const list of [world.touches, world.orders, world.returns, world.answers, world.reviews, world.messages]) {
    expect(list.length).toBeGreaterThan(100);
    expect(list[0]!.at.getTime()).toBeGreaterThanOrEqual(today - 91 * DAY_MS);
    expect(list.at(-1)!.at.getTime()).toBeLessThan(today);
    expect(list.every(({ at }, index) => index === 0 || at >= list[index - 1]!.at)).toBe(true);
  }
  for (const { at, order } of world.returns) expect(at > order.at).toBe(true);
});

it('never takes back more than was sold, in pieces or in money', () => {
  for (const { order, lines } of world.returns) {
    for (const { line, quantity, refundAmount } of lines) {
      expect(quantity).toBeLessThanOrEqual(order.lines[line]!.quantity);
      expect(refundAmount).toBeLessThanOrEqual(order.lines[line]!.netAmount);
    }
  }
});

it('gives every person, order, event, answer and review an id of its own', () => {
  const ids = (list: string[]) => expect(new Set(list).size).toBe(list.length);
  ids(world.people.map((person) => person.externalId));
  ids(
    world.people.flatMap((person) =>
      [person.email, person.phone, person.loyaltyCard, person.cookie].flatMap((id) => id ?? []),
    ),
  );
  ids(world.touches.map((touch) => touch.eventId));
  ids(world.orders.map((order) => order.number));
  ids(world.answers.map((answer) => answer.externalId));
  ids(world.reviews.map((review) => review.externalId));
});

it('speaks only of products, places and people that exist', () => {
  const skus = new Set(world.products.map((product) => product.sku));
  const places = new Set(world.places.map((place) => place.code));
  const people = new Set(world.people.map((person) => person.externalId));
  expect(world.stock.every((level) => skus.has(level.sku) && places.has(level.place))).toBe(true);
  expect(world.orders.every((order) => order.lines.every((line) => skus.has(line.sku)))).toBe(true);
  expect(world.orders.every((order) => order.store === null || places.has(order.store))).toBe(true);
  expect(world.touches.every((touch) => !touch.who.customer || people.has(touch.who.customer))).toBe(true);
});

it('writes only to those who agreed, in a way that reaches them', () => {
  const people = new Map(world.people.map((person) => [person.externalId, person]));
  for (const { who, channel } of world.messages) {
    const person = people.get(who.customer!)!;
    const address = { email: person.email, sms: person.phone, push: person.device }[channel];
    expect([person.marketing, address === null]).toEqual([true, false]);
  }
});

it('cannot reach a real mailbox', () => {
  expect(world.people.every((person) => person.email === null || person.email.endsWith('@correo.example'))).toBe(true);
});

it('has one store that went wrong three weeks ago, and shows it in the answers', () => {
  const since = anchor.getTime() - 21 * DAY_MS;
  const share = (of: World['answers']) =>
    of.filter((a) => (a.survey === 'nps-after-purchase' ? a.score <= 6 : a.score <= 3)).length / of.length;
  const sevilla = world.answers.filter((a) => a.store === 'SVQ1');
  const after = sevilla.filter((a) => a.at.getTime() > since);
  expect(after.length).toBeGreaterThan(3);
  expect(share(after)).toBeGreaterThan(0.5);
  expect(share(world.answers.filter((a) => a.store !== 'SVQ1'))).toBeLessThan(0.35);
});

describe('chance', () => {
  it('stays within its bounds', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (seed, low, width) => {
        const random = seeded(seed);
        const value = random.int(low, low + width);
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(low + width);
        expect(random.next()).toBeLessThan(1);
      }),
    );
  });

  it('follows the weights', () => {
    const random = seeded('weights');
    const picks = Array.from({ length: 10_000 }, () =>
      random.weighted([
        ['a', 3],
        ['b', 1],
      ]),
    );
    expect(picks.filter((pick) => pick === 'a').length / picks.length).toBeCloseTo(0.75, 1);
  });
});
