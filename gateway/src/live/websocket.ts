import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { GatewayContext } from '../context.ts';
import { GRAPHQL_PATH } from '../http/graphql-path.ts';
import {
  type LiveOperations,
  type LiveRequest,
  parseDocument,
  type Result,
  type ResultStream,
} from './live-operations.ts';

/** A message from a client is an operation. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** Who leaves so much unread is not reading. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;
const HEARTBEAT_MS = 12_000;
/** graphql-ws: the client may not go on with this token. */
const CLOSED_FORBIDDEN = 4403;
const CLOSED_TOO_SLOW = 4408;
/** After the last word about the token, for it to arrive. */
const LAST_WORD_MS = 500;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Admitted {
  context: GatewayContext;
  request: LiveRequest;
}

export interface WebSocketOptions {
  live: LiveOperations;
  /** Who connects; throws where the token does not hold. */
  contextOf: (request: IncomingMessage, authorization: string | undefined) => Promise<GatewayContext>;
  /** The text to execute; throws where it is refused. */
  admit: (context: GatewayContext, operation: object, address: string) => string;
}

/** The protocol `graphql-transport-ws` on the graph's own address. */
export function serveWebSockets(
  app: FastifyInstance,
  { live, contextOf, admit }: WebSocketOptions,
): () => Promise<void> {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const contexts = new WeakMap<WebSocket, GatewayContext>();
  const admitted = new WeakMap<ExecutionArgs, Admitted>();

  const disposable = useServer(
    {
      onConnect: async ({ connectionParams, extra: { socket, request } }) => {
        const params = connectionParams as { authorization?: unknown; Authorization?: unknown } | undefined;
        const authorization = params?.authorization ?? params?.Authorization ?? request.headers.authorization;
        try {
          const context = await contextOf(request, typeof authorization === 'string' ? authorization : undefined);
          contexts.set(socket, context);
          closeWithToken(socket, context);
          return true;
        } catch {
          return false;
        }
      },
      onSubscribe: ({ extra: { socket, request } }, _id, payload) => {
        const context = contexts.get(socket)!;
        try {
          const query = admit(context, payload, request.socket.remoteAddress ?? '');
          const { variables, operationName } = payload;
          const args = { document: parseDocument(query), operationName, variableValues: variables } as ExecutionArgs;
          admitted.set(args, {
            context,
            request: { query, variables: variables ?? undefined, operationName: operationName ?? undefined },
          });
          return args;
        } catch (error) {
          return [new GraphQLError('refused', { originalError: error as Error })];
        }
      },
      onError: (_context, _id, _payload, errors) =>
        errors.flatMap((error) => live.errorsOf(error.originalError ?? error)),
      subscribe: (args) => run(args),
      execute: async (args) => {
        const { value } = await (await run(args)).next();
        return value as never;
      },
      onNext: ({ extra: { socket } }) => {
        if (socket.bufferedAmount > MOST_UNREAD_BYTES) socket.close(CLOSED_TOO_SLOW, 'Read faster, or ask for less.');
      },
    },
    server,
    HEARTBEAT_MS,
  );

  const run = async (args: ExecutionArgs): Promise<AsyncIterableIterator<never>> => {
    const { context, request } = admitted.get(args)!;
    return withErrorObjects(await live.run(request, context)) as AsyncIterableIterator<never>;
  };

  app.server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] !== GRAPHQL_PATH) return socket.destroy();
    server.handleUpgrade(request, socket, head, (webSocket) => server.emit('connection', webSocket, request));
    return undefined;
  });
  return async () => disposable.dispose();
}

/** graphql-ws asks every error for its JSON; ours are JSON already. */
function withErrorObjects(results: ResultStream): AsyncIterableIterator<unknown> {
  const asObjects = ({ errors, ...rest }: Result): unknown => ({
    ...rest,
    ...(errors && { errors: errors.map((error) => ({ toJSON: () => error })) }),
  });
  return {
    next: async () => {
      const { value, done } = await results.next();
      return done ? { value: undefined, done } : { value: asObjects(value), done };
    },
    return: () => results.return!(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function closeWithToken(socket: WebSocket, { expiresAt }: GatewayContext): void {
  if (expiresAt === undefined) return;
  const left = Math.min(Math.max(0, expiresAt * 1_000 - Date.now()) + LAST_WORD_MS, LONGEST_TIMER_MS);
  const timer = setTimeout(() => socket.close(CLOSED_FORBIDDEN, 'The token has expired.'), left);
  socket.once('close', () => clearTimeout(timer));
}
