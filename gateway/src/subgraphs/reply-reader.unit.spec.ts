import fc from 'fast-check';
import { BrokenReply, type Reply, ReplyReader, ReplyTooLarge } from './reply-reader.ts';

const MOST_BYTES = 1_000_000;
const BODY = '{"data":{"name":"Zoë 🎈"}}';
const LENGTH = Buffer.byteLength(BODY);

/** Reads it as it comes in pieces cut at these places. */
function read(text: string | Buffer, cuts: readonly number[] = [], reader = new ReplyReader(MOST_BYTES)) {
  const bytes = Buffer.from(text);
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  const replies: Reply[] = [];
  for (let i = 1; i < at.length; i++) {
    const reply = at[i]! > at[i - 1]! ? reader.push(bytes.subarray(at[i - 1], at[i])) : undefined;
    if (reply) replies.push(reply);
  }
  return { replies, reader };
}

const withLength = (headers = ''): string => `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${LENGTH}\r\n\r\n${BODY}`;
const chunked = (sizes: readonly number[], trailers = ''): Buffer => {
  const parts: Buffer[] = [Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')];
  const body = Buffer.from(BODY);
  let from = 0;
  for (const size of [...sizes, body.length]) {
    const part = body.subarray(from, from + size);
    from += part.length;
    if (part.length > 0) parts.push(Buffer.from(`${part.length.toString(16)};note=1\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailers}\r\n`)]);
};
const pieces = fc.array(fc.nat(500), { maxLength: 8 });

describe('an answer is the same in whatever pieces it comes', () => {
  it('with a length', () => {
    fc.assert(
      fc.property(pieces, (cuts) => {
        expect(read(withLength(), cuts).replies).toMatchObject([{ status: 200, text: BODY }]);
      }),
    );
  });

  it('in chunks, with trailers or without', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 6 });
    fc.assert(
      fc.property(sizes, pieces, fc.constantFrom('', 'x-sum: 1\r\n'), (chunks, cuts, trailers) => {
        expect(read(chunked(chunks, trailers), cuts).replies).toMatchObject([{ status: 200, text: BODY }]);
      }),
    );
  });

  it('until the connection ends', () => {
    fc.assert(
      fc.property(pieces, (cuts) => {
        const { replies, reader } = read(`HTTP/1.1 200 OK\r\n\r\n${BODY}`, cuts);
        expect(replies).toEqual([]);
        expect(reader.end()).toMatchObject({ status: 200, text: BODY, restMs: 0 });
      }),
    );
  });

  it('after answers that only announce it', () => {
    fc.assert(
      fc.property(pieces, (cuts) => {
        expect(read(`HTTP/1.1 100 Continue\r\n\r\n${withLength()}`, cuts).replies).toMatchObject([{ text: BODY }]);
      }),
    );
  });
});

it('reads one answer after the other', () => {
  const { reader } = read(withLength());
  expect(read(chunked([3]), [], reader).replies).toMatchObject([{ text: BODY }]);
  expect(read(withLength('Cache-Control: public, max-age=5\r\n'), [], reader).replies).toMatchObject([
    { text: BODY, cacheControl: 'public, max-age=5' },
  ]);
});

it.each([
  ['', 30_000],
  ['Keep-Alive: timeout=5\r\n', 4_000],
  ['keep-alive: max=100, timeout=72\r\n', 30_000],
  ['Keep-Alive: timeout=1\r\n', 0],
  ['Connection: close\r\n', 0],
])('lets a connection rest as long as the server says: %j', (headers, restMs) => {
  expect(read(withLength(headers)).replies).toMatchObject([{ restMs }]);
});

it.each([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
  ['another HTTP', 'HTTP/2 200\r\n\r\n'],
  ['bytes after its end', `${withLength()}HTTP`],
  ['two lengths', withLength('content-length: 3\r\n')],
  ['a length and chunks', withLength('transfer-encoding: chunked\r\n')],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
  ['an encoding of its own', withLength('transfer-encoding: gzip, chunked\r\n')],
  ['a header without a name', withLength(': x\r\n')],
  ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'],
  ['a chunk that is longer than it says', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n'],
  ['headers without an end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`],
])('refuses %s', (_what, text) => {
  expect(() => read(text)).toThrow(BrokenReply);
});

it('never takes a part of an answer for the whole', () => {
  for (const text of [Buffer.from(withLength()), chunked([5, 7])])
    for (let length = 1; length < text.length; length++) {
      const { replies, reader } = read(text.subarray(0, length));
      expect(replies).toEqual([]);
      expect(() => reader.end()).toThrow(BrokenReply);
    }
});

it.each([
  ['with a length', `HTTP/1.1 200 OK\r\ncontent-length: 2000000\r\n\r\n${'x'.repeat(1_100_000)}`],
  ['in chunks', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'4\r\nabcd\r\n'.repeat(300_000)}`],
])('keeps no more than it may, %s', (_how, text) => {
  const cuts = Array.from({ length: 100 }, (_none, i) => i * 30_000);
  expect(() => read(text, cuts)).toThrow(ReplyTooLarge);
});
