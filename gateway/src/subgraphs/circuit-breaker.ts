/** Failures in a row that open the circuit: enough to rule out one unlucky restart, few enough to spare callers the waiting. */
export const FAILURES_IN_A_ROW = 5;
/** The share of failures in a window that opens it as well: half of the answers missing helps nobody. */
export const FAILURE_SHARE = 0.5;
/** Below this number of calls in a window the share says nothing. */
export const CALLS_TO_JUDGE = 20;
export const WINDOW_MS = 10_000;
/** How long an open circuit rests before one probe; doubled while probes fail. */
export const FIRST_REST_MS = 500;
export const LONGEST_REST_MS = 8_000;

/**
 * Stops calling a subgraph that does not answer, so that it costs its own fields and nobody's time.
 * Closed: all calls pass. Open: none. After a rest one probe passes; its outcome closes or re-opens the circuit.
 */
export class CircuitBreaker {
  #inARow = 0;
  #calls = 0;
  #failures = 0;
  #windowFrom = 0;
  #openUntil: number | null = null;
  #rest = FIRST_REST_MS;
  #probing = false;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get open(): boolean {
    return this.#openUntil !== null;
  }

  /** Whether this call may pass. A caller who was let in reports `succeeded`, `failed` or `abandoned`. */
  admit(): boolean {
    if (this.#openUntil === null) return true;
    if (this.#probing || this.now() < this.#openUntil) return false;
    this.#probing = true;
    return true;
  }

  succeeded(): void {
    this.#count();
    this.#inARow = 0;
    if (this.#probing) this.reset();
  }

  failed(): void {
    this.#count();
    this.#failures++;
    this.#inARow++;
    if (this.#probing) {
      this.#rest = Math.min(this.#rest * 2, LONGEST_REST_MS);
      this.#trip();
    } else if (this.#openUntil === null && this.#hopeless()) {
      this.#trip();
    }
  }

  /** It ended for a reason that says nothing about the subgraph. */
  abandoned(): void {
    this.#probing = false;
  }

  /** Trusts the subgraph again, whatever it did before. */
  reset(): void {
    this.#openUntil = null;
    this.#probing = false;
    this.#rest = FIRST_REST_MS;
    this.#inARow = this.#calls = this.#failures = 0;
  }

  #hopeless(): boolean {
    const share = this.#calls >= CALLS_TO_JUDGE && this.#failures / this.#calls >= FAILURE_SHARE;
    return share || this.#inARow >= FAILURES_IN_A_ROW;
  }

  #trip(): void {
    this.#openUntil = this.now() + this.#rest;
    this.#probing = false;
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
