import type { DataSource, EntityManager } from 'typeorm';
import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg';
import { together } from './together.ts';

/** A statement that is prepared once per connection under its name: for hot paths, where planning costs as much as running. */
export interface NamedStatement {
  name: string;
  text: string;
  values: readonly unknown[];
}

/** Runs a statement and sees how it went: for traces. It calls `run` before it returns, so that statements stay in the order in which they were asked. */
export type StatementObserver = <T>(statement: string | NamedStatement, run: () => Promise<T>) => Promise<T>;

let observer: StatementObserver | undefined;

/** All statements go by way of `next` from now on; undefined: none does, and observing costs nothing. */
export function observeStatements(next: StatementObserver | undefined): void {
  observer = next;
}

/**
 * Runs one statement and returns its rows. In a transaction it runs on that transaction's connection, on a `DataSource` on any.
 * A statement with a name, and each of a transaction, is planned without looking at its values. One without a name on a `DataSource`
 * is planned for them: such are lists whose filters come and go. On a `DataSource` those with a name travel with the others of the same turn
 * of the event loop (`together`). Errors are PostgreSQL's own, with `code` (SQLSTATE).
 */
export function sql<Row = Record<string, unknown>>(
  db: EntityManager | DataSource,
  statement: string | NamedStatement,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return observer ? observer(statement, () => run<Row>(db, statement, values)) : run<Row>(db, statement, values);
}

/** A command of a transaction on its own connection, whose answer says what became of it. */
export function command(client: PoolClient, text: string): Promise<QueryResult> {
  return observer ? observer(text, () => client.query(text)) : client.query(text);
}

/**
 * The connection of each transaction of `inTransaction`. What is asked of it is with the client when `sql` returns: what was sent before a
 * commit or a rollback stays before it, however little of it was waited for.
 */
export const connectionOf = new WeakMap<EntityManager | DataSource, PoolClient>();

function run<Row>(
  db: EntityManager | DataSource,
  statement: string | NamedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  const client = connectionOf.get(db);
  return client ? rowsOf<Row>(client.query(queryOf(statement, values))) : runElsewhere<Row>(db, statement, values);
}

async function runElsewhere<Row>(
  db: EntityManager | DataSource,
  statement: string | NamedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  const runner = 'queryRunner' in db ? db.queryRunner : undefined;
  if (runner) return rowsOf<Row>(((await runner.connect()) as PoolClient).query(queryOf(statement, values)));
  const source = 'dataSource' in db ? db.dataSource : db;
  const pool = (source.driver as unknown as { master: Pool }).master;
  if (typeof statement !== 'string') return rowsOf<Row>(together(pool, queryOf(statement, values)));
  if (values.length === 0) return rowsOf<Row>(pool.query(queryOf(statement, values)));
  return plannedForValues(pool, (client) => rowsOf<Row>(client.query(queryOf(statement, values))));
}

const queryOf = (statement: string | NamedStatement, values: readonly unknown[]): QueryConfig =>
  typeof statement === 'string'
    ? { text: statement, values: [...values] }
    : { ...statement, values: [...statement.values] };

const rowsOf = async <Row>(result: Promise<QueryResult>): Promise<Row[]> => (await result).rows as Row[];

/** The three are sent in one packet; the last one is run whatever becomes of the second. */
async function plannedForValues<T>(pool: Pool, run: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const socket = client.connection.stream;
  socket.cork();
  const answers = [
    client.query('set plan_cache_mode = auto'),
    run(client),
    client.query('reset plan_cache_mode'),
  ] as const;
  socket.uncork();
  const results = await Promise.allSettled(answers);
  client.release(results[2].status === 'rejected');
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return (results[1] as PromiseFulfilledResult<Awaited<T>>).value;
}

/** The single row that must be there. */
export async function one<Row>(
  db: EntityManager | DataSource,
  statement: string | NamedStatement,
  values: readonly unknown[] = [],
): Promise<Row> {
  const [row] = await sql<Row>(db, statement, values);
  if (row === undefined) throw new Error('The statement should have returned a row and returned none.');
  return row;
}
