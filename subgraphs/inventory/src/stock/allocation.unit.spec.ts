import fc from 'fast-check';
import { allocate, MAX_SPLITS } from './allocation.ts';

const line = (lineNo: number, productId: string, quantity: number) => ({ lineNo, productId, quantity });
const stock = (placeId: string, productId: string, available: number) => ({ placeId, productId, available });

describe('allocation', () => {
  it('takes everything from one place if one has it all, though a preferred one has a part', () => {
    const result = allocate(
      [line(1, 'a', 1), line(2, 'b', 1)],
      [stock('near', 'a', 5), stock('far', 'a', 1), stock('far', 'b', 1)],
      ['near', 'far'],
    );
    expect(result).toEqual({
      assignments: [
        { lineNo: 1, productId: 'a', placeId: 'far', quantity: 1 },
        { lineNo: 2, productId: 'b', placeId: 'far', quantity: 1 },
      ],
    });
  });

  it('prefers the earlier place between two that serve as much', () => {
    const result = allocate([line(1, 'a', 1)], [stock('far', 'a', 9), stock('near', 'a', 9)], ['near', 'far']);
    expect(result).toMatchObject({ assignments: [{ placeId: 'near' }] });
  });

  it('sums two lines of one product before it looks at the stock', () => {
    const result = allocate([line(1, 'a', 3), line(2, 'a', 3)], [stock('x', 'a', 5)], ['x']);
    expect(result).toEqual({
      shortages: [{ productId: 'a', asked: 6, available: 5, where: [{ placeId: 'x', available: 5 }] }],
    });
  });

  it('refuses to scatter an order over more places than allowed', () => {
    const places = Array.from({ length: MAX_SPLITS + 1 }, (_, i) => `p${i}`);
    const result = allocate(
      [line(1, 'a', places.length)],
      places.map((p) => stock(p, 'a', 1)),
      places,
    );
    expect(result).toMatchObject({ shortages: [{ asked: MAX_SPLITS + 1, available: MAX_SPLITS }] });
  });

  it('serves exactly what was asked and never more than there is', () => {
    const product = fc.constantFrom('a', 'b', 'c');
    const place = fc.constantFrom('p', 'q', 'r');
    fc.assert(
      fc.property(
        fc.array(fc.record({ productId: product, quantity: fc.integer({ min: 1, max: 9 }) }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.uniqueArray(fc.record({ placeId: place, productId: product, available: fc.integer({ min: -2, max: 12 }) }), {
          selector: (s) => `${s.placeId}/${s.productId}`,
        }),
        (wanted, supply) => {
          const demand = wanted.map((w, i) => ({ lineNo: i + 1, ...w }));
          const result = allocate(demand, supply, ['p', 'q', 'r']);
          const sum = (items: { quantity: number }[]) => items.reduce((n, i) => n + i.quantity, 0);
          if ('shortages' in result) {
            for (const s of result.shortages) {
              const all = supply.filter((x) => x.productId === s.productId && x.available > 0);
              expect(s.available).toBe(all.reduce((n, x) => n + x.available, 0));
              expect(s.asked).toBeGreaterThan(s.available);
            }
            expect(result.shortages.length).toBeGreaterThan(0);
            return;
          }
          for (const d of demand) expect(sum(result.assignments.filter((a) => a.lineNo === d.lineNo))).toBe(d.quantity);
          for (const s of supply) {
            const used = sum(result.assignments.filter((a) => a.placeId === s.placeId && a.productId === s.productId));
            expect(used).toBeLessThanOrEqual(Math.max(0, s.available));
          }
        },
      ),
    );
  });
});
