import fc from 'fast-check';
import { DomainError } from '@trenza/values';
import { type Entry, type Ids, type Portion, sum } from './entry.ts';
import { brokenInvariants, emptyBook, holdingsOf, record, sequence, type Book } from './ledger.model.ts';
import { capture, earn, giveBack, release, settle, spendable, take, takeBack } from './ledger.ts';

/** Thousands of histories take seconds on a quiet machine and must not fail on a busy one. */
jest.setTimeout(180_000);

/** Four profiles; who belongs to whom changes with merges and unmerges, what they hold does not. */
const PROFILES = ['p1', 'p2', 'p3', 'p4'];
const at = (day: number): Date => new Date(Date.UTC(2026, 0, 1 + day));

interface World {
  book: Book;
  day: number;
  /** profile → customer */
  customers: Map<string, string>;
  newId: Ids;
}

const profilesOf = (world: World, profile: string): string[] =>
  PROFILES.filter((p) => world.customers.get(p) === world.customers.get(profile));

const profile = fc.constantFrom(...PROFILES);
const points = fc.integer({ min: 1, max: 120 });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('earn' as const),
      profile,
      points,
      waits: fc.nat(6),
      lives: fc.nat(20),
      order: fc.nat(5),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'redeem' as const), profile, points }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('capture' as const, 'release' as const), profile, points }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('give-back' as const), profile, points }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('take-back' as const),
      profile,
      points,
      order: fc.nat(5),
      policy: fc.constantFrom('pending-only' as const, 'within-balance' as const, 'allow-negative' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge' as const), profile, other: profile }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unmerge' as const), profile }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Plays one step; a refusal changes nothing. */
function play(world: World, step: Step): void {
  const now = at(world.day);
  if (step.do === 'wait') world.day += step.days;
  if (step.do === 'merge')
    for (const p of profilesOf(world, step.other)) world.customers.set(p, world.customers.get(step.profile)!);
  if (step.do === 'unmerge') world.customers.set(step.profile, step.profile);
  if (step.do === 'wait' || step.do === 'merge' || step.do === 'unmerge') return;

  const mine = profilesOf(world, step.profile);
  const write = (entry: Entry): void => void (world.book = record(world.book, entry));
  write(settle(holdingsOf(world.book, mine), now, world.newId));
  const holdings = holdingsOf(world.book, mine);
  try {
    switch (step.do) {
      case 'earn': {
        const { waits, lives, order } = step;
        const unlockAt = waits > 0 ? at(world.day + waits) : null;
        const expiresAt = lives > 0 ? at(world.day + waits + lives) : null;
        write(
          earn(
            { profileId: step.profile, points: step.points, unlockAt, expiresAt, orderId: `o${order}`, at: now },
            world.newId,
          ),
        );
        return;
      }
      case 'hold': {
        const entry = take(holdings, { points: step.points, into: 'customer.held', at: now }, world.newId);
        write(entry);
        setHold(world, world.newId(), portionsOf(world.book, entry));
        return;
      }
      case 'redeem': {
        const entry = take(holdings, { points: step.points, into: 'programme.redeemed', at: now }, world.newId);
        write(entry);
        world.book = { ...world.book, spent: [...world.book.spent, ...portionsOf(world.book, entry)] };
        return;
      }
      case 'capture':
      case 'release': {
        const [hold] = world.book.holds;
        if (!hold) return;
        const [id, portions] = hold;
        const total = sum(portions.map((portion) => portion.amount));
        const used = step.do === 'capture' ? Math.min(step.points, total) : 0;
        write(step.do === 'capture' ? capture(portions, used, now, world.newId) : release(portions, now, world.newId));
        setHold(world, id, []);
        return;
      }
      case 'give-back': {
        const spent = world.book.spent;
        const back = Math.min(step.points, sum(spent.map((portion) => portion.amount)));
        write(
          giveBack(
            spent,
            { profileId: step.profile, points: back, graceUntil: at(world.day + 30), at: now },
            world.newId,
          ),
        );
        world.book = { ...world.book, spent: dropLast(spent, back) };
        return;
      }
      case 'take-back':
        write(
          takeBack(
            holdings,
            { profileId: step.profile, orderId: `o${step.order}`, points: step.points, policy: step.policy, at: now },
            world.newId,
          ),
        );
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

function setHold(world: World, id: string, portions: readonly Portion[]): void {
  const holds = new Map(world.book.holds);
  if (portions.length === 0) holds.delete(id);
  else holds.set(id, portions);
  world.book = { ...world.book, holds };
}

const portionsOf = (book: Book, entry: Entry): Portion[] =>
  entry.uses.map(({ lotId, amount }) => {
    const { profileId, expiresAt } = book.lots.find((lot) => lot.id === lotId)!;
    return { lotId, profileId, amount, expiresAt };
  });

function dropLast(portions: readonly Portion[], points: number): Portion[] {
  const keep = sum(portions.map((portion) => portion.amount)) - points;
  let left = keep;
  return portions.flatMap((portion) => {
    const amount = Math.min(portion.amount, left);
    left -= amount;
    return amount > 0 ? [{ ...portion, amount }] : [];
  });
}

const history = fc.array(step, { minLength: 1, maxLength: 60 });
const newWorld = (): World => ({
  book: emptyBook(),
  day: 0,
  customers: new Map(PROFILES.map((p) => [p, p])),
  newId: sequence(),
});

describe('over thousands of random histories the ledger', () => {
  it('holds every invariant after each step', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const world = newWorld();
        for (const s of steps) {
          play(world, s);
          expect(brokenInvariants(world.book)).toEqual([]);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('never lets anyone fall below zero unless the policy allows a debt', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const world = newWorld();
        for (const s of steps) {
          if (s.do === 'take-back' && s.policy === 'allow-negative') continue;
          play(world, s);
          for (const p of PROFILES)
            expect(spendable(holdingsOf(world.book, [p]), at(world.day))).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
