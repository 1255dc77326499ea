import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { evaluatePolicy, type Logged } from './off-policy.ts';

function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('off-policy evaluation', () => {
  it('finds what another policy would have earned, and its interval holds the truth nineteen times in twenty', () => {
    const rates = [0.05, 0.1, 0.3];
    const other = [0.1, 0.2, 0.7];
    const truth = rates.reduce((sum, r, i) => sum + r * other[i]!, 0);
    const runs = 400;
    let hits = 0;
    for (let run = 0; run < runs; run++) {
      const random = seeded(101 + run * 13);
      random();
      const log: Logged[] = Array.from({ length: 2_000 }, () => {
        const action = Math.floor(random() * 3);
        return { reward: random() < rates[action]! ? 1 : 0, probability: 1 / 3, target: other[action]! };
      });
      const found = evaluatePolicy(log);
      if (found.kind === 'estimated' && found.estimate.low <= truth && truth <= found.estimate.high) hits++;
    }
    expect(hits / runs).toBeGreaterThan(0.92);
  });

  it('is refused where the log lacks what the other policy would do', () => {
    const log = Array.from({ length: 5_000 }, (_, i) => ({
      reward: 0,
      probability: 0.5,
      target: i % 10 === 0 ? 0.5 : 0,
    }));
    expect(evaluatePolicy(log)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('only 10 %') });
  });

  it('is refused where a few decisions bear all the weight', () => {
    const log = Array.from({ length: 5_000 }, (_, i) => ({
      reward: 1,
      probability: i < 20 ? 0.004 : 0.9,
      target: i < 20 ? 1 : 0.001,
    }));
    expect(evaluatePolicy(log)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('at least 100') });
  });

  it('of an empty log is refused', () => {
    expect(evaluatePolicy([])).toMatchObject({ kind: 'refused' });
  });
});

const folder = join(
  process.env['TRENZA_DATA_SETS'] ?? join(__dirname, '../../../../../shared/data'),
  'targeting/obd-men',
);
const there = existsSync(join(folder, 'random.csv.gz'));
if (!there) console.warn(`Skipped: off-policy evaluation over real logs needs ${folder} (set TRENZA_DATA_SETS).`);

interface Row {
  item: string;
  position: string;
  click: number;
  propensity: number;
}

(there ? describe : describe.skip)('off-policy evaluation of two real logs of 10,000 decisions', () => {
  const load = (name: string): Row[] => {
    const [header, ...lines] = gunzipSync(readFileSync(join(folder, `${name}.csv.gz`)))
      .toString()
      .trim()
      .split('\n');
    const names = header!.split(',');
    const at = (column: string) => names.indexOf(column);
    return lines.map((line) => {
      const cells = line.split(',');
      return {
        item: cells[at('item_id')]!,
        position: cells[at('position')]!,
        click: Number(cells[at('click')]),
        propensity: Number(cells[at('propensity_score')]),
      };
    });
  };

  it('tells from a log of random choices, with an honest interval, what Thompson sampling earned', () => {
    const [random, thompson] = [load('random'), load('bernoulli_ts')];
    // Thompson sampling as a policy: how often it chose each item in each position.
    const chosen = new Map<string, number>();
    const shown = new Map<string, number>();
    for (const { item, position } of thompson) {
      chosen.set(`${position} ${item}`, (chosen.get(`${position} ${item}`) ?? 0) + 1);
      shown.set(position, (shown.get(position) ?? 0) + 1);
    }
    const found = evaluatePolicy(
      random.map(({ item, position, click, propensity }) => ({
        reward: click,
        probability: propensity,
        target: (chosen.get(`${position} ${item}`) ?? 0) / shown.get(position)!,
      })),
    );
    const truth = thompson.reduce((sum, row) => sum + row.click, 0) / thompson.length;
    expect(found.kind).toBe('estimated');
    if (found.kind !== 'estimated') return;
    expect(found.estimate.low).toBeLessThanOrEqual(truth);
    expect(found.estimate.high).toBeGreaterThanOrEqual(truth);
    expect(found.estimate.effective).toBeGreaterThan(500);
  });
});
