/** What one service measures: metric names as queries name them, each with the labels that its samples carry. */
export type Measured = Map<string, Set<string>>;

const OF_HISTOGRAM = ['_bucket', '_count', '_sum'];

/** Reads Prometheus' text format. A metric without samples so far is known by its type. */
export function readExposition(text: string): Measured {
  const measured: Measured = new Map();
  for (const line of text.split('\n')) {
    const [, declared, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    const endings = type === 'histogram' ? OF_HISTOGRAM : [''];
    if (declared) for (const ending of endings) measured.set(declared + ending, new Set());
    const [, name, inBraces = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (!name) continue;
    const labels = measured.get(name) ?? new Set<string>();
    for (const [, label] of inBraces.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) labels.add(label!);
    measured.set(name, labels);
  }
  return measured;
}
