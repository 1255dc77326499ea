/**
 * What a score is worth: every figure comes with the interval in which the true one lies 95 times out of 100.
 *
 * - NPS is the mean of a variable that is +1 (promoter), 0 (passive) or −1 (detractor); its variance is p₊ + p₋ − NPS².
 *   With few answers the plain interval is far too narrow (three promoters would "prove" 100 ± 0), so three pseudo-answers
 *   spread as a triangle (¾, 1½, ¾) are added before it is reckoned: the adjusted Wald interval recommended by
 *   B. Rocks, "Interval Estimation for the 'Net Promoter Score'", The American Statistician 70(4), 2016, 365–372.
 * - A share (CSAT) gets E. B. Wilson's score interval, "Probable Inference, the Law of Succession, and Statistical Inference",
 *   JASA 22(158), 1927, 209–212.
 * - A mean (CES) gets Student's interval, cut off at the ends of its scale.
 */

/** The 97.5th percentile of the normal distribution: two-sided 95 %. */
const Z_95 = 1.959963984540054;

export interface Interval {
  low: number;
  high: number;
}

export interface Estimate extends Interval {
  /** Null where nobody has answered: no answers is not a score of zero. */
  value: number | null;
  n: number;
}

export interface AttitudeCounts {
  promoters: number;
  passives: number;
  detractors: number;
}

const PSEUDO_ENDS = 0.75;
const PSEUDO_MIDDLE = 1.5;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Mean and variance of the −1/0/+1 variable after `ends` and `middle` pseudo-answers. */
function netVariable(counts: AttitudeCounts, ends = 0, middle = 0): { mean: number; variance: number; n: number } {
  const n = counts.promoters + counts.passives + counts.detractors + 2 * ends + middle;
  const promoters = (counts.promoters + ends) / n;
  const detractors = (counts.detractors + ends) / n;
  const mean = promoters - detractors;
  return { mean, variance: promoters + detractors - mean * mean, n };
}

/** Net promoter score from −100 to 100 over those who answered. */
export function netPromoterScore(counts: AttitudeCounts): Estimate {
  const n = counts.promoters + counts.passives + counts.detractors;
  if (n === 0) return { value: null, low: -100, high: 100, n };
  const { mean } = netVariable(counts);
  const adjusted = netVariable(counts, PSEUDO_ENDS, PSEUDO_MIDDLE);
  const half = Z_95 * Math.sqrt(adjusted.variance / adjusted.n);
  return {
    value: mean * 100,
    low: clamp(adjusted.mean - half, -1, mean) * 100,
    high: clamp(adjusted.mean + half, mean, 1) * 100,
    n,
  };
}

/** A share in per cent with Wilson's interval: never outside 0–100, and never of width nought. */
export function share(hits: number, n: number): Estimate {
  if (n === 0) return { value: null, low: 0, high: 100, n };
  const p = hits / n;
  const z2 = Z_95 * Z_95;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z_95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return { value: p * 100, low: clamp(centre - half, 0, p) * 100, high: clamp(centre + half, p, 1) * 100, n };
}

/** What SQL gives back of a column of scores. */
export interface Moments {
  n: number;
  sum: number;
  sumOfSquares: number;
}

/** A mean on a bounded scale with Student's interval; one answer alone says nothing about the spread, so it gets the whole scale. */
export function boundedMean(moments: Moments, scale: Interval): Estimate {
  const { n, sum, sumOfSquares } = moments;
  if (n === 0) return { value: null, ...scale, n };
  const value = sum / n;
  if (n === 1) return { value, ...scale, n };
  const variance = Math.max(0, (sumOfSquares - n * value * value) / (n - 1));
  // Equal answers have no spread to see, but half a step of the scale stays undecided between them.
  const half = (studentT95(n - 1) * Math.max(Math.sqrt(variance), variance === 0 ? 0.5 : 0)) / Math.sqrt(n);
  return { value, low: clamp(value - half, scale.low, value), high: clamp(value + half, value, scale.high), n };
}

/** Where the expansion below is too coarse: the exact values for 1 to 4 degrees of freedom. */
const T_95 = [12.706204736, 4.30265273, 3.182446305, 2.776445105];

/** Two-sided 95 % point of Student's t by the Cornish–Fisher expansion around the normal one (Abramowitz & Stegun 26.7.5). */
export function studentT95(degrees: number): number {
  const exact = T_95[degrees - 1];
  if (exact !== undefined) return exact;
  const z = Z_95;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}

/**
 * How many standard errors the first group's net score lies below the second's; positive means a drop.
 * Both sides carry their pseudo-answers, so that a handful of answers can't shout.
 */
export function dropInStandardErrors(now: AttitudeCounts, before: AttitudeCounts): number {
  const a = netVariable(now, PSEUDO_ENDS, PSEUDO_MIDDLE);
  const b = netVariable(before, PSEUDO_ENDS, PSEUDO_MIDDLE);
  return (b.mean - a.mean) / Math.sqrt(a.variance / a.n + b.variance / b.n);
}
