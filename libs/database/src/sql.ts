import type { DataSource, EntityManager } from 'typeorm';
import type { PoolClient, QueryConfig } from 'pg';

/** A statement that is prepared once per connection under its name: for hot paths, where planning costs as much as running. */
export interface NamedStatement {
  name: string;
  text: string;
  values: readonly unknown[];
}

/**
 * Runs one statement and returns its rows. In a transaction it runs on that transaction's connection, on a `DataSource` on any.
 * Errors are PostgreSQL's own, with `code` (SQLSTATE).
 */
export async function sql<Row = Record<string, unknown>>(
  db: EntityManager | DataSource,
  statement: string | NamedStatement,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const query: QueryConfig =
    typeof statement === 'string'
      ? { text: statement, values: [...values] }
      : { ...statement, values: [...statement.values] };
  const runner = 'queryRunner' in db ? db.queryRunner : undefined;
  if (runner) {
    const client = (await runner.connect()) as PoolClient;
    return (await client.query(query)).rows as Row[];
  }
  const source = 'dataSource' in db ? db.dataSource : db;
  const pool = (source.driver as unknown as { master: { query(q: QueryConfig): Promise<{ rows: unknown[] }> } }).master;
  return (await pool.query(query)).rows as Row[];
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
