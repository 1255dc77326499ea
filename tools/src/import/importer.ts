import type { Graph } from '../graph/graph-client.ts';
import { fingerprintOf, openCheckpoint, type Checkpoint, type StepProgress } from './checkpoint.ts';
import { KIND_SPECS } from './kinds.ts';
import { type Mapping, resolveFile, type Step } from './mapping.ts';
import type { Progress } from './progress.ts';
import { newTally, records, type Tally } from './records.ts';
import { references, type References } from './references.ts';
import { openReport, type Report } from './report.ts';
import { sendAll } from './send.ts';

export interface ImportOptions {
  mapping: Mapping;
  /** Files, or folders in which the mapping finds its files. */
  files: string[];
  graph: Graph;
  /** Which graph it is: a checkpoint of another one does not count. */
  graphName: string;
  reportPath: string;
  checkpointPath: string;
  parallel?: number;
  progress: Progress;
}

export interface StepResult {
  name: string;
  file: string;
  tally: Tally;
  progress: StepProgress;
  seconds: number;
}

export interface ImportResult {
  steps: StepResult[];
  resumed: boolean;
  refused: number;
  reportPath: string;
}

/** Two batches on the way keep the graph busy while the next is read; more would only wait in its queues. */
export const PARALLEL_BATCHES = 2;

/** Brings files in through the graph: step after step, because orders speak of customers and products. */
export async function importFiles(options: ImportOptions): Promise<ImportResult> {
  const { mapping, files, graph, graphName } = options;
  const resolve = (pattern: string | undefined): string => resolveFile(pattern, files);
  const paths = mapping.steps.map((step) => resolve(step.file));
  const checkpoint = openCheckpoint(
    options.checkpointPath,
    fingerprintOf([graphName, mapping.hash, mapping.source], paths),
  );
  const report = openReport(options.reportPath, checkpoint.resumed);
  const run: Run = { ...options, resolve, checkpoint, report, references: references(graph, mapping.source) };
  const steps: StepResult[] = [];
  for (const [index, step] of mapping.steps.entries())
    steps.push(await runStep(run, step, index, paths[index] as string));
  checkpoint.finish();
  return { steps, resumed: checkpoint.resumed, refused: report.count, reportPath: report.path };
}

interface Run extends ImportOptions {
  resolve: (pattern: string) => string;
  checkpoint: Checkpoint;
  report: Report;
  references: References;
}

async function runStep(run: Run, step: Step, index: number, file: string): Promise<StepResult> {
  const { mapping, graph, checkpoint, report, progress } = run;
  const name = step.name ?? step.kind;
  const tally = newTally();
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  const refuse = (refusal: { row: number; field: string; reason: string }): void => report.add(name, refusal);
  const before = checkpoint.step(index);
  const done = await sendAll(records(mapping, step, file, run.resolve, tally, refuse), {
    spec: KIND_SPECS[step.kind],
    context: { graph, source: mapping.source, references: run.references },
    reference: (batch) => `${mapping.source}-${name}-${batch}`,
    progress: before,
    parallel: run.parallel ?? PARALLEL_BATCHES,
    refuse,
    acknowledged: (state) => {
      checkpoint.save(index, state);
      progress.update(
        `${name}: ${tally.rows.toLocaleString('en')} rows read, ${summary(state)}, ${rate(tally.rows, seconds())}`,
      );
    },
  });
  checkpoint.save(index, done);
  const result = { name, file, tally, progress: done, seconds: seconds() };
  progress.settle(describe(result));
  return result;
}

const rate = (rows: number, seconds: number): string =>
  `${Math.round(rows / Math.max(seconds, 0.001)).toLocaleString('en')} rows/s`;

const summary = ({ created, unchanged, refused }: StepProgress): string =>
  `${created.toLocaleString('en')} new or changed, ${unchanged.toLocaleString('en')} as they were, ${refused.toLocaleString('en')} refused by the graph`;

/** One line that accounts for every row of the file. */
function describe({ name, tally, progress, seconds }: StepResult): string {
  const aside = [
    tally.refused > 0 ? `${tally.refused.toLocaleString('en')} rows could not be read` : '',
    tally.duplicates > 0 ? `${tally.duplicates.toLocaleString('en')} exact duplicates` : '',
    tally.repeated > 0 ? `${tally.repeated.toLocaleString('en')} more of the same` : '',
    ...Object.entries(tally.byClass).map(([name, count]) => `${count.toLocaleString('en')} left aside as ${name}`),
  ].filter(Boolean);
  const rows = `${tally.rows.toLocaleString('en')} rows${aside.length > 0 ? ` (${aside.join(', ')})` : ''}`;
  return `${name}: ${rows}: ${summary(progress)}; ${seconds.toFixed(1)} s, ${rate(tally.rows, seconds)}`;
}
