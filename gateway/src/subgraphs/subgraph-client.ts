import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import type { GraphQLFormattedError } from 'graphql';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayContext } from '../context.ts';
import { startFetchSpan } from '../http/tracing.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { ConnectionPool, NoReplyInTime } from './connection-pool.ts';
import { FAILURES, SubgraphFailure, type FailureCode } from './failure.ts';
import { lostFields } from './lost-fields.ts';
import { requestBody } from './request-body.ts';
import { type Reply, ReplyTooLarge } from './reply-reader.ts';
import { RetryBudget } from './retry-budget.ts';
import { publicError } from './subgraph-errors.ts';

/** Before the one retry: long enough for a connection that was reset to be replaced, spread so that callers do not return in step. */
const RETRY_DELAY_MS = { least: 5, spread: 25 };
/** For a sign of life, which takes a subgraph no work: later than that nobody should wait for its real answers. */
const SIGN_OF_LIFE_MS = 1_000;
const SIGN_OF_LIFE = requestBody({ query: '{__typename}' });

export interface SubgraphPolicy {
  /** For one fetch, retry included. */
  timeoutMs: number;
  /** Fetches under way at the same time: a slow subgraph must not collect the memory of the gateway. */
  mostInFlight: number;
  /** Sockets kept to one subgraph. */
  connections: number;
}

export const DEFAULT_POLICY: SubgraphPolicy = { timeoutMs: 5_000, mostInFlight: 1_000, connections: 64 };

/** Told about every fetch: metrics and logs. */
export interface SubgraphObserver {
  fetched(subgraph: string, outcome: 'ok' | FailureCode, milliseconds: number): void;
  failed(failure: SubgraphFailure, requestId: string): void;
  retried(subgraph: string): void;
  /** The circuit of a subgraph has opened or closed. */
  circuit(subgraph: string, state: 'open' | 'closed'): void;
}

type Options = GraphQLDataSourceProcessOptions<GatewayContext>;
/** Whichever comes first: the time for this fetch, or the time for the whole operation. */
interface Deadline {
  at: number;
  code: FailureCode;
}

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: Partial<GraphQLFormattedError>[];
  /** The header of the answer. */
  cacheControl?: string;
}

/**
 * Brings one subgraph's part of an operation over a pool of kept connections. Whatever goes wrong becomes one error per lost field
 * with a public code and message; the rest of the operation goes on.
 */
export class SubgraphClient implements GraphQLDataSource<GatewayContext> {
  readonly breaker: CircuitBreaker;
  readonly #budget = new RetryBudget();
  readonly #connections: ConnectionPool;
  #inFlight = 0;
  /** Whether it has answered anything at all since the gateway started. */
  answeredOnce = false;

  constructor(
    readonly name: string,
    readonly url: string,
    private readonly policy: SubgraphPolicy,
    private readonly observer: SubgraphObserver,
    /** For what the gateway asks in nobody's name. */
    private readonly ownToken: () => Promise<string>,
  ) {
    this.breaker = new CircuitBreaker({
      probe: () => this.#givesSignOfLife(),
      opened: () => observer.circuit(name, 'open'),
      closed: () => observer.circuit(name, 'closed'),
    });
    this.#connections = new ConnectionPool(new URL(url), policy.connections);
  }

