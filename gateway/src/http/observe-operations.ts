import type { ApolloServerPlugin } from '@apollo/server';
import type { Span } from '@trenza/telemetry';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.ts';
import type { GatewayMetrics } from './metrics.ts';
import { traceIdOf } from './request-ids.ts';

/** Names come from clients: beyond so many different ones a metric would grow without end. */
const MOST_OPERATION_NAMES = 500;

/** One line and one measurement per operation. Never variables, never the caller: they are personal data. */
export function observeOperations(metrics: GatewayMetrics, log: Logger): ApolloServerPlugin<GatewayContext> {
  const names = new Set<string>();
  const known = (name: string): string => {
    if (names.size < MOST_OPERATION_NAMES) names.add(name);
    return names.has(name) ? name : 'other';
  };
  return {
    requestDidStart: () => {
      const started = performance.now();
      return Promise.resolve({
        willSendResponse: ({ operation, operationName, response, contextValue }) => {
          const milliseconds = performance.now() - started;
          const result = response.body.kind === 'single' ? response.body.singleResult : undefined;
          const codes = result?.errors?.map((error) => String(error.extensions?.code)) ?? [];
          const outcome = codes.length === 0 ? 'ok' : result?.data ? 'partial' : 'error';
          const name = operationName ?? 'anonymous';
          metrics.operations.observe(
            { operation: known(name), type: operation?.operation ?? 'none', outcome },
            milliseconds / 1_000,
          );
          if (contextValue.span) nameSpan(contextValue.span, operation?.operation ?? 'none', name, outcome);
          log.info(
            {
              requestId: contextValue.requestId,
              traceId: traceIdOf(contextValue.traceparent),
              operation: name,
              outcome,
              milliseconds: Math.round(milliseconds * 10) / 10,
              ...(codes.length > 0 && { codes: [...new Set(codes)] }),
            },
            'operation',
          );
          return Promise.resolve();
        },
      });
    },
  };
}

/** As OpenTelemetry names GraphQL: by type and name. A request with many operations ends with the last one's. */
function nameSpan(span: Span, type: string, name: string, outcome: string): void {
  span.named(`${type} ${name}`).set({ 'graphql.operation.type': type, 'graphql.operation.name': name, outcome });
  if (outcome === 'error') span.failed(outcome);
}
