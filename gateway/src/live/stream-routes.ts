import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Result, ResultStream } from './live-operations.ts';

/** Balancers hang up on what is silent for a minute, many after half of it. */
const HEARTBEAT_MS = 12_000;

interface StreamFormat {
  contentType: string;
  start: string;
  item(result: Result): string;
  heartbeat: string;
  end: string;
}

/** graphql-sse, "distinct connections": one request, one operation, one stream. */
const SERVER_SENT_EVENTS: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  // Makes proxies and clients see at once that the stream is open.
  start: ':\n\n',
  item: (result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`,
  heartbeat: ':\n\n',
  end: 'event: complete\ndata:\n\n',
};

/** A part is whole for its reader when the next boundary is there, so each is sent together with it. */
const part = (json: unknown): string =>
  `\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(json)}\r\n--graphql`;
/** Apollo's subscriptions over multipart HTTP. */
const MULTIPART: StreamFormat = {
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"',
  start: '\r\n--graphql',
  item: (result) => part({ payload: result }),
  heartbeat: part({}),
  end: '--\r\n',
};

/** The stream that this request asks for, if any. */
export function streamFormatOf({ headers: { accept = '' } }: FastifyRequest): StreamFormat | undefined {
  if (accept.includes('text/event-stream')) return SERVER_SENT_EVENTS;
  return /multipart\/mixed[^,]*subscriptionSpec="?1\.0/i.test(accept) ? MULTIPART : undefined;
}

/** Sends result after result, no faster than the client reads, until one of both ends it. */
export async function sendStream(reply: FastifyReply, format: StreamFormat, results: ResultStream): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const gone = new AbortController();
  raw.once('close', () => {
    gone.abort();
    void results.return?.();
  });
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  raw.writeHead(200, {
    ...(Object.fromEntries(headers) as Record<string, string>),
    'content-type': format.contentType,
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  raw.write(format.start);
  const heartbeat = setInterval(() => raw.write(format.heartbeat), HEARTBEAT_MS);
  try {
    for await (const result of results) {
      if (gone.signal.aborted) return;
      if (!raw.write(format.item(result))) await once(raw, 'drain', { signal: gone.signal });
    }
    raw.end(format.end);
  } catch (error) {
    if (!gone.signal.aborted) raw.destroy(error as Error);
  } finally {
    clearInterval(heartbeat);
  }
}
