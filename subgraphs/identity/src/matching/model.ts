import { EXACT, MISSING, type Comparison } from './compare.ts';

/**
 * Fellegi and Sunter: per field and level, how often matching pairs look like this (m) and how often any two people do (u). The logarithm
 * of m/u is what the level is worth.
 */
export interface Model {
  /** The probability that two records taken at random are one person. */
  prior: number;
  m: number[][];
  u: number[][];
}

/** A comparison of two records as one number: three bits per field hold its level. */
export const BASE = 8;
/** 16 fields fill 48 bits, which a double holds exactly. */
export const MAX_FIELDS = 16;

export function patternOf(comparisons: readonly Comparison[], a: number, b: number): number {
  let pattern = 0;
  for (let f = comparisons.length - 1; f >= 0; f--) pattern = pattern * BASE + comparisons[f]!.compare(a, b);
  return pattern;
}

export function levelsOf(pattern: number, fields: number): number[] {
  const levels: number[] = [];
  for (let f = 0, rest = pattern; f < fields; f++, rest = Math.floor(rest / BASE)) levels.push(rest % BASE);
  return levels;
}

/** How many of the pairs show each pattern: what EM needs of millions of pairs are some thousand rows. */
export type Counts = Map<number, number>;

/** No level is impossible: a probability of zero would let one field decide for ever. */
const FLOOR = 1e-6;

/** Where EM starts: matching pairs mostly agree. It is the same for every data set. */
const START_EXACT = 0.8;
const MAX_ROUNDS = 100;
const CONVERGED = 1e-5;

/** How often any two people show each level of each field, from pairs taken at random. */
export function estimateU(comparisons: readonly Comparison[], random: Counts): number[][] {
  const sums = comparisons.map(({ levels }) => new Array<number>(levels.length).fill(0));
  for (const [pattern, count] of random) {
    levelsOf(pattern, comparisons.length).forEach((level, f) => (sums[f]![level]! += count));
  }
  return sums.map(normalised);
}

/** Shares of the levels at which both said something. Half a pair is added to each, so that what was not seen stays possible. */
function normalised(sums: readonly number[]): number[] {
  const said = sums.reduce((sum, count, level) => (level === MISSING ? sum : sum + count + 0.5), 0);
  return sums.map((count, level) => (level === MISSING ? 1 : Math.max(FLOOR, (count + 0.5) / said)));
}

/** Patterns with their counts, laid out for loops over millions: level of field f in row r is `levels[r * fields + f]`. */
interface Rows {
  levels: Uint8Array;
  counts: Float64Array;
  length: number;
}

function rowsOf(counts: Counts, fields: number, wanted: (levels: readonly number[]) => boolean = () => true): Rows {
  const chosen = [...counts]
    .map(([pattern, count]) => ({ levels: levelsOf(pattern, fields), count }))
    .filter(({ levels }) => wanted(levels));
  const rows = {
    levels: new Uint8Array(chosen.length * fields),
    counts: new Float64Array(chosen.length),
    length: chosen.length,
  };
  chosen.forEach(({ levels, count }, row) => {
    rows.levels.set(levels, row * fields);
    rows.counts[row] = count;
  });
  return rows;
}

/** A session in which fewer pairs match than this learns from coincidences rather than from people. */
const FEWEST_IN_SESSION = 0.1;

/**
 * Learns m where matching pairs are dense: one session per field, over the pairs that agree on it, for all other fields. Over all pairs
 * at once, EM finds whatever splits them best, which need not be who is who. Then the prior, over all pairs, with m and u as they are.
 */
export function train(
  comparisons: readonly Comparison[],
  u: number[][],
  candidates: Counts,
  pairs: number,
  records: number,
): Model {
  const sums = zeros(comparisons);
  for (let f = 0; f < comparisons.length; f++) {
    const rows = rowsOf(candidates, comparisons.length, (levels) => levels[f] === EXACT);
    learnSession(comparisons, u, rows, f, sums);
  }
  const learnt = (levels: readonly number[]): boolean => levels.some((count, level) => level !== MISSING && count > 0);
  const m = sums.map((levels, f) => (learnt(levels) ? normalised(levels) : start(comparisons[f]!)));
  return { m, u, prior: estimatePrior({ m, u }, rowsOf(candidates, comparisons.length), pairs, records) };
}

