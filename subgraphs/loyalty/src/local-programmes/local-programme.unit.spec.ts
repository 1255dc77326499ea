import { refusals, type GuardRails, type Proposal } from './local-programme.ts';

const rails: GuardRails = {
  triggers: ['order', 'store_visit'],
  rewardKinds: ['product'],
  maxFixed: 100,
  maxPerAmount: 3,
  maxRewardPoints: 1_000,
  maxDays: 31,
  maxBudget: 10_000,
  closed: [{ from: '2026-11-23', to: '2026-11-30', why: 'the central sale' }],
  bannedWords: ['Cheapest'],
};
const now = new Date('2026-03-01T00:00:00Z');
const proposal = (more: Partial<Proposal> = {}): Proposal => ({
  name: 'Shoe week',
  startsAt: new Date('2026-03-02T00:00:00Z'),
  endsAt: new Date('2026-03-09T00:00:00Z'),
  budget: 5_000,
  rule: { trigger: 'order', effect: 'per-amount', value: 2 },
  ...more,
});
const said = (more: Partial<Proposal>): string[] => refusals(proposal(more), rails, now).map((error) => error.message);

describe('a local programme', () => {
  it('within the guard-rails is welcome', () => {
    expect(said({})).toEqual([]);
    expect(said({ rule: null, reward: { kind: 'product', points: 900, name: 'A tote bag', description: '' } })).toEqual(
      [],
    );
  });

  it.each<[string, Partial<Proposal>, string]>([
    ['neither a rule nor a reward', { rule: null }, 'a rule or a reward'],
    ['too long', { endsAt: new Date('2026-05-01T00:00:00Z') }, '60 days, and 31 are allowed'],
    ['over', { startsAt: new Date('2026-01-01T00:00:00Z'), endsAt: new Date('2026-01-02T00:00:00Z') }, 'over already'],
    ['too dear', { budget: 10_001 }, '1 to 10000 points'],
    [
      'in a closed season',
      { startsAt: new Date('2026-11-30T22:00:00Z'), endsAt: new Date('2026-12-02T00:00:00Z') },
      'the central sale',
    ],
    ['off brand', { name: 'The cheapest week' }, 'does not say "Cheapest"'],
    ['about something central', { rule: { trigger: 'referral', effect: 'fixed', value: 1 } }, 'not at "referral"'],
    ['too generous', { rule: { trigger: 'order', effect: 'multiplier', value: 4 } }, 'gives 3 at most'],
    [
      'a reward of another kind',
      { rule: null, reward: { kind: 'discount', points: 1, name: '', description: '' } },
      'not discount',
    ],
    [
      'a reward too dear',
      { rule: null, reward: { kind: 'product', points: 1_001, name: '', description: '' } },
      '1000 points at most',
    ],
  ])('that is %s is refused and told why', (_, more, why) => {
    expect(said(more)).toEqual([expect.stringContaining(why)]);
  });
});
