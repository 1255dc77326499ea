import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span as OpenTelemetrySpan,
  type SpanContext,
  type Tracer,
} from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { setTimeout as sleep } from 'node:timers/promises';

const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A collector that does not answer must not hold up the end of a service, which is bounded in seconds. */
const LAST_EXPORT_MS = 1_000;

/** Absent while tracing is off. */
let tracer: Tracer | undefined;

export interface Tracing {
  /** Sends what has not been sent. */
  stop(): Promise<void>;
}

/**
 * Spans go to OTEL_EXPORTER_OTLP_ENDPOINT where that is set (how many of them OTEL_TRACES_SAMPLER says); without it there are none,
 * the trace is only passed on, and nothing of OpenTelemetry's SDK is loaded.
 */
export async function startTracing(
  service: string,
  env: NodeJS.ProcessEnv,
  processors?: SpanProcessor[],
): Promise<Tracing> {
  if (!env['OTEL_EXPORTER_OTLP_ENDPOINT'] && !processors) return { stop: () => Promise.resolve() };
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { Resource } = await import('@opentelemetry/resources');
  const provider = new BasicTracerProvider({
    resource: new Resource({ 'service.name': service, 'service.namespace': 'trenza' }),
    spanProcessors: processors ?? [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  tracer = provider.getTracer('trenza');
  return {
    stop: async () => {
      tracer = undefined;
      await Promise.race([provider.shutdown(), sleep(LAST_EXPORT_MS, undefined, { ref: false })]);
    },
  };
}

/** To be asked before anything is made that only a span needs: off must cost nothing. */
export const isTracing = (): boolean => tracer !== undefined;

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** A piece of work in a trace. It holds names, ids and codes; never a value of a customer, and no message of an error. */
export class Span {
  constructor(private readonly span: OpenTelemetrySpan) {}

  /** Under which the work that follows belongs. */
  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }

  named(name: string): this {
    this.span.updateName(name);
    return this;
  }

  set(attributes: Attributes): this {
    this.span.setAttributes(attributes);
    return this;
  }

  /** By a stable code: SQLSTATE, an error code of ours, the class of an error. */
  failed(code: string): this {
    this.span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', code);
    return this;
  }

  end(): void {
    this.span.end();
  }
}

/** Begins a span below `parent` (a traceparent; without one a new trace), linked to others that led to the same work. Undefined while tracing is off. */
export function startSpan(
  name: string,
  kind: keyof typeof KINDS,
  parent: string | undefined,
  attributes?: Attributes,
  links: readonly string[] = [],
): Span | undefined {
  if (!tracer) return undefined;
  const above = contextOf(parent);
  const span = tracer.startSpan(
    name,
    {
      kind: KINDS[kind],
      attributes,
      links: links.flatMap((link) => {
        const context = contextOf(link);
        return context ? [{ context }] : [];
      }),
    },
    above ? trace.setSpanContext(ROOT_CONTEXT, above) : ROOT_CONTEXT,
  );
  return new Span(span);
}

function contextOf(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACE_PARENT.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
