import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const ROOT = process.env['TRENZA_DATA_SETS'] ?? join(__dirname, '..', '..', '..', '..', '..', 'shared', 'data');

/** `describe` where the data are there; where they are not, the tests say that they are skipped. */
export const describeWith = (name: string): jest.Describe => {
  if (existsSync(join(ROOT, name))) return describe;
  console.warn(`Skipped: there is no ${name} below ${ROOT} (TRENZA_DATA_SETS).`);
  return describe.skip;
};

export const linesOf = (name: string): string[] =>
  gunzipSync(readFileSync(join(ROOT, name)))
    .toString()
    .split('\n')
    .filter(Boolean);

/** Rows of a plain CSV: quotes around values, none inside. */
export function rowsOf(name: string): Record<string, string>[] {
  const [head, ...lines] = linesOf(name).map((line) => line.split(',').map((cell) => cell.replace(/^"|"$/g, '')));
  return lines.map((cells) => Object.fromEntries(head!.map((column, i) => [column, cells[i]!])));
}
