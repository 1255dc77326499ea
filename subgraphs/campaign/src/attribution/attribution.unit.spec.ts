import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { attribute, MODELS, removalEffects, type Path } from './attribution.ts';

const path = (way: string, conversions = 1, value = 0, nulls = 0, ages?: number[]): Path => ({
  channels: way.split(' > '),
  conversions,
  value,
  nulls,
  ...(ages && { ages }),
});
const conversionsOf = (model: (typeof MODELS)[number], paths: Path[]) =>
  Object.fromEntries(
    [...attribute(model, paths)].map(([channel, credit]) => [channel, Number(credit.conversions.toFixed(6))]),
  );

describe('attribution', () => {
  it('gives all to the first or the last contact, or to all alike', () => {
    const paths = [path('a > b > b > c', 6)];
    expect(conversionsOf('first', paths)).toEqual({ a: 6, b: 0, c: 0 });
    expect(conversionsOf('last', paths)).toEqual({ a: 0, b: 0, c: 6 });
    expect(conversionsOf('linear', paths)).toEqual({ a: 1.5, b: 3, c: 1.5 });
  });

  it('by position gives four tenths to each end and the rest to those in between', () => {
    expect(conversionsOf('position', [path('a > b > c > d', 10)])).toEqual({ a: 4, b: 1, c: 1, d: 4 });
    expect(conversionsOf('position', [path('a > b', 10)])).toEqual({ a: 5, b: 5 });
    expect(conversionsOf('position', [path('a', 10)])).toEqual({ a: 10 });
  });

  it('by time decay halves the weight with every week before the conversion', () => {
    expect(conversionsOf('time-decay', [path('a > b > c', 7, 0, 0, [14, 7, 0])])).toEqual({ a: 1, b: 2, c: 4 });
  });

  it('by Shapley gives each distinct channel of a path the same, which is the Shapley value over all coalitions', () => {
    const paths = [path('a', 6), path('a > b > a', 4), path('b > c > a', 9)];
    const worth = (set: string[]) =>
      paths.filter((p) => p.channels.every((c) => set.includes(c))).reduce((sum, p) => sum + p.conversions, 0);
    const orders = [
      ['a', 'b', 'c'],
      ['a', 'c', 'b'],
      ['b', 'a', 'c'],
      ['b', 'c', 'a'],
      ['c', 'a', 'b'],
      ['c', 'b', 'a'],
    ];
    const expected = Object.fromEntries(
      ['a', 'b', 'c'].map((channel) => {
        const gains = orders.map((order) => {
          const before = order.slice(0, order.indexOf(channel));
          return worth([...before, channel]) - worth(before);
        });
        return [channel, gains.reduce((x, y) => x + y) / orders.length];
      }),
    );
    expect(conversionsOf('shapley', paths)).toEqual(expected);
  });

  it('by Markov removal gives 0.2, 0.4 and 0.4 where C1>C2>C3 converts and C1 and C2>C3 do not', () => {
    const paths = [path('C1 > C2 > C3'), path('C1', 0, 0, 1), path('C2 > C3', 0, 0, 1)];
    expect(Object.fromEntries(removalEffects(paths))).toEqual({ C1: expect.closeTo(0.5, 12), C2: 1, C3: 1 });
    expect(conversionsOf('markov', paths)).toEqual({ C1: 0.2, C2: 0.4, C3: 0.4 });
  });

  it('by Markov is not thrown off by contacts that repeat', () => {
    expect(conversionsOf('markov', [path('a > a > a > b', 3, 0, 1)])).toEqual({ a: 1.5, b: 1.5 });
  });

  it('hands out exactly what there was, whatever the model', () => {
    const paths = fc.array(
      fc.record({
        channels: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 8 }),
        conversions: fc.nat(5),
        value: fc.nat(1_000),
        nulls: fc.nat(5),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(paths, fc.constantFrom(...MODELS), (list, model) => {
        const total = list.reduce((sum, p) => sum + p.conversions, 0);
        fc.pre(total > 0);
        const credits = [...attribute(model, list).values()];
        expect(credits.reduce((sum, c) => sum + c.conversions, 0)).toBeCloseTo(total, 6);
        for (const { conversions } of credits) expect(conversions).toBeGreaterThanOrEqual(-1e-9);
      }),
    );
  });

  it('of nothing is nothing', () => {
    for (const model of MODELS) expect(attribute(model, []).size).toBe(0);
  });
});

const folder = join(process.env['TRENZA_DATA_SETS'] ?? join(__dirname, '../../../../../shared/data'), 'attribution');
const there = existsSync(join(folder, 'PathData.csv.gz'));
if (!there) console.warn(`Skipped: attribution over PathData needs ${folder} (set TRENZA_DATA_SETS).`);

(there ? describe : describe.skip)('attribution of 10,000 real paths', () => {
  const cells = (line: string) => [...line.matchAll(/"([^"]*)"|([^,]+)/g)].map((m) => m[1] ?? m[2]!);
  const lines = (text: string) => text.trim().split('\n').slice(1).map(cells);
  const load = (): Path[] =>
    lines(gunzipSync(readFileSync(join(folder, 'PathData.csv.gz'))).toString()).map(
      ([way, conversions, value, nulls]) => path(way!, Number(conversions), Number(value), Number(nulls)),
    );

  it('equals the published figures for first, last and linear, conversions and value', () => {
    const paths = load();
    const expected = lines(readFileSync(join(folder, 'expected.csv'), 'utf8'));
    expect(paths).toHaveLength(10_000);
    (['first', 'last', 'linear'] as const).forEach((model, n) => {
      const credits = attribute(model, paths);
      for (const [channel, ...figures] of expected) {
        const { conversions, value } = credits.get(channel!)!;
        expect(conversions).toBeCloseTo(Number(figures[2 * n]), 6);
        expect(value).toBeCloseTo(Number(figures[2 * n + 1]), 4);
      }
    });
  });

  it('hands out 19,785 conversions by every model', () => {
    const paths = load();
    for (const model of MODELS) {
      const sum = [...attribute(model, paths).values()].reduce((a, c) => a + c.conversions, 0);
      expect(sum).toBeCloseTo(19_785, 5);
    }
  });
});
