import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';

/** Rows of a CSV file as objects: on purpose not the reader of the import, because this counts what that one did. */
export async function* rowsOf(path: string, limit = Infinity): AsyncGenerator<Record<string, string>> {
  const file = createReadStream(path);
  const parser = parse({ columns: true, relax_quotes: true });
  if (path.endsWith('.gz')) file.pipe(createGunzip()).pipe(parser);
  else file.pipe(parser);
  let count = 0;
  for await (const row of parser) {
    if ((count += 1) > limit) break;
    yield row as Record<string, string>;
  }
}

/** The file whose name contains the word, in a folder; or the path itself if it is a file. */
export function fileNamed(path: string, word: string): string {
  if (!statSync(path).isDirectory()) return path;
  const name = readdirSync(path).find((candidate) => candidate.includes(word) && candidate.includes('.csv'));
  if (!name) throw new Error(`${path} has no CSV file with "${word}" in its name.`);
  return join(path, name);
}
