/**
 * What a score says of the one who gave it. NPS has its thresholds by definition (9–10, 7–8, 0–6); the other metrics are cut at the
 * same places of their scales, so CSAT 5 · 4 · 1–3 and CES 7 · 5–6 · 1–4.
 */
export type Attitude = 'promoter' | 'passive' | 'detractor';

export interface Scale {
  min: number;
  max: number;
}

/** Half-way between NPS 8 and 9, and between 6 and 7. */
const PROMOTER_FROM = 0.85;
const PASSIVE_FROM = 0.65;

/** Where a score stands on its scale, 0 to 1. */
export const positionOf = (score: number, { min, max }: Scale): number => (score - min) / (max - min);

export function attitudeOf(score: number | null, scale: Scale): Attitude | null {
  if (score === null) return null;
  const position = positionOf(score, scale);
  if (position >= PROMOTER_FROM) return 'promoter';
  return position >= PASSIVE_FROM ? 'passive' : 'detractor';
}

/** A rating of five stars on the same terms: 5 · 4 · 1–3. */
export const STARS: Scale = { min: 1, max: 5 };
