import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isListening } from '../embedded/listening.ts';
import { makeFolders, writeRun, type DataDir } from './data-dir.ts';
import { startInfrastructure, type Infrastructure } from './infrastructure.ts';
import { keyEnvironment, keyRingOf } from './keys.ts';
import { takeLock } from './lock.ts';
import { freshLog, launchService } from './service.ts';
import { HOST, metricsPortOf, portOf, SUBGRAPHS, type ServiceName } from './services.ts';
import { Supervised } from './supervised.ts';

/** Everything that is started: databases, messages, five subgraphs, the gateway. */
export interface Platform {
  graph: string;
  port: number;
  service(name: ServiceName): Supervised;
  stop(): Promise<void>;
}

export interface PlatformOptions {
  dir: DataDir;
  port: number;
  env: NodeJS.ProcessEnv;
  tell: (line: string) => void;
  /** Stops a start that is under way. */
  signal?: AbortSignal;
}

/** A cold start takes seconds; a machine that is busy with other things was seen to take half a minute. */
const READY_WITHIN_MS = 120_000;
const POLL_MS = 100;
/** A service that ends so often before it was ever ready will not come up by itself. */
const HOPELESS_ENDS = 4;
/** A stack with its cause takes some twenty lines, and the sentence that tells what to do stands first. */
const LOG_LINES_SHOWN = 25;

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { dir, port } = options;
  makeFolders(dir);
  const unlock = await takeLock(dir);
  const processes: Supervised[] = [];
  // Services first, so that they still have their databases to finish what they began.
  const stop = async (): Promise<void> => {
    const isService = (one: Supervised) => one.name !== 'postgres' && one.name !== 'nats';
    await Promise.all(processes.filter(isService).map((one) => one.stop()));
    await Promise.all(processes.filter((one) => !isService(one)).map((one) => one.stop()));
    rmSync(dir.run, { force: true });
    unlock();
  };
  try {
    await assertPortsAreFree(port);
    return await startAll(options, processes, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  options: PlatformOptions,
  processes: Supervised[],
  stop: () => Promise<void>,
): Promise<Platform> {
  const { dir, port, env, tell, signal } = options;
  const graph = `http://${HOST}:${port}/graphql`;
  const startedAt = new Date().toISOString();
  let infrastructure: Infrastructure | undefined;
  const note = (): void => {
    const pids = Object.fromEntries(processes.flatMap(({ name, pid }) => (pid ? [[name, pid]] : [])));
    const { databases = {}, natsUrl = '' } = infrastructure ?? {};
    writeRun(dir, { pid: process.pid, startedAt, port, graph, pids, databases, natsUrl });
  };

  infrastructure = await startInfrastructure(env, { dir, tell, started: note, processes });
  note();
  signal?.throwIfAborted();

  const ring = keyRingOf(dir);
  const { databases, natsUrl } = infrastructure;
  const start = (name: ServiceName): Promise<void> => {
    const logFile = freshLog(join(dir.logs, `${name}.log`));
    const environment: NodeJS.ProcessEnv = {
      ...keyEnvironment(ring, name),
      HOST,
      PORT: String(portOf(name, port)),
      NATS_URL: natsUrl,
      // In other modes graphql-js checks the class of every value, a third of a bulk mutation's time. The gateway shows its playground in them.
      ...(name === 'gateway'
        ? { METRICS_PORT: String(metricsPortOf(port)), ...subgraphUrls(port) }
        : { DATABASE_URL: databases[name], NODE_ENV: 'production' }),
    };
    const supervised = new Supervised(name, async () => launchService(name, environment, logFile), tell, note);
    processes.push(supervised);
    return supervised.start();
  };
  await Promise.all([...SUBGRAPHS, 'gateway' as const].map(start));
  await untilReady(port, processes, dir, signal);
  return { graph, port, service: (name) => processes.find((one) => one.name === name)!, stop };
}

const subgraphUrls = (port: number): NodeJS.ProcessEnv =>
  Object.fromEntries(
    SUBGRAPHS.map((name) => [`SUBGRAPH_URL_${name.toUpperCase()}`, `http://${HOST}:${portOf(name, port)}/graphql`]),
  );

async function assertPortsAreFree(port: number): Promise<void> {
  const taken = ['gateway', ...SUBGRAPHS].map((name) => [name, portOf(name as ServiceName, port)] as const);
  for (const [name, own] of [...taken, ['metrics', metricsPortOf(port)] as const]) {
    if (await isListening(own))
      throw new Error(
        `Port ${own}, for ${name}, is taken by another program. Stop it, or choose another PORT (and the six above it): PORT=14000 npm start`,
      );
  }
}

/** Ready is when all subgraphs and the gateway say so. */
async function untilReady(port: number, processes: Supervised[], dir: DataDir, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (const name of [...SUBGRAPHS, 'gateway'] as const) {
    while (!(await answers(`http://${HOST}:${portOf(name, port)}/health/ready`))) {
      signal?.throwIfAborted();
      const hopeless = processes.find((one) => one.ends >= HOPELESS_ENDS);
      if (hopeless)
        throw new Error(
          `${hopeless.name} ended ${hopeless.ends} times while starting. ${lastWords(dir, hopeless.name)}`,
        );
      if (Date.now() > deadline)
        throw new Error(`${name} was not ready within ${READY_WITHIN_MS / 1_000} s. ${lastWords(dir, name)}`);
      await sleep(POLL_MS);
    }
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );

function lastWords(dir: DataDir, name: string): string {
  const file = join(dir.logs, `${name}.log`);
  let lines: string[] = [];
  try {
    lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_LINES_SHOWN);
  } catch {
    // It did not come so far as to open a log.
  }
  return `The end of its log (${file}):\n${lines.join('\n')}`;
}
