import { currentCause } from '@trenza/events';
import { pino, type Logger } from 'pino';

/** JSON lines on standard output. Whatever may hold personal data is cut off by name, in case somebody logs an object that has it. */
const PERSONAL = [
  'email',
  'phone',
  'givenName',
  'familyName',
  'name',
  'address',
  'birthDate',
  'value',
  'variables',
  'authorization',
];

export const createLog = (service: string): Logger =>
  pino({
    level: process.env['LOG_LEVEL'] ?? 'info',
    base: { service },
    redact: { paths: PERSONAL.flatMap((field) => [field, `*.${field}`]), censor: '[personal]' },
    serializers: { err: withoutValues },
    mixin: () => {
      const cause = currentCause();
      return cause ? { requestId: cause.correlationId, traceId: cause.traceparent.split('-')[1] } : {};
    },
  });

/** PostgreSQL puts rows into `detail` ("Failing row contains …") and TypeORM puts parameters on its errors: neither belongs into a log. */
function withoutValues(error: Error & { code?: string; constraint?: string }): object {
  return {
    type: error.name,
    message: error.message,
    ...(error.code && { code: error.code }),
    ...(error.constraint && { constraint: error.constraint }),
    stack: error.stack,
  };
}
