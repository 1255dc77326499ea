/** One answer to a request. */
export interface Reply {
  status: number;
  cacheControl: string | undefined;
  text: string;
  /** How long the connection may rest and be used again; 0 where it may not. */
  restMs: number;
}

/** It is no answer in HTTP/1.1, or the connection ended in the middle of it. */
export class BrokenReply extends Error {}

/** More bytes than any answer has. */
export class ReplyTooLarge extends Error {}

/** A subgraph's headers have a few hundred bytes. */
const MOST_HEAD_BYTES = 64 * 1024;
/** A size in hexadecimal, and whatever extensions of a chunk somebody may think of. */
const MOST_SIZE_LINE_BYTES = 1_024;
/** Kept below the 72 s after which a Fastify server hangs up, so that a request never meets a socket that is just closing. */
const LONGEST_REST_MS = 30_000;
/** For the way that a server's "I hang up now" takes, where it has said when it will. */
const HANG_UP_MARGIN_MS = 1_000;

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/;
const END_OF_HEAD = Buffer.from('\r\n\r\n');
const END_OF_LINE = Buffer.from('\r\n');

interface Head {
  status: number;
  /** Null where the body is chunked, or ends with the connection. */
  length: number | null;
  chunked: boolean;
  cacheControl: string | undefined;
  restMs: number;
}

/**
 * Puts answers in HTTP/1.1 together from the pieces in which they come: with a length, in chunks, or until the connection ends. Strict where
 * leniency could take the end of one answer for the beginning of another.
 */
export class ReplyReader {
  #pieces: Buffer[] = [];
  #size = 0;
  /** With fewer bytes than these there is nothing to be done. */
  #wanted = 0;
  #head: Head | undefined;
  /** Where in the bytes the body, or what is left of it, begins. */
  #from = 0;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;

  constructor(private readonly mostBytes: number) {}

