import { Connection, type Exchange } from './connection.ts';
import type { Reply } from './reply-reader.ts';

/** The time was over before the whole answer had come. */
export class NoReplyInTime extends Error {
  constructor() {
    super('no answer in time');
  }
}

/** A request that waits for a connection, or for the answer on one. */
interface Pending extends Exchange {
  connection?: Connection;
  over: boolean;
}

/**
 * Kept connections to one subgraph. Less than a client of HTTP for everybody: it sends JSON by POST, one request at a time on each connection,
 * in one piece, and reads the answer into one text. That is what the gateway does all day, and half of its work.
 */
export class ConnectionPool {
  readonly #start: string;
  readonly #connections = new Set<Connection>();
  /** The one used last first, so that those that are not needed grow old and go. */
  readonly #resting: Connection[] = [];
  readonly #waiting: Pending[] = [];
  #closed = false;

  constructor(
    private readonly url: URL,
    private readonly mostConnections: number,
  ) {
    const { pathname, search, host } = url;
    this.#start = `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\n`;
  }

  /** `headers` are lines that end with CR LF; their values must have been checked. Rejects with `NoReplyInTime`, or with what was wrong. */
  post(headers: string, body: string, milliseconds: number): Promise<Reply> {
    const request = `${this.#start}${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    return new Promise((resolve, reject) => {
      const pending: Pending = {
        request,
        over: false,
        answered(reply) {
          clearTimeout(timer);
          pending.over = true;
          resolve(reply);
        },
        failed(error) {
          clearTimeout(timer);
          pending.over = true;
          reject(error);
        },
      };
      const giveUp = (): void => {
        const late = new NoReplyInTime();
        if (pending.connection) pending.connection.give(late);
        else pending.failed(late);
      };
      const timer = setTimeout(giveUp, Math.max(0, milliseconds));
      this.#begin(pending);
    });
  }

  /** Whoever still waits is told; nothing new is taken. */
  close(): void {
    this.#closed = true;
    const closed = new Error('the connections to this subgraph were closed');
    for (const connection of this.#connections) connection.give(closed);
    for (const pending of this.#waiting.splice(0)) pending.failed(closed);
  }

  #begin(pending: Pending): void {
    if (this.#closed) return pending.failed(new Error('the connections to this subgraph were closed'));
    const connection = this.#free();
    if (!connection) return void this.#waiting.push(pending);
    pending.connection = connection;
    connection.send(pending);
  }

  #free(): Connection | undefined {
    for (let last = this.#resting.pop(); last; last = this.#resting.pop()) {
      if (last.fresh) return last;
      last.give(new Error('the connection rested too long'));
    }
    if (this.#connections.size >= this.mostConnections) return undefined;
    const connection = new Connection(this.url, {
      rests: (own) => this.#rest(own),
      gone: (own) => this.#forget(own),
    });
    this.#connections.add(connection);
    return connection;
  }

  /** Passes it on to the one who has waited longest, else lets it rest. */
  #rest(connection: Connection): void {
    const next = this.#nextWaiting();
    if (!next) return void this.#resting.push(connection);
    next.connection = connection;
    connection.send(next);
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    const at = this.#resting.indexOf(connection);
    if (at >= 0) this.#resting.splice(at, 1);
    const next = this.#nextWaiting();
    if (next) this.#begin(next);
  }

  #nextWaiting(): Pending | undefined {
    let next = this.#waiting.shift();
    while (next?.over) next = this.#waiting.shift();
    return next;
  }
}
