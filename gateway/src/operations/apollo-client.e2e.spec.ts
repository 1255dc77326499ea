import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { ClientAwarenessLink } from '@apollo/client/link/client-awareness';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import {
  ApolloClient as ApolloClient3,
  createHttpLink as createHttpLink3,
  InMemoryCache as InMemoryCache3,
} from 'apollo-client-3/core';
import { createPersistedQueryLink as createPersistedQueryLink3 } from 'apollo-client-3/link/persisted-queries';
import { type DocumentNode, parse } from 'graphql';
import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';

/** Made as the app's manifest is made, by the same plugin of graphql-codegen. */
const { plugin } = jest.requireActual<{
  plugin: (schema: unknown, documents: { document: DocumentNode }[]) => string;
}>('../../../clients/mobile/manifest-plugin.cjs');

const CLUB = parse('query Club { programme }');
const WHO = parse(
  'query Who($id: ID!) { customer(id: $id) { ...Name orders { id } } } fragment Name on Customer { name }',
);
const OTHER = parse('query Other { products { name } }');

const graph = new TestGraph(shop().all, { clientsPollMs: 50 });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

beforeAll(async () => {
  await graph.start();
  await writeFile(`${graph.clientsPath}.manifest`, plugin(undefined, [{ document: CLUB }, { document: WHO }]));
  await writeFile(
    graph.clientsPath,
    JSON.stringify({
      otherwise: { mode: 'open' },
      clients: { app: { mode: 'safelist', requireId: true, manifests: { '1.0.0': 'clients.json.manifest' } } },
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
});
afterAll(() => graph.stop());

interface Client {
  query(options: { query: DocumentNode; variables?: object; fetchPolicy: 'no-cache' }): Promise<{ data?: unknown }>;
}

/** Where the app only sends ids, a client that would send the text after PersistedQueryNotFound must never get that answer. */
function apolloClient4(name: string | undefined, uri: string, useGETForHashedQueries: boolean, sent: string[]): Client {
  const link = new PersistedQueryLink({ sha256, useGETForHashedQueries })
    .concat(new ClientAwarenessLink({ clientAwareness: { name, version: '1.0.0' } }))
    .concat(new HttpLink({ uri, fetch: recording(sent) }));
  return new ApolloClient({ link, cache: new InMemoryCache() }) as unknown as Client;
}

function apolloClient3(name: string | undefined, uri: string, useGETForHashedQueries: boolean, sent: string[]): Client {
  const headers: Record<string, string> = name
    ? { 'apollographql-client-name': name, 'apollographql-client-version': '1.0.0' }
    : {};
  const http = createHttpLink3({ uri, headers, fetch: recording(sent) });
  const link = createPersistedQueryLink3({ sha256, useGETForHashedQueries }).concat(http);
  return new ApolloClient3({ link, cache: new InMemoryCache3() });
}

const recording =
  (sent: string[]): typeof fetch =>
  (input, init) => {
    sent.push(`${init?.method} ${input as string} ${typeof init?.body === 'string' ? init.body : ''}`);
    return fetch(input, { ...init, headers: { ...(init?.headers as object), 'apollo-require-preflight': 'true' } });
  };

describe.each([
  ['Apollo Client 4', apolloClient4],
  ['Apollo Client 3', apolloClient3],
])('%s', (_name, create) => {
  describe.each([
    ['POST', false],
    ['GET', true],
  ])('by %s', (method, useGet) => {
    const ask = async (name: string | undefined, query: DocumentNode, variables?: object) => {
      const sent: string[] = [];
      const client = create(name, `${graph.url}/graphql`, useGet, sent);
      const result = await client.query({ query, variables, fetchPolicy: 'no-cache' }).then(
        ({ data }) => ({ data, error: undefined }),
        (error: unknown) => ({ data: undefined, error: String(error) }),
      );
      return { ...result, sent };
    };

    it('executes what is in the manifest of the app, by its id alone', async () => {
      const { data, sent } = await ask('app', WHO, { id: '1' });
      expect(data).toMatchObject({ customer: { name: 'Customer 1', orders: [{ id: 'o-1' }] } });
      expect(sent).toHaveLength(1);
      expect(sent[0]).toMatch(new RegExp(`^${method} `));
      expect(sent[0]).not.toContain('fragment');
    });

    it('refuses what is not, and does not make the app send its text', async () => {
      const { error, sent } = await ask('app', OTHER);
      expect(error).toContain('status code 404');
      expect(sent).toHaveLength(1);
    });

    it('registers the operations of other clients once', async () => {
      const query = parse(`query Own${method}${create.name} { programme }`);
      expect((await ask(undefined, query)).sent).toHaveLength(2);
      const { data, sent } = await ask(undefined, query);
      expect(data).toEqual({ programme: 'Braid club' });
      expect(sent).toHaveLength(1);
    });
  });
});
