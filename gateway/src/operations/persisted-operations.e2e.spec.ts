import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { shop } from '../testing/shop.ts';
import { answerOf, TestGraph, type Answer } from '../testing/test-graph.ts';

const graph = new TestGraph(shop().all, { clientsPollMs: 50 });
const LISTED = 'query Club { programme }';
const OTHER = 'query Shoes { products { name } }';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const apollo = (...operations: string[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: operations.map((body) => ({ id: hash(body), name: 'X', type: 'query', body })),
});
const codegen = (...operations: string[]) =>
  Object.fromEntries(operations.map((body) => [`sha256:${hash(body)}`, body]));

const put = (name: string, json: unknown) => writeFile(join(dirname(graph.clientsPath), name), JSON.stringify(json));
const settle = () => sleep(250);

beforeAll(async () => {
  await graph.start();
  await put('apollo.json', apollo(LISTED));
  await put('codegen.json', codegen(LISTED));
  await put('clients.json', {
    otherwise: { mode: 'open' },
    clients: {
      app: { mode: 'safelist', manifests: { '1': 'apollo.json', '2': 'codegen.json' } },
      strict: { mode: 'safelist', requireId: true, manifests: { '1': 'apollo.json' } },
      shy: { mode: 'log', manifests: { '1': 'apollo.json' } },
    },
  });
  await settle();
});
afterAll(() => graph.stop());

const as = (name: string, version = '1') => ({
  'apollographql-client-name': name,
  'apollographql-client-version': version,
});
const get = async (params: Record<string, string>, headers: Record<string, string>) =>
  answerOf(
    await fetch(`${graph.url}/graphql?${new URLSearchParams(params).toString()}`, {
      headers: { 'apollo-require-preflight': '1', ...headers },
    }),
  );
const persisted = (id: string) => ({ persistedQuery: { version: 1, sha256Hash: id } });
const CLUB = { data: { programme: 'Braid club' } };
const verdict = ({ status, body }: Answer) => [status, body.errors?.[0]?.extensions.code];

describe.each([
  ["Apollo's manifest", '1'],
  ['a manifest of graphql-codegen', '2'],
])('a safelist from %s', (_format, version) => {
  it.each([
    ['documentId', { documentId: hash(LISTED) }],
    ['documentId with sha256:', { documentId: `sha256:${hash(LISTED)}` }],
    ['extensions.persistedQuery', { extensions: persisted(hash(LISTED)) }],
    ['the text itself', { query: LISTED }],
    ['the text with other spaces', { query: 'query Club {\n  programme # comment\n}' }],
  ])('executes a listed operation asked by %s', async (_how, body) => {
    expect((await graph.post(body, as('app', version))).body).toEqual(CLUB);
  });

  it('executes it by GET', async () => {
    expect((await get({ documentId: hash(LISTED) }, as('app', version))).body).toEqual(CLUB);
    const extensions = JSON.stringify(persisted(hash(LISTED)));
    expect((await get({ extensions }, as('app', version))).body).toEqual(CLUB);
  });
});

describe('a safelist refuses', () => {
  it.each([
    ['an id that is not listed', { documentId: hash(OTHER) }, 404, 'PERSISTED_QUERY_NOT_IN_LIST'],
    [
      'an automatic persisted query, without PersistedQueryNotFound, which would make the client send its text',
      { extensions: persisted(hash(OTHER)) },
      404,
      'PERSISTED_QUERY_NOT_IN_LIST',
    ],
    ['a text that is not listed', { query: OTHER }, 403, 'QUERY_NOT_IN_SAFELIST'],
    ['an id and a text', { query: LISTED, documentId: hash(LISTED) }, 400, 'CANNOT_SEND_PQ_ID_AND_BODY'],
    ['to register a text', { query: OTHER, extensions: persisted(hash(OTHER)) }, 400, 'CANNOT_SEND_PQ_ID_AND_BODY'],
    ['nothing at all', {}, 400, 'PERSISTED_QUERY_ID_REQUIRED'],
  ])('%s', async (_what, body, status, code) => {
    expect(verdict(await graph.post(body, as('app')))).toEqual([status, code]);
  });

  it('even a listed text, where the client must send ids', async () => {
    expect(verdict(await graph.post({ query: LISTED }, as('strict')))).toEqual([400, 'PERSISTED_QUERY_ID_REQUIRED']);
  });
  it('every operation of a version that has no manifest', async () => {
    expect(verdict(await graph.post({ documentId: hash(LISTED) }, as('app', '9')))).toEqual([
      404,
      'PERSISTED_QUERY_NOT_IN_LIST',
    ]);
  });
  it('one unlisted operation among the listed ones of a batch', async () => {
    expect(verdict(await graph.post([{ query: LISTED }, { query: OTHER }], as('app')))).toEqual([
      403,
      'QUERY_NOT_IN_SAFELIST',
    ]);
  });
});

