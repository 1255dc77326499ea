import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { lift, sampleRatioProbability, type Arm } from './lift.ts';

const arm = (outcomes: number[]): Arm => ({
  customers: outcomes.length,
  sum: outcomes.reduce((a, b) => a + b, 0),
  squares: outcomes.reduce((a, b) => a + b * b, 0),
});
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** Draws customers one by one and looks after every hundred; returns whether an interval ever excluded the truth. */
function everMisses(seed: number, rateTreated: number, rateHeldOut: number, share: number, customers: number): boolean {
  const random = seeded(seed);
  const [treated, heldOut] = [arm([]), arm([])];
  for (let i = 1; i <= customers; i++) {
    const held = random() < share;
    const one = held ? heldOut : treated;
    const y = random() < (held ? rateHeldOut : rateTreated) ? 1 : 0;
    one.customers++;
    one.sum += y;
    one.squares += y;
    if (i % 100 !== 0) continue;
    const found = lift(treated, heldOut, share);
    const truth = rateTreated - rateHeldOut;
    if (found && (found.low > truth || found.high < truth)) return true;
  }
  return false;
}

describe('lift', () => {
  it('misses the truth in at most one experiment of twenty, however often one looks', () => {
    const experiments = 400;
    for (const [treated, heldOut, share] of [
      [0.1, 0.1, 0.5],
      [0.12, 0.1, 0.2],
      [0.05, 0.03, 0.1],
      [0.02, 0.02, 0.05],
    ] as const) {
      const misses = Array.from({ length: experiments }, (_, i) =>
        everMisses(1_000 + i * 7, treated, heldOut, share, 5_000),
      ).filter(Boolean).length;
      expect(misses / experiments).toBeLessThanOrEqual(0.05);
    }
  });

  it('sees an effect that is there, once there are enough customers', () => {
    const treated = arm(Array.from({ length: 8_000 }, (_, i) => (i % 100 < 13 ? 1 : 0)));
    const heldOut = arm(Array.from({ length: 2_000 }, (_, i) => (i % 100 < 8 ? 1 : 0)));
    const found = lift(treated, heldOut, 0.2)!;
    expect(found.difference).toBeCloseTo(0.05);
    expect(found.low).toBeGreaterThan(0);
  });

  it('claims nothing of fewer than a hundred customers in an arm', () => {
    expect(lift(arm(new Array<number>(1_000).fill(1)), arm(new Array<number>(99).fill(0)), 0.05)).toBeUndefined();
  });

  it('knows a split that chance does not explain', () => {
    expect(sampleRatioProbability(8_000, 2_000, 0.2)).toBeCloseTo(1, 5);
    // z = 1.96: five in a hundred.
    expect(sampleRatioProbability(5_098, 4_902, 0.5)).toBeCloseTo(0.05, 3);
    expect(sampleRatioProbability(8_300, 1_700, 0.2)).toBeLessThan(0.001);
  });
});

const file = join(
  process.env['TRENZA_DATA_SETS'] ?? join(__dirname, '../../../../../shared/data'),
  'targeting/hillstrom_64000.csv.gz',
);
const there = existsSync(file);
if (!there) console.warn(`Skipped: lift over Hillstrom's test needs ${file} (set TRENZA_DATA_SETS).`);

(there ? describe : describe.skip)('lift in a real experiment with 64,000 customers', () => {
  it('finds that mail for men brings visits, and how many', () => {
    const [header, ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
    const columns = header!.trim().split(',');
    const [segment, visit] = [columns.indexOf('segment'), columns.indexOf('visit')];
    const visits = (name: string) =>
      lines
        .map((l) => l.trim().split(','))
        .filter((c) => c[segment]!.replaceAll('"', '') === name)
        .map((c) => Number(c[visit]));
    const found = lift(arm(visits('Mens E-Mail')), arm(visits('No E-Mail')), 0.5)!;
    expect(found.difference).toBeCloseTo(0.0764, 4);
    expect(found.low).toBeGreaterThan(0.06);
    expect(found.high).toBeLessThan(0.1);
  });
});
