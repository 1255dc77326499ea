import { clusters, learn, scorePairs, SURE } from '../../../subgraphs/identity/src/matching/match.ts';
import type { DataSet } from './data-sets.ts';

/** More likely than not. It is the same for every data set. */
const LIKELY = 0.5;

export interface Quality {
  precision: number;
  recall: number;
  f1: number;
  /** The share of the pairs above the threshold of merging by itself that are true; 1 where there are none. */
  surePrecision: number;
  /** The share of true pairs that were compared at all: what blocking misses counts as missed. */
  compared: number;
  milliseconds: number;
}

/** Matches the records and counts, over all pairs there are, how many were found and how many of those found are true. */
export function qualityOf({ rows, specs, truth }: DataSet): Quality {
  const began = performance.now();
  const { matcher, pairs, patterns } = learn(rows, specs);
  const matches = scorePairs(matcher, pairs, patterns, LIKELY);
  const group = clusters(rows.length, matches, matcher.score, matcher.model.prior);
  const milliseconds = performance.now() - began;
  const real = pairsWithin(truth);
  const found = pairsWithin(Array.from(group, String));
  const right = pairsWithin(truth.map((person, row) => `${person}|${group[row]}`));
  const compared = pairs.a.reduce((sum, a, i) => sum + Number(truth[a] === truth[pairs.b[i]!]), 0);
  const sure = matches.filter((match) => match.probability >= SURE);
  const sureRight = sure.filter(({ a, b }) => truth[a] === truth[b]);
  const [precision, recall] = [right / found, right / real];
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    surePrecision: sure.length === 0 ? 1 : sureRight.length / sure.length,
    compared: compared / real,
    milliseconds,
  };
}

/** How many pairs have the same name. */
function pairsWithin(names: readonly string[]): number {
  const sizes = new Map<string, number>();
  for (const name of names) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
}
