/**
 * What every benchmark shares: contenders measured in interleaved rounds in one run, medians, and figures with an aim.
 * A ratio taken in one run survives a busy or slow machine; an absolute number does not.
 */

/** One measured number, as it goes to bench/results/GROUP.json. */
export interface Figure {
  id: string;
  value: number;
  unit: string;
  /** The same measure of what one would use instead, where there is such a thing. */
  against: number | null;
  /** value / against. */
  ratio: number | null;
  /** What we set out to reach, in words: "ratio >= 0.5". */
  aim: string | null;
  met: boolean | null;
}

export interface Aim {
  of: 'value' | 'ratio';
  atLeast?: number;
  atMost?: number;
}

export const atLeast = (of: Aim['of'], limit: number): Aim => ({ of, atLeast: limit });
export const atMost = (of: Aim['of'], limit: number): Aim => ({ of, atMost: limit });

/** `figure('spine.query.rps', { value: 900, unit: 'requests/s', against: 1500, aim: atLeast('ratio', 0.5) })` */
export function figure(id: string, measured: { value: number; unit: string; against?: number; aim?: Aim }): Figure {
  const { value, unit, against = null, aim } = measured;
  const ratio = against === null ? null : value / against;
  return {
    id,
    value,
    unit,
    against,
    ratio,
    aim: aim ? wording(aim) : null,
    met: aim ? isMet(aim, aim.of === 'ratio' ? ratio : value) : null,
  };
}

function isMet({ of, atLeast: low = -Infinity, atMost: high = Infinity }: Aim, measured: number | null): boolean {
  if (measured === null)
    throw new Error(`an aim for the ${of} needs "against", the figure of what it is compared with`);
  return measured >= low && measured <= high;
}

const wording = ({ of, atLeast: low, atMost: high }: Aim): string =>
  [low === undefined ? '' : `${of} >= ${low}`, high === undefined ? '' : `${of} <= ${high}`]
    .filter(Boolean)
    .join(' and ');

/** What a group exports as `default`. It brings up what it measures, takes it down again and returns its figures. */
export type Group = (say: (line: string) => void) => Promise<Figure[]>;

/** Enough rounds for a median that one disturbed round can't move, few enough to stay short. */
const ROUNDS = 5;

/**
 * Measures all contenders in turn, round after round, so that whatever disturbs the machine disturbs them alike.
 * The first round warms up and does not count. Returns every contender's samples in the order of the rounds.
 */
export async function interleaved<K extends string, S>(
  contenders: Record<K, () => Promise<S>>,
  options: { rounds?: number; warmUp?: boolean } = {},
): Promise<Record<K, S[]>> {
  const { rounds = ROUNDS, warmUp = true } = options;
  const names = Object.keys(contenders) as K[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, S[]>;
  for (let round = warmUp ? -1 : 0; round < rounds; round += 1) {
    // Every other round runs backwards: nobody is always the one who comes after the heaviest.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const sample = await contenders[name]();
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** The value below which the share `q` of the numbers lies, by linear interpolation. */
export function quantile(numbers: readonly number[], q: number): number {
  if (numbers.length === 0) throw new Error('no numbers were measured: a quantile of nothing has no meaning');
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
}

export interface Load {
  perSecond: number;
  p50: number;
  p99: number;
  count: number;
  failures: number;
}

/** Closed loop: `connections` workers call `work` again and again for `seconds`. Latencies in milliseconds. */
export async function drive(options: {
  connections: number;
  seconds: number;
  work: (worker: number) => Promise<unknown>;
}): Promise<Load> {
  const latencies: number[] = [];
  let failures = 0;
  const began = performance.now();
  const until = began + options.seconds * 1_000;
  const worker = async (_: unknown, index: number): Promise<void> => {
    while (performance.now() < until) {
      const start = performance.now();
      await options.work(index).catch(() => (failures += 1));
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: options.connections }, worker));
  const seconds = (performance.now() - began) / 1_000;
  const count = latencies.length - failures;
  return { perSecond: count / seconds, p50: median(latencies), p99: quantile(latencies, 0.99), count, failures };
}

/** Open loop: calls `work` `perSecond` times a second whether earlier calls came back or not; resolves when all did. */
export async function pace(options: {
  perSecond: number;
  seconds: number;
  work: (index: number) => Promise<unknown>;
}): Promise<void> {
  const calls: Promise<unknown>[] = [];
  const total = Math.round(options.perSecond * options.seconds);
  const began = performance.now();
  while (calls.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - began) / 1_000) * options.perSecond));
    while (calls.length < due) calls.push(options.work(calls.length));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(calls);
}

/** The figures as a table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((f) => [
    f.id,
    `${short(f.value)} ${f.unit}`,
    f.against === null ? '' : short(f.against),
    f.ratio === null ? '' : f.ratio.toFixed(2),
    f.aim ?? '',
    f.met === null ? '' : f.met ? 'met' : 'missed',
  ]);
  const all = [['figure', 'value', 'against', 'ratio', 'aim', ''], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const short = (n: number): string =>
  Math.abs(n) >= 100 || Number.isInteger(n) ? Math.round(n).toLocaleString('en') : n.toPrecision(3);
