import { DataSource, type DataSourceOptions, type EntityManager, type MixedList } from 'typeorm';
import { types } from 'pg';

/** A transaction: what every use case works in. */
export type Tx = EntityManager;

/** One pool per process. Two cores saturate well below this, and five services times replicas must fit into PostgreSQL's 100 connections. */
const POOL_SIZE = 12;
/** A connection that can't be had in this time is an outage to be told. Fifty buyers of one thing queue for the pool, which is none: they are served within it. */
const CONNECT_TIMEOUT_MS = 15_000;
/** No statement of ours may run longer; a bulk batch takes well under a second. */
const STATEMENT_TIMEOUT_MS = 30_000;

/**
 * A prepared statement is planned once per connection. By itself PostgreSQL plans those with an array parameter anew each time, because
 * a plan that sees a list of one always looks cheaper than one for a list of ten; that was a third of its time in `identify`.
 */
const PLAN_ONCE = 'plan_cache_mode=force_generic_plan';

// Counts and amounts are read as numbers. Above 2^53 they would be silently wrong, so that is refused.
types.setTypeParser(types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit into a JavaScript number`);
  return value;
});
types.setTypeParser(types.builtins.NUMERIC, Number);
// A date has no time zone: as a `Date` it would shift by a day west of Greenwich.
types.setTypeParser(types.builtins.DATE, (text) => text);

export interface DatabaseOptions {
  url: string;
  /** Shown in `pg_stat_activity`. */
  name: string;
  entities?: MixedList<Function>;
  poolSize?: number;
}

/** Opens the pool. Throws if the database can't be reached. */
export async function connect({
  url,
  name,
  entities = [],
  poolSize = POOL_SIZE,
}: DatabaseOptions): Promise<DataSource> {
  const options: DataSourceOptions = {
    type: 'postgres',
    url,
    applicationName: name,
    entities,
    synchronize: false,
    logging: false,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    // Pipelined: a statement need not wait for the answer to the one before, which `inTransaction` and `send` make use of.
    extra: { pipeline: true, statement_timeout: STATEMENT_TIMEOUT_MS, options: `-c timezone=UTC -c ${PLAN_ONCE}` },
    // A connection that PostgreSQL closed while idle must not end the process: the pool opens another one.
    poolErrorHandler: () => undefined,
  };
  return new DataSource(options).initialize();
}
