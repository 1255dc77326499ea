import type { Claims } from '@trenza/auth';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../embedded/free-port.ts';
import { localToken } from '../graph/local-graph.ts';
import { dataDirFrom, readRun, type DataDir, type Run } from './data-dir.ts';
import { ROOT, SUBGRAPHS } from './services.ts';

const START_WITHIN_MS = 150_000;
const STOP_WITHIN_MS = 15_000;
const POLL_MS = 100;
/** The gateway's, the subgraphs', and that of the gateway's metrics. */
const PORTS = SUBGRAPHS.length + 2;

export interface Answer {
  // Tests read deep into answers of many shapes; typing each would hide what the test says.
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
}

/** What a test may say about the one it starts. */
export interface TestPlatformOptions {
  /** A folder of the test's own, to start on it again; it is then the test's to remove. */
  dataDir?: string;
  port?: number;
  /** Demo data takes a while; it is loaded on demand only. */
  demo?: boolean;
  env?: NodeJS.ProcessEnv;
}

/** A whole platform in processes of its own, as `npm start` starts it, for end-to-end tests. Needs a build, which `npm test` makes. */
export interface TestPlatform {
  graph: string;
  port: number;
  dir: DataDir;
  process: ChildProcess;
  /** What it says of itself: process ids, databases, the address of NATS. */
  run(): Run;
  output(): string;
  token(claims: Partial<Claims> & { role: string }): Promise<string>;
  /** Asks the graph; the token makes who asks. */
  ask(token: string, query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Stops it as Ctrl-C does and returns its exit code. */
  stop(): Promise<number | null>;
}

export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'trenza-e2e-')));
  const port = options.port ?? (await freePorts(PORTS));
  const dir = dataDirFrom({ TRENZA_DATA_DIR: dataDir });
  const child = spawn(process.execPath, [join(ROOT, 'tools', 'dist', 'platform', 'main.js')], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: 'development',
      TRENZA_DATA_DIR: dataDir,
      PORT: String(port),
      TRENZA_DEMO: options.demo ? '1' : '0',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await untilReady(child, () => output);

  const graph = `http://127.0.0.1:${port}/graphql`;
  return {
    graph,
    port,
    dir,
    process: child,
    run: () => readRun(dir)!,
    output: () => output,
    token: (claims) => localToken({ sub: `test-${claims.role}`, ...claims }, dir),
    ask: async (token, query, variables = {}) => {
      const response = await fetch(graph, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(30_000),
      });
      return (await response.json()) as Answer;
    },
    stop: async () => {
      const code = await stop(child);
      // What was ended by force may write for a moment longer.
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
      return code;
    },
  };
}

async function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (!output().includes('Ready after')) {
    if (child.exitCode !== null) throw new Error(`The platform ended with exit ${child.exitCode}:\n${output()}`);
    if (Date.now() > deadline) {
      await stop(child);
      throw new Error(`The platform was not ready in ${START_WITHIN_MS / 1_000} s:\n${output()}`);
    }
    await sleep(POLL_MS);
  }
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  child.kill('SIGTERM');
  await exit;
  clearTimeout(force);
  return child.exitCode;
}
