import fc from 'fast-check';
import { shareOf } from './share.ts';

describe('the share of a line', () => {
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
