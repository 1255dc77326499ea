import { atLeast, atMost, drive, figure, interleaved, median, pace, quantile, table } from './harness.ts';

describe('a figure', () => {
  it('carries the ratio to what it is compared with, its aim in words and whether it was met', () => {
    expect(figure('query', { value: 900, unit: 'requests/s', against: 1_500, aim: atLeast('ratio', 0.5) })).toEqual({
      id: 'query',
      value: 900,
      unit: 'requests/s',
      against: 1_500,
      ratio: 0.6,
      aim: 'ratio >= 0.5',
      met: true,
    });
    expect(figure('p99', { value: 300, unit: 'ms', aim: atMost('value', 250) })).toMatchObject({ met: false });
    expect(figure('memory', { value: 1, unit: 'MB' })).toMatchObject({ aim: null, met: null, ratio: null });
  });

  it('refuses an aim for a ratio that was not measured', () => {
    expect(() => figure('x', { value: 1, unit: 's', aim: atLeast('ratio', 1) })).toThrow('needs "against"');
  });
});

it('interleaves contenders, swaps their order each round and leaves out the warm-up', async () => {
  const calls: string[] = [];
  const note = (name: string) => () => Promise.resolve(calls.push(name));
  const samples = await interleaved({ a: note('a'), b: note('b') }, { rounds: 2 });
  expect(calls.join('')).toBe('baabba');
  expect(samples).toEqual({ a: [3, 6], b: [4, 5] });
});

it('takes quantiles by interpolation and refuses to take them of nothing', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([1, 2, 3, 4])).toBe(2.5);
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
  expect(() => median([])).toThrow('no numbers');
});

it('drives with the asked number of workers and counts failures apart', async () => {
  let now = 0;
  let most = 0;
  const load = await drive({
    connections: 3,
    seconds: 0.1,
    work: async (worker) => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      if (worker === 0) throw new Error('refused');
    },
  });
  expect(most).toBe(3);
  expect(load.failures).toBeGreaterThan(0);
  expect(load.count).toBeGreaterThan(load.failures);
  expect(load.p50).toBeGreaterThanOrEqual(4);
});

it('keeps the pace even where calls take longer than their interval', async () => {
  const began = performance.now();
  let calls = 0;
  await pace({ perSecond: 500, seconds: 0.2, work: () => new Promise((done) => setTimeout(done, 20, (calls += 1))) });
  expect(calls).toBe(100);
  expect(performance.now() - began).toBeGreaterThanOrEqual(190);
});

it('prints one line per figure under a heading', () => {
  const lines = table([figure('a', { value: 1234.5, unit: 'rows/s', against: 2_000 })]).split('\n');
  expect(lines).toEqual(['figure  value         against  ratio  aim', 'a       1,235 rows/s  2,000    0.62']);
});
