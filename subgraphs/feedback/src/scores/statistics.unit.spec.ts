import fc from 'fast-check';
import {
  type AttitudeCounts,
  boundedMean,
  dropInStandardErrors,
  netPromoterScore,
  share,
  studentT95,
} from './statistics.ts';

const binomial = (n: number, k: number): number => {
  let value = 1;
  for (let i = 1; i <= k; i++) value *= (n - k + i) / i;
  return value;
};

/** The exact share of samples of size n whose interval holds the truth: every outcome with its probability. */
function coverageOfNps(n: number, promoter: number, detractor: number): number {
  const truth = (promoter - detractor) * 100;
  const passive = 1 - promoter - detractor;
  let covered = 0;
  for (let p = 0; p <= n; p++) {
    for (let d = 0; d + p <= n; d++) {
      const weight = binomial(n, p) * binomial(n - p, d) * promoter ** p * detractor ** d * passive ** (n - p - d);
      const { low, high } = netPromoterScore({ promoters: p, passives: n - p - d, detractors: d });
      if (low - 1e-9 <= truth && truth <= high + 1e-9) covered += weight;
    }
  }
  return covered;
}

const counts = fc.record({
  promoters: fc.nat({ max: 500 }),
  passives: fc.nat({ max: 500 }),
  detractors: fc.nat({ max: 500 }),
});

describe('net promoter score', () => {
  it('is the share of promoters minus the share of detractors over those who answered', () => {
    expect(netPromoterScore({ promoters: 50, passives: 30, detractors: 20 })).toMatchObject({ value: 30, n: 100 });
  });

  it('has no value where nobody answered, and says that anything is possible', () => {
    expect(netPromoterScore({ promoters: 0, passives: 0, detractors: 0 })).toEqual({
      value: null,
      low: -100,
      high: 100,
      n: 0,
    });
  });

  it('does not take three promoters for a proof of 100', () => {
    expect(netPromoterScore({ promoters: 3, passives: 0, detractors: 0 }).low).toBeLessThan(25);
  });

  it('holds the truth about 95 times in 100, with 5 answers as with 40', () => {
    const worlds: [number, number][] = [
      [0.6, 0.15],
      [0.4, 0.3],
      [0.2, 0.5],
      [0.75, 0.05],
      [0.33, 0.33],
      [0.1, 0.1],
    ];
    const coverages = [5, 10, 20, 40].flatMap((n) => worlds.map(([p, d]) => coverageOfNps(n, p, d)));
    const mean = coverages.reduce((a, b) => a + b, 0) / coverages.length;
    expect(Math.min(...coverages)).toBeGreaterThan(0.88);
    expect(mean).toBeGreaterThan(0.94);
    expect(mean).toBeLessThan(0.99);
  });

  it('lies inside its own interval, which lies inside −100 to 100', () => {
    fc.assert(
      fc.property(counts, (c) => {
        const { value, low, high } = netPromoterScore(c);
        expect(low).toBeGreaterThanOrEqual(-100);
        expect(high).toBeLessThanOrEqual(100);
        if (value !== null) expect(low <= value + 1e-9 && value - 1e-9 <= high).toBe(true);
      }),
    );
  });

  it('gets a narrower interval from more of the same answers', () => {
    fc.assert(
      fc.property(counts, (c) => {
        const times = (k: number): AttitudeCounts => ({
          promoters: c.promoters * k,
          passives: c.passives * k,
          detractors: c.detractors * k,
        });
        const width = (k: number): number => netPromoterScore(times(k)).high - netPromoterScore(times(k)).low;
        expect(width(4)).toBeLessThanOrEqual(width(1) + 1e-9);
      }),
    );
  });
});

describe('share', () => {
  it("equals Wilson's published interval: 81 of 263 lies between 25.5 % and 36.6 %", () => {
    const { low, high } = share(81, 263);
    expect(low).toBeCloseTo(25.53, 1);
    expect(high).toBeCloseTo(36.62, 1);
  });

  it('never proves perfection', () => {
    expect(share(5, 5)).toMatchObject({ value: 100, high: 100 });
    expect(share(5, 5).low).toBeCloseTo(56.55, 1);
  });
});

describe('mean on a scale', () => {
  it("uses Student's t for few answers", () => {
    expect(studentT95(1)).toBeCloseTo(12.706, 3);
    expect(studentT95(5)).toBeCloseTo(2.571, 2);
    expect(studentT95(10)).toBeCloseTo(2.228, 3);
    expect(studentT95(120)).toBeCloseTo(1.98, 3);
  });

  it('gives the whole scale for one answer and stays on the scale for any', () => {
    expect(boundedMean({ n: 1, sum: 6, sumOfSquares: 36 }, { low: 1, high: 7 })).toEqual({
      value: 6,
      low: 1,
      high: 7,
      n: 1,
    });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 50 }), (scores) => {
        const sum = scores.reduce((a, b) => a + b, 0);
        const sumOfSquares = scores.reduce((a, b) => a + b * b, 0);
        const { value, low, high } = boundedMean({ n: scores.length, sum, sumOfSquares }, { low: 1, high: 7 });
        expect(low).toBeGreaterThanOrEqual(1);
        expect(high).toBeLessThanOrEqual(7);
        expect(low).toBeLessThanOrEqual(value!);
        expect(high).toBeGreaterThan(low);
      }),
    );
  });
});

describe('drop', () => {
  it('is positive where the score fell, negative where it rose, and mirrors', () => {
    const good = { promoters: 60, passives: 25, detractors: 15 };
    const bad = { promoters: 5, passives: 5, detractors: 15 };
    expect(dropInStandardErrors(bad, good)).toBeGreaterThan(3);
    expect(dropInStandardErrors(good, bad)).toBeCloseTo(-dropInStandardErrors(bad, good), 10);
  });
});
