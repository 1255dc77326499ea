import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base';

const TRACER = 'trenza-gateway';

export interface Tracing {
  /** Sends what has not been sent. */
  stop(): Promise<void>;
}

/**
 * Spans go to OTEL_EXPORTER_OTLP_ENDPOINT where that is set (how many of them OTEL_TRACES_SAMPLER says); without it there are none
 * and the trace is only passed on.
 */
export function startTracing(env: NodeJS.ProcessEnv, processors?: SpanProcessor[]): Tracing {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !processors) return { stop: () => Promise.resolve() };
  const provider = new BasicTracerProvider({
    resource: new Resource({ 'service.name': env.OTEL_SERVICE_NAME ?? 'gateway' }),
    spanProcessors: processors ?? [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register({
    contextManager: new AsyncLocalStorageContextManager().enable(),
    propagator: new W3CTraceContextPropagator(),
  });
  return { stop: () => provider.shutdown() };
}

/** Answers a request inside a span that goes on with the client's trace. Names only: no variables, no caller. */
export function inRequestSpan<T>(traceparent: string, work: () => Promise<T>): Promise<T> {
  const parent = propagation.extract(context.active(), { traceparent });
  return context.with(parent, () =>
    trace.getTracer(TRACER).startActiveSpan('graphql', { kind: SpanKind.SERVER }, (span) => finished(span, work)),
  );
}

/** One fetch from a subgraph; hands over the trace context under which the subgraph's own spans belong. */
export function inFetchSpan<T>(
  subgraph: string,
  traceparent: string,
  work: (traceparent: string) => Promise<T>,
): Promise<T> {
  return trace
    .getTracer(TRACER)
    .startActiveSpan('subgraph', { kind: SpanKind.CLIENT, attributes: { subgraph } }, (span) => {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return finished(span, () => work(carrier.traceparent ?? traceparent));
    });
}

async function finished<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // The message may hold what a subgraph said; a trace is read by more people than the log.
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
