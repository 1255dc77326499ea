import fc from 'fast-check';
import { quote } from './quote.ts';

const cents = { code: 'points', valueMinor: 1, moneyCurrency: 'EUR' };

describe('a quote', () => {
  it('pays the whole order where there are points enough, and a part where there are not', () => {
    expect(quote(cents, 900, { amount: 500, currency: 'EUR' })).toMatchObject({
      points: 500,
      value: { amount: 500 },
      rest: { amount: 0 },
    });
    expect(quote(cents, 300, { amount: 500, currency: 'EUR' })).toMatchObject({
      points: 300,
      value: { amount: 300 },
      rest: { amount: 200 },
    });
  });

  it('of somebody who owes is nothing', () => {
    expect(quote(cents, -20, { amount: 500, currency: 'EUR' })).toMatchObject({ points: 0, rest: { amount: 500 } });
  });

  it('in another money, or in points that pay for nothing, is refused', () => {
    expect(() => quote(cents, 1, { amount: 500, currency: 'USD' })).toThrow('The points pay in EUR');
    expect(() =>
      quote({ code: 'stars', valueMinor: null, moneyCurrency: null }, 1, { amount: 1, currency: 'EUR' }),
    ).toThrow("can't pay");
  });

  it('never pays more than the order costs, whatever a point is worth', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0.5, 1, 0.01, 2.5, 7),
        fc.nat(100_000),
        fc.nat(100_000),
        (valueMinor, available, amount) => {
          const { points, value, rest } = quote({ ...cents, valueMinor }, available, { amount, currency: 'EUR' });
          expect(points).toBeLessThanOrEqual(available);
          expect(rest.amount).toBeGreaterThanOrEqual(0);
          expect(value.amount + rest.amount).toBe(amount);
        },
      ),
    );
  });
});
