/**
 * What a suggestion is worth is learned from what became of earlier ones. Outcomes are counted in cells from coarse to fine
 * (arm; arm and channel; arm, channel and context), and a fine cell that saw little leans on the coarser one above it.
 */
export interface Cell {
  shown: number;
  taken: number;
}

/** The first guess for an arm nobody has tried: as if 2 of 50 had been taken. */
const PRIOR: Cell = { shown: 50, taken: 2 };
/** How many trials of its own a finer cell needs until it counts as much as the coarser one. */
const LEAN = 20;

/** Probability that the suggestion is taken: the mean of the finest cell, shrunk towards the coarser ones. */
export function propensity(coarseToFine: readonly (Cell | undefined)[]): number {
  let mean = PRIOR.taken / PRIOR.shown;
  let weight = PRIOR.shown;
  for (const cell of coarseToFine) {
    if (!cell || cell.shown === 0) continue;
    mean = (cell.taken + weight * mean) / (cell.shown + weight);
    weight = LEAN;
  }
  return mean;
}

/** Keys of the cells of one suggestion, coarse to fine. */
export const cellKeys = (arm: string, channel: string, context: string): string[] => [
  arm,
  `${arm}|${channel}`,
  `${arm}|${channel}|${context}`,
];

/** One decision in ten tries something else, which is what later policies are compared by. */
export const EPSILON = 0.1;

export interface Choice {
  index: number;
  /** For each candidate the probability with which this policy puts it first; they sum to 1. */
  probabilities: number[];
}

/**
 * Epsilon-greedy: the best one with 1 − ε, else any of them alike. Chosen over Thompson sampling because its probabilities are
 * exact, and an off-policy estimate is only as good as the probabilities it divides by.
 */
export function epsilonGreedy(scores: readonly number[], epsilon: number, random: number): Choice {
  if (scores.length === 0) throw new Error('There is nothing to choose from; silence is always a candidate.');
  const best = scores.indexOf(Math.max(...scores));
  const share = epsilon / scores.length;
  const probabilities = scores.map((_, i) => (i === best ? 1 - epsilon + share : share));
  const explores = random < epsilon;
  const index = explores ? Math.min(scores.length - 1, Math.floor((random / epsilon) * scores.length)) : best;
  return { index, probabilities };
}
