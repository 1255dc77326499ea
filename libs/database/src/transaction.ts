import type { DataSource } from 'typeorm';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tx } from './database.ts';

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

/** Runs `work` in one transaction; commits when it returns, rolls back when it throws. Serialisation failures, deadlocks and `TryAgain` are retried. */
export async function inTransaction<T>(database: DataSource, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      let hooks: Hook[] = [];
      const result = await database.transaction((tx) => {
        hooks = [];
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
