import { sql } from '@trenza/database';
import type { IncomingMessage } from '@trenza/bus';
import { InvalidEvent } from '@trenza/events';
import { failureText } from '@trenza/telemetry';
import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Log } from './log.ts';

/** Of what is no event so much is kept: enough to see what it is and who sends such things. */
export const KEPT_CHARACTERS = 64 * 1024;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** PostgreSQL's text can't hold it. */
const NUL = /\0/g;

/** What lies in the dead letters until somebody replays or discards it. */
interface Letter {
  id: string;
  type: string;
  payload: string;
  attempts: number;
}

const BURY = `
  insert into dead_letter (event_id, type, payload, error, attempts) values ($1, $2, $3, $4, $5)
  on conflict (event_id) do update set error = excluded.error, attempts = dead_letter.attempts + excluded.attempts, failed_at = now()`;

/** Puts aside what could not be handled, with the reason. The log has the reason alone. */
export async function bury(
  { database, log, observer }: { database: DataSource; log: Log; observer?: { buried(type: string): void } },
  { id, type, payload, attempts }: Letter,
  error: unknown,
): Promise<void> {
  await sql(database, BURY, [id, type, payload.replace(NUL, '\ufffd'), failureText(error), attempts]);
  observer?.buried(type);
  log.error({ eventId: id, type, err: error }, 'An event could not be handled and lies in the dead letters.');
}

/** JSON, or an error that quotes nothing of it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidEvent('not JSON: it can be looked at and discarded, never replayed');
  }
}

/** The id in an envelope, where there is one that can be kept. */
export function idOf(json: unknown): string | undefined {
  const id = (json as { id?: unknown } | null)?.id;
  return typeof id === 'string' && UUID.test(id) ? id : undefined;
}

/** A message that could not be read: whole where it names an event, else its beginning under an id made of its place in the stream, the same whenever it comes. */
export function unreadable({ json, subject, sequence, publishedAt }: IncomingMessage, type: string): Letter {
  const id = idOf(jsonOrNothing(json));
  if (id) return { id, type, payload: json, attempts: 1 };
  const hash = createHash('sha256').update(`${subject} ${sequence} ${publishedAt.toISOString()}`).digest('hex');
  // Version 8: a UUID of somebody's own making.
  const made = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  return { id: made, type, payload: json.slice(0, KEPT_CHARACTERS), attempts: 1 };
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
