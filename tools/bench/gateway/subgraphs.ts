import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, type GraphQLFieldResolver, type GraphQLTypeResolver, parse } from 'graphql';
import { invented, inventedType } from './invented-values.ts';

/**
 * Subgraphs in one process, for whatever gateway is measured: five small ones, or ours by their real schemas with invented values. The same
 * request is computed once and then answered from memory, so that what is measured is the gateway and not what is behind it.
 * `/hang?=on` makes one of them silent.
 */
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])';

interface Reference {
  id: string;
}
const item = (id: string) => ({ id, title: `Item ${id}`, brand: `Brand ${Number(id) % 7}` });

interface Subgraph {
  sdl: string;
  resolvers?: Record<string, Record<string, unknown>>;
  /** For fields that have no resolver of their own. */
  fieldResolver?: GraphQLFieldResolver<unknown, unknown>;
  typeResolver?: GraphQLTypeResolver<unknown, unknown>;
}

const SMALL: Record<string, Subgraph> = {
  catalogue: {
    sdl: `${LINK} type Query { items(group: Int! = 1, first: Int! = 5): [Item!]! } type Item @key(fields: "id") { id: ID! title: String! brand: String! }`,
    resolvers: {
      Query: {
        items: (_: unknown, { group, first }: { group: number; first: number }) =>
          Array.from({ length: first }, (_none, index) => item(String(group * 1_000 + index))),
      },
    },
  },
  pricing: {
    sdl: `${LINK} type Item @key(fields: "id") { id: ID! price: Price! } type Price { amount: Int! currency: String! }`,
    resolvers: {
      Item: { price: ({ id }: Reference) => ({ amount: Number(id) * 10 + 99, currency: 'EUR' }) },
    },
  },
  stock: {
    sdl: `${LINK} type Item @key(fields: "id") { id: ID! stock: Int }`,
    resolvers: { Item: { stock: ({ id }: Reference) => Number(id) % 50 } },
  },
  reviews: {
    sdl: `${LINK} type Item @key(fields: "id") { id: ID! reviews: [Review!] } type Review { id: ID! rating: Int! text: String! author: Person! } type Person @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: {
      Item: {
        reviews: ({ id }: Reference) =>
          [1, 2, 3].map((n) => ({
            id: `${id}-${n}`,
            rating: (Number(id) + n) % 6,
            text: `What customer ${n} thinks of item ${id}, in so many words as people use for it.`,
            author: { id: String((Number(id) + n) % 20) },
          })),
      },
    },
  },
  people: {
    sdl: `${LINK} type Person @key(fields: "id") { id: ID! name: String! }`,
    resolvers: { Person: { name: ({ id }: Reference) => `Person ${id}` } },
  },
};

const ROOT = join(__dirname, '..', '..', '..');
const REAL: Record<string, Subgraph> = Object.fromEntries(
  ['identity', 'loyalty', 'inventory', 'campaign', 'feedback'].map((name) => [
    name,
    {
      sdl: readFileSync(join(ROOT, 'subgraphs', name, 'schema.graphql'), 'utf8'),
      fieldResolver: invented,
      typeResolver: inventedType,
    },
  ]),
);

export const SETS = { small: SMALL, real: REAL };
export type SetName = keyof typeof SETS;
export const portOf = (set: SetName, name: string, first: number): number =>
  first + Object.keys(SETS[set]).indexOf(name);

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function serve({ sdl, resolvers, fieldResolver, typeResolver }: Subgraph, port: number): void {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  const answers = new Map<string, Buffer>();
  let hanging = false;

  const answer = async (body: string): Promise<Buffer> => {
    const { query, variables, operationName } = JSON.parse(body) as {
      query: string;
      variables?: Record<string, unknown>;
      operationName?: string;
    };
    const request = { source: query, variableValues: variables, operationName };
    const result = await graphql({ schema, ...request, fieldResolver, typeResolver });
    if (result.errors) throw new Error(`A subgraph of the benchmark failed: ${result.errors.join(' ')}\n${query}`);
    return Buffer.from(JSON.stringify(result));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.startsWith('/hang')) {
      hanging = request.url.endsWith('=on');
      response.end();
      return;
    }
    const body = await read(request);
    if (hanging) return;
    let known = answers.get(body);
    if (!known) {
      known = await answer(body);
      // Distinct queries must not be remembered without end.
      if (answers.size < 1_000) answers.set(body, known);
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': known.length });
    response.end(known);
  };
  const server = createServer((request, response) => void handle(request, response));
  server.keepAliveTimeout = 72_000;
  server.listen(port, '127.0.0.1');
}

if (require.main === module) {
  const [first, set] = [Number(process.argv[2]), process.argv[3] as SetName];
  for (const [name, subgraph] of Object.entries(SETS[set])) serve(subgraph, portOf(set, name, first));
}
