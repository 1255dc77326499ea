import { setTimeout as sleep } from 'node:timers/promises';
import { countOlist } from './count-olist.ts';
import { countOnlineRetail } from './count-online-retail.ts';
import type { Counts, Expected } from './counts.ts';
import { type Databases, totalsOf } from './totals.ts';

/** Data sets of which we know how to count them without our own import. */
export const COUNTERS: Record<string, (path: string) => Promise<Expected>> = {
  'online-retail': countOnlineRetail,
  olist: countOlist,
};

export interface Verdict {
  what: keyof Counts;
  inFiles: number;
  inTrenza: number;
}

/** Points follow orders through events; they are given this long to arrive after the last change that was seen. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 1_000;

/** Compares an import with an independent count over the same files. Waits while events are still being worked off. */
export async function verify(
  name: string,
  path: string,
  databases: Databases,
  { source = name, patienceMs = PATIENCE_MS } = {},
): Promise<Verdict[]> {
  const count = COUNTERS[name];
  if (!count) throw new Error(`"${name}" cannot be verified; these can: ${Object.keys(COUNTERS).join(', ')}.`);
  const { counts: expected, skus } = await count(path);
  let verdicts = compare(expected, await totalsOf(databases, source, skus));
  let changedAt = Date.now();
  while (verdicts.some(differs) && Date.now() - changedAt < patienceMs) {
    await sleep(LOOK_EVERY_MS);
    const next = compare(expected, await totalsOf(databases, source, skus));
    if (JSON.stringify(next) !== JSON.stringify(verdicts)) changedAt = Date.now();
    verdicts = next;
  }
  return verdicts;
}

export const differs = ({ inFiles, inTrenza }: Verdict): boolean => inFiles !== inTrenza;

const compare = (expected: Counts, found: Counts): Verdict[] =>
  (Object.keys(expected) as (keyof Counts)[]).map((what) => ({ what, inFiles: expected[what], inTrenza: found[what] }));

export function describeVerdicts(verdicts: Verdict[]): string {
  const rows = verdicts.map((verdict) => [
    verdict.what,
    verdict.inFiles.toLocaleString('en'),
    verdict.inTrenza.toLocaleString('en'),
    differs(verdict) ? 'DIFFERENT' : 'equal',
  ]);
  return [['', 'in the files', 'in Trenza', ''], ...rows]
    .map(
      ([what = '', files = '', trenza = '', verdict = '']) =>
        `${what.padEnd(14)}${files.padStart(18)}${trenza.padStart(18)}  ${verdict}`,
    )
    .join('\n');
}
