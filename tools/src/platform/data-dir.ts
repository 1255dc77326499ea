import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { ROOT } from './services.ts';

/** Everything that a platform keeps, in one folder; `.trenza/` in the repository, or TRENZA_DATA_DIR. */
export interface DataDir {
  path: string;
  postgres: string;
  nats: string;
  bin: string;
  keys: string;
  logs: string;
  run: string;
  lock: string;
  demo: string;
}

export function dataDirFrom(env: NodeJS.ProcessEnv = process.env): DataDir {
  const asked = env['TRENZA_DATA_DIR'] || '.trenza';
  const path = isAbsolute(asked) ? asked : resolve(ROOT, asked);
  return {
    path,
    postgres: join(path, 'postgres'),
    nats: join(path, 'nats'),
    bin: join(path, 'bin'),
    keys: join(path, 'keys'),
    logs: join(path, 'logs'),
    run: join(path, 'run.json'),
    lock: join(path, 'platform.pid'),
    demo: join(path, 'demo-loaded'),
  };
}

/** What runs now: for tools, tests and people. It holds the passwords of the databases, so nobody else may read it. */
export interface Run {
  pid: number;
  startedAt: string;
  port: number;
  graph: string;
  pids: Record<string, number>;
  databases: Record<string, string>;
  natsUrl: string;
}

export const writeRun = (dir: DataDir, run: Run): void => writePrivately(dir.run, JSON.stringify(run, null, 2));

/** What a platform on this folder wrote last, whether or not it still runs. */
export function readRun(dir: DataDir): Run | undefined {
  try {
    return JSON.parse(readFileSync(dir.run, 'utf8')) as Run;
  } catch {
    return undefined;
  }
}

/** Written aside and moved: a reader never sees half of it, and a kill in between leaves the old one. */
export function writePrivately(file: string, text: string): void {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${text}\n`, { mode: 0o600 });
  renameSync(aside, file);
}

export function makeFolders(dir: DataDir): void {
  try {
    for (const folder of [dir.path, dir.bin, dir.keys, dir.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const probe = join(dir.path, `probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new Error(
      `The data folder ${dir.path} can't be written: ${(error as Error).message}. ` +
        'It may belong to another user (a start as root?); give it to yourself, or set TRENZA_DATA_DIR to another folder.',
      { cause: error },
    );
  }
}

export interface Passwords {
  postgres: string;
  nats: string;
}

/** Made once and kept: the databases on the disk know theirs. */
export function passwordsOf(dir: DataDir): Passwords {
  const file = join(dir.keys, 'passwords.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  } catch {
    const made: Passwords = { postgres: randomBytes(18).toString('hex'), nats: randomBytes(18).toString('hex') };
    writePrivately(file, JSON.stringify(made));
    return made;
  }
}
