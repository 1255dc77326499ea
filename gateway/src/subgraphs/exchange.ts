import type { Dispatcher, Pool } from 'undici';

export interface Reply {
  status: number;
  cacheControl: string | undefined;
  text: string;
}

/** The time was over before the whole answer had come. */
export class NoReplyInTime extends Error {
  constructor() {
    super('no answer in time');
  }
}

/** Sends JSON and collects the answer. Without the stream and the abort signal of `request`, which cost as much as the rest. */
export function exchange(
  pool: Pool,
  path: string,
  headers: Record<string, string>,
  body: string,
  milliseconds: number,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const collector = new Collector(resolve, reject, milliseconds);
    pool.dispatch({ path, method: 'POST', headers, body }, collector);
  });
}

class Collector implements Dispatcher.DispatchHandler {
  readonly #chunks: Buffer[] = [];
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #cacheControl: string | undefined;
  #late = false;

  constructor(
    private readonly resolve: (reply: Reply) => void,
    private readonly reject: (error: Error) => void,
    milliseconds: number,
  ) {
    this.#timer = setTimeout(() => this.#giveUp(), Math.max(0, milliseconds));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection for so long that nobody waits for its answer any more.
    if (this.#late) controller.abort(new NoReplyInTime());
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: NodeJS.Dict<string | string[]>,
  ): void {
    this.#status = status;
    this.#cacheControl = headers['cache-control']?.toString();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 ? first! : Buffer.concat(this.#chunks);
    this.resolve({ status: this.#status, cacheControl: this.#cacheControl, text: whole.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#timer);
    this.reject(error);
  }

  #giveUp(): void {
    this.#late = true;
    const error = new NoReplyInTime();
    this.#controller?.abort(error);
    this.reject(error);
  }
}
