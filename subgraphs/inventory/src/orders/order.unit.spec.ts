import fc from 'fast-check';
import { after, leavesThePlace, mayAdvance, type FulfilmentStatus } from './order.ts';

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
