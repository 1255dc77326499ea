import type { SubgraphClients } from '../subgraphs/subgraph-clients.ts';
import type { Readiness } from './health-routes.ts';

const ASK_EVERY_MS = 250;

/**
 * Ready when every subgraph has answered once, or when the bound has passed and the rest is to be served without the missing ones.
 * Once ready, a subgraph that goes away is the circuit breaker's concern: a gateway that calls itself not ready serves nobody.
 */
export class StartUp {
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout;
  #draining = false;

  constructor(
    private readonly clients: SubgraphClients,
    private readonly boundMs: number,
  ) {
    this.#timer = setInterval(() => this.#ask(), ASK_EVERY_MS).unref();
    this.#ask();
  }

  readiness(): Readiness {
    const waitingFor = this.#missing().map(({ name }) => name);
    if (this.#draining) return { ready: false, waitingFor: ['the end of the requests under way'] };
    return { ready: waitingFor.length === 0 || performance.now() - this.#started > this.boundMs, waitingFor };
  }

  get draining(): boolean {
    return this.#draining;
  }

  drain(): void {
    this.#draining = true;
    clearInterval(this.#timer);
  }

  #missing() {
    return this.clients.all().filter((client) => !client.answeredOnce);
  }

  #ask(): void {
    const missing = this.#missing();
    if (missing.length === 0) clearInterval(this.#timer);
    for (const client of missing) void client.ping();
  }
}
