import { afterCommit, send, type Tx } from '@trenza/database';
import { subjectOf } from '@trenza/bus';
import { currentCause, type AnyEvent } from '@trenza/events';
import type { DataSource } from 'typeorm';

const INSERT = `
  insert into outbox (event_id, subject, payload)
  select * from unnest($1::uuid[], $2::text[], $3::text[])
  on conflict (event_id) do nothing`;

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
  const full = events.map((event) => ({ ...cause, ...event }));
  send(tx, {
    name: 'outbox-insert',
    text: INSERT,
    values: [full.map((e) => e.id), full.map(subjectOf), full.map((e) => JSON.stringify(e))],
  });
  afterCommit(tx, () => relays.get(tx.dataSource)?.());
}
