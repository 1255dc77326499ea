import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { DataSource } from 'typeorm';
import { inTransaction } from './transaction.ts';
import { sql } from './sql.ts';

/** Any number that nobody else locks: one migrator at a time, whichever replica comes first. */
const MIGRATION_LOCK = 7_263_001;

export interface Migration {
  name: string;
  text: string;
}

/**
 * The `.sql` files of the folders, in the order given and then of their names. TypeScript copies no SQL to `dist`,
 * so a folder that is not there is looked for under `src`.
 */
export function readMigrations(...folders: string[]): Migration[] {
  return folders.flatMap((folder) => {
    const dir = existsSync(folder) ? folder : folder.replace(`${sep}dist${sep}`, `${sep}src${sep}`);
    return readdirSync(dir)
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .map((name) => ({ name, text: readFileSync(join(dir, name), 'utf8') }));
  });
}

/** Changes when any migration does: the name of a test template. */
export const fingerprint = (migrations: Migration[]): string =>
  createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 12);

/** Applies what has not been applied yet, each in its own transaction. Returns the names of those. */
export async function migrate(database: DataSource, migrations: Migration[]): Promise<string[]> {
  await sql(
    database,
    'create table if not exists migration (name text primary key, applied_at timestamptz not null default now())',
  ).catch(ignoreRace);
  const applied: string[] = [];
  for (const { name, text } of migrations) {
    const done = await inTransaction(database, async (tx) => {
      await sql(tx, 'select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const fresh = await sql(tx, 'insert into migration (name) values ($1) on conflict do nothing returning name', [
        name,
      ]);
      if (fresh.length > 0) await sql(tx, text);
      return fresh.length > 0;
    });
    if (done) applied.push(name);
  }
  return applied;
}

/** Two replicas that create the table at once: one of them is told that the type exists already. */
function ignoreRace(error: { code?: string }): void {
  if (error.code !== '23505' && error.code !== '42P07') throw error;
}
