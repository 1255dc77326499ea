import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateKeyPair, LOCAL_SIGNER } from '@trenza/auth';
import { parse, print, visit } from 'graphql';
import { compose } from '../../src/schema/composition.ts';
import { freePort, freePorts } from '../../src/embedded/free-port.ts';
import { HEAP_MIB } from '../../src/platform/services.ts';
import { portOf, type SetName, SETS } from './subgraphs.ts';

const root = join(__dirname, '..', '..', '..');
const UP_WITHIN_MS = 60_000;
/** The gateway has one core to itself; load and subgraphs share the other. */
const GATEWAY_CORE = '1';
const OTHER_CORE = '0';
/** Compared with, and nothing that we need: installed aside, and left out where they cannot be. */
const NATIVE = '@grafbase/cli-x86_64-unknown-linux-musl';
const RIVALS = ['@graphql-hive/gateway', '@graphql-hive/router-runtime', NATIVE];

export interface Contender {
  name: string;
  url: string;
  process: ChildProcess;
}

export interface Arena {
  set: SetName;
  folder: string;
  supergraph: string;
  firstPort: number;
  subgraphs: ChildProcess;
}

const hasTaskset = spawnSync('taskset', ['-V']).status === 0;
const pinned = (core: string, command: string, args: string[]): [string, string[]] =>
  hasTaskset ? ['taskset', ['-c', core, command, ...args]] : [command, args];

interface Served {
  name: string;
  url: string;
  sdl: string;
}

const served = (set: SetName, firstPort: number): Served[] =>
  Object.entries(SETS[set]).map(([name, { sdl }]) => ({
    name,
    url: `http://127.0.0.1:${portOf(set, name, firstPort)}/graphql`,
    sdl,
  }));

export async function openArena(set: SetName): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'trenza-bench-gateway-'));
  const firstPort = await freePorts(Object.keys(SETS[set]).length);
  const supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(supergraph, compose(served(set, firstPort)));
  if (hasTaskset) spawnSync('taskset', ['-cp', OTHER_CORE, String(process.pid)]);
  const node = ['--conditions=trenza-source', '--import=tsx', join(__dirname, 'subgraphs.ts'), String(firstPort), set];
  const [command, args] = pinned(OTHER_CORE, process.execPath, node);
  const subgraphs = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  await untilAnswers(`http://127.0.0.1:${firstPort}/graphql`);
  return { set, folder, supergraph, firstPort, subgraphs };
}

