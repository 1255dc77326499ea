import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.ts';

const DOCUMENT_ERRORS = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);
const NEW_MEDIA_TYPE = 'application/graphql-response+json';

/**
 * GraphQL over HTTP: to a client that speaks `application/json` a well-formed request with a wrong document is answered by 200, because
 * such clients take any other status for one of the network; those that accept the newer media type get 400.
 */
export const documentErrorStatus: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ request, response: { http, body } }) => {
        const result = body.kind === 'single' ? body.singleResult : undefined;
        const onlyDocument = result?.errors?.every((error) => DOCUMENT_ERRORS.has(String(error.extensions?.code)));
        const accepts = request.http?.headers.get('accept') ?? '';
        if (onlyDocument && !result?.data && http.status === 400 && !accepts.includes(NEW_MEDIA_TYPE))
          http.status = 200;
        return Promise.resolve();
      },
    }),
};
