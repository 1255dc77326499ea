import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { graphClient } from '../graph/graph-client.ts';
import { localGraphUrl, localToken } from '../graph/local-graph.ts';
import { dataDirFrom, readRun } from '../platform/data-dir.ts';
import { importFiles, PARALLEL_BATCHES } from './importer.ts';
import { fingerprintOf } from './checkpoint.ts';
import { BadMapping, KINDS, loadMapping, type Mapping, shippedMappings } from './mapping.ts';
import { progressTo } from './progress.ts';
import { COUNTERS, describeVerdicts, differs, verify } from './verify/verify.ts';

const USAGE = `npm run import -- KIND FILE… [--mapping FILE] [--report FILE] [--url URL] [--token TOKEN] [--parallel N] [--checkpoint FILE]

       npm run import -- verify MAPPING FOLDER

KIND    a mapping that ships: ${shippedMappings().join(', ')}; or, with --mapping, one of ${KINDS.join(', ')}
FILE    a CSV, TSV or JSON lines file, also gzip, or a folder in which the mapping finds its files
verify  compares what the running platform holds with an independent count over the files: ${Object.keys(COUNTERS).join(', ')}
See docs/import.md.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mapping: { type: 'string' },
      report: { type: 'string' },
      url: { type: 'string' },
      token: { type: 'string' },
      parallel: { type: 'string' },
      checkpoint: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [kind, ...files] = positionals;
  if (values.help || !kind || files.length === 0) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  if (kind === 'verify') return verifyImport(files);
  const mapping = mappingOf(kind, values.mapping && fromCaller(values.mapping));
  const url = values.url ?? localGraphUrl();
  const token = values.token ?? process.env['TRENZA_TOKEN'] ?? (await localToken({ role: 'service', sub: 'import' }));
  const paths = files.map(fromCaller);
  const parallel = Number(values.parallel ?? PARALLEL_BATCHES);
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new BadMapping(`--parallel is a number from 1 up, not "${values.parallel}".`);
  const graph = graphClient(url, token, parallel + 1);
  try {
    const result = await importFiles({
      mapping,
      files: paths,
      graph,
      graphName: url,
      reportPath: values.report ? fromCaller(values.report) : fromCaller(`${mapping.name}-refused.csv`),
      checkpointPath: values.checkpoint ? fromCaller(values.checkpoint) : checkpointFor(mapping, paths),
      parallel,
      progress: progressTo(process.stderr),
    });
    if (result.refused > 0) console.error(`${result.refused} rows were refused; see ${result.reportPath}`);
    return 0;
  } finally {
    await graph.close();
  }
}

async function verifyImport([name, path]: string[]): Promise<number> {
  if (!name || !path) throw new BadMapping('Say what to verify: npm run import -- verify online-retail FOLDER');
  const run = readRun(dataDirFrom());
  if (!run) throw new BadMapping('The platform is not running here: `npm start` first.');
  const verdicts = await verify(name, fromCaller(path), run.databases);
  console.log(describeVerdicts(verdicts));
  return verdicts.some(differs) ? 1 : 0;
}

/** npm changes the folder; paths are meant from where the command was given. */
const fromCaller = (path: string): string => resolve(process.env['TRENZA_CALLED_FROM'] ?? process.cwd(), path);

/** `customers` with one's own mapping takes the steps of that kind only. */
function mappingOf(kind: string, path: string | undefined): Mapping {
  if (!path) {
    if (shippedMappings().includes(kind)) return loadMapping(kind);
    throw new BadMapping(
      `"${kind}" is not a mapping that ships (${shippedMappings().join(', ')}). For your own files add --mapping FILE.`,
    );
  }
  const mapping = loadMapping(path);
  if (mapping.name === kind) return mapping;
  const steps = mapping.steps.filter((step) => step.kind === kind || step.name === kind);
  if (steps.length > 0) return { ...mapping, steps };
  throw new BadMapping(
    `${path} has no step of the kind "${kind}". It has: ${mapping.steps.map((step) => step.kind).join(', ')}.`,
  );
}

function checkpointFor(mapping: Mapping, files: string[]): string {
  const folder = join(dataDirFrom().path, 'import');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${basename(mapping.name)}-${fingerprintOf([], files).slice(0, 12)}.json`);
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(`import: ${(error as Error).message}`);
    process.exitCode = 1;
  },
);
