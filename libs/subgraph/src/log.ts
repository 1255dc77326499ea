import { currentCause } from '@trenza/events';
import { failureOf } from '@trenza/telemetry';
import { pino, type DestinationStream, type Logger } from 'pino';

/** Fields that hold personal data wherever they turn up; what they hold is cut off, in case somebody logs an object that has them. */
const PERSONAL = new Set([
  ...['email', 'phone', 'name', 'givenName', 'familyName', 'address', 'birthDate', 'authorization', 'identifiers'],
  ...['value', 'values', 'variables', 'parameters', 'input', 'body', 'payload', 'json', 'data', 'text', 'query'],
  ...['detail', 'where', 'hint', 'internalQuery'],
]);
/** A log line is not a dump. */
const DEEPEST = 4;

/** JSON lines on standard output: what happened, with ids and codes, under the id of its request and trace. Never whose it was. */
export const createLog = (service: string, destination?: DestinationStream): Logger =>
  pino(
    {
      level: process.env['LOG_LEVEL'] ?? 'info',
      base: { service },
      formatters: { log: (line) => withoutPersonal(line, 0) as Record<string, unknown> },
      serializers: { err: (error: unknown) => error },
      mixin: () => {
        const cause = currentCause();
        return cause ? { requestId: cause.correlationId, traceId: cause.traceparent.split('-')[1] } : {};
      },
    },
    destination ?? pino.destination({ sync: true }),
  );

function withoutPersonal(value: unknown, depth: number): unknown {
  if (value instanceof Error) return failureOf(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > DEEPEST) return '[deep]';
  if (Array.isArray(value)) return value.map((each) => withoutPersonal(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [
      field,
      PERSONAL.has(field) ? '[personal]' : withoutPersonal(inner, depth + 1),
    ]),
  );
}
