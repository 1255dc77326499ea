import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Running {
  process: ChildProcess;
  stop(): Promise<void>;
}

/** A signal to the whole process group reaches a service before us; by the time of its restart we know that we are stopping. */
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;
/** One that ran so long has recovered: its next end starts with the short pause again. */
const HEALTHY_AFTER_MS = 30_000;

/** A process that is started again whenever it ends without being asked to. */
export class Supervised {
  #running: Running | undefined;
  #startedAt = 0;
  #pause = FIRST_PAUSE_MS;
  #restarting: Promise<void> | undefined;
  readonly #stopping = new AbortController();
  /** Times that it ended by itself. */
  ends = 0;

  constructor(
    readonly name: string,
    private readonly launch: () => Promise<Running>,
    private readonly tell: (line: string) => void,
    /** Called after every start: its process id is another one. */
    private readonly started: () => void = () => undefined,
  ) {}

  get pid(): number | undefined {
    return this.#running?.process.pid;
  }

  async start(): Promise<void> {
    const running = await this.launch();
    this.#running = running;
    this.#startedAt = Date.now();
    this.started();
    if (hasEnded(running.process)) this.#ended(running.process.exitCode, running.process.signalCode);
    else running.process.once('exit', (code, signal) => this.#ended(code, signal));
    // It may have been launched while we were told to stop.
    if (this.#stopping.signal.aborted) await running.stop();
  }

  /** Asks it to end; what ends is started again. */
  async restart(): Promise<void> {
    await this.#running?.stop();
  }

  /** Asks it to end and waits until it has; it is not started again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#restarting;
    await this.#running?.stop();
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping.signal.aborted) return;
    this.ends += 1;
    if (Date.now() - this.#startedAt > HEALTHY_AFTER_MS) this.#pause = FIRST_PAUSE_MS;
    this.#restarting = this.#restart(signal ?? `exit ${code}`);
  }

  async #restart(why: string): Promise<void> {
    let reason = why;
    for (;;) {
      const pause = this.#pause;
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
      await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      this.tell(`${this.name} ended (${reason}); starting it again`);
      try {
        return await this.start();
      } catch (error) {
        reason = (error as Error).message;
      }
    }
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Asks a child to end; by force when the time is up. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, 'exit');
  const force = setTimeout(() => child.kill('SIGKILL'), withinMs);
  child.kill(signal);
  await exit;
  clearTimeout(force);
}
