import type { Caller } from '@trenza/auth';
import type { AnyEvent } from '@trenza/events';
import type { Span } from '@trenza/telemetry';
import type { CachePolicy } from './caching/cache-policy.ts';

/** What a request carries through the gateway. */
export interface GatewayContext {
  requestId: string;
  /** W3C trace context of this request. */
  traceparent: string;
  /** Of this request, while tracing is on. */
  span?: Span;
  caller: Caller;
  /** When the client's token ends, in seconds since 1970; absent for anonymous callers. */
  expiresAt?: number;
  /** The token with which subgraphs recognise the gateway and the caller. */
  internalToken(): Promise<string>;
  /** When the answer is due, on the clock of `performance.now()`. */
  deadline: number;
  /** How long the answer may be kept, as far as its parts have said. */
  cachePolicy: CachePolicy;
  /** What a subscription is executed for. */
  event?: AnyEvent;
  /** Name and version as the client gives them in `apollographql-client-name` and `-version`. */
  client: { name?: string; version?: string };
}
