import fc from 'fast-check';
import { assertCondition, holds } from './condition.ts';
import { evaluate, periodOf, type Allowance, type EarningRule, type Occasion } from './rule.ts';

const rule = (code: string, more: Partial<EarningRule> = {}): EarningRule => ({
  id: code,
  code,
  version: 1,
  trigger: 'order',
  condition: '',
  effect: 'per-amount',
  value: 1,
  currency: 'points',
  priority: 0,
  exclusive: false,
  startsAt: null,
  endsAt: null,
  storeIds: [],
  channels: [],
  tiers: [],
  pendingDays: 0,
  livesDays: null,
  capPerCustomer: null,
  capPeriod: null,
  capTotal: null,
  qualifies: true,
  budgetStoreId: null,
  localProgrammeId: null,
  ...more,
});

const at = { year: 2026, month: 3, day: 1, weekday: 7, hour: 12 };
const line = (netAmount: number, category = ''): Occasion['lines'][number] => ({
  sku: 'x',
  category,
  quantity: 1,
  netAmount,
  discountAmount: 0,
});
const order = (more: Partial<Occasion> = {}): Occasion => ({
  trigger: 'order',
  occurredAt: new Date('2026-03-01T11:00:00Z'),
  channel: 'web',
  storeId: null,
  customer: { tier: 'member' },
  at,
  frozen: false,
  lines: [line(5_000, 'shoes'), line(2_599, 'books')],
  facts: {},
  ...more,
});
const free = (): Allowance => ({});
const points = (rules: EarningRule[], occasion: Occasion, allowance = free): [string, number, string][] =>
  evaluate(rules, occasion, allowance).map((award) => [award.ruleId, award.points, award.reason]);

describe('an earning rule', () => {
  it('gives points per euro on the whole order, so that cents of several lines add up', () => {
    expect(points([rule('base')], order({ lines: [line(99), line(99), line(99)] }))).toEqual([['base', 2, 'awarded']]);
  });

  it('says what each line brought, in whole points that sum to the award', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5_000, max: 50_000 }), { minLength: 1, maxLength: 20 }), (amounts) => {
        const [award] = evaluate([rule('base')], order({ lines: amounts.map((amount) => line(amount)) }), free);
        const paid = amounts.filter((amount) => amount > 0).reduce((a, b) => a + b, 0);
        expect(award!.points).toBe(Math.floor(paid / 100));
        if (award!.points > 0) expect(award!.perLine.reduce((a, b) => a + b, 0)).toBe(award!.points);
      }),
    );
  });

  it('counts only the lines that its condition holds for', () => {
    expect(points([rule('shoes', { condition: 'line.category == "shoes"', value: 2 })], order())).toEqual([
      ['shoes', 100, 'awarded'],
    ]);
  });

  it('multiplies what the others gave, whatever the priorities', () => {
    const rules = [rule('base'), rule('double', { effect: 'multiplier', value: 1, priority: 99, tiers: ['gold'] })];
    expect(points(rules, order({ customer: { tier: 'gold' } }))).toEqual([
      ['base', 75, 'awarded'],
      ['double', 75, 'awarded'],
    ]);
    expect(points(rules, order())[1]).toEqual(['double', 0, 'other-tier']);
  });

  it('lets one exclusive rule win, the one of highest priority', () => {
    const rules = [
      rule('a', { exclusive: true, priority: 1 }),
      rule('b', { exclusive: true, priority: 2, effect: 'fixed', value: 10 }),
    ];
    expect(points(rules, order())).toEqual([
      ['b', 10, 'awarded'],
      ['a', 0, 'exclusive-rule-won'],
    ]);
  });

  it('gives what a cap leaves, and says so', () => {
    expect(points([rule('base')], order(), () => ({ customer: 20 }))).toEqual([['base', 20, 'capped']]);
    expect(points([rule('base')], order(), () => ({ customer: 0 }))).toEqual([['base', 0, 'cap-reached']]);
    expect(points([rule('base')], order(), () => ({ total: 0 }))).toEqual([['base', 0, 'total-cap-reached']]);
    expect(points([rule('base')], order(), () => ({ budget: 0 }))).toEqual([['base', 0, 'budget-empty']]);
  });

  it.each([
    ['not-started', { startsAt: new Date('2026-04-01') }],
    ['ended', { endsAt: new Date('2026-02-01') }],
    ['other-store', { storeIds: ['s1'] }],
    ['other-channel', { channels: ['store'] }],
    ['other-tier', { tiers: ['gold'] }],
    ['condition-false', { condition: 'order.netAmount > 1000000' }],
    ['below-one-point', { value: 0.001 }],
  ] as [string, Partial<EarningRule>][])('that gives nothing says %s', (reason, more) => {
    expect(points([rule('r', more)], order())).toEqual([['r', 0, reason]]);
  });

  it('gives nothing where the facts do not fit its condition, rather than failing the order', () => {
    const answer = order({ trigger: 'answer', lines: [], facts: {} });
    const thanks = rule('thanks', { trigger: 'answer', effect: 'fixed', value: 50, condition: 'facts.complete' });
    expect(points([thanks], answer)).toEqual([['thanks', 0, 'condition-failed']]);
    expect(points([thanks], { ...answer, facts: { complete: true } })).toEqual([['thanks', 50, 'awarded']]);
  });

  it('gives nothing for engagement while the account is frozen', () => {
    const visit = order({ trigger: 'visit', lines: [], frozen: true });
    expect(points([rule('v', { trigger: 'visit', effect: 'fixed', value: 5 })], visit)).toEqual([['v', 0, 'frozen']]);
  });
});

describe('a condition', () => {
  it.each([
    ['order', 'line.category.startsWith("shoes") && order.netAmount >= 5000'],
    ['order', 'customer.tier in ["gold", "platinum"] && at.weekday >= 6'],
    ['review', 'facts.approved && facts.rating >= 1'],
    ['review', ''],
  ])('on %s may be %s', (trigger, condition) => {
    expect(() => assertCondition(trigger, condition)).not.toThrow();
  });

  it.each([
    ['speaks of something unknown', 'order', 'order.secret == 1', 'No such key: secret'],
    ['is no question', 'order', 'order.netAmount + 1', 'it gives int, not bool'],
    ['does not parse', 'order', 'order.netAmount >', "can't be used"],
    [
      'is a program in disguise',
      'order',
      `order.netAmount in [${Array.from({ length: 150 }, (_, i) => i).join()}]`,
      "can't be used",
    ],
  ])('that %s is refused', (_, trigger, condition, why) => {
    expect(() => assertCondition(trigger, condition)).toThrow(why);
  });

  it('sees whole numbers of events as whole numbers, and fractions as fractions', () => {
    const customer = { tier: 'member' };
    expect(holds('review', 'facts.rating >= 4', { facts: { rating: 4 }, customer, at })).toBe(true);
    expect(holds('review', 'facts.completeness >= 0.8', { facts: { completeness: 1 }, customer, at })).toBe(true);
    expect(
      holds('review', 'facts.nested.list.size() == 2', { facts: { nested: { list: [1, 2] } }, customer, at }),
    ).toBe(true);
  });
});

describe('the period of a cap', () => {
  it.each([
    ['day', '2026-03-01'],
    ['week', 'week of 2026-02-23'],
    ['month', '2026-03'],
    ['year', '2026'],
    ['ever', 'ever'],
  ] as const)('by %s is %s', (period, key) => {
    expect(periodOf(period, at)).toBe(key);
  });
});
