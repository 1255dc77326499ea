import { customerKey, dayKey, decideDeeds, type Deed, type StaffHistory, type StaffRule } from './staff-incentive.ts';

const rule: StaffRule = { kind: 'feedback-collected', points: 10, capPerDay: 25, sameCustomerDays: 30, pendingDays: 7 };
const at = (day: number, hour = 12): Date => new Date(Date.UTC(2026, 2, day, hour));
const deed = (source: string, more: Partial<Deed> = {}): Deed => ({
  source,
  kind: 'feedback-collected',
  associateId: 'luis',
  storeId: null,
  customerId: source,
  occurredAt: at(1),
  ...more,
});
const nothing: StaffHistory = { pointsOfDay: new Map(), lastOfCustomer: new Map() };
const dayOf = (when: Date): string => when.toISOString().slice(0, 10);
const decided = (deeds: Deed[], history = nothing): [number, string][] =>
  decideDeeds(deeds, [rule], history, dayOf).map(({ points, reason }) => [points, reason]);

describe('an associate', () => {
  it('earns for each deed until the cap of the day, and again the day after', () => {
    const deeds = ['a', 'b', 'c', 'd'].map((source) => deed(source)).concat(deed('e', { occurredAt: at(2) }));
    expect(decided(deeds)).toEqual([
      [10, 'awarded'],
      [10, 'awarded'],
      [5, 'capped'],
      [0, 'cap-reached'],
      [10, 'awarded'],
    ]);
  });

  it('earns once for the same customer within some days', () => {
    const again = (day: number): Deed => deed(`again-${day}`, { customerId: 'ana', occurredAt: at(day) });
    expect(decided([again(1), again(2), again(31)])).toEqual([
      [10, 'awarded'],
      [0, 'same-customer'],
      [10, 'awarded'],
    ]);
  });

  it('is held to what she got before', () => {
    const one = deed('x', { customerId: 'ana' });
    expect(decided([one], { ...nothing, pointsOfDay: new Map([[dayKey(one, '2026-03-01'), 25]]) })).toEqual([
      [0, 'cap-reached'],
    ]);
    expect(decided([one], { ...nothing, lastOfCustomer: new Map([[customerKey(one), at(1, 9)]]) })).toEqual([
      [0, 'same-customer'],
    ]);
  });

  it('earns nothing for what no rule speaks of', () => {
    expect(decided([deed('x', { kind: 'smiling' })])).toEqual([[0, 'no-rule']]);
  });
});
