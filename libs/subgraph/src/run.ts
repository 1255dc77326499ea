import { keysFromEnv } from '@trenza/auth';
import { connectNats } from '@trenza/bus';
import { customerMap, migrations as customerMigrations } from '@trenza/customers';
import { connect, migrate, observeStatements, readMigrations, stopLeading, type Migration } from '@trenza/database';
import { migrations as backboneMigrations, startConsumers, startRelay } from '@trenza/outbox';
import { failureText, isTracing, startTracing } from '@trenza/telemetry';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { enableReplay } from './dead-letters.resolver.ts';
import { batch, type Deps, type SubgraphDefinition } from './definition.ts';
import { createMetrics } from './health.ts';
import { pruneBackbone, rebuildProjections, startJobs } from './jobs.ts';
import { createLog } from './log.ts';
import { buildSubgraph } from './schema.ts';
import { createServer } from './server.ts';
import { traceStatement } from './trace-statements.ts';

/** What is still running after this long is cut off: Kubernetes would kill us at 30 s. */
const DRAIN_TIMEOUT_MS = 8_000;

/** Ours first, so that a subgraph's own can refer to them. */
export const migrationsOf = (definition: SubgraphDefinition): Migration[] =>
  readMigrations(
    backboneMigrations,
    join(__dirname, 'migrations'),
    ...(definition.ownsCustomerMap ? [] : [customerMigrations]),
    definition.migrations,
  );

const MEMBERSHIP = 'identity.customer.membership-changed.v1';

/** The handlers of a subgraph; all but identity follow the customer map first, then do what else they have to on a change of it. */
export function consumersOf({ ownsCustomerMap, consumers }: SubgraphDefinition): SubgraphDefinition['consumers'] {
  if (ownsCustomerMap) return consumers;
  const follow = customerMap[MEMBERSHIP]!;
  const own = consumers[MEMBERSHIP];
  return {
    ...consumers,
    [MEMBERSHIP]: batch<typeof MEMBERSHIP>(async (tx, events, deps) => {
      await follow(tx, events, deps);
      await own?.(tx, events, deps);
    }),
  };
}

/**
 * Runs a subgraph until SIGTERM: configuration from the environment, migrations (unless `MIGRATE=0`; `MIGRATE=only` ends after them), server, relay,
 * consumers, jobs.
 */
export async function run(definition: SubgraphDefinition): Promise<void> {
  const log = createLog(definition.name);
  // Node would print the error with all that hangs on it, and PostgreSQL hangs the refused row onto it.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, `${definition.name} ended by what nobody caught.`);
    process.exit(1);
  });
  await start(definition, log).catch((error: unknown) => {
    log.fatal({ err: error }, `${definition.name} can't start. ${reasonOf(error)}`);
    process.exit(1);
  });
}

/** Before anything was received our own words can quote nothing but the configuration; those of the database can. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && !('severity' in error) ? error.message : failureText(error);

async function start(definition: SubgraphDefinition, log: Logger): Promise<void> {
  const { name } = definition;
  const env = (variable: string): string => {
    const value = process.env[variable];
    if (!value) throw new Error(`${variable} must be set for ${name}; \`npm start\` does, see README.md.`);
    return value;
  };
  const tracing = await startTracing(name, process.env);
  if (isTracing()) observeStatements(traceStatement);
  const database = await connect({ url: env('DATABASE_URL'), name, entities: definition.entities });
  if (process.env['MIGRATE'] !== '0') await migrate(database, migrationsOf(definition));
  if (process.env['MIGRATE'] === 'only') return database.destroy();

  const deps: Deps = { database, clock: { now: () => new Date() }, log, keys: keysFromEnv(name) };
  const bus = await connectNats({ url: env('NATS_URL'), name });
  const consumers = consumersOf(definition);
  const metrics = createMetrics(name, database, bus, consumers);
  const consumerOptions = { name, database, bus, consumers, deps, log, observer: metrics.consumption };
  enableReplay(consumerOptions);

  const { schema } = buildSubgraph(definition);
  const server = await createServer({ name, schema, deps, bus, metrics });
  const relay = startRelay({ database, bus, log });
  const consumption = startConsumers(consumerOptions);
  const jobs = startJobs(
    [...(definition.jobs ?? []), pruneBackbone, rebuildProjections(definition, consumerOptions)],
    deps,
  );
  const port = Number(env('PORT'));
  await server.listen({ port, host: process.env['HOST'] ?? '127.0.0.1' });
  log.info({ port }, `${name} listens.`);

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, `${name} drains and stops.`);
    setTimeout(() => process.exit(1), DRAIN_TIMEOUT_MS).unref();
    await server.close();
    await Promise.all([consumption.stop(), jobs.stop()]);
    await relay.stop();
    await stopLeading(database);
    await bus.close();
    await database.destroy();
    await tracing.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}
