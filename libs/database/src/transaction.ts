import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tx } from './database.ts';
import { command, connectionOf, sql, type NamedStatement } from './sql.ts';

/** Two transactions that met are both right; one is asked to try again. More than this many meetings is a design fault, not bad luck. */
const MAX_ATTEMPTS = 5;
const BACKOFF_MS = 5;

const RETRYABLE = new Set(['40001' /* serialization_failure */, '40P01' /* deadlock_detected */]);

/** What a use case throws where it found, too late to go on, that others were faster: all of it is rolled back and done again. */
export class TryAgain extends Error {
  readonly code = '40001';
}

const attempts = new WeakMap<Tx, number>();

/** Which attempt at this work it is: 1 unless others were in its way. Who was outrun once may lock more the second time. */
export const attemptOf = (tx: Tx): number => attempts.get(tx) ?? 1;

type Hook = () => void;
const afterCommits = new WeakMap<Tx, Hook[]>();

/** Runs `hook` once the transaction is committed, and not at all if it is rolled back. It must not throw. */
export function afterCommit(tx: Tx, hook: Hook): void {
  afterCommits.get(tx)?.push(hook);
}

const unanswered = new WeakMap<Tx, Promise<unknown>[]>();

/**
 * Sends a statement whose rows nobody needs without waiting for its answer: it travels with what follows, at the latest with the commit.
 * Should it fail, so does the transaction, with what `meaning` makes of the error.
 */
export function send(tx: Tx, statement: string | NamedStatement, meaning?: (error: unknown) => Error): void {
  inOnePacket(tx);
  const answer = sql(tx, statement).catch((error: unknown) => {
    throw meaning ? meaning(error) : error;
  });
  // The transaction asks for it when it commits or rolls back; until then it is not "unhandled".
  answer.catch(() => undefined);
  unanswered.get(tx)!.push(answer);
}

/** Runs `work` in one transaction; commits when it returns, rolls back when it throws or something sent has failed. Serialisation failures, deadlocks and `TryAgain` are retried. */
export async function inTransaction<T>(database: DataSource, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const hooks: Hook[] = [];
      const result = await once(database, (tx) => {
        afterCommits.set(tx, hooks);
        attempts.set(tx, attempt);
        return work(tx);
      });
      for (const hook of hooks) hook();
      return result;
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isRetryable(error)) throw error;
      await sleep(BACKOFF_MS * 2 ** attempt * Math.random());
    }
  }
}

/**
 * `begin` is not waited for: it reaches PostgreSQL in one packet with the first statement of `work`, and `commit` in one with what was
 * sent last. Each packet costs both sides some 50 µs, as much as a small statement does; hence no `DataSource.transaction()`, which waits.
 */
async function once<T>(database: DataSource, work: (tx: Tx) => Promise<T>): Promise<T> {
  const runner = database.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  const tx = runner.manager;
  const sent: Promise<unknown>[] = [];
  unanswered.set(tx, sent);
  connectionOf.set(tx, client);
  try {
    send(tx, 'begin');
    const result = await work(tx);
    inOnePacket(tx);
    const [{ command: done }] = await Promise.all([command(client, 'commit'), ...sent]);
    // PostgreSQL answers so where a statement failed and `work` went on as if it had not.
    if (done !== 'COMMIT') throw new Error(`PostgreSQL answered a commit with ${done}: a statement before it failed.`);
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    // What failed first made the rest fail, with an error that says only that.
    await Promise.all(sent);
    throw error;
  } finally {
    await runner.release();
  }
}

/** Holds what is written to the socket back until the work that is at hand has been done, and then writes it at once. */
export function inOnePacket(tx: Tx): void {
  const socket = connectionOf.get(tx)!.connection.stream;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

const isRetryable = (error: unknown): boolean => RETRYABLE.has((error as { code?: string }).code ?? '');

/** Connection exceptions, shutdowns, recovery, too many connections; and what the socket says when nobody is there. */
const OUTAGE = /^(08...|57P0.|53300|ECONN.*|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)$/;

/** The database is away, as opposed to refusing this statement: the same work will succeed when it is back. */
export function isOutage(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string };
  return (
    (code !== undefined && OUTAGE.test(code)) ||
    /connection (terminated|timeout)|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
      message,
    )
  );
}
