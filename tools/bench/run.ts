import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Figure, type Group, table } from './harness.ts';

/** `npm run bench` runs every group, `npm run bench -- spine identity` those. A group is a file beside this one. */
const NOT_GROUPS = new Set(['harness.ts', 'run.ts']);
const RESULTS = join(__dirname, '..', '..', 'bench', 'results');

async function groups(asked: string[]): Promise<string[]> {
  const files = (await readdir(__dirname)).filter((file) => /^[a-z-]+\.ts$/.test(file) && !NOT_GROUPS.has(file));
  const known = files.map((file) => basename(file, '.ts')).toSorted();
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no group "${unknown.join(', ')}". Groups: ${known.join(', ')}.`);
  return asked.length > 0 ? asked : known;
}

async function run(name: string): Promise<Figure[]> {
  const { default: measure } = (await import(`./${name}.ts`)) as { default: Group };
  const figures = await measure((line) => console.error(`  ${line}`));
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
  return figures;
}

async function main(): Promise<void> {
  for (const name of await groups(process.argv.slice(2))) {
    console.error(`${name}:`);
    // A group that fails must not hide the figures of the others.
    const figures = await run(name).catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
      return [];
    });
    if (figures.length > 0) console.log(`\n${table(figures)}\n`);
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
