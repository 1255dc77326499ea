import { afterCommit, send, type Tx } from '@trenza/database';
import { subjectOf } from '@trenza/bus';
import { currentCause, type AnyEvent } from '@trenza/events';
import type { DataSource } from 'typeorm';

const INTO = 'insert into outbox (event_id, subject, payload)';
const ONCE = 'on conflict (event_id) do nothing';
/** Arrays cost PostgreSQL a store each, and most mutations say one thing. */
const INSERT_ONE = `${INTO} values ($1, $2, $3) ${ONCE}`;
const INSERT = `${INTO} select * from unnest($1::uuid[], $2::text[], $3::text[]) ${ONCE}`;

const relays = new WeakMap<DataSource, () => void>();

/** The relay of this process asks to be told of commits. */
export const onPublished = (database: DataSource, wake: () => void): void => void relays.set(database, wake);

/**
 * Says something to the other subgraphs: a row in the same transaction, so that it is said if and only if the rest is done.
 * The relay of this process is woken by the commit. LISTEN/NOTIFY would reach the relay of another replica sooner than its
 * next look, but every NOTIFY takes one lock for the whole server at commit, which costs more than those milliseconds are worth.
 */
export async function publish(tx: Tx, events: readonly AnyEvent[]): Promise<void> {
  if (events.length === 0) return;
  const cause = currentCause();
  const rows = events.map((event) => ({ ...cause, ...event })).map((e) => [e.id, subjectOf(e), JSON.stringify(e)]);
  const [first, ...more] = rows as [string[], ...string[][]];
  if (more.length === 0) send(tx, { name: 'outbox-insert-one', text: INSERT_ONE, values: first });
  else send(tx, { name: 'outbox-insert', text: INSERT, values: first.map((_, i) => rows.map((row) => row[i])) });
  afterCommit(tx, () => relays.get(tx.dataSource)?.());
}
