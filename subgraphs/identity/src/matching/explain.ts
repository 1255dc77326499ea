import { MISSING } from './compare.ts';
import type { Matcher } from './match.ts';
import { bitsOf, levelsOf, patternOf } from './model.ts';

/** What one field says about whether two records are one person. */
export interface FieldEvidence {
  field: string;
  /** What the comparison found, in words. */
  finding: string;
  /** What that is worth in bits: each bit doubles the odds, a negative one halves them. */
  weight: number;
  /** The part of the weight that is due to how rare or common the value is, or to another field that implies this one. */
  rarity: number;
}

/** The score of a pair, field by field. The weights add up to the weight of the pair. */
export function explain(matcher: Matcher, a: number, b: number): FieldEvidence[] {
  const pattern = patternOf(matcher.comparisons, a, b);
  const bits = bitsOf(matcher.model);
  const weights = Array.from(matcher.weights(pattern, a));
  return levelsOf(pattern, matcher.fields.length).flatMap((level, f) => {
    if (level === MISSING) return [];
    const { field, levels: names } = matcher.comparisons[f]!;
    const weight = weights[f]!;
    return [{ field: field.name, finding: names[level]!, weight, rarity: weight - bits[f]![level]! }];
  });
}
