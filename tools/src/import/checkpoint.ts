import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How far a step has come: batches are cut the same way every time, so their number says where to go on. */
export interface StepProgress {
  batches: number;
  created: number;
  unchanged: number;
  refused: number;
  done: boolean;
}

/**
 * Remembers which batches the graph has acknowledged. It saves time after a kill and nothing else: the mutations are idempotent,
 * so an import without its checkpoint gives the same result, only later.
 */
export interface Checkpoint {
  readonly resumed: boolean;
  step(index: number): StepProgress;
  save(index: number, progress: StepProgress): void;
  /** The import is complete: the next one begins from the start. */
  finish(): void;
}

interface Stored {
  fingerprint: string;
  steps: Record<string, StepProgress>;
}

export function openCheckpoint(path: string, fingerprint: string): Checkpoint {
  const stored = read(path);
  const resumed = stored?.fingerprint === fingerprint;
  const state: Stored = resumed ? stored : { fingerprint, steps: {} };
  return {
    resumed,
    step: (index) => state.steps[index] ?? { batches: 0, created: 0, unchanged: 0, refused: 0, done: false },
    save(index, progress) {
      state.steps[index] = progress;
      write(path, state);
    },
    finish: () => rmSync(path, { force: true }),
  };
}

/** Another file, mapping or graph is another import. */
export function fingerprintOf(parts: string[], files: string[]): string {
  const seen = files.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return `${file} ${size} ${mtimeMs}`;
  });
  return createHash('sha256')
    .update(JSON.stringify([...parts, ...seen]))
    .digest('hex');
}

function read(path: string): Stored | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Stored;
  } catch {
    return undefined;
  }
}

/** Written aside and renamed: a kill leaves the old one or the new one, never half of one. */
function write(path: string, state: Stored): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}
