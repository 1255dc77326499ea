import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirFrom, makeFolders, writePrivately } from '../platform/data-dir.ts';
import { KEY_OWNERS, keyEnvironment, keyRingOf } from '../platform/keys.ts';

/** Writes `<service>.env` with the keys of each service into a folder, for `node --env-file` in compose.yaml. Keys are made once and kept. */
function main(folder: string | undefined): void {
  if (!folder) throw new Error('Say into which folder: node tools/dist/keys/env-files.js /keys');
  const dir = dataDirFrom();
  makeFolders(dir);
  mkdirSync(folder, { recursive: true });
  const ring = keyRingOf(dir);
  for (const owner of KEY_OWNERS) {
    // Single quotes: the public keys are JSON.
    const lines = Object.entries(keyEnvironment(ring, owner)).map(([name, value]) => `${name}='${value}'`);
    writePrivately(join(folder, `${owner}.env`), lines.join('\n'));
  }
}

main(process.argv[2]);
