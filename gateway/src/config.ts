import { join } from 'node:path';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts';
import { DEFAULT_RATES, type RatesPerSecond } from './limits/rate-limiter.ts';
import { DEFAULT_POLICY } from './subgraphs/subgraph-client.ts';

const SUBGRAPH_URL = 'SUBGRAPH_URL_';

/** Everything the environment may say to the gateway. */
export interface GatewayConfig {
  host: string;
  port: number;
  /** Where Prometheus asks, on a door of its own: what is measured is nobody's business outside. Without it nothing is told. */
  metricsPort?: number;
  metricsHost: string;
  supergraphPath: string;
  /** How often the file is looked at; polled, because a Kubernetes ConfigMap is swapped by symbolic links, which file events miss. */
  supergraphPollMs: number;
  subgraphUrls: Record<string, string>;
  subgraphTimeoutMs: number;
  /** Executes the same query of the same caller once while it is under way. */
  shareQueries: boolean;
  /** Hides the schema from strangers: no introspection, no suggestions, no playground. */
  production: boolean;
  jwt: { jwksUrl?: string; issuer?: string; audience?: string };
  /** Where events come from for live updates; without it subscriptions are refused. */
  natsUrl?: string;
  /** Sets streams apart, so that tests share a server. */
  natsPrefix?: string;
  limits: Limits;
  /** Per role; in development there are none unless RATE_LIMITS says so. */
  rates: RatesPerSecond;
  /** Names the clients whose operations are known, and their manifests. */
  clientsPath: string;
  clientsPollMs: number;
  /** The addresses of clients stand in X-Forwarded-For, because a proxy of ours is in front. */
  trustProxy: boolean;
  logLevel: string;
  /** Readiness waits so long for subgraphs that have not answered yet; then the gateway serves what there is. */
  startupBoundMs: number;
  /** Between "not ready" and closing the door, so that balancers have noticed. */
  drainDelayMs: number;
}

export function configFromEnv(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  return {
    host: env.HOST ?? '127.0.0.1',
    port: number(env, 'PORT', 4000),
    metricsPort: env.METRICS_PORT ? number(env, 'METRICS_PORT', 0) : undefined,
    metricsHost: env.METRICS_HOST ?? env.HOST ?? '127.0.0.1',
    supergraphPath: env.SUPERGRAPH_PATH ?? join(__dirname, '..', 'supergraph.graphql'),
    supergraphPollMs: number(env, 'SUPERGRAPH_POLL_MS', 1_000),
    subgraphUrls: subgraphUrls(env),
    subgraphTimeoutMs: number(env, 'SUBGRAPH_TIMEOUT_MS', DEFAULT_POLICY.timeoutMs),
    shareQueries: env.SHARE_QUERIES !== 'off',
    production: !explorable(env),
    jwt: { jwksUrl: env.JWKS_URL, issuer: env.JWT_ISSUER, audience: env.JWT_AUDIENCE },
    natsUrl: env.NATS_URL,
    limits: { ...DEFAULT_LIMITS, timeMs: number(env, 'OPERATION_TIMEOUT_MS', DEFAULT_LIMITS.timeMs) },
    rates: rates(env),
    clientsPath: env.CLIENTS_PATH ?? join(__dirname, '..', 'clients.json'),
    clientsPollMs: number(env, 'CLIENTS_POLL_MS', 1_000),
    trustProxy: env.TRUST_PROXY === 'true',
    logLevel: env.LOG_LEVEL ?? 'info',
    startupBoundMs: number(env, 'STARTUP_BOUND_MS', 10_000),
    drainDelayMs: number(env, 'DRAIN_DELAY_MS', 0),
  };
}

function number(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`${name} is "${text}"; it must be a whole number from 0 up.`);
  return value;
}

const explorable = (env: NodeJS.ProcessEnv): boolean =>
  env.PLAYGROUND ? env.PLAYGROUND === 'on' : env.NODE_ENV !== 'production';

/** RATE_LIMITS is a JSON object from role to operations per second, or `off`. */
function rates(env: NodeJS.ProcessEnv): RatesPerSecond {
  const text = env.RATE_LIMITS ?? (explorable(env) ? 'off' : '');
  if (text === 'off') return {};
  return { ...DEFAULT_RATES, ...(text && (JSON.parse(text) as RatesPerSecond)) };
}

const subgraphUrls = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env)
      .filter(([name, value]) => name.startsWith(SUBGRAPH_URL) && value)
      .map(([name, value]) => [name.slice(SUBGRAPH_URL.length).toLowerCase(), value!]),
  );
