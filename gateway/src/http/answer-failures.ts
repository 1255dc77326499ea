import type { FastifyError, FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Refusal } from '../errors/refusal.ts';
import { MAX_BODY_BYTES } from './graphql-route.ts';
import type { GatewayMetrics } from './metrics.ts';

/** What goes wrong before GraphQL begins is answered in GraphQL's form as well: one error with a code and the request id. */
export function answerFailures(app: FastifyInstance, metrics: GatewayMetrics, log: Logger): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refusal = asRefusal(error);
    if (refusal) metrics.refusals.inc({ code: refusal.code });
    else log.error({ err: error, requestId: request.id }, 'unexpected error');
    const { code, message, status, details } = refusal ?? UNEXPECTED;
    return reply
      .code(status)
      .type('application/json; charset=utf-8')
      .send({ errors: [{ message, extensions: { code, ...details, requestId: request.id } }] });
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ errors: [{ message: `There is nothing at ${request.method} ${request.url.split('?')[0]}.` }] }),
  );
}

const UNEXPECTED = new Refusal(
  'INTERNAL_SERVER_ERROR',
  'Something went wrong on our side. Quote the request id when you report it.',
  500,
);

function asRefusal(error: FastifyError): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Refusal('BODY_TOO_LARGE', `The body is larger than ${MAX_BODY_BYTES} bytes. Split it.`, 413, {
      limit: MAX_BODY_BYTES,
    });
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Refusal('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.', 415);
  if (error.statusCode && error.statusCode < 500)
    return new Refusal('BAD_REQUEST', 'The body cannot be read. Send one JSON object.', error.statusCode);
  return undefined;
}
