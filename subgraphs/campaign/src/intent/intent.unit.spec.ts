import fc from 'fast-check';
import { addStrength, foldSignals, HALF_LIFE_SECONDS, INTENT_KINDS, strengthAt, type Signal } from './intent.ts';

const at = (iso: string) => new Date(iso);
const signal = (over: Partial<Signal> = {}): Signal => ({
  eventId: 'e',
  profileId: 'p',
  kind: 'behavioural',
  topic: 'category:shoes',
  weight: 1,
  at: at('2026-03-01T00:00:00Z'),
  ...over,
});

describe('intent', () => {
  it('halves with every half-life', () => {
    const start = at('2026-03-01T00:00:00Z');
    expect(strengthAt(8, 3600, start, at('2026-03-01T01:00:00Z'))).toBeCloseTo(4);
    expect(strengthAt(8, 3600, start, at('2026-03-01T03:00:00Z'))).toBeCloseTo(1);
  });

  it('counts a signal from the future in full', () => {
    expect(strengthAt(8, 3600, at('2026-03-02T00:00:00Z'), at('2026-03-01T00:00:00Z'))).toBe(8);
  });

  it('adds the weight of a new signal to what is left of the old ones', () => {
    const [change] = foldSignals([
      signal({ weight: 4 }),
      signal({ weight: 1, at: new Date(at('2026-03-01T00:00:00Z').getTime() + HALF_LIFE_SECONDS.behavioural * 1000) }),
    ]);
    expect(change?.strength).toBeCloseTo(3);
  });

  it('comes to the same strength in whatever order signals arrive and however they are batched', () => {
    const signals = fc.array(
      fc.record({
        weight: fc.double({ min: -3, max: 5, noNaN: true }),
        seconds: fc.integer({ min: 0, max: 40 * 86_400 }),
        kind: fc.constantFrom(...INTENT_KINDS),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(signals, fc.nat(20), fc.boolean(), (list, split, turned) => {
        const all = list.map((s) =>
          signal({ weight: s.weight, kind: s.kind, at: new Date(1_700_000_000_000 + s.seconds * 1000) }),
        );
        const whole = foldSignals(all);
        const ordered = turned ? all.toReversed() : all;
        const parts = [...foldSignals(ordered.slice(0, split)), ...foldSignals(ordered.slice(split))];
        for (const change of whole) {
          const joined = parts
            .filter((p) => p.kind === change.kind)
            .reduce((a, b) => ({ ...b, ...addStrength(HALF_LIFE_SECONDS[b.kind], a, b) }));
          expect(joined.strength).toBeCloseTo(change.strength, 8);
          expect(joined.lastAt).toEqual(change.lastAt);
        }
      }),
    );
  });
});
