import { EXACT, MISSING } from './compare.ts';
import type { Matcher } from './match.ts';
import { bitsOf, levelsOf, patternOf } from './model.ts';

/** What one field says about whether two records are one person. */
export interface FieldEvidence {
  field: string;
  /** What the comparison found, in words. */
  finding: string;
  /** What that is worth in bits: each bit doubles the odds, a negative one halves them. */
  weight: number;
  /** The part of the weight that is due to how rare or common the value is. */
  rarity: number;
}

/** The score of a pair, field by field. The weights add up to the weight of the pair. */
export function explain(matcher: Matcher, a: number, b: number): FieldEvidence[] {
  const bits = bitsOf(matcher.model);
  const levels = levelsOf(patternOf(matcher.comparisons, a, b), matcher.fields.length);
  return levels.flatMap((level, f) => {
    if (level === MISSING) return [];
    const rarity = level === EXACT ? matcher.frequency[f]![matcher.fields[f]!.ids[a]!]! : 0;
    const { field, levels: names } = matcher.comparisons[f]!;
    return [{ field: field.name, finding: names[level]!, weight: bits[f]![level]! + rarity, rarity }];
  });
}