  async process({ request, context }: Options): Promise<GatewayGraphQLResponse> {
    // While a subgraph is away this is all that happens, many times a second: no exception, no log line.
    if (this.breaker.refuses) {
      this.observer.fetched(this.name, 'SUBGRAPH_UNAVAILABLE', 0);
      return { errors: this.#lost(request, 'SUBGRAPH_UNAVAILABLE') };
    }
    const started = performance.now();
    const asked = context as GatewayContext;
    const span = startFetchSpan(this.name, asked);
    try {
      const { data, errors, cacheControl } = await this.#fetch(request, asked, span?.traceparent ?? asked.traceparent);
      asked.cachePolicy.restrict(cacheControl);
      this.observer.fetched(this.name, 'ok', performance.now() - started);
      return { data: data ?? undefined, errors: errors?.map((error) => publicError(this.name, error)) };
    } catch (error) {
      const failure = this.#asFailure(error);
      this.observer.fetched(this.name, failure.code, performance.now() - started);
      this.observer.failed(failure, asked.requestId);
      span?.failed(failure.code);
      return { errors: this.#lost(request, failure.code) };
    } finally {
      span?.end();
    }
  }

  /** Has the subgraph come up? While its circuit is open, that asks by itself. */
  async ping(): Promise<void> {
    const pass = this.breaker.admit();
    if (!pass) return;
    if (await this.#givesSignOfLife()) this.breaker.succeeded(pass);
    else this.breaker.failed(pass);
  }

  async #givesSignOfLife(): Promise<boolean> {
    try {
      const headers = `authorization: Bearer ${await this.ownToken()}\r\n`;
      this.#read(await this.#connections.post(headers, SIGN_OF_LIFE, SIGN_OF_LIFE_MS));
      this.answeredOnce = true;
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.breaker.stop();
    this.#connections.close();
  }

  async #fetch(request: Options['request'], context: GatewayContext, traceparent: string): Promise<Answer> {
    const body = requestBody(request);
    // None of the three can hold a line break: a signed token, an id of our own pattern, a trace context of the standard's.
    const headers =
      `authorization: Bearer ${await context.internalToken()}\r\n` +
      `x-request-id: ${context.requestId}\r\ntraceparent: ${traceparent}\r\n`;
    const own = performance.now() + this.policy.timeoutMs;
    const deadline: Deadline =
      own <= context.deadline
        ? { at: own, code: 'SUBGRAPH_TIMEOUT' }
        : { at: context.deadline, code: 'OPERATION_TIMEOUT' };
    this.#budget.called();
    try {
      return await this.#attempt(headers, body, deadline);
    } catch (error) {
      const failure = this.#asFailure(error);
      if (!this.#mayRetry(request.query, failure)) throw failure;
      this.observer.retried(this.name);
      await sleep(RETRY_DELAY_MS.least + Math.random() * RETRY_DELAY_MS.spread);
      return this.#attempt(headers, body, deadline);
    }
  }

  /** Only what changes nothing is repeated, and not what has already waited its whole time. */
  #mayRetry(query: string | undefined, { code }: SubgraphFailure): boolean {
    return code === 'SUBGRAPH_UNAVAILABLE' && isRead(query) && !this.breaker.open && this.#budget.spend();
  }

  async #attempt(headers: string, body: string, deadline: Deadline): Promise<Answer> {
    if (this.#inFlight >= this.policy.mostInFlight)
      throw this.#failure('SUBGRAPH_OVERLOADED', `${this.#inFlight} fetches are under way`);
    const pass = this.breaker.admit();
    if (!pass) throw this.#failure('SUBGRAPH_UNAVAILABLE', 'circuit open');
    this.#inFlight++;
    try {
      const left = deadline.at - performance.now();
      const answer = this.#read(await this.#connections.post(headers, body, left));
      this.breaker.succeeded(pass);
      this.answeredOnce = true;
      return answer;
    } catch (error) {
      const failure =
        error instanceof NoReplyInTime ? this.#failure(deadline.code, error.message) : this.#asFailure(error);
      if (failure.code === 'OPERATION_TIMEOUT') this.breaker.abandoned(pass);
      else this.breaker.failed(pass);
      throw failure;
    } finally {
      this.#inFlight--;
    }
  }

  #read({ status, cacheControl, text }: Reply): Answer {
    if (status >= 500) throw this.#failure('SUBGRAPH_UNAVAILABLE', `status ${status}`);
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      throw this.#failure('SUBGRAPH_UNAVAILABLE', `status ${status}, ${text.length} characters that are not JSON`);
    }
    if (!isAnswer(answer)) throw this.#failure('SUBGRAPH_UNAVAILABLE', `status ${status}, JSON that is not GraphQL`);
    return { data: answer.data, errors: answer.errors, cacheControl };
  }

  #failure(code: FailureCode, detail: string): SubgraphFailure {
    return new SubgraphFailure(code, this.name, detail);
  }

  #asFailure(error: unknown): SubgraphFailure {
    if (error instanceof SubgraphFailure) return error;
    const tooLarge = error instanceof ReplyTooLarge;
    return this.#failure(tooLarge ? 'SUBGRAPH_ERROR' : 'SUBGRAPH_UNAVAILABLE', describe(error));
  }

  #lost(request: Options['request'], code: FailureCode): GraphQLFormattedError[] {
    const paths = lostFields(request);
    const error = { message: FAILURES[code](this.name), extensions: { code } };
    return paths.length > 0 ? paths.map((path) => ({ ...error, path })) : [error];
  }
}

const isRead = (query = ''): boolean => query.startsWith('{') || query.startsWith('query');

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  const { data, errors } = value as { data?: unknown; errors?: unknown };
  return Array.isArray(errors) || (typeof data === 'object' && data !== null);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? `${String(error.code)}: ${error.message}` : error.message;
}
