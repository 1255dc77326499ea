import { type AttitudeCounts, dropInStandardErrors } from '../scores/statistics.ts';

/** A recent stretch of answers of one scope against those before it. */
export interface Comparison {
  recent: AttitudeCounts;
  baseline: AttitudeCounts;
}

export interface Finding {
  value: number;
  baseline: number;
  answers: number;
  baselineAnswers: number;
  standardErrors: number;
}

/** Fewer answers can't show a drop; fewer before them don't tell what is normal. */
const MIN_RECENT = 5;
const MIN_BASELINE = 30;
/** A drop that matters to a store, in points of net score; in a channel of thousands a smaller one may be sure and still be small. */
const MIN_DROP = 15;
/** Looked at after every answer, a fair store comes this low by chance about once in two or three years (see the simulation in the test). */
const ALARM = 4.2;
/** It is over when the drop can't be told from chance any more. */
const RECOVERED = 1;

const sizeOf = ({ promoters, passives, detractors }: AttitudeCounts): number => promoters + passives + detractors;
const netOf = (counts: AttitudeCounts): number => ((counts.promoters - counts.detractors) / sizeOf(counts)) * 100;

/** What the comparisons show: the surest drop, or null where none can be made. */
export function measure(comparisons: readonly Comparison[]): Finding | null {
  const findings = comparisons
    .filter(({ recent, baseline }) => sizeOf(recent) >= MIN_RECENT && sizeOf(baseline) >= MIN_BASELINE)
    .map(({ recent, baseline }) => ({
      value: netOf(recent),
      baseline: netOf(baseline),
      answers: sizeOf(recent),
      baselineAnswers: sizeOf(baseline),
      standardErrors: dropInStandardErrors(recent, baseline),
    }));
  return findings.toSorted((a, b) => b.standardErrors - a.standardErrors)[0] ?? null;
}

export const isDrop = ({ value, baseline, standardErrors }: Finding): boolean =>
  standardErrors >= ALARM && baseline - value >= MIN_DROP;
export const isRecovered = ({ standardErrors }: Finding): boolean => standardErrors < RECOVERED;
