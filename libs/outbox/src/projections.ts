import { inTransaction, sql, type Tx } from '@trenza/database';
import { newId, newTraceparent, parseEvent, type AnyEvent } from '@trenza/events';
import type { IncomingMessage } from '@trenza/bus';
import { failureText } from '@trenza/telemetry';
import type { DataSource } from 'typeorm';
import { idOf } from './bury.ts';
import { producersOf, runHandlers, typeOf, type ConsumerOptions, type Consumers } from './consumers.ts';

/** A table (or a few) that is nothing but what the events say, so that it can be thrown away and built again. */
export interface Projection<Deps> {
  name: string;
  /** The tables it fills: locked against live handlers and emptied first. */
  tables: readonly string[];
  /** The handlers that fill it, the same that fill it live. */
  consumers: Consumers<Deps>;
}

export interface Rebuild {
  id: string;
  projection: string;
  requestedAt: Date;
  finishedAt: Date | null;
  events: number;
  error: string | null;
}

const COLUMNS = `id, projection, requested_at as "requestedAt", finished_at as "finishedAt", events, error`;

export async function requestRebuild(tx: Tx, projection: string, by: string): Promise<Rebuild> {
  const [row] = await sql<Rebuild>(
    tx,
    `insert into projection_rebuild (id, projection, requested_by) values ($1, $2, $3) returning ${COLUMNS}`,
    [newId(), projection, by],
  );
  return row!;
}

export const listRebuilds = (database: DataSource, limit: number): Promise<Rebuild[]> =>
  sql(database, `select ${COLUMNS} from projection_rebuild order by requested_at desc limit $1`, [limit]);

/** Runs what was requested, the oldest first. A process killed in the middle leaves the request open and the projection as it was. */
export async function runRequestedRebuilds<Deps>(
  options: ConsumerOptions<Deps>,
  projections: readonly Projection<Deps>[],
): Promise<void> {
  const requests = await sql<Rebuild>(
    options.database,
    `select ${COLUMNS} from projection_rebuild where finished_at is null order by requested_at`,
  );
  for (const { id, projection: name } of requests) {
    const projection = projections.find((candidate) => candidate.name === name);
    const finish = (events: number, error: string | null): Promise<unknown> =>
      sql(
        options.database,
        'update projection_rebuild set finished_at = now(), events = $2, error = $3 where id = $1',
        [id, events, error],
      );
    try {
      if (!projection) throw new Error(`There is no projection "${name}".`);
      await finish(await rebuild(options, projection), null);
    } catch (error) {
      await finish(0, failureText(error));
    }
  }
}

/**
 * Empties the projection and lets its handlers take all the stream still has, in one transaction: readers see the old rows until it commits. Events
 * that this subgraph has not handled yet are left to the live handlers, which wait for the lock; so each event has its effect once. The inbox forgets ids after `rememberedDays`; what is older than that has been handled. Returns how many events it took.
 */
export async function rebuild<Deps>(
  options: ConsumerOptions<Deps>,
  projection: Projection<Deps>,
  rememberedDays = 90,
): Promise<number> {
  const { database, bus, deps } = options;
  const forgotten = new Date(Date.now() - rememberedDays * 86_400_000);
  return inTransaction(database, async (tx) => {
    let taken = 0;
    // Not a truncation: that would make readers wait as well.
    await sql(tx, `lock table ${projection.tables.join(', ')} in exclusive mode`);
    for (const table of projection.tables) await sql(tx, `delete from ${table}`);
    await sql(tx, 'create temporary table taken (event_id uuid primary key) on commit drop');
    for (const producer of producersOf(projection.consumers)) {
      await bus.read(producer, async (messages) => {
        const events = await handledBefore(
          tx,
          messages.filter((message) => typeOf(message.subject) in projection.consumers),
          forgotten,
        );
        await runHandlers(tx, projection.consumers, events, deps);
        taken += events.length;
      });
    }
    return taken;
  });
}

/** Those that had their effect, each once: the stream itself may hold a repeat that came after its window. */
const HANDLED_BEFORE = `
  insert into taken (event_id)
  select distinct id from unnest($1::uuid[], $2::boolean[]) as read (id, old)
   where old or exists (select from processed_message where event_id = id)
  on conflict do nothing returning event_id`;

async function handledBefore(tx: Tx, messages: IncomingMessage[], forgotten: Date): Promise<AnyEvent[]> {
  const parsed = messages.flatMap((message) => {
    const event = jsonOf(message);
    return event ? [{ event, old: message.publishedAt < forgotten }] : [];
  });
  const read = parsed.map(({ event }) => event);
  const old = parsed.map((each) => each.old);
  const rows = await sql<{ event_id: string }>(tx, HANDLED_BEFORE, [read.map(({ id }) => id), old]);
  const fresh = new Set(rows.map((row) => row.event_id));
  // What kept no contract was never handled: it lies in the dead letters and must not be parsed here.
  return read
    .filter(({ id }) => fresh.delete(id.toLowerCase()))
    .map((json) => ({ ...parseEvent(json), traceparent: untraced() }));
}

/** What is built anew belongs to no trace of those days: a trace that is passed on and not kept. */
const untraced = (): string => newTraceparent().replace(/01$/, '00');

/** What is no JSON, or names no event, was never handled either. */
function jsonOf({ json }: IncomingMessage): AnyEvent | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return idOf(parsed) ? (parsed as AnyEvent) : undefined;
  } catch {
    return undefined;
  }
}
