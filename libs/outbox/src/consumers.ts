import { inTransaction, isOutage, sql, tryLead, type Tx } from '@trenza/database';
import type { Bus, Consumption, IncomingMessage } from '@trenza/bus';
import { parseEvent, producerOf, type AnyEvent, type EventOf, type EventType, type Producer } from '@trenza/events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { bury, parseJson, unreadable } from './bury.ts';
import { handling } from './handling.ts';
import type { Log } from './log.ts';

/** Handles a run of consecutive events of one type, in order, in one transaction with the inbox. */
export type BatchHandler<Deps, T extends EventType = EventType> = (
  tx: Tx,
  events: EventOf<T>[],
  deps: Deps,
) => Promise<void>;

export type Consumers<Deps> = { [T in EventType]?: BatchHandler<Deps, T> };

/** A message that fails this often is not going to work by being tried: a person has to look. */
export const MAX_DELIVERIES = 5;
const BACKOFF_MS = 50;
const STANDBY_MS = 1_000;

/** Event type → handler. */
export const defineConsumers = <Deps>(consumers: Consumers<Deps>): Consumers<Deps> => consumers;

/** These see to the cause of each event themselves. */
const oneByOneHandlers = new WeakSet<object>();
const oneByOne = <Handler extends object>(handler: Handler): Handler => {
  oneByOneHandlers.add(handler);
  return handler;
};

/** For handlers that take one event at a time; what they publish is caused by that event. */
export const each = <Deps, T extends EventType>(
  handle: (tx: Tx, event: EventOf<T>, deps: Deps) => Promise<unknown>,
): BatchHandler<Deps, T> =>
  oneByOne(async (tx, events, deps) => {
    for (const event of events) await handling([event as AnyEvent], () => handle(tx, event, deps));
  });

/** For handlers that take all at once, in few statements. */
export const batch = <Deps, T extends EventType>(handle: BatchHandler<Deps, T>): BatchHandler<Deps, T> => handle;

export interface ConsumerOptions<Deps> {
  /** Durable name: the subgraph's. */
  name: string;
  database: DataSource;
  bus: Bus;
  consumers: Consumers<Deps>;
  deps: Deps;
  log: Log;
  /** Told of what became of events, for measures. */
  observer?: ConsumerObserver;
}

export interface ConsumerObserver {
  /** Events that had their effect in one transaction, and how long it took; repeats are among them. */
  handled(events: readonly AnyEvent[], seconds: number): void;
  buried(type: string): void;
}

export const producersOf = (consumers: object): Producer[] => [...new Set(Object.keys(consumers).map(producerOf))];

/** Consumes what the handlers are for. One replica at a time, so that order holds; the others stand by. */
export function startConsumers<Deps>(options: ConsumerOptions<Deps>): Consumption {
  const { database, bus, consumers, name, log } = options;
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      try {
        const leadership = await tryLead(database, 'consumers');
        if (leadership) {
          const running = await Promise.all(
            producersOf(consumers).map((producer) =>
              bus.consume({ producer, consumer: name, onBatch: (messages) => handleMessages(options, messages) }),
            ),
          );
          await Promise.race([leadership.lost, aborted(stop.signal)]);
          await Promise.all(running.map((consumption) => consumption.stop()));
          await leadership.release();
        }
      } catch (error) {
        log.warn({ err: error }, 'Consuming could not start and is tried again.');
      }
      await sleep(STANDBY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stop.abort();
      await loop;
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

export const typeOf = (subject: string): string => subject.slice(0, subject.lastIndexOf('.'));

/** All of a batch in one transaction; if that fails, one by one; what keeps failing goes to the dead letters. Throws on an outage. */
export async function handleMessages<Deps>(options: ConsumerOptions<Deps>, messages: IncomingMessage[]): Promise<void> {
  const ours = messages.filter((message) => typeOf(message.subject) in options.consumers);
  const events: AnyEvent[] = [];
  for (const message of ours) {
    const event = await parseOrBury(options, message);
    if (event) events.push(event);
  }
  if (events.length === 0) return;
  try {
    await handleEvents(options, events);
  } catch (error) {
    if (isOutage(error)) throw error;
    for (const event of events) await handleOrBury(options, event);
  }
}

/** Runs the handlers over events that have not had their effect yet, in one transaction with the inbox. */
export async function handleEvents<Deps>(
  { database, consumers, deps, observer }: ConsumerOptions<Deps>,
  events: AnyEvent[],
): Promise<void> {
  const started = performance.now();
  await inTransaction(database, async (tx) => runHandlers(tx, consumers, await claim(tx, events), deps));
  observer?.handled(events, (performance.now() - started) / 1_000);
}

/** Hands each run of consecutive events of one type to its handler. */
export async function runHandlers<Deps>(
  tx: Tx,
  consumers: Consumers<Deps>,
  events: AnyEvent[],
  deps: Deps,
): Promise<void> {
  for (const run of runsOfOneType(events)) {
    const handler = consumers[run[0]!.type] as BatchHandler<Deps> | undefined;
    if (!handler) continue;
    if (oneByOneHandlers.has(handler)) await handler(tx, run, deps);
    else await handling(run, () => handler(tx, run, deps));
  }
}

const CLAIM = `insert into processed_message (event_id) select distinct unnest($1::uuid[]) on conflict do nothing returning event_id`;

/** Those that nobody has handled before, each once. */
async function claim(tx: Tx, events: AnyEvent[]): Promise<AnyEvent[]> {
  const rows = await sql<{ event_id: string }>(tx, {
    name: 'inbox-claim',
    text: CLAIM,
    values: [events.map((event) => event.id)],
  });
  const fresh = new Set(rows.map((row) => row.event_id));
  // PostgreSQL writes them in small letters, whoever wrote them otherwise.
  return events.filter((event) => fresh.delete(event.id.toLowerCase()));
}

function runsOfOneType(events: AnyEvent[]): AnyEvent[][] {
  const runs: AnyEvent[][] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run?.[0]!.type === event.type) run.push(event);
    else runs.push([event]);
  }
  return runs;
}

async function handleOrBury<Deps>(options: ConsumerOptions<Deps>, event: AnyEvent): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await handleEvents(options, [event]);
    } catch (error) {
      if (isOutage(error)) throw error;
      if (attempt === MAX_DELIVERIES) return buryEvent(options, event, error);
      await sleep(BACKOFF_MS * 2 ** attempt);
    }
  }
}

const buryEvent = <Deps>(options: ConsumerOptions<Deps>, event: AnyEvent, error: unknown): Promise<void> =>
  bury(options, { id: event.id, type: event.type, payload: JSON.stringify(event), attempts: MAX_DELIVERIES }, error);

async function parseOrBury<Deps>(options: ConsumerOptions<Deps>, message: IncomingMessage): Promise<AnyEvent | null> {
  try {
    const event = parseEvent(parseJson(message.json));
    // It goes on below the span that published it, which its maker could not know.
    if (message.traceparent) event.traceparent = message.traceparent;
    return event;
  } catch (error) {
    await bury(options, unreadable(message, typeOf(message.subject)), error);
    return null;
  }
}
