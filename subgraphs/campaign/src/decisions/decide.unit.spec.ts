import fc from 'fast-check';
import { cellKeys, EPSILON, epsilonGreedy, propensity, type Cell } from './bandit.ts';
import { candidatesFor, type Known } from './candidates.ts';
import { decide, type Circumstances } from './decide.ts';

const NOW = new Date('2026-03-02T12:00:00Z');
const known = (over: Partial<Known> = {}): Known => ({
  intents: [],
  products: [],
  cases: [],
  offers: [],
  language: 'en',
  ...over,
});
const circumstances = (over: Partial<Circumstances> = {}): Circumstances => ({
  now: NOW,
  channel: 'web',
  stage: 'active',
  openCases: 0,
  unhappy: false,
  saturation: 0,
  cells: new Map(),
  random: 0.99,
  ...over,
});
const scarf = { productId: 'scarf', name: 'Wool scarf', category: 'Scarves', price: 4_000, available: 5 };
const drawn = known({ intents: [{ kind: 'behavioural', topic: 'product:scarf', strength: 4 }], products: [scarf] });

describe('next best action', () => {
  it('is a welcome where she comes to us and we know nothing, and silence where we would have to go to her', () => {
    expect(decide(candidatesFor(known()), circumstances()).ranked[0]?.key).toBe('welcome');
    const push = decide(candidatesFor(known()), circumstances({ channel: 'email' }));
    expect(push.ranked.map((r) => r.key)).toEqual(['silence']);
    expect(push.reason).toContain('Silence');
  });

  it('recommends what she is drawn to, and says which signal it springs from', () => {
    const { ranked } = decide(candidatesFor(drawn), circumstances());
    expect(ranked[0]).toMatchObject({
      key: 'recommend:scarf',
      kind: 'offer',
      reason: 'She looked for “Wool scarf” itself (intent 4.0).',
    });
  });

  it('excludes what is sold out, what she has just bought and what is not made for the channel, each with its reason', () => {
    const soldOut = known({ ...drawn, products: [{ ...scarf, available: 0 }] });
    expect(decide(candidatesFor(soldOut), circumstances()).exclusions).toContainEqual(
      expect.objectContaining({ key: 'recommend:scarf', stage: 'stock' }),
    );
    const bought = known({ ...drawn, products: [{ ...scarf, boughtAt: new Date('2026-02-20T00:00:00Z') }] });
    expect(decide(candidatesFor(bought), circumstances()).exclusions).toContainEqual(
      expect.objectContaining({ stage: 'eligibility', reason: 'She bought it on 2026-02-20.' }),
    );
    const offer = {
      offerId: 'o',
      title: 'App only',
      value: 900,
      topic: null,
      channels: ['app' as const],
      kind: 'offer' as const,
      productId: null,
    };
    expect(decide(candidatesFor(known({ offers: [offer] })), circumstances()).exclusions).toContainEqual(
      expect.objectContaining({ key: 'offer:o', stage: 'eligibility' }),
    );
  });

  it('turns every upsell off and sees to the complaint first while a case is open', () => {
    const angry = known({ ...drawn, cases: [{ caseId: 'c', storeId: 's', severity: 'high', reason: 'NPS 3' }] });
    const decision = decide(candidatesFor(angry), circumstances({ openCases: 1 }));
    expect(decision.ranked).toHaveLength(1);
    expect(decision.ranked[0]).toMatchObject({ key: 'recover:c', kind: 'service', storeId: 's', probability: 1 });
    expect(decision.exclusions).toContainEqual(expect.objectContaining({ key: 'recommend:scarf', stage: 'complaint' }));
  });

  it('offers nothing to somebody whose last answer was unhappy, also where no case is open', () => {
    const decision = decide(candidatesFor(drawn), circumstances({ unhappy: true }));
    expect(decision.ranked.map((r) => r.kind)).not.toContain('offer');
    expect(decision.exclusions).toContainEqual(expect.objectContaining({ key: 'recommend:scarf', stage: 'complaint' }));
  });

  it('keeps silent towards somebody who refused personal suggestions, save for a welcome', () => {
    const decision = decide(candidatesFor(drawn), circumstances({ channel: 'email', consentRefusal: 'She refused.' }));
    expect(decision.ranked.map((r) => r.key)).toEqual(['silence']);
    expect(decision.reason).toBe('Silence: She refused.');
  });

  it('prefers silence by mail when she has had enough of us', () => {
    const fresh = decide(candidatesFor(drawn), circumstances({ channel: 'email' }));
    const full = decide(candidatesFor(drawn), circumstances({ channel: 'email', saturation: 1 }));
    expect(fresh.ranked[0]?.key).toBe('recommend:scarf');
    expect(full.ranked[0]?.key).toBe('silence');
  });

  it('learns: what is taken up more often comes first', () => {
    const cart = known({ ...drawn, cart: { cartId: 'k', items: 1, total: 4_000, channel: 'app' } });
    const cells = (taken: number) => new Map<string, Cell>([['recommend', { shown: 500, taken }]]);
    expect(decide(candidatesFor(cart), circumstances({ cells: cells(1) })).ranked[0]?.key).toBe('complete-cart:k');
    expect(decide(candidatesFor(cart), circumstances({ cells: cells(300) })).ranked[0]?.key).toBe('recommend:scarf');
  });

  it('never fails and never returns nothing, whatever is known', () => {
    const products = fc.array(
      fc.record({
        productId: fc.uuid(),
        name: fc.string(),
        category: fc.constantFrom('a', 'b', null),
        price: fc.nat(100_000),
        available: fc.option(fc.integer({ min: -1, max: 3 }), { nil: undefined }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(
        products,
        fc.boolean(),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.constantFrom('web' as const, 'email' as const),
        fc.boolean(),
        (list, interested, random, channel, refused) => {
          const intents = interested ? [{ kind: 'affinity', topic: 'category:a', strength: 2 }] : [];
          const candidates = candidatesFor(known({ products: list, intents }));
          const decision = decide(
            candidates,
            circumstances({ random, channel, ...(refused && { capRefusal: 'cap' }) }),
          );
          expect(decision.ranked.length).toBeGreaterThan(0);
          const excluded = new Set(decision.exclusions.map((e) => e.key));
          expect(decision.ranked.some((r) => excluded.has(r.key))).toBe(false);
          expect(decision.ranked[0]!.probability).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('bandit', () => {
  it('tells the exact probability of each choice, and they sum to 1', () => {
    const counts = [0, 0, 0];
    const runs = 30_000;
    for (let i = 0; i < runs; i++) counts[epsilonGreedy([1, 3, 2], EPSILON, (i + 0.5) / runs).index]!++;
    const { probabilities } = epsilonGreedy([1, 3, 2], EPSILON, 0.5);
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    probabilities.forEach((p, i) => expect(counts[i]! / runs).toBeCloseTo(p, 3));
  });

  it('leans on the coarser cell where the finer one saw little', () => {
    const arm = { shown: 1_000, taken: 300 };
    expect(propensity([arm, undefined, { shown: 1, taken: 0 }])).toBeGreaterThan(0.25);
    expect(propensity([arm, undefined, { shown: 1_000, taken: 10 }])).toBeLessThan(0.02);
  });

  it('comes within three hundredths of the ceiling 0.8 + 0.2/7 in a contextual task with seven actions and ε = 0.2', () => {
    let seed = 11;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const contexts = ['a', 'b', 'c', 'd'];
    const cells = new Map<string, Cell>();
    let hits = 0;
    const rounds = 20_000;
    const counted = 5_000;
    for (let round = 0; round < rounds; round++) {
      const context = Math.floor(random() * contexts.length);
      const keys = (arm: number) => cellKeys(`arm${arm}`, 'web', contexts[context]!);
      const scores = Array.from({ length: 7 }, (_, arm) => propensity(keys(arm).map((key) => cells.get(key))));
      const { index } = epsilonGreedy(scores, 0.2, random());
      const right = index === (context * 2) % 7;
      for (const key of keys(index)) {
        const cell = cells.get(key) ?? { shown: 0, taken: 0 };
        cells.set(key, { shown: cell.shown + 1, taken: cell.taken + (right ? 1 : 0) });
      }
      if (round >= rounds - counted && right) hits++;
    }
    expect(hits / counted).toBeGreaterThan(0.8 + 0.2 / 7 - 0.03);
  });
});
