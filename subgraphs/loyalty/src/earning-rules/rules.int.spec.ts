import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { balanceOf, completed, expectSound, loyaltyOf, run } from '../testing/loyalty-graph.ts';
import { loyalty as definition } from '../loyalty.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

const rule = (code: string, more = {}): Record<string, unknown> => ({
  code,
  name: 'A rule',
  trigger: 'order',
  effect: 'PER_AMOUNT',
  value: 1,
  ...more,
});
const draft = (code: string, more = {}) =>
  run(loyalty, 'draftEarningRule', { rule: rule(code, more) }, 'rule { id code version status }', 'marketer');
const change = (ruleId: string, status: string) =>
  run(loyalty, 'changeEarningRule', { ruleId, status }, 'rule { id version status }', 'marketer');
async function live(code: string, more = {}): Promise<string> {
  const { rule: drafted, errors } = await draft(code, more);
  expect(errors).toEqual([]);
  expect((await change(drafted.id, 'LIVE')).errors).toEqual([]);
  return drafted.id;
}
const earned = async (lines: { netAmount: number; category?: string }[], more = {}): Promise<number> => {
  const ana = newId();
  await loyalty.receive(completed(loyalty, ana, lines, more));
  return (await balanceOf(loyalty, ana)).available;
};

describe('an earning rule', () => {
  it('earns from the moment it is live until it is paused, and not as a draft', async () => {
    const { rule: drafted } = await draft('shoes', { condition: 'line.category == "shoes"', value: 2 });
    const lines = [{ netAmount: 1_000, category: 'shoes' }];
    expect(await earned(lines)).toBe(10);
    await change(drafted.id, 'LIVE');
    expect(await earned(lines)).toBe(30);
    await change(drafted.id, 'PAUSED');
    expect(await earned(lines)).toBe(10);
    await change(drafted.id, 'RETIRED');
    expect((await change(drafted.id, 'LIVE')).errors).toMatchObject([{ code: 'INVALID_STATUS' }]);
  });

  it('has versions, of which one is live', async () => {
    const first = await live('books', { condition: 'line.category == "books"', value: 1 });
    const second = await live('books', { condition: 'line.category == "books"', value: 9 });
    expect(await earned([{ netAmount: 1_000, category: 'books' }])).toBe(100);
    const { data } = await loyalty.graph('{ earningRules { id version status code } }');
    const books = data.earningRules.filter((r: { code: string }) => r.code === 'books');
    expect(books).toMatchObject([
      { id: second, version: 2, status: 'LIVE' },
      { id: first, version: 1, status: 'RETIRED' },
    ]);
  });

  it('keeps who changed where it stands, when and why', async () => {
    const first = await live('music', { condition: 'line.category == "music"', value: 1 });
    const pause = { ruleId: first, status: 'PAUSED', reason: 'gives too much' };
    expect((await run(loyalty, 'changeEarningRule', pause, 'rule { status }', 'marketer')).errors).toEqual([]);
    await change(first, 'LIVE');
    const second = await live('music', { condition: 'line.category == "music"', value: 2 });
    const { data } = await loyalty
      .as({ role: 'marketer' })
      .graph('{ earningRuleChanges(code: "music") { ruleId version from to reason by at } }');
    const marketer = { by: expect.stringMatching(/./), at: expect.any(String) };
    expect(data.earningRuleChanges).toEqual([
      { ruleId: second, version: 2, from: 'DRAFT', to: 'LIVE', reason: null, ...marketer },
      { ruleId: first, version: 1, from: 'LIVE', to: 'RETIRED', reason: 'Version 2 took its place.', ...marketer },
      { ruleId: first, version: 1, from: 'PAUSED', to: 'LIVE', reason: null, ...marketer },
      { ruleId: first, version: 1, from: 'LIVE', to: 'PAUSED', reason: 'gives too much', ...marketer },
      { ruleId: first, version: 1, from: 'DRAFT', to: 'LIVE', reason: null, ...marketer },
    ]);
  });

  it('may start later', async () => {
    const startsAt = new Date(loyalty.clock.now().getTime() + 86_400_000).toISOString();
    await live('tomorrow', { effect: 'FIXED', value: 500, startsAt, condition: 'line.category == "later"' });
    expect(await earned([{ netAmount: 1_000, category: 'later' }])).toBe(10);
    loyalty.clock.advance({ days: 1 });
    expect(await earned([{ netAmount: 1_000, category: 'later' }])).toBe(510);
  });

  it('may have a cap over all customers, which concurrent orders do not pass', async () => {
    await live('first-come', { effect: 'FIXED', value: 40, capTotal: 100, condition: 'line.category == "gift"' });
    const points = await Promise.all(Array.from({ length: 5 }, () => earned([{ netAmount: 100, category: 'gift' }])));
    expect(points.sort((a, b) => b - a)).toEqual([41, 41, 21, 1, 1]);
  });

  it('may give points of another currency, which a return takes back as well', async () => {
    await run(loyalty, 'configurePointCurrency', { code: 'stars', name: 'Stars' }, 'programme { id }');
    await live('stars', { currency: 'stars', effect: 'FIXED', value: 3, condition: 'line.category == "star"' });
    const ana = newId();
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 1_000, category: 'star' }]));
    const { balances } = await loyaltyOf(loyalty, ana, 'balances { currency available value { amount } }');
    expect(balances).toEqual([
      { currency: 'points', available: 10, value: { amount: 10 } },
      { currency: 'stars', available: 3, value: null },
    ]);
    const refused = await run(loyalty, 'holdPoints', { profileId: ana, points: 1, currency: 'stars' }, 'holdId');
    expect(refused.errors).toMatchObject([{ code: 'NOT_MONEY' }]);
  });

  it.each([
    ['INVALID_CONDITION', { condition: 'order.secret == 1' }],
    ['INVALID_EFFECT', { trigger: 'answer' }],
    ['INVALID_CAP', { capPerCustomer: 5 }],
    ['UNKNOWN_TIER', { tiers: ['diamond'] }],
    ['UNKNOWN_CURRENCY', { currency: 'shells' }],
    ['INVALID_VALUE', { value: 0 }],
    ['INVALID_PERIOD', { startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' }],
  ])('is refused with %s before anybody relies on it', async (code, more) => {
    expect((await draft('wrong', more)).errors).toMatchObject([{ code }]);
  });

  it('explains every award and every non-award to care', async () => {
    const ana = newId();
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 1_000 }]));
    const { earningDecisions } = await loyaltyOf(
      loyalty,
      ana,
      'earningDecisions { edges { node { source trigger outcomes { ruleCode points reason } } } }',
    );
    const [{ node }] = earningDecisions.edges;
    expect(node.trigger).toBe('order');
    expect(node.outcomes).toContainEqual({ ruleCode: 'purchase', points: 10, reason: 'awarded' });
    expect(node.outcomes).toContainEqual({ ruleCode: 'gold-bonus', points: 0, reason: 'other-tier' });
  });
});

