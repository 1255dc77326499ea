import { causeOf, withCause, type AnyEvent } from '@trenza/events';
import { codeOfError, isTracing, startSpan, type Span } from '@trenza/telemetry';

/**
 * Runs `work` as caused by these events of one type: by the first of them, as far as causes go. While tracing is on each event's own trace
 * gets a span for it; what `work` does hangs below the first one's, and the spans of the others are linked with it.
 */
export function handling<T>(events: readonly AnyEvent[], work: () => Promise<T>): Promise<T> {
  const cause = causeOf(events[0]!);
  if (!isTracing()) return withCause(cause, work);
  const spans = processSpans(events);
  return withCause({ ...cause, traceparent: spans[0]?.traceparent ?? cause.traceparent }, () => ended(spans, work));
}

function processSpans([first, ...others]: readonly AnyEvent[]): Span[] {
  const begin = ({ type, id, traceparent }: AnyEvent, links: string[]): Span[] => {
    const attributes = {
      'messaging.system': 'nats',
      'messaging.operation.type': 'process',
      'messaging.destination.name': type,
      'messaging.message.id': id,
      'messaging.batch.message_count': others.length + 1,
    };
    const span = startSpan(`process ${type}`, 'consumer', traceparent, attributes, links);
    return span ? [span] : [];
  };
  const carrier = begin(
    first!,
    others.flatMap(({ traceparent }) => traceparent ?? []),
  );
  const link = carrier.map((span) => span.traceparent);
  return [...carrier, ...others.flatMap((event) => begin(event, link))];
}

async function ended<T>(spans: Span[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const span of spans) span.failed(codeOfError(error));
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}
