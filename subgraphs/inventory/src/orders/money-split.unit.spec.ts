import fc from 'fast-check';
import { apportion, shareOf } from './money-split.ts';

describe('splitting money', () => {
  it('gives every cent away, and to each at most one cent more than her share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.array(fc.nat(1e9), { minLength: 1, maxLength: 20 }),
        (amount, weights) => {
          const parts = apportion(amount, weights);
          expect(parts.reduce((a, b) => a + b, 0)).toBe(amount);
          const total = weights.reduce((a, b) => a + b, 0);
          if (total > 0)
            parts.forEach((p, i) => expect(Math.abs(p - (amount / total) * weights[i]!)).toBeLessThanOrEqual(1.01));
        },
      ),
    );
  });

  it('gives the cents left over to the largest remainders', () => {
    expect(apportion(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(apportion(10, [1, 2])).toEqual([3, 7]);
    expect(apportion(5, [0, 0])).toEqual([3, 2]);
    expect(apportion(5, [])).toEqual([]);
  });

  it('gives back exactly the amount of a line, in whatever steps its units come back', () => {
    fc.assert(
      fc.property(
        fc.nat(1e9),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
        (amount, steps) => {
          const whole = steps.reduce((a, b) => a + b, 0);
          let before = 0;
          let sum = 0;
          for (const step of steps) {
            sum += shareOf(amount, whole, before, step);
            before += step;
          }
          expect(sum).toBe(amount);
        },
      ),
    );
  });
});
