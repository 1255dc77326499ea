import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isListening } from './listening.ts';

const run = promisify(execFile);
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 25;
/** A batch of 1,000 items with personal data is well below; the events themselves are a few kB. */
const MAX_PAYLOAD = '4MB';

/** A stream reserves its limit when it is made, long before it is full; five of them, times the test files of a run, must fit. */
const MAX_FILE_STORE = '100TB';

export interface Nats {
  process: ChildProcess;
  url: string;
  stop(): Promise<void>;
}

export interface NatsOptions {
  dataDir: string;
  /** Where a downloaded server is kept. */
  binDir: string;
  port: number;
  token: string;
  logFile: string;
}

/** Starts a NATS server with JetStream on 127.0.0.1. What it stored survives a kill. */
export async function startNats({ dataDir, binDir, port, token, logFile }: NatsOptions): Promise<Nats> {
  const binary = await findOrFetchServer(binDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const config = join(dataDir, 'nats.conf');
  const lines = [
    `host: 127.0.0.1`,
    `port: ${port}`,
    `max_payload: ${MAX_PAYLOAD}`,
    `authorization { token: "${token}" }`,
    `jetstream { store_dir: "${join(dataDir, 'jetstream')}", max_memory_store: 256MB, max_file_store: ${MAX_FILE_STORE} }`,
  ];
  await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });

  const child = spawn(binary, ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  await untilItListens(child, port, logFile);
  return {
    process: child,
    url: `nats://${token}@127.0.0.1:${port}`,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** The server on PATH, else the one fetched before, else Debian's package unpacked without installing it (no root needed). */
export async function findOrFetchServer(binDir: string): Promise<string> {
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((dir) => join(dir, 'nats-server'))
    .find(existsSync);
  const fetched = join(binDir, 'nats-server');
  if (onPath ?? existsSync(fetched)) return onPath ?? fetched;
  const scratch = join(binDir, `fetch-${process.pid}`);
  try {
    await mkdir(scratch, { recursive: true });
    await run('apt-get', ['download', 'nats-server'], { cwd: scratch }).catch(async () => {
      // A machine whose package lists are empty or old: fetch the lists into the scratch folder, which needs no root either.
      const lists = join(scratch, 'lists');
      await mkdir(join(lists, 'partial'), { recursive: true });
      const options = [
        '-o',
        `Dir::State::Lists=${lists}`,
        '-o',
        `Dir::Cache=${scratch}`,
        '-o',
        'Debug::NoLocking=1',
        '-o',
        'APT::Sandbox::User=',
      ];
      await run('apt-get', [...options, 'update'], { cwd: scratch });
      await run('apt-get', [...options, 'download', 'nats-server'], { cwd: scratch });
    });
    const [deb] = (await readdir(scratch)).filter((file) => file.endsWith('.deb'));
    await run('dpkg', ['-x', join(scratch, deb!), scratch]);
    const unpacked = ['usr/sbin/nats-server', 'usr/bin/nats-server']
      .map((path) => join(scratch, path))
      .find(existsSync);
    await run('mv', [unpacked!, fetched]);
    return fetched;
  } catch (error) {
    throw new Error(
      'There is no nats-server on PATH and it could not be fetched from Debian or Ubuntu packages. ' +
        'Install it (https://docs.nats.io/running-a-nats-service/introduction/installation) or set NATS_URL to a server with JetStream. ' +
        `(${(error as Error).message.split('\n')[0]})`,
      { cause: error },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function untilItListens(child: ChildProcess, port: number, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isListening(port))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(
        `nats-server ended (${child.signalCode ?? `exit ${child.exitCode}`}) while starting. Its log: ${logFile}`,
      );
    if (Date.now() > deadline)
      throw new Error(
        `nats-server did not listen on port ${port} within ${START_TIMEOUT_MS / 1_000} s. Its log: ${logFile}`,
      );
    await sleep(POLL_MS);
  }
}