describe('a simulation', () => {
  const SIMULATE = `query ($rule: EarningRuleDraft!, $days: Int!) { simulateEarningRule(rule: $rule, days: $days) {
    occasions truncated awards customers points pointsOfLiveVersion cost { amount currency } reasons { reason occasions }
    byTier { key points } byStore { key awards points } byDay { key } topCustomers { key points } } }`;

  it('says what a rule would have given over what really happened, to whom, and at what cost, and writes nothing', async () => {
    const [ana, eva, store] = [newId(), newId(), newId()];
    loyalty.clock.advance({ days: 100 });
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 60_000, category: 'wine' }], { storeId: store }));
    loyalty.clock.advance({ days: 1 });
    await loyalty.receive(
      completed(loyalty, ana, [{ netAmount: 2_000, category: 'wine' }]),
      completed(loyalty, eva, [{ netAmount: 1_000, category: 'bread' }]),
    );
    loyalty.clock.advance({ days: 1 });
    const transfers = await loyalty.sql('select count(*) from transfer');
    const { data, errors } = await loyalty.graph(SIMULATE, {
      rule: rule('wine-week', {
        condition: 'line.category == "wine"',
        value: 5,
        capPerCustomer: 3_050,
        capPeriod: 'EVER',
      }),
      days: 30,
    });
    expect(errors).toBeUndefined();
    expect(data.simulateEarningRule).toEqual({
      occasions: 3,
      truncated: false,
      awards: 2,
      customers: 1,
      points: 3_050,
      pointsOfLiveVersion: 0,
      cost: { amount: 3_050, currency: 'EUR' },
      reasons: expect.arrayContaining([
        { reason: 'condition-false', occasions: 1 },
        { reason: 'awarded', occasions: 1 },
        { reason: 'capped', occasions: 1 },
      ]),
      byTier: [
        { key: 'member', points: 3_000 },
        { key: 'silver', points: 50 },
      ],
      byStore: expect.arrayContaining([expect.objectContaining({ key: store })]),
      byDay: [expect.anything(), expect.anything()],
      topCustomers: [{ key: ana, points: 3_050 }],
    });
    expect(await loyalty.sql('select count(*) from transfer')).toEqual(transfers);
  });

  it('of a live rule as it is gives exactly what it gave', async () => {
    const { data } = await loyalty.graph(SIMULATE, { rule: rule('purchase'), days: 365 });
    expect(data.simulateEarningRule.points).toBeGreaterThan(0);
    expect(data.simulateEarningRule.points).toBe(data.simulateEarningRule.pointsOfLiveVersion);
  });
});

describe('the ladder of tiers', () => {
  it('can be set anew, and everybody stands where it puts her', async () => {
    const ana = newId();
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 60_000 }]));
    const tiers = [
      { code: 'basic', name: 'Basic', threshold: 0 },
      { code: 'gold', name: 'Gold', threshold: 550 },
    ];
    const refused = await run(
      loyalty,
      'configureTiers',
      { tiers: tiers.toReversed(), windowKind: 'CALENDAR' },
      'programme { id }',
    );
    expect(refused.errors).toMatchObject([{ code: 'INVALID_TIERS' }]);
    const { programme, errors } = await run(
      loyalty,
      'configureTiers',
      { tiers, windowKind: 'CALENDAR' },
      'programme { tiers { code rank } }',
    );
    expect(errors).toEqual([]);
    expect(programme.tiers).toEqual([
      { code: 'basic', rank: 0 },
      { code: 'gold', rank: 1 },
    ]);
    await loyalty.runJob('review-standings');
    expect((await loyaltyOf(loyalty, ana, 'standing { tier { code } }')).standing.tier.code).toBe('gold');
    expect((await loyalty.published('loyalty.tier.changed.v1')).at(-1)).toMatchObject({ data: { to: 'gold' } });
  });
});
