/**
 * Who earned a conversion. A path is the channels somebody went through, in order; it may stand for many people who went the same way, of whom some
 * converted and some did not.
 */
export interface Path {
  channels: readonly string[];
  conversions: number;
  value: number;
  /** How many went this way and did not convert. Only the Markov model looks at them. */
  nulls: number;
  /** Days between each contact and the conversion, where they are known. */
  ages?: readonly number[];
}

interface Credit {
  conversions: number;
  value: number;
}

export type Credits = Map<string, Credit>;

export const MODELS = ['first', 'last', 'linear', 'position', 'time-decay', 'markov', 'shapley'] as const;
export type Model = (typeof MODELS)[number];

/** Position-based: this much to the first and to the last contact, the rest to those in between. */
const END_SHARE = 0.4;
/** Time decay: a contact a week earlier counts half. */
const HALF_LIFE_DAYS = 7;

/** Every model hands out exactly the conversions and the value that there were. */
export function attribute(model: Model, paths: readonly Path[]): Credits {
  if (model === 'markov') return markov(paths);
  const weigh = WEIGHTS[model];
  const credits: Credits = new Map();
  for (const path of paths) {
    if (path.channels.length === 0) continue;
    weigh(path).forEach((weight, i) => add(credits, path.channels[i]!, path.conversions * weight, path.value * weight));
  }
  return credits;
}

function add(credits: Credits, channel: string, conversions: number, value: number): void {
  const credit = credits.get(channel) ?? { conversions: 0, value: 0 };
  credits.set(channel, { conversions: credit.conversions + conversions, value: credit.value + value });
}

/** For each contact of a path its share; shares sum to 1. */
const WEIGHTS: Record<Exclude<Model, 'markov'>, (path: Path) => number[]> = {
  first: ({ channels }) => channels.map((_, i) => (i === 0 ? 1 : 0)),
  last: ({ channels }) => channels.map((_, i) => (i === channels.length - 1 ? 1 : 0)),
  linear: ({ channels }) => channels.map(() => 1 / channels.length),
  position: ({ channels: { length } }) => {
    if (length === 1) return [1];
    if (length === 2) return [0.5, 0.5];
    const between = (1 - 2 * END_SHARE) / (length - 2);
    return Array.from({ length }, (_, i) => (i === 0 || i === length - 1 ? END_SHARE : between));
  },
  'time-decay': ({ channels, ages }) => {
    // Without times, one contact stands for one half-life: only the order is known.
    const exponents = channels.map((_, i) => (ages ? -ages[i]! / HALF_LIFE_DAYS : i - channels.length + 1));
    const latest = Math.max(...exponents);
    const raw = exponents.map((e) => 2 ** (e - latest));
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((w) => w / sum);
  },
  shapley: ({ channels }) => {
    // The worth of a set of channels is what was won by people who needed no other. Then the Shapley value splits each path evenly among its distinct
    // channels, exactly and without walking through all coalitions.
    const distinct = new Set(channels);
    const seen = new Set<string>();
    return channels.map((channel) => (seen.has(channel) ? 0 : (seen.add(channel), 1 / distinct.size)));
  },
};

/**
 * The removal effect in a first-order Markov chain: by how much fewer would convert if whoever comes to a channel were lost there. The chance to
 * convert solves a system of linear equations, so nothing is simulated.
 */
function markov(paths: readonly Path[]): Credits {
  const totals = paths.reduce(
    (sum, p) => ({ conversions: sum.conversions + p.conversions, value: sum.value + p.value }),
    { conversions: 0, value: 0 },
  );
  const effects = removalEffects(paths);
  const sum = [...effects.values()].reduce((a, b) => a + b, 0);
  return new Map(
    [...effects].map(([channel, effect]) => [
      channel,
      { conversions: share(effect, sum) * totals.conversions, value: share(effect, sum) * totals.value },
    ]),
  );
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export function removalEffects(paths: readonly Path[]): Map<string, number> {
  const { channels, step, toConversion } = transitions(paths);
  const whole = chanceToConvert(step, toConversion);
  return new Map(
    channels.map((channel, i) => [channel, whole === 0 ? 0 : 1 - chanceToConvert(step, toConversion, i + 1) / whole]),
  );
}

interface Chain {
  channels: string[];
  /** Probabilities between states; state 0 is the start, state i + 1 is channel i. */
  step: number[][];
  toConversion: number[];
}

function transitions(paths: readonly Path[]): Chain {
  const channels = [...new Set(paths.flatMap((p) => p.channels))];
  const state = new Map(channels.map((channel, i) => [channel, i + 1]));
  const size = channels.length + 1;
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const toConversion = new Array<number>(size).fill(0);
  const leaving = new Array<number>(size).fill(0);
  for (const { channels: way, conversions, nulls } of paths) {
    const people = conversions + nulls;
    let from = 0;
    for (const channel of way) {
      const to = state.get(channel)!;
      counts[from]![to]! += people;
      leaving[from]! += people;
      from = to;
    }
    toConversion[from]! += conversions;
    leaving[from]! += people;
  }
  return {
    channels,
    step: counts.map((row, i) => row.map((n) => share(n, leaving[i]!))),
    toConversion: toConversion.map((n, i) => share(n, leaving[i]!)),
  };
}

/** Solves p = toConversion + step · p, with p = 0 for a removed state, by elimination with pivoting; returns p of the start. */
function chanceToConvert(step: readonly number[][], toConversion: readonly number[], removed = -1): number {
  const size = step.length;
  const rows = step.map((row, i) =>
    i === removed
      ? [...row.map((_, j) => (i === j ? 1 : 0)), 0]
      : [...row.map((p, j) => (i === j ? 1 : 0) - p), toConversion[i]!],
  );
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column + 1; i < size; i++)
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    // A state that nobody leaves other than to itself can't happen: every path ends.
    if (Math.abs(rows[pivot]![column]!) < 1e-12) continue;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let i = 0; i < size; i++) {
      if (i === column) continue;
      const factor = rows[i]![column]! / rows[column]![column]!;
      if (factor !== 0) for (let j = column; j <= size; j++) rows[i]![j]! -= factor * rows[column]![j]!;
    }
  }
  return rows[0]![size]! / rows[0]![0]!;
}
