import type { Producer } from '@trenza/events';

/** What goes out: the event as JSON, under its subject, known by its id. */
export interface OutgoingMessage {
  /** The event's id: JetStream drops a second one within its window, the consumers' inbox beyond it. */
  id: string;
  subject: string;
  json: string;
  /** The span that publishes it, for whoever handles it to continue. */
  traceparent?: string;
}

export interface IncomingMessage {
  subject: string;
  json: string;
  /** Position in the producer's stream. */
  sequence: number;
  /** When the stream stored it. */
  publishedAt: Date;
  /** The span that published it; looked for only while tracing is on. */
  traceparent?: string;
}

export interface Consumption {
  /** Lets the batch in hand finish, then stops. */
  stop(): Promise<void>;
}

export interface ConsumeOptions {
  producer: Producer;
  /** Durable name: the place in the stream is kept under it across restarts. */
  consumer: string;
  /** Called with one batch at a time, in stream order. A batch is acknowledged when it returns; if it throws, the batch comes again. */
  onBatch: (messages: IncomingMessage[]) => Promise<void>;
}

/** The event backbone as the rest of the code sees it. */
export interface Bus {
  /** Resolves when every message is stored on disk; rejects if one is not, and then any of them may or may not be. */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
  consume(options: ConsumeOptions): Promise<Consumption>;
  /** Everything the stream still holds of a producer, from the beginning or from an instant on, in order: to rebuild a projection, to catch up. */
  read(
    producer: Producer,
    onBatch: (messages: IncomingMessage[]) => Promise<void>,
    from?: { since?: Date },
  ): Promise<void>;
  /** How many messages of the producer this consumer has not acknowledged yet. */
  lag(producer: Producer, consumer: string): Promise<number>;
  /** For live updates: every message from now on; not durable. Returns a function that ends it. */
  watch(subject: string, onMessage: (message: { subject: string; json: string }) => void): () => void;
  isConnected(): boolean;
  close(): Promise<void>;
}
