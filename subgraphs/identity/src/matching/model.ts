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
  /** Per field: what its equality is worth where another field that implies it is equal as well, as a postcode implies the city. */
  implied: (Implied | null)[];
}

export interface Implied {
  /** The field that implies it. */
  by: number;
  bits: number;
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

/**
 * A session in which fewer pairs match than this learns from coincidences rather than from people. It is EM's own opinion and can be
 * wrong: where a million strangers share a first name, those of one town look like "matches". Therefore a session must also have no
 * more pairs than there are records. People have few records each, so that a surplus of pairs can only be coincidences.
 */
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
  const sessions = comparisons.map((_, f) => {
    const rows = rowsOf(candidates, comparisons.length, (levels) => levels[f] === EXACT);
    const session = learnSession(comparisons, u, rows, f);
    if (session && session.pairs <= records && session.prior >= FEWEST_IN_SESSION) {
      session.matching.forEach((levels, g) => g !== f && levels.forEach((share, level) => (sums[g]![level]! += share)));
    }
    return session;
  });
  const learnt = (levels: readonly number[]): boolean => levels.some((count, level) => level !== MISSING && count > 0);
  const m = sums.map((levels, f) => (learnt(levels) ? normalised(levels) : start(comparisons[f]!)));
  const model = { m, u, implied: impliedFields({ m, u }, sessions) };
  return { ...model, prior: estimatePrior(model, rowsOf(candidates, comparisons.length), pairs, records) };
}

const zeros = (comparisons: readonly Comparison[]): number[][] =>
  comparisons.map(({ levels }) => new Array<number>(levels.length).fill(0));

interface Session {
  /** The share of matching pairs among those that agree on the field of the session. */
  prior: number;
  pairs: number;
  /** Levels seen in the matching pairs. */
  matching: number[][];
  /** How often two different people who agree on that field show each level of the others. */
  u: number[][];
  different: number;
}

/**
 * Here u is learnt as well: two strangers with one postcode live in one city, which must not make them one person. Where there are no
 * strangers, as among those who share an e-mail address, EM takes the customers who moved house for them, and would learn that nobody
 * moves. Such "strangers" agree on nearly all else; then the session is one of people, and u stays what it is for any two.
 */
function learnSession(
  comparisons: readonly Comparison[],
  random: number[][],
  rows: Rows,
  fixed: number,
): Session | null {
  const all = rows.counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  const session = fit(comparisons, random, rows, fixed, { all, learnsU: true });
  if (areStrangers(comparisons, random, session.others, fixed)) return session;
  return { ...fit(comparisons, random, rows, fixed, { all, learnsU: false }), different: 0 };
}

interface Fit extends Session {
  /** Levels seen in the pairs that do not match. */
  others: number[][];
}

function fit(
  comparisons: readonly Comparison[],
  random: number[][],
  rows: Rows,
  fixed: number,
  { all, learnsU }: { all: number; learnsU: boolean },
): Fit {
  let [m, u, prior] = [comparisons.map(start), random, 0.5];
  let [matching, others] = [zeros(comparisons), zeros(comparisons)];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const expected = expectation(withoutImplied({ m, u, prior }), rows, fixed);
    [matching, others] = [expected.matching, expected.different];
    const next = matching.map(normalised);
    if (learnsU) u = others.map(normalised);
    const moved = Math.max(...next.flatMap((levels, f) => levels.map((p, l) => Math.abs(p - m[f]![l]!))));
    m = next;
    prior = Math.min(0.9999, Math.max(1e-6, expected.matches / all));
    if (moved < CONVERGED) break;
  }
  return { prior, pairs: all, matching, u, different: all * (1 - prior), others };
}

/** Whether what those pairs agree on, apart from the field they were chosen by, speaks against their being one person rather than for it. */
function areStrangers(
  comparisons: readonly Comparison[],
  random: number[][],
  others: number[][],
  fixed: number,
): boolean {
  const bits = bitsOf({ m: comparisons.map(start), u: random });
  const sum = (levels: readonly number[], f: number): number =>
    levels.reduce((total, count, level) => total + count * bits[f]![level]!, 0);
  return others.reduce((total, levels, f) => total + (f === fixed ? 0 : sum(levels, f)), 0) < 0;
}

const withoutImplied = (model: Omit<Model, 'implied'>): Model => ({ ...model, implied: model.m.map(() => null) });

/** A field is implied by a rarer one if strangers who agree on that agree on this so many times as often as any two. */
const IMPLIED_FROM = 4;
/** From fewer strangers nothing can be said about them. */
const FEWEST_STRANGERS = 30;

function impliedFields({ m, u }: Pick<Model, 'm' | 'u'>, sessions: readonly (Session | null)[]): (Implied | null)[] {
  return u.map((levels, f) => {
    const lifts = sessions.map((session, by) => {
      const rarer = by !== f && u[by]![EXACT]! < levels[EXACT]!;
      return session && rarer && session.different >= FEWEST_STRANGERS ? session.u[f]![EXACT]! / levels[EXACT]! : 0;
    });
    const by = lifts.indexOf(Math.max(...lifts));
    if (lifts[by]! < IMPLIED_FROM) return null;
    const bits = Math.log2(m[f]![EXACT]! / sessions[by]!.u[f]![EXACT]!);
    return { by, bits: Math.max(0, Math.min(bits, Math.log2(m[f]![EXACT]! / levels[EXACT]!))) };
  });
}

/** How many of the rows match, and what levels those and the others show. */
function expectation(
  model: Model,
  rows: Rows,
  without: number,
): { matches: number; matching: number[][]; different: number[][] } {
  const fields = model.m.length;
  const bits = flatBits(model, without);
  const [matching, different] = [new Float64Array(fields * BASE), new Float64Array(fields * BASE)];
  let matches = 0;
  for (let row = 0, at = 0; row < rows.length; row++, at += fields) {
    let weight = 0;
    for (let f = 0; f < fields; f++) {
      const level = rows.levels[at + f]!;
      const implied = level === EXACT ? model.implied[f] : null;
      weight += implied && rows.levels[at + implied.by] === EXACT ? implied.bits : bits[f * BASE + level]!;
    }
    const count = rows.counts[row]!;
    const share = count * probability(weight, model.prior);
    matches += share;
    for (let f = 0; f < fields; f++) {
      const cell = f * BASE + rows.levels[at + f]!;
      matching[cell]! += share;
      different[cell]! += count - share;
    }
  }
  const perField = (sums: Float64Array): number[][] =>
    model.m.map((levels, f) => Array.from(sums.subarray(f * BASE, f * BASE + levels.length)));
  return { matches, matching: perField(matching), different: perField(different) };
}

/** How many of all pairs match, given what each level is worth. */
function estimatePrior(model: Omit<Model, 'prior'>, rows: Rows, pairs: number, records: number): number {
  let prior = records / 4 / pairs;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { matches } = expectation({ ...model, prior }, rows, NONE);
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
export const bitsOf = ({ m, u }: Pick<Model, 'm' | 'u'>): number[][] =>
  m.map((levels, f) => levels.map((p, level) => (level === MISSING ? 0 : Math.log2(p / u[f]![level]!))));

const NONE = -1;

function flatBits(model: Pick<Model, 'm' | 'u'>, without: number): Float64Array {
  const flat = new Float64Array(model.m.length * BASE);
  bitsOf(model).forEach((levels, f) => f !== without && flat.set(levels, f * BASE));
  return flat;
}

/** Bayes: what the evidence makes of the prior. */
export const probability = (weight: number, prior: number): number => 1 / (1 + ((1 - prior) / prior) * 2 ** -weight);
