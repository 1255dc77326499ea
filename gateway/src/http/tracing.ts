import { isTracing, startSpan, type Span } from '@trenza/telemetry';
import type { AnyEvent } from '@trenza/events';
import type { GatewayContext } from '../context.ts';

/**
 * Begins the span of a request, under the client's where it sent one, and puts what follows below it. Names only: no variables, no caller.
 * Undefined, and nothing made, while tracing is off.
 */
export function startRequestSpan(context: GatewayContext, sent: unknown): Span | undefined {
  if (!isTracing()) return undefined;
  const span = startSpan('graphql', 'server', sent === context.traceparent ? sent : undefined);
  if (span) {
    context.traceparent = span.traceparent;
    context.span = span;
  }
  return span;
}

/** Begins the span of one update that a subscriber gets, in the trace of the event that it is about. */
export function startUpdateSpan(context: GatewayContext, { type, id, traceparent }: AnyEvent): Span | undefined {
  if (!isTracing()) return undefined;
  const span = startSpan(`deliver ${type}`, 'consumer', traceparent, { 'messaging.message.id': id });
  if (span) context.traceparent = span.traceparent;
  return span;
}

/** Begins the span of one fetch from a subgraph; the subgraph's own span belongs below it. */
export function startFetchSpan(subgraph: string, context: GatewayContext): Span | undefined {
  if (!isTracing()) return undefined;
  return startSpan(`fetch ${subgraph}`, 'client', context.traceparent, { subgraph });
}
