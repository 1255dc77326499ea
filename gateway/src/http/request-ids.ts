import { randomBytes } from 'node:crypto';
import { newId } from '@trenza/events';

/** What we pass on as a request id; anything else in the header is ignored rather than written to logs. */
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;
const TRACE_PARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

export const requestIdFrom = (header: unknown): string =>
  typeof header === 'string' && REQUEST_ID.test(header) ? header : newId();

/** The client's trace goes on as it is, for we add no span of our own unless tracing is on; without one a new trace begins here. */
export const traceparentFrom = (header: unknown): string =>
  typeof header === 'string' && TRACE_PARENT.test(header) ? header : `00-${randomHex(32)}-${randomHex(16)}-01`;

/** Asking for random bytes costs as much for 4 KB as for 16 bytes; ids of traces are no secrets that had to be fresh. */
const DRAWN_BYTES = 4_096;
let drawn = '';

function randomHex(digits: number): string {
  if (drawn.length < digits) drawn = randomBytes(DRAWN_BYTES).toString('hex');
  const taken = drawn.slice(-digits);
  drawn = drawn.slice(0, -digits);
  return taken;
}

export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);
