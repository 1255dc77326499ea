import { comparisonsOf, EXACT, MISSING } from './compare.ts';
import { columnsOf, type FieldSpec, type RecordRow } from './fields.ts';
import { learn, matcherOf, type Matcher } from './match.ts';
import type { Model } from './model.ts';
import { PERSON_ATTRIBUTES, PERSON_FIELDS } from './person.ts';

/** A model as it is kept: enough to score any two people later, one pair at a time. */
export interface StoredModel {
  specs: FieldSpec[];
  records: number;
  prior: number;
  m: number[][];
  u: number[][];
  implied: Model['implied'];
  /** Per field: the share of its commonest values. What is not here is rare. */
  frequent: Record<string, number>[];
}

/** The commonest values make the difference between Smith and Zwingli; beyond these all are rare. */
const FREQUENT_VALUES = 2_000;

export function trainModel(rows: readonly RecordRow[]): StoredModel {
  const { matcher } = learn(rows, PERSON_FIELDS);
  const frequent = matcher.fields.map(({ values, counts }) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const commonest = Array.from(counts, (count, id) => ({ id, count })).filter(({ count }) => count > 1);
    const kept = commonest.toSorted((x, y) => y.count - x.count).slice(0, FREQUENT_VALUES);
    return Object.fromEntries(kept.map(({ id, count }) => [values[id]!, count / total]));
  });
  const { prior, m, u, implied } = matcher.model;
  return { specs: PERSON_FIELDS, records: rows.length, prior, m, u, implied, frequent };
}

/** A matcher for a few records, with what was learnt from many. `population` is how many there are by now: the more, the rarer a match. */
export function applyModel(stored: StoredModel, rows: readonly RecordRow[], population: number): Matcher {
  const fields = columnsOf(rows, stored.specs);
  const prior = Math.min(0.1, (stored.prior * stored.records) / Math.max(population, stored.records));
  const frequency = fields.map((field, f) => {
    const average = stored.u[f]![EXACT]!;
    const rare = Math.min(average, 2 / stored.records);
    return Float64Array.from(field.values, (value, id) =>
      id === 0 ? 0 : Math.log2(average / (stored.frequent[f]![value] ?? rare)),
    );
  });
  return matcherOf(
    fields,
    comparisonsOf(fields),
    { prior, m: stored.m, u: stored.u, implied: stored.implied },
    0,
    frequency,
  );
}

/** Of the fields of one person most are equal, and few are quite different. */
const EQUAL = 0.75;
const DIFFERENT = 0.03;

/**
 * Where matching starts in a new shop, before anything could be learnt: shares of equal, nearly equal and different values as published
 * studies of customer files find them. Training replaces it.
 */
export const FIRST_MODEL: StoredModel = {
  specs: PERSON_FIELDS,
  records: 10_000,
  prior: 1 / 20_000,
  m: PERSON_FIELDS.map(({ kind }) => spread(kind)),
  u: [
    table('given', [0.008, 0.01, 0.01, 0.06, 0.002]),
    table('family', [0.004, 0.006, 0.01, 0.05, 0.002]),
    table('date', [0.00005, 0.0008, 0.06, 0.03]),
    table('email', [0.00002, 0.002, 0.01]),
    table('phone', [0.00002, 0.00005]),
    table('text', [0.0002, 0.002, 0.06, 0.0005]),
    table('text', [0.05, 0.01, 0.03, 0.0005]),
    table('code', [0.005, 0.01]),
  ],
  // Who shares a postcode shares the city.
  implied: PERSON_FIELDS.map(({ name }) =>
    name === 'city' ? { by: PERSON_ATTRIBUTES.indexOf('postalCode'), bits: 0 } : null,
  ),
  frequent: PERSON_FIELDS.map(() => ({})),
};

function levelsOfKind(kind: FieldSpec['kind']): number {
  return comparisonsOf(columnsOf([], [{ name: kind, kind }]))[0]!.levels.length;
}

/** All levels but the last, which takes what is left. */
function table(kind: FieldSpec['kind'], shares: readonly number[]): number[] {
  const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
  const levels = [1, ...shares, rest];
  if (levels.length !== levelsOfKind(kind))
    throw new Error(`The first model has ${levels.length} levels for ${kind}, not ${levelsOfKind(kind)}.`);
  return levels;
}

function spread(kind: FieldSpec['kind']): number[] {
  const levels = levelsOfKind(kind);
  return Array.from({ length: levels }, (_, level) => {
    if (level === MISSING) return 1;
    if (level === EXACT) return EQUAL;
    return level === levels - 1 ? DIFFERENT : (1 - EQUAL - DIFFERENT) / (levels - 3);
  });
}
