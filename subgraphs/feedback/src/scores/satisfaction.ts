import type { Attitude } from '../answers/attitude.ts';
import { positionOf } from '../answers/attitude.ts';

/** One thing a customer said, in an answer or a review. */
export interface Opinion {
  metric: 'nps' | 'csat' | 'ces' | 'custom' | 'review';
  score: number | null;
  scaleMin: number;
  scaleMax: number;
  attitude: Attitude | null;
  sentiment: number | null;
  occurredAt: Date;
}

export interface Satisfaction {
  opinions: number;
  attitude: Attitude | null;
  latestNps: number | null;
  latestNpsAt: Date | null;
  /** Mean of all scores, each as per cent of its scale. */
  average: number | null;
  sentiment: number | null;
  sentimentTrend: 'improving' | 'steady' | 'worsening' | null;
  lastSaidAt: Date | null;
}

/** The mood of today is that of the last few things she said. */
const RECENT = 3;
/** A change of mood smaller than this is noise of the scorer. */
const TREND = 0.25;

const mean = (values: number[]): number | null =>
  values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : null;

/** What one customer's opinions, newest first, say of her. */
export function satisfactionOf(opinions: readonly Opinion[]): Satisfaction {
  const scored = opinions.filter((o) => o.score !== null);
  const nps = scored.find((o) => o.metric === 'nps');
  const moods = opinions.flatMap((o) => (o.sentiment === null ? [] : [o.sentiment]));
  return {
    opinions: opinions.length,
    attitude: scored[0]?.attitude ?? null,
    latestNps: nps?.score ?? null,
    latestNpsAt: nps?.occurredAt ?? null,
    average: mean(scored.map((o) => positionOf(o.score!, { min: o.scaleMin, max: o.scaleMax }) * 100)),
    sentiment: mean(moods.slice(0, RECENT)),
    sentimentTrend: trendOf(mean(moods.slice(0, RECENT)), mean(moods.slice(RECENT, 2 * RECENT))),
    lastSaidAt: opinions[0]?.occurredAt ?? null,
  };
}

function trendOf(now: number | null, before: number | null): Satisfaction['sentimentTrend'] {
  if (now === null || before === null) return null;
  if (now - before > TREND) return 'improving';
  return before - now > TREND ? 'worsening' : 'steady';
}
