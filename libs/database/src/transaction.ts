import type { DataSource } from 'typeorm';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tx } from './database.ts';

/** Two transactions that met are both right; one is asked to try again. More than this many meetings is a design fault, not bad luck. */
const MAX_ATTEMPTS = 5;
const BACKOFF_MS = 5;

const RETRYABLE = new Set(['40001' /* serialization_failure */, '40P01' /* deadlock_detected */]);

/** Runs `work` in one transaction; commits when it returns, rolls back when it throws. Serialisation failures and deadlocks are retried. */
export async function inTransaction<T>(database: DataSource, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isRetryable(error)) throw error;
      await sleep(BACKOFF_MS * 2 ** attempt * Math.random());
    }
  }
}

const isRetryable = (error: unknown): boolean => RETRYABLE.has((error as { code?: string }).code ?? '');
