import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readRun, type DataDir } from './data-dir.ts';
import { commandLineOf, endProcess, isAlive } from './process.ts';

/** What a killed platform left is given this long to end in order. */
const LEFTOVER_MS = 10_000;

/** One platform per data folder. Throws where one runs; what a killed one left behind is ended. */
export async function takeLock(dir: DataDir): Promise<() => void> {
  const owner = readPid(dir.lock);
  if (owner && isPlatform(owner)) {
    const run = readRun(dir);
    throw new Error(
      `Trenza already runs on ${dir.path}: process ${owner}${run ? `, ${run.graph}` : ''}. ` +
        `Stop it there with Ctrl-C or here with "kill ${owner}", or start another one with its own TRENZA_DATA_DIR and PORT.`,
    );
  }
  if (owner) rmSync(dir.lock, { force: true });
  try {
    const file = openSync(dir.lock, 'wx', 0o600);
    writeSync(file, `${process.pid}\n`);
    closeSync(file);
  } catch {
    throw new Error(`Another start is taking ${dir.path} at this moment. Look at the one that won.`);
  }
  await endLeftovers(dir);
  return () => {
    if (readPid(dir.lock) === process.pid) rmSync(dir.lock, { force: true });
  };
}

/** A process id may belong to a stranger by now, so its command line must fit as well. */
const isPlatform = (pid: number): boolean =>
  pid !== process.pid && isAlive(pid) && /platform[/\\]main/.test(commandLineOf(pid));

async function endLeftovers(dir: DataDir): Promise<void> {
  const postmaster = readPid(join(dir.postgres, 'postmaster.pid'));
  const pids = { ...readRun(dir)?.pids, ...(postmaster && { postgres: postmaster }) };
  await Promise.all(
    Object.entries(pids).map(async ([name, pid]) => {
      const words = commandLineOf(pid);
      const ours = name === 'postgres' || name === 'nats' ? words.includes(dir.path) : words.includes('lifeline');
      if (ours && isAlive(pid)) await endProcess(pid, 'SIGINT', LEFTOVER_MS);
    }),
  );
}

function readPid(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8').split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}
