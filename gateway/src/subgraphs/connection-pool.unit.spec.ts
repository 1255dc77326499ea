import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { ConnectionPool, NoReplyInTime } from './connection-pool.ts';

const LONG_MS = 20_000;
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function serve(handle: Handler, most = 64) {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece) => (body += piece));
    request.on('end', () => handle(request, response, body));
  });
  let sockets = 0;
  server.on('connection', () => sockets++);
  const pool = await poolTo(server, most);
  return { pool, server, sockets: () => sockets };
}

async function poolTo(server: Server | TcpServer, most = 64): Promise<ConnectionPool> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const pool = new ConnectionPool(
    new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql?a=1`),
    most,
  );
  open.push(
    () => pool.close(),
    () => server.close(),
    () => 'closeAllConnections' in server && server.closeAllConnections(),
  );
  return pool;
}
const echo: Handler = ({ url, method, headers }, response, body) =>
  response.end(JSON.stringify({ url, method, own: headers['x-own'], host: headers.host, body }));

it('sends a request whole and reads its answer, over one kept connection', async () => {
  const { pool, sockets } = await serve(echo);
  for (const body of ['{"a":"Zoë"}', 'x'.repeat(300_000), '']) {
    const { status, text } = await pool.post('x-own: 1\r\n', body, LONG_MS);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ url: '/graphql?a=1', method: 'POST', own: '1', body });
  }
  expect(sockets()).toBe(1);
});

it('opens no more connections than it may, and answers everybody in turn with her own', async () => {
  const { pool, sockets } = await serve((_request, response, body) => setImmediate(() => response.end(body)), 3);
  const bodies = Array.from({ length: 200 }, (_none, i) => `body ${i}`);
  const replies = await Promise.all(bodies.map((body) => pool.post('', body, LONG_MS)));
  expect(replies.map(({ text }) => text)).toEqual(bodies);
  expect(sockets()).toBe(3);
});

it('gives up after its time and leaves the connection to nobody', async () => {
  let first = true;
  const { pool, sockets } = await serve((_request, response, body) => {
    if (first) first = false;
    else response.end(body);
  }, 1);
  const late = pool.post('', 'late', 100);
  const waiting = pool.post('', 'waiting', LONG_MS);
  await expect(late).rejects.toThrow(NoReplyInTime);
  expect((await waiting).text).toBe('waiting');
  expect(sockets()).toBe(2);
});

it('gives up one that never got a connection', async () => {
  const { pool } = await serve(() => undefined, 1);
  const hanging = pool.post('', 'hanging', LONG_MS);
  await expect(pool.post('', 'waiting', 100)).rejects.toThrow(NoReplyInTime);
  pool.close();
  await expect(hanging).rejects.toThrow('closed');
  await expect(pool.post('', 'after', LONG_MS)).rejects.toThrow('closed');
});

it('notices that a server has hung up while a connection rested, and opens another', async () => {
  const { pool, server, sockets } = await serve(echo);
  await pool.post('', 'one', LONG_MS);
  server.closeIdleConnections();
  let replies = 0;
  // Until the news has come, a request may still meet the old connection: that is an error, as it should be.
  while (replies === 0)
    replies += await pool.post('', 'two', LONG_MS).then(
      () => 1,
      () => 0,
    );
  expect(sockets()).toBe(2);
});

it('does not use a connection again of which the server says that it closes', async () => {
  const { pool, sockets } = await serve((_request, response) => response.setHeader('connection', 'close').end('x'));
  await pool.post('', 'one', LONG_MS);
  await pool.post('', 'two', LONG_MS);
  expect(sockets()).toBe(2);
});

it('drops a connection on which something comes that nobody asked for', async () => {
  const sockets: Socket[] = [];
  const pool = await poolTo(
    createTcpServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na'));
    }),
  );
  expect((await pool.post('', '', LONG_MS)).text).toBe('a');
  const dropped = once(sockets[0]!, 'close');
  sockets[0]!.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nb');
  await dropped;
  expect((await pool.post('', '', LONG_MS)).text).toBe('a');
  expect(sockets).toHaveLength(2);
});

it('says that nobody is there', async () => {
  const server = createTcpServer();
  const pool = await poolTo(server);
  server.close();
  await once(server, 'close');
  await expect(pool.post('', '', LONG_MS)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