it('executes and reports an unlisted operation in log mode', async () => {
  graph.logs.length = 0;
  expect((await graph.post({ query: OTHER }, as('shy'))).status).toBe(200);
  expect((await graph.post({ query: LISTED }, as('shy'))).body).toEqual(CLUB);
  expect(
    graph.logs.filter((line) => line.includes('not on the list')).map((line) => JSON.parse(line) as object),
  ).toEqual([expect.objectContaining({ id: hash(OTHER), client: { name: 'shy', version: '1' } })]);
});

it('writes down of a client that calls itself after somebody only that it does', async () => {
  graph.logs.length = 0;
  for (const version of ['maria.planted@example.com', '600123456'])
    expect((await graph.post({ query: OTHER }, as('shy', version))).status).toBe(200);
  const logged = graph.logs.filter((line) => line.includes('not on the list'));
  expect(logged).toHaveLength(2);
  for (const line of logged) expect(JSON.parse(line)).toMatchObject({ client: { name: 'shy', version: 'unnamable' } });
  expect(graph.logs.join('')).not.toMatch(/planted|600123456/);
});

describe('automatic persisted queries of a client in open mode', () => {
  it.each(['POST', 'GET'])('are asked for, sent and remembered by %s', async (method) => {
    const text = `query By${method} { programme }`;
    const extensions = persisted(hash(text));
    const send = (query?: string) =>
      method === 'POST'
        ? graph.post({ query, extensions })
        : get({ ...(query && { query }), extensions: JSON.stringify(extensions) }, {});
    expect((await send()).body.errors![0]!.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await send(text)).body).toEqual(CLUB);
    expect((await send()).body).toEqual(CLUB);
  });

  it('refuse a text under the hash of another one', async () => {
    const { status, body } = await graph.post({ query: LISTED, extensions: persisted(hash(OTHER)) });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions.code).toBe('PERSISTED_QUERY_HASH_MISMATCH');
  });

  it.each([
    ['another version', { version: 2, sha256Hash: hash(LISTED) }],
    ['no hash', { version: 1 }],
  ])('are refused as the mistake of the client, with %s', async (_what, persistedQuery) => {
    const { status, body } = await graph.post({ query: LISTED, extensions: { persistedQuery } });
    expect(status).toBe(400);
    expect(body.errors![0]!.extensions.code).toBe('BAD_REQUEST');
  });
});

describe('without a restart', () => {
  it('takes a new manifest, and keeps the old one where the new one cannot be used', async () => {
    expect((await graph.post({ documentId: hash(OTHER) }, as('app'))).status).toBe(404);
    await put('apollo.json', apollo(LISTED, OTHER));
    await settle();
    expect((await graph.post({ documentId: hash(OTHER) }, as('app'))).status).toBe(200);
    await put('apollo.json', { format: 'something else' });
    await settle();
    expect((await graph.post({ documentId: hash(OTHER) }, as('app'))).status).toBe(200);
    expect(graph.logs.some((line) => line.includes('the new list of clients is refused'))).toBe(true);
    await put('apollo.json', apollo(LISTED));
    await settle();
  });
});
