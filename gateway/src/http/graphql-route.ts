import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.ts';
import type { Admission } from './admission.ts';
import { type LiveOperations, liveRequestOf } from '../live/live-operations.ts';
import { sendStream, streamFormatOf } from '../live/stream-routes.ts';
import { GRAPHQL_PATH } from './graphql-path.ts';
import { withRequest } from './current-request.ts';
import { startRequestSpan } from './tracing.ts';

/** Bulk mutations carry up to 1,000 items of about 2 KB. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** GraphQL over HTTP: Apollo Server behind Fastify. */
export function graphqlRoute(
  app: FastifyInstance,
  apollo: ApolloServer<GatewayContext>,
  contextOf: (request: FastifyRequest) => Promise<GatewayContext>,
  admission: Admission,
  live: LiveOperations,
  playground?: (reply: FastifyReply) => Promise<FastifyReply>,
): void {
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: GRAPHQL_PATH,
    handler: async (request, reply) => {
      if (playground && wantsPage(request)) return playground(reply);
      const context = await contextOf(request);
      const { search, body: admitted } = admission.request(request, reply, context);
      const format = streamFormatOf(request);
      if (format) return sendStream(reply, format, await live.run(liveRequestOf(search, admitted), context));
      const span = startRequestSpan(context, request.headers.traceparent);
      try {
        const { status, headers, body } = await withRequest(context, () =>
          apollo.executeHTTPGraphQLRequest({
            httpGraphQLRequest: {
              method: request.method,
              headers: headersOf(request),
              search,
              body: admitted,
            },
            context: () => Promise.resolve(context),
          }),
        );
        void reply.code(status ?? 200).headers(Object.fromEntries(headers));
        if (body.kind === 'complete') return reply.send(body.string);
        throw new Error('The gateway answers in one piece, but Apollo Server made a stream.');
      } finally {
        span?.end();
      }
    },
  });
}

const wantsPage = ({ method, headers, query }: FastifyRequest): boolean =>
  method === 'GET' && (headers.accept ?? '').includes('text/html') && !('query' in (query as object));

function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  return map;
}