  /** The answer, once it is whole. Throws `BrokenReply` and `ReplyTooLarge`, after which the connection is of no use. */
  push(piece: Buffer): Reply | undefined {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size + this.#chunkBytes > this.mostBytes + MOST_HEAD_BYTES)
      throw new ReplyTooLarge(`The answer has more than ${this.mostBytes} bytes.`);
    if (this.#size < this.#wanted) return undefined;
    const bytes = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    this.#pieces = [bytes];
    while (!this.#head) {
      const head = this.#readHead(bytes);
      if (!head) return undefined;
      // "Go on" and the like announce the answer and are none.
      if (head.status >= 200) this.#head = head;
    }
    return this.#head.chunked ? this.#readChunks(bytes, this.#head) : this.#readLength(bytes, this.#head);
  }

  /** The connection has ended: an answer without a length is whole now, any other is not. */
  end(): Reply | undefined {
    if (this.#size === 0 && !this.#head) return undefined;
    if (!this.#head || this.#head.chunked || this.#head.length !== null)
      throw new BrokenReply(`The connection ended after ${this.#size} bytes of an answer.`);
    const bytes = Buffer.concat(this.#pieces);
    return this.#whole(this.#head, bytes, this.#from, bytes.length);
  }

  #readHead(bytes: Buffer): Head | undefined {
    const end = bytes.indexOf(END_OF_HEAD, this.#from);
    const length = (end < 0 ? bytes.length : end) - this.#from;
    if (length > MOST_HEAD_BYTES) throw new BrokenReply(`The headers have more than ${MOST_HEAD_BYTES} bytes.`);
    if (end < 0) return undefined;
    const head = parseHead(bytes.toString('latin1', this.#from, end));
    this.#from = end + END_OF_HEAD.length;
    return head;
  }

  #readLength(bytes: Buffer, head: Head): Reply | undefined {
    this.#wanted = head.length === null ? Infinity : this.#from + head.length;
    if (bytes.length < this.#wanted) return undefined;
    if (bytes.length > this.#wanted) throw new BrokenReply('There are bytes after the end of the answer.');
    return this.#whole(head, bytes, this.#from, this.#wanted);
  }

  #readChunks(bytes: Buffer, head: Head): Reply | undefined {
    for (;;) {
      const end = bytes.indexOf(END_OF_LINE, this.#from);
      if (end < 0 && bytes.length - this.#from > MOST_SIZE_LINE_BYTES) throw new BrokenReply('A chunk has no size.');
      if (end < 0) return this.#wait(bytes, bytes.length + 1);
      const size = parseChunkSize(bytes.toString('latin1', this.#from, end));
      const data = end + END_OF_LINE.length;
      if (size === 0) return this.#readTrailers(bytes, data, head);
      const next = data + size + END_OF_LINE.length;
      if (bytes.length < next) return this.#wait(bytes, next);
      if (!bytes.subarray(data + size, next).equals(END_OF_LINE))
        throw new BrokenReply('A chunk is not as long as it says.');
      this.#chunks.push(bytes.subarray(data, data + size));
      this.#chunkBytes += size;
      this.#from = next;
    }
  }

  /** What was read is let go; the rest waits until there is so much of it. */
  #wait(bytes: Buffer, until: number): undefined {
    this.#pieces = [bytes.subarray(this.#from)];
    this.#size = bytes.length - this.#from;
    this.#wanted = until - this.#from;
    this.#from = 0;
  }

  /** Lines up to an empty one; nobody needs them. */
  #readTrailers(bytes: Buffer, from: number, head: Head): Reply | undefined {
    const none = bytes.subarray(from, from + END_OF_LINE.length).equals(END_OF_LINE);
    const end = none ? from + END_OF_LINE.length : bytes.indexOf(END_OF_HEAD, from) + END_OF_HEAD.length;
    if (!none && end < from + END_OF_HEAD.length) {
      if (bytes.length - from > MOST_HEAD_BYTES) throw new BrokenReply('The trailers have no end.');
      return this.#wait(bytes, bytes.length + 1);
    }
    if (bytes.length > end) throw new BrokenReply('There are bytes after the end of the answer.');
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    return this.#whole(head, body, 0, body.length);
  }

  #whole({ status, cacheControl, restMs }: Head, bytes: Buffer, from: number, to: number): Reply {
    this.#pieces = [];
    this.#chunks = [];
    this.#size = this.#chunkBytes = this.#wanted = this.#from = 0;
    this.#head = undefined;
    return { status, cacheControl, restMs, text: bytes.toString('utf8', from, to) };
  }
}

function parseHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const [, minor, digits] = STATUS_LINE.exec(first) ?? [];
  if (!digits) throw new BrokenReply('It does not begin as an answer in HTTP/1.1 does.');
  const head: Head = {
    status: Number(digits),
    length: null,
    chunked: false,
    cacheControl: undefined,
    restMs: LONGEST_REST_MS,
  };
  if (minor === '0') head.restMs = 0;
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new BrokenReply('A header has no name.');
    readHeader(head, line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  if (head.chunked && head.length !== null)
    throw new BrokenReply('It has a length and comes in chunks: one of them is wrong.');
  if (head.status === 204 || head.status === 304) return { ...head, length: 0, chunked: false };
  if (head.length === null && !head.chunked) head.restMs = 0;
  return head;
}

function readHeader(head: Head, name: string, value: string): void {
  switch (name) {
    case 'content-length': {
      if (!/^\d{1,15}$/.test(value)) throw new BrokenReply('Its length is no number.');
      const length = Number(value);
      if (head.length !== null && head.length !== length) throw new BrokenReply('It has two lengths.');
      head.length = length;
      return;
    }
    case 'transfer-encoding':
      if (value.toLowerCase() !== 'chunked') throw new BrokenReply('It is encoded in a way that nobody asked for.');
      head.chunked = true;
      return;
    case 'connection':
      if (value.toLowerCase() === 'close') head.restMs = 0;
      return;
    case 'keep-alive': {
      const seconds = /(?:^|[\s,])timeout=(\d{1,6})/i.exec(value)?.[1];
      if (seconds) head.restMs = Math.min(head.restMs, Math.max(0, Number(seconds) * 1_000 - HANG_UP_MARGIN_MS));
      return;
    }
    case 'cache-control':
      head.cacheControl = head.cacheControl === undefined ? value : `${head.cacheControl}, ${value}`;
  }
}

function parseChunkSize(line: string): number {
  const digits = /^([0-9a-f]{1,8})[ \t]*(?:;|$)/i.exec(line)?.[1];
  if (!digits) throw new BrokenReply('A chunk has no size.');
  return Number.parseInt(digits, 16);
}
