import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { graphClient, GraphRefusal, GraphUnreachable } from './graph-client.ts';

let server: Server;
let asked: { body: string; authorization: string | undefined }[];
let answers: { status?: number; body: unknown; headers?: Record<string, string> }[];

beforeEach(async () => {
  asked = [];
  answers = [];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      asked.push({ body: Buffer.concat(parts).toString(), authorization: request.headers.authorization });
      const { status = 200, body, headers = {} } = answers.length > 1 ? answers.shift()! : answers[0]!;
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;

it('sends the operation with the token and returns its data', async () => {
  answers = [{ body: { data: { stores: 3 } } }];
  const graph = graphClient(url(), 'secret');
  await expect(graph.ask('{ stores }', { a: 1 })).resolves.toEqual({ stores: 3 });
  expect(asked).toEqual([
    { body: JSON.stringify({ query: '{ stores }', variables: { a: 1 } }), authorization: 'Bearer secret' },
  ]);
  await graph.close();
});

it('asks again while a subgraph is away, and gets the answer', async () => {
  answers = [
    { status: 503, body: 'starting' },
    { body: { data: null, errors: [{ message: 'away', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] } },
    { body: { data: { ok: true } } },
  ];
  const graph = graphClient(url(), undefined);
  await expect(graph.ask('{ ok }')).resolves.toEqual({ ok: true });
  expect(asked).toHaveLength(3);
  await graph.close();
});

it('does not repeat what was refused', async () => {
  answers = [{ body: { errors: [{ message: 'Only staff.', extensions: { code: 'FORBIDDEN' } }] } }];
  const graph = graphClient(url(), undefined);
  await expect(graph.ask('{ ok }')).rejects.toThrow(
    new GraphRefusal([{ message: 'Only staff.', extensions: { code: 'FORBIDDEN' } }]),
  );
  expect(asked).toHaveLength(1);
  await graph.close();
});

it('gives up after its patience, naming the address', async () => {
  const gone = url();
  const graph = graphClient(gone.replace(/:\d+/, ':9'), undefined, 1, 300);
  await expect(graph.ask('{ ok }')).rejects.toThrow(GraphUnreachable);
  await expect(graph.ask('{ ok }')).rejects.toThrow('http://127.0.0.1:9/graphql does not answer');
  await graph.close();
});
