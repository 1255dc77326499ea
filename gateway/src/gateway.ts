import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { Keys } from '@trenza/auth';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { cacheHeaders } from './caching/cache-headers.ts';
import { CachePolicy } from './caching/cache-policy.ts';
import type { GatewayConfig } from './config.ts';
import type { GatewayContext } from './context.ts';
import { createErrorFormatter } from './errors/format-error.ts';
import { answerFailures } from './http/answer-failures.ts';
import { Generation } from './graph/generation.ts';
import { createDocumentStore } from './graph/document-store.ts';
import { Graph } from './graph/graph.ts';
import { watchSupergraph } from './graph/supergraph-file.ts';
import { documentErrorStatus } from './http/document-error-status.ts';
import { createAdmission } from './http/admission.ts';
import { graphqlRoute, MAX_BODY_BYTES } from './http/graphql-route.ts';
import { healthRoutes } from './http/health-routes.ts';
import { createMetrics, watchCircuits, watchNumber, watchPlans, type GatewayMetrics } from './http/metrics.ts';
import { metricsServer } from './http/metrics-server.ts';
import { observeOperations } from './http/observe-operations.ts';
import { playgroundRoutes } from './http/playground-routes.ts';
import { requestIdFrom, traceparentFrom } from './http/request-ids.ts';
import { StartUp } from './http/start-up.ts';
import { costLimits } from './limits/enforce-limits.ts';
import { RateLimiter } from './limits/rate-limiter.ts';
import { connectFeed } from './live/connect-feed.ts';
import { LiveOperations } from './live/live-operations.ts';
import { LIVE_SUBGRAPH, liveSource } from './live/live-source.ts';
import { serveWebSockets } from './live/websocket.ts';
import { ClientPolicies } from './operations/client-policies.ts';
import { createSignIn } from './sign-in.ts';
import { DEFAULT_POLICY, type SubgraphObserver } from './subgraphs/subgraph-client.ts';
import { SubgraphClients } from './subgraphs/subgraph-clients.ts';

export interface Gateway {
  app: FastifyInstance;
  /** Serves what is measured, on a door of its own. */
  measured: FastifyInstance;
  clients: SubgraphClients;
  graph: Graph;
  live: LiveOperations;
  listen(): Promise<string>;
  /** Says "not ready", finishes what is under way, closes everything. */
  close(): Promise<void>;
}

/** What the gateway is made of. */
export async function createGateway(config: GatewayConfig, keys: Keys, log: Logger): Promise<Gateway> {
  const metrics = createMetrics();
  const signIn = createSignIn(keys, config.jwt);
  const clients = new SubgraphClients(
    config.subgraphUrls,
    { ...DEFAULT_POLICY, timeoutMs: config.subgraphTimeoutMs },
    observer(metrics, log),
    async () => (await signIn(undefined)).internalToken(),
  );
  watchCircuits(metrics, clients);

  const sdl = await readFile(config.supergraphPath, 'utf8');
  const policies = await ClientPolicies.open(config.clientsPath, config.clientsPollMs, log);
  const build = (text: string): Generation =>
    new Generation(text, ({ name, url }) => (name === LIVE_SUBGRAPH ? liveSource : clients.get(name, url)));
  const graph = new Graph(build(sdl), config.shareQueries);
  const file = watchSupergraph(
    config.supergraphPath,
    sdl,
    async (text) => {
      const next = build(text);
      await next.warm(graph.current, policies.documents());
      graph.swap(next);
    },
    metrics.reloads,
    log,
    config.supergraphPollMs,
  );
  await graph.current.warm(undefined, policies.documents());

  const formatError = createErrorFormatter({
    unexpected: (error, requestId) => log.error({ err: error, requestId }, 'unexpected error'),
  });
  const connection = connectFeed(config, log);
  const live = new LiveOperations({
    current: () => graph.current,
    feed: () => connection.feed(),
    limits: config.limits,
    format: (error) => formatError(error.toJSON(), error),
    updated: (event, outcome, milliseconds) => metrics.updates.observe({ event, outcome }, milliseconds / 1_000),
    log,
  });
  watchPlans(metrics, () => graph.current.plans);
  watchNumber(metrics, 'trenza_gateway_streams', 'Subscriptions that are open.', () => live.streams);

  const apollo = new ApolloServer<GatewayContext>({
    gateway: graph,
    documentStore: createDocumentStore(),
    formatError,
    introspection: !config.production,
    hideSchemaDetailsFromClientErrors: config.production,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: true,
    plugins: [
      observeOperations(metrics, log),
      documentErrorStatus,
      costLimits(config.limits),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      cacheHeaders,
    ],
    logger: log.child({ module: 'apollo-server' }),
  });
  await apollo.start();

  const contextOf = async (
    { headers, id }: { headers: IncomingHttpHeaders; id: string },
    authorization = headers.authorization,
  ): Promise<GatewayContext> => ({
    requestId: id,
    traceparent: traceparentFrom(headers.traceparent),
    deadline: performance.now() + config.limits.timeMs,
    cachePolicy: new CachePolicy(),
    client: {
      name: headers['apollographql-client-name']?.toString(),
      version: headers['apollographql-client-version']?.toString(),
    },
    ...(await signIn(authorization)),
  });
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    genReqId: ({ headers }) => requestIdFrom(headers['x-request-id']),
    forceCloseConnections: 'idle',
    logger: false,
    trustProxy: config.trustProxy,
  });
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  answerFailures(app, metrics, log);
  const admission = createAdmission(config.limits, new RateLimiter(config.rates), policies, log);
  graphqlRoute(
    app,
    apollo,
    (request) => contextOf(request),
    admission,
    live,
    config.production ? undefined : playgroundRoutes(app, log),
  );
  const closeWebSockets = serveWebSockets(app, {
    live,
    contextOf: ({ headers }, authorization) =>
      contextOf({ headers, id: requestIdFrom(headers['x-request-id']) }, authorization),
    admit: (context, operation, address) => admission.message(context, operation, address),
  });
  const startUp = new StartUp(clients, config.startupBoundMs);
  healthRoutes(app, () => startUp.readiness());
  const measured = metricsServer(metrics.registry);
  // A connection that is busy when the door closes would stay open, kept alive, after its answer.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (startUp.draining) void reply.header('connection', 'close');
    done(null, payload);
  });

  return {
    app,
    clients,
    graph,
    live,
    measured,
    async listen() {
      if (config.metricsPort !== undefined)
        await measured.listen({ host: config.metricsHost, port: config.metricsPort });
      return app.listen({ host: config.host, port: config.port });
    },
    async close() {
      startUp.drain();
      await sleep(config.drainDelayMs);
      file.close();
      policies.close();
      live.close();
      await closeWebSockets();
      await app.close();
      await measured.close();
      await connection.close();
      await apollo.stop();
      clients.close();
    },
  };
}

const observer = (metrics: GatewayMetrics, log: Logger): SubgraphObserver => ({
  fetched: (subgraph, outcome, milliseconds) => metrics.fetches.observe({ subgraph, outcome }, milliseconds / 1_000),
  failed: ({ subgraph, code, detail }, requestId) =>
    log.warn({ subgraph, code, detail, requestId }, 'subgraph did not answer'),
  retried: (subgraph) => metrics.retries.inc({ subgraph }),
  circuit: (subgraph, state) => log.warn({ subgraph, circuit: state }, CIRCUIT[state]),
});

const CIRCUIT = {
  open: 'the subgraph does not answer and is not asked until it gives a sign of life; its fields are missing',
  closed: 'the subgraph answers again',
};
