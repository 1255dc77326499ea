import fc from 'fast-check';
import { after, applyDiscounts, leavesThePlace, mayAdvance, type FulfilmentStatus } from './order.ts';

describe('an order', () => {
  it('is paid once, fulfilled only after that, and cancelled only before it is handed over', () => {
    expect(after('awaiting-payment', 'pay')).toBe('paid');
    expect(after('awaiting-payment', 'fulfil')).toBeNull();
    expect(after('paid', 'pay')).toBeNull();
    expect(after('paid', 'cancel')).toBe('cancelled');
    expect(after('fulfilled', 'cancel')).toBeNull();
    expect(after('cancelled', 'pay')).toBeNull();
  });

  it('goes forward only, and a pick-up is never shipped', () => {
    expect(mayAdvance('pick-up', 'waiting', 'ready')).toBe(true);
    expect(mayAdvance('pick-up', 'ready', 'shipped')).toBe(false);
    expect(mayAdvance('delivery', 'waiting', 'shipped')).toBe(true);
    expect(mayAdvance('delivery', 'shipped', 'ready')).toBe(false);
    expect(mayAdvance('delivery', 'cancelled', 'shipped')).toBe(false);
  });

  it('takes the units out of the place exactly once on any way to the customer', () => {
    const steps: FulfilmentStatus[] = ['waiting', 'ready', 'shipped', 'handed-over'];
    fc.assert(
      fc.property(fc.constantFrom('delivery', 'pick-up'), fc.subarray(steps.slice(1, 3)), (kind, between) => {
        const way: FulfilmentStatus[] = ['waiting', ...between, 'handed-over'];
        const moves = way.slice(1).map((to, i) => ({ from: way[i]!, to }));
        fc.pre(moves.every(({ from, to }) => mayAdvance(kind, from, to)));
        expect(moves.filter(({ from, to }) => leavesThePlace(from, to))).toHaveLength(1);
      }),
    );
  });
});

describe('discounts', () => {
  const lines = [
    { productId: 'a', quantity: 1, unitAmount: 1_000 },
    { productId: 'b', quantity: 2, unitAmount: 1_000 },
  ];

  it('spread an amount over the lines in proportion', () => {
    expect(applyDiscounts(lines, [{ code: 'X', amount: 100 }]).map((l) => l.netAmount)).toEqual([967, 1_933]);
  });

  it('apply one after the other on what is left', () => {
    const result = applyDiscounts(lines, [
      { code: 'HALF', percent: 50 },
      { code: 'TEN', percent: 10 },
    ]);
    expect(result.reduce((sum, l) => sum + l.netAmount, 0)).toBe(1_350);
  });

  it('never go below zero, and net and discount make up the price', () => {
    const discount = fc.oneof(
      fc.record({ code: fc.constant('p'), percent: fc.integer({ min: 0, max: 100 }) }),
      fc.record({ code: fc.constant('a'), amount: fc.nat(10_000) }),
    );
    const line = fc.record({
      productId: fc.constant('x'),
      quantity: fc.integer({ min: 1, max: 9 }),
      unitAmount: fc.nat(9_999),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), fc.array(discount, { maxLength: 3 }), (ls, ds) => {
        for (const l of applyDiscounts(ls, ds)) {
          expect(l.netAmount).toBeGreaterThanOrEqual(0);
          expect(l.netAmount + l.discountAmount).toBe(l.unitAmount * l.quantity);
        }
      }),
    );
  });
});
