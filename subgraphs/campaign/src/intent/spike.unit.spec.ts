import { judgeSpike, negativeBinomialTail, poissonTail } from './spike.ts';

describe('spike', () => {
  it('is seen where a quiet customer suddenly cares more than peers do on a day on which they care', () => {
    expect(judgeSpike({ recent: 8, before: 2, peerMean: 2 })).toMatchObject({ spiked: true, peerBaseline: 2 });
  });

  it('is not seen in somebody who always cares this much', () => {
    expect(judgeSpike({ recent: 8, before: 27 * 7, peerMean: 2 }).spiked).toBe(false);
  });

  it('is not seen where everybody cares this much on such a day', () => {
    expect(judgeSpike({ recent: 8, before: 2, peerMean: 7 }).spiked).toBe(false);
  });

  it('needs five signals, however quiet she was', () => {
    expect(judgeSpike({ recent: 4, before: 0, peerMean: 0.1 }).spiked).toBe(false);
  });

  it('reckons the tails of Poisson and negative binomial as tables do', () => {
    expect(poissonTail(5, 2)).toBeCloseTo(0.052653, 6);
    // Shape 1 is the geometric distribution: P(X ≥ k) = (1 − p)^k.
    expect(negativeBinomialTail(3, 1, 0.25)).toBeCloseTo(0.75 ** 3, 10);
    expect(negativeBinomialTail(0, 3, 0.5)).toBe(1);
  });

  it('is hardly ever seen in somebody whose rate does not change', () => {
    // A seeded generator: the false alarms of 20,000 steady customer-days are counted.
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const poisson = (mean: number) => {
      let k = 0;
      for (let p = random(); p > Math.exp(-mean); p *= random()) k++;
      return k;
    };
    let alarms = 0;
    for (let i = 0; i < 20_000; i++) {
      const mean = 0.2 + random() * 3;
      const before = Array.from({ length: 27 }, () => poisson(mean)).reduce((a, b) => a + b, 0);
      if (judgeSpike({ recent: poisson(mean), before, peerMean: 1.5 }).spiked) alarms++;
    }
    expect(alarms).toBeLessThan(40);
  });
});
