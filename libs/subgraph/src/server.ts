import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { createInternalVerifier, InvalidToken, type Caller } from '@trenza/auth';
import type { Bus } from '@trenza/bus';
import { newId, withCause } from '@trenza/events';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { cacheControl } from './cache-control.ts';
import { createContext } from './context.ts';
import type { Context, Deps } from './definition.ts';
import { formatError } from './errors.ts';
import { compilingGateway } from './executor.ts';
import { isReady, type Metrics } from './health.ts';
import { Observation, observeOperations, observeWith } from './observe.ts';

/** A bulk mutation of 1,000 items is well below. */
const BODY_LIMIT_BYTES = 8 * 1024 ** 2;

export function createApollo(name: string, schema: GraphQLSchema, deps: Deps): ApolloServer<Context> {
  return new ApolloServer<Context>({
    gateway: compilingGateway(schema),
    formatError: formatError(deps.log, name),
    includeStacktraceInErrorResponses: false,
    introspection: true, // only the gateway can ask
    csrfPrevention: false, // no browser reaches a subgraph
    persistedQueries: false, // the gateway sends whole documents
    stopOnTerminationSignals: false,
    plugins: [
      // It would wrap the resolver of every field, those that only read a property too; ours reads the document once.
      ApolloServerPluginCacheControlDisabled(),
      cacheControl,
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      observeOperations,
    ],
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (m) => deps.log.warn({}, String(m)),
      error: (m) => deps.log.error({}, String(m)),
    },
  });
}

export interface ServerOptions {
  name: string;
  schema: GraphQLSchema;
  deps: Deps;
  bus: Bus;
  metrics: Metrics;
}

/** Of a request that may ask. */
interface Asked {
  caller: Caller;
  requestId: string;
  observation: Observation;
}

/** The HTTP side of a subgraph: `/graphql` for the gateway alone, `/health/live`, `/health/ready`, `/metrics`. */
export async function createServer({ name, schema, deps, bus, metrics }: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: 'idle' });
  const apollo = createApollo(name, schema, deps);
  apollo.addPlugin(fastifyApolloDrainPlugin(app));
  await apollo.start();

  const verify = createInternalVerifier(deps.keys);
  const asked = new WeakMap<FastifyRequest, Asked>();
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', async (_, reply) => {
    const ready = await isReady(deps.database, bus);
    return reply.code(ready.ok ? 200 : 503).send(ready);
  });
  app.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.read()));

  const handle = fastifyApolloHandler(apollo, {
    context: (request) => {
      const { caller, requestId, observation } = asked.get(request)!;
      return Promise.resolve(observeWith(createContext(deps, caller, requestId), observation));
    },
  });
  app.post('/graphql', async function (request, reply) {
    const observation = new Observation(metrics, header(request, 'traceparent'));
    try {
      const caller = await verify((request.headers.authorization ?? '').replace(/^Bearer /, ''));
      const requestId = header(request, 'x-request-id') ?? newId();
      asked.set(request, { caller, requestId, observation });
      const { traceparent } = observation;
      return await withCause({ causationId: requestId, correlationId: requestId, traceparent }, async () =>
        handle.call(app, request, reply),
      );
    } catch (error) {
      if (!(error instanceof InvalidToken)) throw error;
      const refusal = new GraphQLError('Subgraphs answer the gateway only.', {
        extensions: { code: 'UNAUTHENTICATED' },
      });
      return reply.code(401).send({ errors: [refusal] });
    } finally {
      observation.end();
    }
  });
  return app;
}

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};
