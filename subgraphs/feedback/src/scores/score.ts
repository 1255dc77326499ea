import type { MetricName } from '../surveys/survey.ts';
import { type AttitudeCounts, boundedMean, type Estimate, netPromoterScore, share } from './statistics.ts';

/** What SQL counts of a group of answers and invitations. */
export interface Tally extends AttitudeCounts {
  n: number;
  sum: number;
  squares: number;
  /** In the upper quarter of the scale: CSAT 4 and 5. */
  satisfied: number;
  /** Scores as positions on their scale, 0 to 1. */
  positions: number;
  positionSquares: number;
  asked: number;
  answered: number;
  dismissed: number;
}

export const EMPTY: Tally = {
  n: 0,
  sum: 0,
  squares: 0,
  promoters: 0,
  passives: 0,
  detractors: 0,
  satisfied: 0,
  positions: 0,
  positionSquares: 0,
  asked: 0,
  answered: 0,
  dismissed: 0,
};

export interface Score extends Estimate, AttitudeCounts {
  metric: MetricName;
  mean: number | null;
  asked: number;
  answered: number;
  dismissed: number;
  responseRate: Estimate;
}

const CES_SCALE = { low: 1, high: 7 };
const PER_CENT = { low: 0, high: 100 };

/** NPS: net score −100…100. CSAT: per cent who gave 4 or 5. CES: mean 1…7. Custom: mean position on its scale, per cent. */
const ESTIMATES: Record<MetricName, (t: Tally) => Estimate> = {
  nps: netPromoterScore,
  csat: ({ satisfied, n }) => share(satisfied, n),
  ces: ({ n, sum, squares }) => boundedMean({ n, sum, sumOfSquares: squares }, CES_SCALE),
  custom: ({ n, positions, positionSquares }) =>
    boundedMean({ n, sum: positions * 100, sumOfSquares: positionSquares * 10_000 }, PER_CENT),
};

export function scoreOfTally(metric: MetricName, t: Tally): Score {
  const { promoters, passives, detractors, asked, answered, dismissed } = t;
  return {
    metric,
    ...ESTIMATES[metric](t),
    mean: t.n > 0 ? t.sum / t.n : null,
    promoters,
    passives,
    detractors,
    asked,
    answered,
    dismissed,
    responseRate: share(answered, asked),
  };
}
