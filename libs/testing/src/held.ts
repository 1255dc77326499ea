import { inTransaction, sql, type Tx } from '@trenza/database';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

export interface Held {
  /** The transaction, until its end. */
  done: Promise<void>;
  letGo(): void;
}

/** Does `work` in a transaction and keeps it open until it is let go: what others do meanwhile meets it half done. */
export async function held(database: DataSource, work: (tx: Tx) => Promise<unknown>): Promise<Held> {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const done = inTransaction(database, async (tx) => {
    await work(tx);
    begun.resolve();
    await end.promise;
  });
  done.catch(begun.reject);
  await begun.promise;
  return { done, letGo: end.resolve };
}

const WAITING = `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
/** Often enough that nobody notices, seldom enough that the database is not kept busy. */
const LOOK_MS = 5;

/** Until so many transactions of this database wait for others. */
export async function untilWaiting(database: DataSource, transactions = 1): Promise<void> {
  while ((await sql<{ n: number }>(database, WAITING))[0]!.n < transactions) await sleep(LOOK_MS);
}
