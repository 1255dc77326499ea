/**
 * What another policy would have earned, from decisions that this one made: each logged outcome is weighted by how much likelier the other policy was to decide
 * so. Where the log holds too little of what the other policy would do, no figure is given.
 */
export interface Logged {
  reward: number;
  /** Probability with which the logged policy chose this action. */
  probability: number;
  /** Probability with which the other policy would have chosen it. */
  target: number;
}

interface Estimate {
  decisions: number;
  /** Mean reward of the logged policy. */
  logged: number;
  /** Self-normalised inverse propensity estimate of the other policy's mean reward. */
  value: number;
  low: number;
  high: number;
  /** How many decisions made by the other policy itself the log is worth. */
  effective: number;
}

export type Evaluation =
  { kind: 'estimated'; estimate: Estimate } | { kind: 'refused'; reason: string; effective: number };

/** With less than this many effective decisions the interval means nothing. */
const MIN_EFFECTIVE = 100;
/** If the weights sum to less than this part of what they should, the log lacks part of what the other policy would do. */
const MIN_OVERLAP = 0.9;
/** 95 % of a normal distribution. */
const Z = 1.96;

export function evaluatePolicy(log: readonly Logged[]): Evaluation {
  const n = log.length;
  if (n === 0) return { kind: 'refused', reason: 'No decision with a known outcome lies in the period.', effective: 0 };
  const weights = log.map(({ probability, target }) => target / probability);
  const sum = weights.reduce((a, b) => a + b, 0);
  const effective = sum === 0 ? 0 : sum ** 2 / weights.reduce((a, w) => a + w * w, 0);
  if (sum / n < MIN_OVERLAP)
    return {
      kind: 'refused',
      reason: `The log holds only ${Math.round((100 * sum) / n)} % of what that policy would do.`,
      effective,
    };
  if (effective < MIN_EFFECTIVE)
    return {
      kind: 'refused',
      reason: `The log is worth ${Math.floor(effective)} decisions of that policy; at least ${MIN_EFFECTIVE} are needed.`,
      effective,
    };
  const value = log.reduce((total, { reward }, i) => total + weights[i]! * reward, 0) / sum;
  const spread =
    Math.sqrt(log.reduce((total, { reward }, i) => total + (weights[i]! * (reward - value)) ** 2, 0)) / sum;
  const logged = log.reduce((total, { reward }) => total + reward, 0) / n;
  return {
    kind: 'estimated',
    estimate: { decisions: n, logged, value, low: value - Z * spread, high: value + Z * spread, effective },
  };
}
