import { sql } from '@trenza/database';
import { parseEvent } from '@trenza/events';
import type { DataSource } from 'typeorm';
import { parseJson } from './bury.ts';
import { handleEvents, type ConsumerOptions } from './consumers.ts';

export interface DeadLetter {
  id: string;
  type: string;
  payload: string;
  error: string;
  attempts: number;
  failedAt: Date;
  status: 'open' | 'replayed' | 'discarded';
}

const COLUMNS = `event_id as id, type, payload, error, attempts, failed_at as "failedAt", status`;

/** The newest first; `after` is the time and id of the last one seen. */
export const listDeadLetters = (
  database: DataSource,
  status: string,
  limit: number,
  after: [string, string] | null,
): Promise<DeadLetter[]> =>
  sql(
    database,
    `select ${COLUMNS} from dead_letter
      where status = $1 and ($3::timestamptz is null or (failed_at, event_id) < ($3, $4::uuid))
      order by failed_at desc, event_id desc limit $2`,
    [status, limit, after?.[0] ?? null, after?.[1] ?? null],
  );

export async function findDeadLetter(database: DataSource, id: string): Promise<DeadLetter | null> {
  const [letter] = await sql<DeadLetter>(database, `select ${COLUMNS} from dead_letter where event_id = $1`, [id]);
  return letter ?? null;
}

/** Handles it again, once; throws what its handler throws, and then it stays open. */
export async function replayDeadLetter<Deps>(
  options: ConsumerOptions<Deps>,
  id: string,
  by: string,
): Promise<DeadLetter | null> {
  const letter = await findDeadLetter(options.database, id);
  if (letter?.status !== 'open') return letter;
  await handleEvents(options, [parseEvent(parseJson(letter.payload))]);
  return close(options.database, id, 'replayed', by);
}

export const discardDeadLetter = (database: DataSource, id: string, by: string): Promise<DeadLetter | null> =>
  close(database, id, 'discarded', by);

async function close(database: DataSource, id: string, status: string, by: string): Promise<DeadLetter | null> {
  await sql(
    database,
    `update dead_letter set status = $2, closed_at = now(), closed_by = $3 where event_id = $1 and status = 'open'`,
    [id, status, by],
  );
  return findDeadLetter(database, id);
}