export function closeArena({ subgraphs, folder }: Arena, contenders: readonly Contender[]): void {
  for (const contender of contenders) contender.process.kill('SIGKILL');
  subgraphs.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** Ours as `npm start` runs it, in the same heap, without the line per request that the others do not write either. */
export function ours(arena: Arena, extra: NodeJS.ProcessEnv = {}): Promise<Contender> {
  const pairs = Object.fromEntries(['gateway', LOCAL_SIGNER].map((name) => [name, generateKeyPair()]));
  const publicKeys = Object.fromEntries(Object.entries(pairs).map(([name, pair]) => [name, pair.publicKey]));
  const clients = join(arena.folder, 'clients.json');
  writeFileSync(clients, JSON.stringify({ otherwise: { mode: 'open' }, clients: {} }));
  return start('trenza', [`--max-old-space-size=${HEAP_MIB.gateway}`, join(root, 'gateway', 'dist', 'main.js')], {
    SUPERGRAPH_PATH: arena.supergraph,
    CLIENTS_PATH: clients,
    TRENZA_PRIVATE_KEY: pairs['gateway']!.privateKey,
    TRENZA_PUBLIC_KEYS: JSON.stringify(publicKeys),
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'error',
    NATS_URL: '',
    ...extra,
  });
}

export const defaultApollo = (arena: Arena): Promise<Contender> =>
  start('default Apollo', (port) => [join(__dirname, 'default-apollo.cjs'), arena.supergraph, port], {
    APOLLO_TELEMETRY_DISABLED: 'true',
  });

/** Where the rivals are: BENCH_RIVALS, or a folder in which it is installed once. */
export function rivalsFolder(say: (line: string) => void): string | undefined {
  const folder = process.env['BENCH_RIVALS'] ?? join(tmpdir(), 'trenza-bench-rivals');
  if (existsSync(join(folder, 'node_modules', RIVALS[0]!))) return folder;
  say(`installing ${RIVALS.join(' and ')} into ${folder}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const { status } = spawnSync('npm', ['i', ...RIVALS, '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
  return status === 0 ? folder : undefined;
}

export function hive(arena: Arena, rivals: string, rust: boolean): Promise<Contender> {
  const manifest = join(rivals, 'node_modules', '@graphql-hive', 'gateway', 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> };
  const program = join(manifest, '..', Object.values(bin)[0]!);
  const config = join(rivals, `gateway-${rust ? 'rust' : 'js'}.config.mjs`);
  const runtime = rust ? "import { unifiedGraphHandler } from '@graphql-hive/router-runtime';\n" : '';
  const options = rust ? '{ logging: false, unifiedGraphHandler }' : '{ logging: false }';
  writeFileSync(config, `${runtime}export const gatewayConfig = ${options};\n`);
  return start(
    rust ? 'Hive, Rust planner' : 'Hive, JS',
    (port) => [program, 'supergraph', arena.supergraph, '-c', config, '--port', port, '--host', '127.0.0.1'],
    {},
    rivals,
  );
}

/** A gateway in native code. What npm has of it is its server for development, which composes the same subgraphs itself. */
export function grafbase(arena: Arena, rivals: string): Promise<Contender> {
  const sections = served(arena.set, arena.firstPort).map(({ name, url, sdl }) => {
    const schema = join(arena.folder, `${name}.graphql`);
    writeFileSync(schema, withoutDescriptions(sdl));
    return `[subgraphs.${name}]\nurl = "${url}"\nschema_path = "${schema}"\n`;
  });
  const config = join(arena.folder, 'grafbase.toml');
  writeFileSync(config, `[graph]\npath = "/graphql"\n${sections.join('')}`);
  return start(
    'Grafbase, native',
    (port) => ['--log-style', 'text', 'dev', '-c', config, '--listen-address', `127.0.0.1:${port}`],
    { HOME: arena.folder, GRAFBASE_TELEMETRY_DISABLED: '1' },
    arena.folder,
    join(rivals, 'node_modules', NATIVE, 'grafbase'),
  );
}

/** Its parser stumbles over some of ours, and no answer depends on them. */
const withoutDescriptions = (sdl: string): string =>
  print(
    visit(parse(sdl), {
      enter: (node) => ('description' in node && node.description ? { ...node, description: undefined } : undefined),
    }),
  );

async function start(
  name: string,
  args: string[] | ((port: string) => string[]),
  env: NodeJS.ProcessEnv,
  cwd = root,
  program = process.execPath,
): Promise<Contender> {
  const port = String(await freePort());
  const [command, all] = pinned(GATEWAY_CORE, program, typeof args === 'function' ? args(port) : args);
  const child = spawn(command, all, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', PORT: port, HOST: '127.0.0.1', ...env },
  });
  const url = `http://127.0.0.1:${port}/graphql`;
  await untilAnswers(url, child);
  return { name, url, process: child };
}

async function untilAnswers(url: string, child?: ChildProcess): Promise<void> {
  const until = Date.now() + UP_WITHIN_MS;
  while (Date.now() < until) {
    if (child && child.exitCode !== null) break;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    }).then(
      (response) => response.json() as Promise<{ data?: unknown }>,
      () => undefined,
    );
    if (answer?.data) return;
    await sleep(100);
  }
  throw new Error(`${url} did not answer within ${UP_WITHIN_MS / 1_000} s.`);
}
