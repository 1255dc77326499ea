import { dataDirFrom } from './data-dir.ts';
import { loadDemoOnce } from './demo.ts';
import { watchAndRestart } from './dev.ts';
import { startPlatform, type Platform } from './platform.ts';
import { DEFAULT_PORT } from './services.ts';

/** The whole stop, drain included, is over by then; what still runs is ended when we are gone. */
const STOP_WITHIN_MS = 9_500;

async function main(): Promise<void> {
  const started = Date.now();
  const dir = dataDirFrom();
  const port = portFrom(process.env['PORT']);
  const tell = (line: string): void => void process.stdout.write(`${line}\n`);
  const stop = stopSignal();

  tell('Starting PostgreSQL, NATS, five subgraphs and the gateway …');
  const platform = await startPlatform({ dir, port, env: process.env, tell, signal: stop }).catch(unlessStopped(stop));
  if (platform) {
    tell(welcome(platform, started, dir.logs));
    loadDemoOnce(dir, platform.graph, tell, stop).catch((error: unknown) => {
      if (!stop.aborted)
        tell(`The demo data could not be loaded; the next start tries again. ${(error as Error).message}`);
    });
    if (process.argv.includes('--watch')) watchAndRestart(platform, tell, stop);
    if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve));
    tell(`${stop.reason}: draining and stopping …`);
    const stopping = Date.now();
    await platform.stop();
    tell(`Stopped in ${seconds(stopping)}.`);
  }
  process.exit(0);
}

/** A terminal's Ctrl-C reaches us directly and through npm: the second one is the first one. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) return;
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      stop.abort(signal);
    });
  }
  return stop.signal;
}

/** Told to stop before all of it ran: what had been started is stopped, and there is nothing to complain of. */
const unlessStopped =
  (stop: AbortSignal) =>
  (error: unknown): undefined => {
    if (!stop.aborted) throw error;
  };

const welcome = ({ graph }: Platform, started: number, logs: string): string => `Ready after ${seconds(started)}.

  the graph       ${graph}
  the playground  ${graph.replace('/graphql', '/playground')}
  a token         npm run -s token -- --role admin
  logs            ${logs}
  stop            Ctrl-C
`;

const seconds = (since: number): string => `${((Date.now() - since) / 1_000).toFixed(1)} s`;

function portFrom(text: string | undefined): number {
  const port = Number(text || DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_530)
    throw new Error(
      `PORT is "${text}"; it must be a number from 1 to 65530, and the five ports above it are used as well.`,
    );
  return port;
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
});
