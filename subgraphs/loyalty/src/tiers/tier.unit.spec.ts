import fc from 'fast-check';
import { standing, type Qualification, type Tier, type TierPolicy } from './tier.ts';

const tier = (code: string, rank: number, threshold: number): Tier => ({
  code,
  name: code,
  rank,
  threshold,
  benefits: [],
});
const TIERS = [tier('member', 0, 0), tier('silver', 1, 500), tier('gold', 2, 1_500)];
const rolling: TierPolicy = {
  windowKind: 'rolling',
  windowDays: 365,
  graceDays: 30,
  downgrade: 'one-step',
  timeZone: 'Europe/Madrid',
};
const on = (date: string): Date => new Date(`${date}T12:00:00Z`);
const got = (date: string, points: number): Qualification => ({ points, occurredAt: on(date) });
const tierOn = (date: string, policy: TierPolicy, ...qualifications: Qualification[]): string =>
  standing(TIERS, policy, qualifications, on(date)).tier.code;

describe('a tier', () => {
  it('is reached at once, by however many steps', () => {
    expect(tierOn('2026-01-01', rolling)).toBe('member');
    expect(tierOn('2026-01-02', rolling, got('2026-01-02', 1_500))).toBe('gold');
  });

  it('is kept for the grace period after it is no longer earned, and then falls by one step at a time', () => {
    const gold = got('2025-01-01', 2_000);
    expect(tierOn('2026-01-01', rolling, gold)).toBe('gold');
    expect(tierOn('2026-01-30', rolling, gold)).toBe('gold');
    expect(tierOn('2026-02-01', rolling, gold)).toBe('silver');
    expect(tierOn('2026-03-05', rolling, gold)).toBe('member');
  });

  it('falls to the earned one where the policy says so', () => {
    expect(tierOn('2026-02-01', { ...rolling, downgrade: 'to-earned' }, got('2025-01-01', 2_000))).toBe('member');
  });

  it('is saved by points earned in the grace period', () => {
    const saved = [got('2025-01-01', 2_000), got('2026-01-15', 1_500)];
    expect(tierOn('2026-06-01', rolling, ...saved)).toBe('gold');
    expect(standing(TIERS, rolling, saved, on('2026-06-01')).history).toHaveLength(1);
  });

  it('counts since New Year, in local time, where the window is the calendar year', () => {
    const calendar: TierPolicy = { ...rolling, windowKind: 'calendar', graceDays: 0 };
    const atMidnight = { points: 600, occurredAt: new Date('2025-12-31T23:30:00Z') }; // already 2026 in Madrid
    expect(tierOn('2026-11-01', calendar, atMidnight)).toBe('silver');
    expect(tierOn('2026-01-02', calendar, got('2025-12-31', 600))).toBe('member');
  });

  it('counts since the last anniversary where the window is hers', () => {
    const anniversary: TierPolicy = { ...rolling, windowKind: 'anniversary', graceDays: 0 };
    const bought = [got('2025-03-10', 300), got('2026-03-09', 300), got('2026-03-11', 400)];
    expect(tierOn('2026-03-09', anniversary, ...bought)).toBe('silver');
    expect(tierOn('2026-03-11', anniversary, ...bought)).toBe('member');
  });

  it('never counted what was returned', () => {
    const returned = [got('2026-01-01', 2_000), { points: -1_600, occurredAt: on('2026-01-01') }];
    expect(tierOn('2026-01-02', rolling, ...returned)).toBe('member');
  });

  it('says how far the next one is, and when time alone may change it', () => {
    const now = standing(TIERS, rolling, [got('2026-01-01', 700)], on('2026-02-01'));
    expect(now).toMatchObject({ qualifyingPoints: 700, pointsToNext: 800, next: { code: 'gold' }, graceUntil: null });
    expect(now.reviewAt).toEqual(on('2027-01-01'));
    expect(standing(TIERS, rolling, [got('2026-01-01', 2_000)], on('2026-02-01'))).toMatchObject({
      next: null,
      pointsToNext: null,
    });
  });

  it('does not depend on the order in which qualifications became known', () => {
    const qualification = fc.record({
      points: fc.integer({ min: -500, max: 1_000 }),
      occurredAt: fc.date({ min: on('2024-01-01'), max: on('2026-06-01'), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(
        fc.array(qualification, { maxLength: 30 }),
        fc.constantFrom('rolling' as const, 'calendar' as const, 'anniversary' as const),
        (list, windowKind) => {
          const policy: TierPolicy = { ...rolling, windowKind };
          const known = standing(TIERS, policy, list, on('2026-06-01'));
          expect(standing(TIERS, policy, list.toReversed(), on('2026-06-01'))).toEqual(known);
          expect(known.tier.rank).toBeGreaterThanOrEqual(known.earned.rank);
        },
      ),
    );
  });

  it('changes by time alone no earlier than it says', () => {
    const qualification = fc.record({
      points: fc.integer({ min: 1, max: 1_000 }),
      occurredAt: fc.date({ min: on('2024-01-01'), max: on('2026-01-01'), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(
        fc.array(qualification, { minLength: 1, maxLength: 10 }),
        fc.constantFrom('rolling' as const, 'calendar' as const, 'anniversary' as const),
        (list, windowKind) => {
          const policy: TierPolicy = { ...rolling, windowKind };
          const now = standing(TIERS, policy, list, on('2026-01-01'));
          if (!now.reviewAt) return;
          const { qualifyingPoints, tier: before } = standing(
            TIERS,
            policy,
            list,
            new Date(now.reviewAt.getTime() - 1),
          );
          expect([qualifyingPoints, before.code]).toEqual([now.qualifyingPoints, now.tier.code]);
        },
      ),
    );
  });
});