const zeros = (comparisons: readonly Comparison[]): number[][] =>
  comparisons.map(({ levels }) => new Array<number>(levels.length).fill(0));

/** Adds what one session saw of matching pairs to the sums of all. The field that the session agrees on learns nothing in it. */
function learnSession(
  comparisons: readonly Comparison[],
  u: number[][],
  rows: Rows,
  fixed: number,
  sums: number[][],
): void {
  const all = rows.counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return;
  let m = comparisons.map(start);
  let prior = 0.5;
  let seen = sums;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const expected = expectation({ m, u, prior }, rows, fixed);
    seen = expected.seen;
    const next = seen.map(normalised);
    const moved = Math.max(...next.flatMap((levels, f) => levels.map((p, l) => Math.abs(p - m[f]![l]!))));
    m = next;
    prior = Math.min(0.9999, Math.max(1e-6, expected.matches / all));
    if (moved < CONVERGED) break;
  }
  if (prior < FEWEST_IN_SESSION) return;
  seen.forEach((levels, f) => f !== fixed && levels.forEach((share, level) => (sums[f]![level]! += share)));
}

/** How many of the rows match, and what levels those show. */
function expectation(model: Model, rows: Rows, without: number): { matches: number; seen: number[][] } {
  const fields = model.m.length;
  const bits = flatBits(model, without);
  const seen = new Float64Array(fields * BASE);
  let matches = 0;
  for (let row = 0, at = 0; row < rows.length; row++, at += fields) {
    let weight = 0;
    for (let f = 0; f < fields; f++) weight += bits[f * BASE + rows.levels[at + f]!]!;
    const share = rows.counts[row]! * probability(weight, model.prior);
    matches += share;
    for (let f = 0; f < fields; f++) seen[f * BASE + rows.levels[at + f]!]! += share;
  }
  return { matches, seen: model.m.map((levels, f) => Array.from(seen.subarray(f * BASE, f * BASE + levels.length))) };
}

/** How many of all pairs match, given what each level is worth. */
function estimatePrior({ m, u }: Omit<Model, 'prior'>, rows: Rows, pairs: number, records: number): number {
  let prior = records / 4 / pairs;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { matches } = expectation({ m, u, prior }, rows, NONE);
    const next = Math.min(0.5, Math.max(1e-12, matches / pairs));
    const moved = Math.abs(next - prior) / prior;
    prior = next;
    if (moved < CONVERGED) break;
  }
  return prior;
}

/** Most matching pairs are equal, the less alike the fewer. */
function start({ levels }: Comparison): number[] {
  const rest = levels.length - 2;
  return levels.map((_, level) => {
    if (level === MISSING) return 1;
    if (level === EXACT) return START_EXACT;
    return ((1 - START_EXACT) * (rest - level + 2)) / ((rest * (rest + 1)) / 2);
  });
}

/** What each level is worth: the logarithm (base 2) of m/u. Where one of the two said nothing, nothing. */
export const bitsOf = ({ m, u }: Omit<Model, 'prior'>): number[][] =>
  m.map((levels, f) => levels.map((p, level) => (level === MISSING ? 0 : Math.log2(p / u[f]![level]!))));

const NONE = -1;

function flatBits(model: Omit<Model, 'prior'>, without: number): Float64Array {
  const flat = new Float64Array(model.m.length * BASE);
  bitsOf(model).forEach((levels, f) => f !== without && flat.set(levels, f * BASE));
  return flat;
}

/** Bayes: what the evidence makes of the prior. */
export const probability = (weight: number, prior: number): number => 1 / (1 + ((1 - prior) / prior) * 2 ** -weight);
