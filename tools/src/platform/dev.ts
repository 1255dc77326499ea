import { execFile, spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from './platform.ts';
import { ROOT, SUBGRAPHS, type ServiceName } from './services.ts';

/** One save writes many files of `dist`; they are one change. */
const SETTLED_AFTER_MS = 400;

interface Watched {
  folder: string;
  /** The services that run another program when a file below changes. */
  services: readonly ServiceName[];
}

const EVERYBODY: readonly ServiceName[] = [...SUBGRAPHS, 'gateway'];
const WATCHED: Watched[] = [
  ...SUBGRAPHS.flatMap((name) => [
    { folder: join('subgraphs', name, 'dist'), services: [name] },
    { folder: join('subgraphs', name, 'src', 'migrations'), services: [name] },
  ]),
  { folder: join('gateway', 'dist'), services: ['gateway'] },
  { folder: 'libs', services: EVERYBODY },
];
const IS_PROGRAM = /\.(js|sql)$/;
const IS_INSTALLED = /(^|[/\\])node_modules[/\\]/;

/** `npm run dev`: compiles what is saved, starts the services anew that it concerns, and hands the gateway the new graph. */
export function watchAndRestart(platform: Platform, tell: (line: string) => void, stop: AbortSignal): void {
  const node = process.execPath;
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const compiler = spawn(node, [tsc, '-b', '-w', '--preserveWatchOutput'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  stop.addEventListener('abort', () => compiler.kill());

  const concerned = new Set<ServiceName>();
  let timer: NodeJS.Timeout | undefined;
  const restart = async (): Promise<void> => {
    const names = [...concerned];
    concerned.clear();
    tell(`changed: ${names.join(', ')}`);
    await Promise.all(names.map((name) => platform.service(name).restart()));
    if (names.some((name) => name !== 'gateway')) composeAgain(tell);
  };
  for (const { folder, services } of WATCHED) {
    if (!existsSync(join(ROOT, folder))) continue;
    watch(join(ROOT, folder), { recursive: true, signal: stop }, (_, file) => {
      if (!file || !IS_PROGRAM.test(file) || IS_INSTALLED.test(file)) return;
      for (const name of services) concerned.add(name);
      clearTimeout(timer);
      timer = setTimeout(() => void restart(), SETTLED_AFTER_MS);
    });
  }
  tell('Watching: what you save is compiled, and the services that it concerns start anew.');
}

/** The gateway takes up a changed `supergraph.graphql` by itself. */
function composeAgain(tell: (line: string) => void): void {
  execFile(
    process.execPath,
    [join(ROOT, 'tools', 'dist', 'schema', 'main.js')],
    { cwd: ROOT },
    (error, stdout, stderr) => {
      if (error) tell(`The graph does not compose: ${stderr.trim() || error.message}`);
      else if (stdout.includes('wrote')) tell(stdout.trim());
    },
  );
}
