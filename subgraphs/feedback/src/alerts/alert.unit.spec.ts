import type { AttitudeCounts } from '../scores/statistics.ts';
import { isDrop, isRecovered, measure } from './alert.ts';

const counts = (promoters: number, passives: number, detractors: number): AttitudeCounts => ({
  promoters,
  passives,
  detractors,
});

/** A deterministic source of chance (Mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type World = [promoter: number, detractor: number];
const NORMAL: World = [0.55, 0.15];
const BROKEN: World = [0.15, 0.6];
const PER_DAY = 12;

/** Looks after every answer, as the job does, at the last 20 and the last day against all before; how many answers of `then` until the first alarm. */
function answersToAlarm(then: World, answers: number, chance: () => number): number | null {
  const history: number[] = [];
  const draw = ([p, d]: World): number => {
    const u = chance();
    return u < p ? 1 : u < p + d ? -1 : 0;
  };
  for (let i = 0; i < 56 * PER_DAY; i++) history.push(draw(NORMAL));
  for (let i = 1; i <= answers; i++) {
    history.push(draw(then));
    const comparisons = [20, PER_DAY].map((window) => {
      const of = (part: number[]): AttitudeCounts =>
        counts(
          part.filter((a) => a === 1).length,
          part.filter((a) => a === 0).length,
          part.filter((a) => a === -1).length,
        );
      return { recent: of(history.slice(-window)), baseline: of(history.slice(-56 * PER_DAY, -window)) };
    });
    const finding = measure(comparisons);
    if (finding && isDrop(finding)) return i;
  }
  return null;
}

describe('alert', () => {
  it('notices a store that went wrong within two days of its answers, nearly always', () => {
    const alarms = Array.from({ length: 100 }, (_, seed) => answersToAlarm(BROKEN, 24, random(seed + 1)));
    const noticed = alarms.filter((at) => at !== null).toSorted((a, b) => a - b);
    expect(noticed.length).toBeGreaterThanOrEqual(85);
    expect(noticed[Math.floor(noticed.length / 2)]).toBeLessThanOrEqual(16);
  });

  it('leaves a fair store alone: a false alarm less than once in a year of looking after every answer', () => {
    const years = 20;
    const alarms = Array.from({ length: years }, (_, seed) =>
      answersToAlarm(NORMAL, 365 * PER_DAY, random(1_000 + seed)),
    );
    expect(alarms.filter((at) => at !== null).length).toBeLessThan(years * 0.6);
  });

  it('says nothing from a handful of answers, or without knowing what is normal', () => {
    expect(measure([{ recent: counts(0, 0, 4), baseline: counts(50, 30, 10) }])).toBeNull();
    expect(measure([{ recent: counts(0, 0, 10), baseline: counts(10, 5, 5) }])).toBeNull();
  });

  it('does not cry over a drop that is sure but small', () => {
    const finding = measure([{ recent: counts(5_000, 3_000, 2_000), baseline: counts(55_000, 30_000, 15_000) }])!;
    expect(finding.standardErrors).toBeGreaterThan(5);
    expect(isDrop(finding)).toBe(false);
  });

  it('is over when the score is back', () => {
    expect(isRecovered(measure([{ recent: counts(11, 6, 3), baseline: counts(330, 180, 90) }])!)).toBe(true);
  });
});
