/** Failures in a row that open the circuit: enough to rule out one unlucky restart, few enough to spare callers the waiting. */
export const FAILURES_IN_A_ROW = 5;
/** The share of failures in a window that opens it as well: half of the answers missing helps nobody. */
export const FAILURE_SHARE = 0.5;
/** Below this number of calls in a window the share says nothing. */
export const CALLS_TO_JUDGE = 20;
export const WINDOW_MS = 10_000;
/** How long an open circuit rests before it asks again; doubled while nobody answers. */
export const FIRST_REST_MS = 500;
export const LONGEST_REST_MS = 8_000;

/** With what right a call passes: as any other, or as the one on which it depends whether all others may. */
export type Pass = 'call' | 'trial';

export interface CircuitEvents {
  /** Asks the subgraph for a sign of life, in nobody's request. Never rejects. */
  probe(): Promise<boolean>;
  opened(): void;
  closed(): void;
}

/**
 * Stops calling a subgraph that does not answer, so that it costs its own fields and nobody's time.
 * Closed: all calls pass. Open: none; after a rest it is the gateway that asks, not a client's request that waits. Where the subgraph gives a
 * sign of life, one call passes on trial, because a server may greet while its database hangs; its outcome closes or re-opens the circuit.
 */
export class CircuitBreaker {
  #state: 'closed' | 'resting' | 'probed' | 'on trial' = 'closed';
  #inARow = 0;
  #calls = 0;
  #failures = 0;
  #windowFrom = 0;
  #rest = FIRST_REST_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly events: CircuitEvents,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get open(): boolean {
    return this.#state !== 'closed';
  }

  /** Whether a call would be refused now. */
  get refuses(): boolean {
    return this.#state === 'resting' || this.#state === 'on trial';
  }

  /** Whether this call may pass. A caller who was let in reports `succeeded`, `failed` or `abandoned` with what it got here. */
  admit(): Pass | null {
    if (this.#state === 'closed') return 'call';
    if (this.refuses) return null;
    this.#state = 'on trial';
    return 'trial';
  }

  succeeded(pass: Pass): void {
    this.#count();
    this.#inARow = 0;
    if (pass === 'trial' && this.open) this.reset();
  }

  failed(pass: Pass): void {
    this.#count();
    this.#failures++;
    this.#inARow++;
    if (pass === 'trial' && this.open) this.#restLonger();
    else if (!this.open && this.#hopeless()) {
      this.events.opened();
      this.#pause();
    }
  }

  /** It ended for a reason that says nothing about the subgraph. */
  abandoned(pass: Pass): void {
    if (pass === 'trial' && this.#state === 'on trial') this.#state = 'probed';
  }

  /** Trusts the subgraph again, whatever it did before. */
  reset(): void {
    if (this.open) this.events.closed();
    this.stop();
    this.#state = 'closed';
    this.#rest = FIRST_REST_MS;
    this.#inARow = this.#calls = this.#failures = 0;
  }

  /** Asks no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #hopeless(): boolean {
    const share = this.#calls >= CALLS_TO_JUDGE && this.#failures / this.#calls >= FAILURE_SHARE;
    return share || this.#inARow >= FAILURES_IN_A_ROW;
  }

  #restLonger(): void {
    this.#rest = Math.min(this.#rest * 2, LONGEST_REST_MS);
    this.#pause();
  }

  #pause(): void {
    this.#state = 'resting';
    const timer = setTimeout(() => void this.#ask(timer), this.#rest).unref();
    this.#timer = timer;
  }

  async #ask(timer: NodeJS.Timeout): Promise<void> {
    const answers = await this.events.probe();
    // Reset or stopped in the meantime.
    if (timer !== this.#timer) return;
    if (answers) this.#state = 'probed';
    else this.#restLonger();
  }

  #count(): void {
    const now = this.now();
    if (now - this.#windowFrom > WINDOW_MS) {
      this.#windowFrom = now;
      this.#calls = this.#failures = 0;
    }
    this.#calls++;
  }
}
