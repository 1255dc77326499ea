import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { NOT_KEPT } from './cache-policy.ts';

/** Says on every answer how long it may be kept: as the subgraphs said for a whole answer to a query, else not at all. */
export const cacheHeaders: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: ({ request }) =>
    Promise.resolve({
      willSendResponse: ({ operation, response: { http, body }, contextValue, requestIsBatched }) => {
        const whole = body.kind === 'single' && !body.singleResult.errors;
        const isQuery = operation?.operation === OperationTypeNode.QUERY;
        const policy = whole && isQuery && !requestIsBatched ? contextValue.cachePolicy.header() : NOT_KEPT;
        http.headers.set('cache-control', policy);
        // A CDN keeps an answer by its address; the media type is the only header that changes it.
        if (policy.startsWith('public') && request.http?.method === 'GET') http.headers.set('vary', 'accept');
        return Promise.resolve();
      },
    }),
};
