import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import type { Refusal } from './records.ts';

/** The rows that were not taken, as CSV: what a person opens, repairs and imports again. */
export interface Report {
  readonly path: string;
  readonly count: number;
  add(step: string, refusal: Refusal): void;
}

const HEADER = 'step,row,field,reason\n';

/** Begins anew, or goes on with that of an import that was interrupted; a row that was reported is not reported again. */
export function openReport(path: string, goOn: boolean): Report {
  if (!goOn) rmSync(path, { force: true });
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  // A kill may have cut the last line: what does not end is written again.
  const reported = new Set(before.split('\n').slice(1, -1));
  let begun = before !== '';
  let count = reported.size;
  return {
    path,
    get count() {
      return count;
    },
    add(step, { row, field, reason }) {
      const line = [step, String(row), field, reason].map(quoted).join(',');
      if (reported.has(line)) return;
      count += 1;
      appendFileSync(path, `${begun ? '' : HEADER}${line}\n`);
      begun = true;
    },
  };
}

const quoted = (cell: string): string =>
  /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""').replaceAll(/\s+/g, ' ')}"` : cell;
