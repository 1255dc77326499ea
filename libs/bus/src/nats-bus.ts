import {
  DeliverPolicy,
  jetstream,
  jetstreamManager,
  type Consumer,
  type JsMsg,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { connect, headers, nanos, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { PRODUCERS, type Producer } from '@trenza/events';
import { isTracing } from '@trenza/telemetry';
import { setTimeout as sleep } from 'node:timers/promises';
import { lagOf, takePlace } from './place.ts';
import type { Bus, Consumption, ConsumeOptions, IncomingMessage, OutgoingMessage } from './bus.ts';

const DAY_MS = 86_400_000;
/** Projections can be rebuilt over this long; older events are in the tables of those who needed them. */
const STREAM_MAX_AGE_MS = 400 * DAY_MS;
/** Per producer. A year of a mid-sized retailer is some 20 million events of 500 bytes. */
const STREAM_MAX_BYTES = 16 * 1024 ** 3;
/** NATS reserves a stream's whole size when it is made, out of three quarters of the disk that is free, unless it is told otherwise. */
const STREAM_NEEDS =
  `The NATS server needs JetStream with room for ${PRODUCERS.length} streams of up to ${STREAM_MAX_BYTES / 1024 ** 3} GiB: ` +
  'set "jetstream { max_file_store: 100GB }" in its configuration (it is a limit, not space taken at once).';
/** A relay that died between publish and commit publishes again when it is back, usually within seconds; the inbox catches what comes later. */
const DUPLICATE_WINDOW_MS = 5 * 60_000;
/** One transaction per batch: at 256 the cost of the commit has vanished, and a failed batch is still soon retried one by one. */
export const BATCH_SIZE = 256;
const RETRY_PAUSE_MS = 500;
/** No connection has this number. */
const STALE = -1;
const PUBLISH_TIMEOUT_MS = 10_000;
/** How long a pull waits for the first message before it is renewed: also the longest that a stop has to wait. */
const FETCH_EXPIRES_MS = 1_000;
/** What was said to be pending arrives at once. */
const FETCH_REST_MS = 1_000;

export interface NatsOptions {
  url: string;
  /** Shown in the server's connection list. */
  name: string;
  /** Sets streams and subjects apart, so that many tests share one server. */
  prefix?: string;
}

/** Connects, waiting for the server if need be, and makes sure that the five streams exist. */
export async function connectNats({ url, name, prefix = '' }: NatsOptions): Promise<Bus> {
  const { server, token } = split(url);
  // The server may come later than we do, and may go and come back: wait for it as long as it takes.
  const connection = await connect({
    servers: server,
    ...(token && { token }),
    name,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
  });
  const manager = await jetstreamManager(connection);
  await ensureStreams(manager, prefix);
  return new NatsBus(connection, jetstream(connection), manager, prefix);
}

function split(url: string): { server: string; token?: string } {
  const parsed = new URL(url);
  return { server: parsed.host, ...(parsed.username && { token: decodeURIComponent(parsed.username) }) };
}

async function ensureStreams(manager: JetStreamManager, prefix: string): Promise<void> {
  for (const producer of PRODUCERS) {
    const config = {
      name: `${prefix}${producer}`,
      subjects: [`${prefix}${producer}.>`],
      max_age: nanos(STREAM_MAX_AGE_MS),
      max_bytes: STREAM_MAX_BYTES,
      duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    };
    // Six processes start at once and all want the streams: whoever is late finds them there.
    await manager.streams.add(config).catch((refusal: Error) =>
      manager.streams.update(config.name, config).catch(() => {
        // It is not there, so the first refusal is what has to be told: a server without JetStream, or without room.
        throw new Error(`The stream "${config.name}" can't be made: ${refusal.message}. ${STREAM_NEEDS}`, {
          cause: refusal,
        });
      }),
    );
  }
}

class NatsBus implements Bus {
  private connected = true;
  /** Counts connections: after a new one nobody can rely on what the old one had been handed. */
  private connections = 0;

  constructor(
    private readonly connection: NatsConnection,
    private readonly client: JetStreamClient,
    private readonly manager: JetStreamManager,
    private readonly prefix: string,
  ) {
    void this.followStatus();
  }

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const options = { timeout: PUBLISH_TIMEOUT_MS };
    await Promise.all(
      messages.map(({ id, subject, json, traceparent }) =>
        this.client.publish(this.prefix + subject, json, {
          ...options,
          msgID: id,
          ...(traceparent && { headers: headersOf(traceparent) }),
        }),
      ),
    );
  }

  async consume({ producer, consumer, onBatch }: ConsumeOptions): Promise<Consumption> {
    const stream = this.prefix + producer;
    let place = await this.place(stream, consumer);
    let stopped = false;
    const loop = (async () => {
      while (!stopped) {
        try {
          // What was on its way when the connection broke is asked for again, in its order.
          if (place.connections !== this.connections) place = await this.place(stream, consumer);
          const batch = await this.fetch(place.consumer);
          if (batch.length === 0) continue;
          await onBatch(batch.map((message) => this.incoming(message)));
          for (const message of batch) message.ack();
        } catch {
          // The server is away, or the handler met an outage (it has its own retries for everything else). The same messages come again.
          place = { ...place, connections: STALE };
          await sleep(RETRY_PAUSE_MS);
        }
      }
    })();
    return {
      stop: async () => {
        stopped = true;
        await loop;
      },
    };
  }

  async read(
    producer: Producer,
    onBatch: (messages: IncomingMessage[]) => Promise<void>,
    { since }: { since?: Date } = {},
  ): Promise<void> {
    const stream = this.prefix + producer;
    const { state } = await this.manager.streams.info(stream);
    if (state.messages === 0) return;
    // Nothing is that young: a pull would wait for what has not happened yet.
    if (since && new Date(state.last_ts) < since) return;
    const consumer = await this.client.consumers.get(
      stream,
      since
        ? { deliver_policy: DeliverPolicy.StartTime, opt_start_time: since.toISOString() }
        : { deliver_policy: DeliverPolicy.All },
    );
    for (let last = 0; last < state.last_seq;) {
      const batch: JsMsg[] = [];
      for await (const message of await consumer.fetch({ max_messages: BATCH_SIZE, expires: FETCH_EXPIRES_MS })) {
        batch.push(message);
        if (message.seq >= state.last_seq) break;
      }
      if (batch.length === 0) return;
      await onBatch(batch.map((message) => this.incoming(message)));
      last = batch.at(-1)!.seq;
    }
  }

  async lag(producer: Producer, consumer: string): Promise<number> {
    const lag = await lagOf(this.manager, this.prefix + producer, consumer);
    if (lag === undefined) throw new Error(`There is no consumer "${consumer}" of the stream "${producer}".`);
    return lag;
  }

  watch(subject: string, onMessage: (message: { subject: string; json: string }) => void): () => void {
    const subscription = this.connection.subscribe(this.prefix + subject, {
      callback: (error, message) => {
        if (!error) onMessage({ subject: message.subject.slice(this.prefix.length), json: message.string() });
      },
    });
    return () => subscription.unsubscribe();
  }

  isConnected(): boolean {
    return !this.connection.isClosed() && this.connected;
  }

  async close(): Promise<void> {
    await this.connection.drain();
  }

  private async followStatus(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.connected = false;
      if (status.type === 'reconnect') {
        this.connected = true;
        this.connections += 1;
      }
    }
  }

  private async place(stream: string, name: string): Promise<{ consumer: Consumer; connections: number }> {
    const { connections } = this;
    // Twice a batch: so much may be on its way when it all has to be asked for again.
    const durable = await takePlace(this.manager, stream, name, 2 * BATCH_SIZE);
    return { consumer: await this.client.consumers.get(stream, durable), connections };
  }

  /** The next messages: waits for the first one, then takes what is there without waiting for a full batch. */
  private async fetch(consumer: Consumer): Promise<JsMsg[]> {
    const first = await consumer.next({ expires: FETCH_EXPIRES_MS });
    if (!first) return [];
    const pending = Math.min(first.info.pending, BATCH_SIZE - 1);
    if (pending === 0) return [first];
    const batch = [first];
    for await (const message of await consumer.fetch({ max_messages: pending, expires: FETCH_REST_MS }))
      batch.push(message);
    return batch;
  }

  private incoming(message: JsMsg): IncomingMessage {
    return {
      subject: message.subject.slice(this.prefix.length),
      json: message.string(),
      sequence: message.seq,
      publishedAt: message.time,
      ...(isTracing() && { traceparent: message.headers?.get(TRACE_PARENT) || undefined }),
    };
  }
}

/** W3C's name; the same as over HTTP. */
const TRACE_PARENT = 'traceparent';

function headersOf(traceparent: string): MsgHdrs {
  const made = headers();
  made.set(TRACE_PARENT, traceparent);
  return made;
}
