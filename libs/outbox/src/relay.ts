import type { Bus } from '@trenza/bus';
import { inTransaction, sql, tryLead, type Tx } from '@trenza/database';
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
  await bus.publish(rows.map((row) => ({ id: row.event_id, subject: row.subject, json: row.payload })));
  return rows.length;
}
