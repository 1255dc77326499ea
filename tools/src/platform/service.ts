import { spawn } from 'node:child_process';
import { openSync, closeSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { HEAP_MIB, ROOT, scriptOf, type ServiceName } from './services.ts';
import { endChild, type Running } from './supervised.ts';

/** Requests and batches under way are finished within this; what is not acknowledged by then is delivered again later. */
const DRAIN_MS = 4_500;

/** V8 keeps what it compiled: a start needs half the time. Shared by all data folders; Node goes without where it can't write. */
const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'trenza');

/** Starts one service as a process of its own, its output in a log file. */
export function launchService(name: ServiceName, env: NodeJS.ProcessEnv, logFile: string): Running {
  const script = scriptOf(name);
  if (!existsSync(script)) throw new Error(`${script} does not exist. Run npm run build and look at what it says.`);
  const heap = HEAP_MIB[name === 'gateway' ? 'gateway' : 'subgraph'];
  const log = openSync(logFile, 'a', 0o600);
  const flags = [
    `--max-old-space-size=${heap}`,
    '--enable-source-maps',
    '--require',
    join(ROOT, 'tools', 'dist', 'platform', 'lifeline.js'),
  ];
  const child = spawn(process.execPath, [...flags, script], {
    cwd: ROOT,
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, ...env },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  child.on('error', () => undefined); // told by its exit
  return { process: child, stop: () => endChild(child, 'SIGTERM', DRAIN_MS) };
}

/** The log of this start; that of the one before is kept beside it. */
export function freshLog(file: string): string {
  if (existsSync(file)) renameSync(file, `${file}.before`);
  return file;
}
