import type { Bus, OutgoingMessage } from '@trenza/bus';
import { inTransaction, sql, tryLead, type Tx } from '@trenza/database';
import { codeOfError, isTracing, startSpan, type Span } from '@trenza/telemetry';
import type { DataSource } from 'typeorm';
import type { Log } from './log.ts';
import { onPublished } from './publish.ts';

/** As many as can be in flight to JetStream before its acknowledgements, not the round trips, are what takes the time. */
const BATCH_SIZE = 256;
/** Rows of other replicas, and those written while a wake-up was on its way, are found within this time. */
const IDLE_MS = 100;
const STANDBY_MS = 1_000;
const OUTAGE_PAUSE_MS = 500;

/** `delete … returning` in the transaction that publishes: a crash before the commit publishes again, under the same message ids. */
const TAKE = `
  delete from outbox
   where id in (select id from outbox order by id limit ${BATCH_SIZE})
  returning id, event_id, subject, payload`;

interface OutboxRow {
  id: number;
  event_id: string;
  subject: string;
  payload: string;
}

export interface Relay {
  stop(): Promise<void>;
}

/** Carries the outbox to the stream, in the order of the rows. One replica at a time; the others stand by. */
export function startRelay({ database, bus, log }: { database: DataSource; bus: Bus; log: Log }): Relay {
  let stopped = false;
  let wake: () => void = () => undefined;
  onPublished(database, () => wake());
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const lead = async (): Promise<void> => {
    const leadership = await tryLead(database, 'relay');
    if (!leadership) return pause(STANDBY_MS);
    let lost = false;
    void leadership.lost.then(() => (lost = true));
    try {
      while (!stopped && !lost) {
        const carried = await inTransaction(database, (tx) => carry(tx, bus));
        if (carried < BATCH_SIZE && !stopped) await pause(IDLE_MS);
      }
    } finally {
      await leadership.release();
    }
  };

  const loop = (async () => {
    while (!stopped) {
      try {
        await lead();
      } catch (error) {
        log.warn({ err: error }, 'The relay could not carry the outbox and tries again.');
        await pause(OUTAGE_PAUSE_MS);
      }
    }
  })();

  return {
    stop: async () => {
      stopped = true;
      wake();
      await loop;
    },
  };
}

async function carry(tx: Tx, bus: Bus): Promise<number> {
  const rows = await sql<OutboxRow>(tx, { name: 'outbox-take', text: TAKE, values: [] });
  rows.sort((a, b) => a.id - b.id);
  const messages = rows.map((row) => ({ id: row.event_id, subject: row.subject, json: row.payload }));
  await (isTracing() ? publishTraced(bus, messages) : bus.publish(messages));
  return rows.length;
}

/** The envelope's own: it is written before the data. */
const TRACE_PARENT = /"traceparent":"([0-9a-f-]{55})"/;

/** A span per event, below the one that made it; whoever handles the event goes on below this one. */
async function publishTraced(bus: Bus, messages: readonly OutgoingMessage[]): Promise<void> {
  const spans: Span[] = [];
  const traced = messages.map((message) => {
    const type = message.subject.slice(0, message.subject.lastIndexOf('.'));
    const span = startSpan(`publish ${type}`, 'producer', TRACE_PARENT.exec(message.json)?.[1], {
      'messaging.system': 'nats',
      'messaging.operation.type': 'send',
      'messaging.destination.name': type,
      'messaging.message.id': message.id,
    });
    if (span) spans.push(span);
    return { ...message, traceparent: span?.traceparent };
  });
  try {
    await bus.publish(traced);
  } catch (error) {
    for (const span of spans) span.failed(codeOfError(error));
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}
