/**
 * A spike is a day on which somebody shows so many signals for a topic that chance does not explain it: neither against her own
 * days before, nor against what other people show on a day on which they care for that topic.
 */
export const WINDOW_HOURS = 24;
/** Days of her own past to compare with. */
export const BASELINE_WINDOWS = 27;
/** Fewer signals than this are never a spike, however quiet she was. */
export const MIN_SIGNALS = 5;

/** Of somebody unknown we expect one signal per topic in four days, and believe in that as much as in four days of watching her. */
const PRIOR = { signals: 1, windows: 4 };
/** Chance of being wrong that we accept against her own past: some thousands of topics are tested a day. */
const OWN_ALPHA = 0.001;
/** Against peers the mean is well known, and one visit is a burst by nature. */
const PEER_ALPHA = 0.05;
/** What a peer shows on a day on which she cares, until there are enough of them to know. */
const UNKNOWN_PEER_MEAN = 2;

export interface Activity {
  /** Signals of the last `WINDOW_HOURS`. */
  recent: number;
  /** Signals in the `BASELINE_WINDOWS` windows before. */
  before: number;
  /** Mean signals of others per window in which they showed at least one; undefined where too few did. */
  peerMean?: number;
}

export interface Judgement {
  spiked: boolean;
  /** What was to be expected of her in one window. */
  ownBaseline: number;
  peerBaseline: number;
  /** Probability of as many signals by chance, given her past. */
  probability: number;
}

export function judgeSpike({ recent, before, peerMean = UNKNOWN_PEER_MEAN }: Activity): Judgement {
  const signals = PRIOR.signals + before;
  const windows = PRIOR.windows + BASELINE_WINDOWS;
  const probability = negativeBinomialTail(recent, signals, windows / (windows + 1));
  const spiked = recent >= MIN_SIGNALS && probability < OWN_ALPHA && poissonTail(recent, peerMean) < PEER_ALPHA;
  return { spiked, ownBaseline: signals / windows, peerBaseline: peerMean, probability };
}

/** P(X ≥ k) where X is Poisson. */
export function poissonTail(k: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let i = 0; i < k; i++) {
    below += term;
    term *= mean / (i + 1);
  }
  return Math.max(0, 1 - below);
}

/** P(X ≥ k) where X is negative binomial: the Poisson of a rate that is itself only known as a gamma distribution. */
export function negativeBinomialTail(k: number, shape: number, p: number): number {
  let term = p ** shape;
  let below = 0;
  for (let i = 0; i < k; i++) {
    below += term;
    term *= ((shape + i) / (i + 1)) * (1 - p);
  }
  return Math.max(0, 1 - below);
}
