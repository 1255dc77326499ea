/** Share of the calls that may be repeated: a subgraph in trouble must not get twice the load. */
export const RETRY_SHARE = 0.1;
/** Retries in hand when traffic is low, and the most that can be saved up. */
export const MOST_SAVED_RETRIES = 10;

/** Every call saves a tenth of a retry; a retry spends a whole one. */
export class RetryBudget {
  #saved = MOST_SAVED_RETRIES;

  called(): void {
    this.#saved = Math.min(this.#saved + RETRY_SHARE, MOST_SAVED_RETRIES);
  }

  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
