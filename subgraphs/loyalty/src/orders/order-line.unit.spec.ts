import fc from 'fast-check';
import { burnedPerLine, isAllBack, reverseLines, total, type LineSnapshot, type LinePoints } from './order-line.ts';

const line = (lineId: string, quantity: number, earned: number, burned = 0): LineSnapshot => ({
  lineId,
  sku: `sku-${lineId}`,
  quantity,
  earned,
  burned,
  qualifying: earned,
});

describe('a return', () => {
  it('reverses the share of the line that goes back', () => {
    const reversed = reverseLines([line('a', 4, 40, 8), line('b', 1, 10)], [], [{ lineId: 'a', sku: '', quantity: 1 }]);
    expect(reversed).toEqual([{ lineId: 'a', quantity: 1, earned: 10, burned: 2, qualifying: 10 }]);
  });

  it('finds the line by its article where the till does not know the line', () => {
    expect(reverseLines([line('a', 1, 7)], [], [{ lineId: null, sku: 'sku-a', quantity: 1 }])).toMatchObject([
      { earned: 7 },
    ]);
  });

  it('reverses nothing twice, and nothing that was not sold', () => {
    const earlier = [{ lineId: 'a', quantity: 2, earned: 20, burned: 0, qualifying: 20 }];
    expect(reverseLines([line('a', 2, 20)], earlier, [{ lineId: 'a', sku: '', quantity: 1 }])).toEqual([]);
    expect(reverseLines([line('a', 2, 20)], [], [{ lineId: 'z', sku: '', quantity: 1 }])).toEqual([]);
  });

  it('in many small parts comes to exactly what one large return comes to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.nat(1_000),
        fc.nat(1_000),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        (quantity, earned, burned, parts) => {
          const sold = [line('a', quantity, earned, burned)];
          const done: LinePoints[] = [];
          for (const part of parts) done.push(...reverseLines(sold, done, [{ lineId: 'a', sku: '', quantity: part }]));
          const back = total(done, 'quantity');
          expect(back).toBeLessThanOrEqual(quantity);
          expect(total(done, 'earned')).toBe(Math.floor((earned * back) / quantity));
          expect(total(done, 'burned')).toBe(Math.floor((burned * back) / quantity));
          expect(done.every((entry) => entry.earned >= 0 && entry.burned >= 0)).toBe(true);
        },
      ),
    );
  });
});

describe('an order', () => {
  it('is all back when every line is, in however many returns', () => {
    const sold = [line('a', 2, 20), line('b', 1, 10)];
    const back = (...lines: [string, number][]): LinePoints[] =>
      reverseLines(
        sold,
        [],
        lines.map(([lineId, quantity]) => ({ lineId, sku: '', quantity })),
      );
    expect(isAllBack(sold, [])).toBe(false);
    expect(isAllBack(sold, back(['a', 2]))).toBe(false);
    expect(isAllBack(sold, back(['a', 1], ['b', 1]))).toBe(false);
    expect(isAllBack(sold, back(['a', 1], ['b', 1], ['a', 1]))).toBe(true);
  });
});

describe('points paid', () => {
  it('lie on the lines in the ratio of their prices, and on none that was free or given back', () => {
    expect(burnedPerLine(100, [300, 100, 0, -50])).toEqual([75, 25, 0, 0]);
  });
});
