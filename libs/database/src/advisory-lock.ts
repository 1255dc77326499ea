import { createHash } from 'node:crypto';
import type { DataSource, QueryRunner } from 'typeorm';
import { sql } from './sql.ts';

/** A lock held by one replica among many for as long as its connection lives; `kill -9` frees it. */
export interface Leadership {
  /** Resolves when the lock has been lost with its connection. */
  lost: Promise<void>;
  release(): Promise<void>;
}

const keyOf = (name: string): number => createHash('sha256').update(name).digest().readInt32BE(0);

/** Tries to become the one for `name` in this database; `null` where another replica is. */
export async function tryLead(database: DataSource, name: string): Promise<Leadership | null> {
  const runner: QueryRunner = database.createQueryRunner();
  try {
    const client = (await runner.connect()) as { once(event: 'end' | 'error', listener: () => void): void };
    const [row] = await sql<{ locked: boolean }>(runner.manager, 'select pg_try_advisory_lock(7263, $1) as locked', [
      keyOf(name),
    ]);
    if (!row?.locked) {
      await runner.release();
      return null;
    }
    const lost = new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.once('error', resolve);
    });
    return {
      lost,
      release: async () => {
        await sql(runner.manager, 'select pg_advisory_unlock(7263, $1)', [keyOf(name)]).catch(() => undefined);
        await runner.release();
      },
    };
  } catch (error) {
    await runner.release();
    throw error;
  }
}
