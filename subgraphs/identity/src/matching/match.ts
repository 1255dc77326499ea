import { candidatePairs, type Pairs } from './blocking.ts';
import { comparisonsOf, EXACT, type Comparison } from './compare.ts';
import { columnsOf, type Field, type FieldSpec, type RecordRow } from './fields.ts';
import {
  BASE as LEVELS,
  bitsOf,
  estimateU,
  MAX_FIELDS,
  patternOf,
  probability,
  train,
  type Counts,
  type Model,
} from './model.ts';

/** Two records and how likely they are one person. */
export interface Scored {
  a: number;
  b: number;
  weight: number;
  probability: number;
}

export interface Matcher {
  fields: Field[];
  comparisons: Comparison[];
  model: Model;
  /** Per field and value: the bits that agreeing on just that value adds. */
  frequency: Float64Array[];
  /** Pairs that were compared. */
  compared: number;
  score: (a: number, b: number) => Scored;
  /** What each field of that pair is worth. */
  weights: (pattern: number, a: number) => Float64Array;
  /** The same where the comparison is at hand. */
  scorePattern: (pattern: number, a: number, b: number) => Scored;
}

/** From here on two profiles are one person without anybody being asked. One in a thousand of them may be wrong. */
export const SURE = 0.999;

/** More random pairs change u in the third digit only. */
const RANDOM_PAIRS = 250_000;

/** Learns from the records themselves how much each agreement is worth. Nothing has to be labelled, nothing is set per data set. */
export function learn(
  rows: readonly RecordRow[],
  specs: readonly FieldSpec[],
): { matcher: Matcher; pairs: Pairs; patterns: Float64Array } {
  if (specs.length === 0 || specs.length > MAX_FIELDS) {
    throw new RangeError(`Records are compared by 1 to ${MAX_FIELDS} fields, ${specs.length} were given.`);
  }
  const fields = columnsOf(rows, specs);
  const comparisons = comparisonsOf(fields);
  const pairs = candidatePairs(fields, rows.length);
  const patterns = Float64Array.from(pairs.a, (a, i) => patternOf(comparisons, a, pairs.b[i]!));
  const candidates = countsOf(patterns);
  const all = (rows.length * (rows.length - 1)) / 2;
  // Where all pairs were compared, they are what any two people look like.
  const random = all === patterns.length ? candidates : randomCounts(comparisons, rows.length);
  const u = estimateU(comparisons, random);
  const model = train(comparisons, u, candidates, all, rows.length);
  return { matcher: matcherOf(fields, comparisons, model, patterns.length), pairs, patterns };
}

function countsOf(patterns: Iterable<number>): Counts {
  const counts: Counts = new Map();
  for (const pattern of patterns) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  return counts;
}

/** Levels of pairs that nobody chose. The sequence is fixed, so that the same records give the same weights. */
function randomCounts(comparisons: readonly Comparison[], records: number): Counts {
  let state = 0x9e3779b9;
  const next = (): number => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % records;
  };
  const patterns = Array.from({ length: RANDOM_PAIRS }, () => [next(), next()] as const)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => patternOf(comparisons, a, b));
  return countsOf(patterns);
}

/** Puts together what is known of the fields into something that scores pairs. */
export function matcherOf(
  fields: Field[],
  comparisons: Comparison[],
  model: Model,
  compared: number,
  frequency: Float64Array[] = fields.map((field, f) => frequencyBits(field, model.u[f]![EXACT]!)),
): Matcher {
  const weights = fieldWeights(fields, model, frequency);
  const scorePattern = (pattern: number, a: number, b: number): Scored => {
    const weight = weights(pattern, a).reduce((sum, bits) => sum + bits, 0);
    return { a, b, weight, probability: probability(weight, model.prior) };
  };
  return {
    fields,
    comparisons,
    model,
    frequency,
    weights,
    compared,
    scorePattern,
    score: (a, b) => scorePattern(patternOf(comparisons, a, b), a, b),
  };
}

/** What each field of a pair is worth, rarity included. The array is the same one each time: read it before the next call. */
function fieldWeights(fields: readonly Field[], model: Model, frequency: readonly Float64Array[]): Matcher['weights'] {
  const bits = bitsOf(model);
  const levels = new Uint8Array(fields.length);
  const weights = new Float64Array(fields.length);
  return (pattern, a) => {
    for (let f = 0, rest = pattern; f < fields.length; f++, rest = Math.floor(rest / LEVELS)) levels[f] = rest % LEVELS;
    for (let f = 0; f < fields.length; f++) {
      const level = levels[f]!;
      const implied = level === EXACT ? model.implied[f] : null;
      if (implied && levels[implied.by] === EXACT) weights[f] = implied.bits;
      else weights[f] = bits[f]![level]! + (level === EXACT ? frequency[f]![fields[f]!.ids[a]!]! : 0);
    }
    return weights;
  };
}

/** Agreeing on a rare value is worth more than on a common one: the bits that a value adds to the average of its field. */
function frequencyBits(field: Field, average: number): Float64Array {
  let given = 0;
  for (const count of field.counts) given += count;
  return Float64Array.from(field.counts, (count, id) =>
    id === 0 || count === 0 ? 0 : Math.log2(average / (count / given)),
  );
}

/** Compared pairs whose probability is at least `least`. */
export function scorePairs(matcher: Matcher, pairs: Pairs, patterns: Float64Array, least: number): Scored[] {
  const found: Scored[] = [];
  for (let i = 0; i < patterns.length; i++) {
    const scored = matcher.scorePattern(patterns[i]!, pairs.a[i]!, pairs.b[i]!);
    if (scored.probability >= least) found.push(scored);
  }
  return found;
}

/** More pairs between two groups than these are not looked at: the mean of so many is known well enough. */
const MAX_CROSS_PAIRS = 64;

/**
 * The person of each record: the smallest row of its group. Groups grow along the surest pairs first, and two groups join only if
 * the evidence between all of their members, taken together, speaks for it: one lucky pair does not weld two families.
 */
export function clusters(
  records: number,
  matches: readonly Scored[],
  score: Matcher['score'],
  prior: number,
): Int32Array {
  const group = Int32Array.from({ length: records }, (_, row) => row);
  const members = new Map<number, number[]>();
  const needed = Math.log2((1 - prior) / prior);
  for (const { a, b } of matches.toSorted((x, y) => y.weight - x.weight)) {
    const [x, y] = [group[a]!, group[b]!].toSorted((p, q) => p - q) as [number, number];
    if (x === y) continue;
    const [left, right] = [members.get(x) ?? [x], members.get(y) ?? [y]];
    if (meanWeight(left, right, score) < needed) continue;
    for (const row of right) group[row] = x;
    members.set(x, [...left, ...right]);
    members.delete(y);
  }
  return group;
}

function meanWeight(left: readonly number[], right: readonly number[], score: Matcher['score']): number {
  let [sum, count] = [0, 0];
  for (const a of left) {
    for (const b of right) {
      sum += score(a, b).weight;
      if (++count === MAX_CROSS_PAIRS) return sum / count;
    }
  }
  return sum / count;
}
