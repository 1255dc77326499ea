import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { BrokenReply, type Reply, ReplyReader } from './reply-reader.ts';

/** A subgraph is a neighbour: where connecting takes longer, it is not there. */
const CONNECT_TIMEOUT_MS = 1_000;
/** No page of any list comes near; what is larger is a mistake and would cost the gateway its memory. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/** A request on its way: its bytes, and who waits for the answer. */
export interface Exchange {
  request: string;
  answered(reply: Reply): void;
  failed(error: Error): void;
}

export interface ConnectionOwner {
  /** It has answered and may be used again. */
  rests(connection: Connection): void;
  /** It is of no use any more. */
  gone(connection: Connection): void;
}

/** One socket to a subgraph, with at most one request on it. */
export class Connection {
  readonly #socket: Socket;
  readonly #reader = new ReplyReader(MAX_RESPONSE_BYTES);
  #exchange: Exchange | undefined;
  #restsUntil = 0;
  #gone = false;

  constructor(
    { protocol, hostname, port }: URL,
    private readonly owner: ConnectionOwner,
  ) {
    // An IPv6 address stands in brackets in a URL, and nowhere else.
    const host = hostname.replace(/^\[|\]$/g, '');
    this.#socket =
      protocol === 'https:'
        ? connectSecurely({ host, port: Number(port || 443), ...(!isIP(host) && { servername: host }) })
        : connect({ host, port: Number(port || 80) });
    this.#socket.setNoDelay(true);
    const connected = protocol === 'https:' ? 'secureConnect' : 'connect';
    const timer = setTimeout(() => this.give(new Error('no connection in time')), CONNECT_TIMEOUT_MS);
    this.#socket.once(connected, () => clearTimeout(timer));
    this.#socket.once('close', () => clearTimeout(timer));
    this.#socket.on('data', (piece: Buffer) => this.#read(piece));
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('error', (error) => this.give(error));
    this.#socket.on('close', () => this.give(new Error('the connection was closed')));
  }

  /** Whether a request sent now would still find somebody at the other end, as far as that was said. */
  get fresh(): boolean {
    return !this.#gone && performance.now() < this.#restsUntil;
  }

  send(exchange: Exchange): void {
    this.#exchange = exchange;
    this.#socket.write(exchange.request);
  }

  /** Closes it; whoever waits is told why. */
  give(reason: Error): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#socket.destroy();
    this.owner.gone(this);
    this.#exchange?.failed(reason);
    this.#exchange = undefined;
  }

  #read(piece: Buffer): void {
    try {
      if (!this.#exchange) throw new BrokenReply('It answers what nobody asked.');
      const reply = this.#reader.push(piece);
      if (reply) this.#answered(reply);
    } catch (error) {
      this.give(error as Error);
    }
  }

  #ended(): void {
    try {
      const reply = this.#reader.end();
      if (reply) this.#answered(reply);
      else this.give(new Error('the connection was closed'));
    } catch (error) {
      this.give(error as Error);
    }
  }

  #answered(reply: Reply): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (reply.restMs > 0) {
      this.#restsUntil = performance.now() + reply.restMs;
      this.owner.rests(this);
    } else this.give(new Error('the connection is used once'));
    exchange?.answered(reply);
  }
}
