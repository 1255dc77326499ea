import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { artefacts, root, type Artefact } from './artefacts.ts';

/** `npm run schema` writes what follows from the definitions; with `--check` it only says whether that is what is committed. */
async function main(args: string[]): Promise<number> {
  const all = await artefacts();
  const changed = await filter(all, async ({ path, text }) => (await readFile(join(root, path), 'utf8')) !== text);
  if (args.includes('--check')) {
    for (const { path } of changed)
      console.error(`${path} is not what the code says. Run "npm run schema" and commit it.`);
    if (changed.length === 0) console.log(`schema: ${all.length} files are up to date`);
    return changed.length > 0 ? 1 : 0;
  }
  for (const { path, text } of changed) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    console.log(`wrote ${path}`);
  }
  if (changed.length === 0) console.log(`schema: ${all.length} files were up to date`);
  return 0;
}

async function filter(all: Artefact[], differs: (artefact: Artefact) => Promise<boolean>): Promise<Artefact[]> {
  const verdicts = await Promise.all(all.map((artefact) => differs(artefact).catch(() => true)));
  return all.filter((_artefact, index) => verdicts[index]);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
