import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROLES, type Caller, type Role } from '@trenza/auth';
import { PRODUCERS } from '@trenza/events';
import type { Context, SubgraphDefinition, SubgraphSchema } from '@trenza/subgraph';
import type { GraphQLInputType, GraphQLObjectType } from 'graphql';

/**
 * Asks for every guarded field of every subgraph in every role, about oneself and about somebody else, and compares with the table
 * that is committed and read by people: docs/authorisation.md. A field without a rule does not even build.
 */
const root = join(__dirname, '..', '..');
const OWN = '01890000-0000-7000-8000-000000000001';
const OTHER = '01890000-0000-7000-8000-000000000002';

type Cell = 'yes' | 'herself' | 'her store' | 'she serves' | '–';
const servesOwn = (customerId: string): Promise<boolean> => Promise.resolve(customerId === OWN);
const committed = readTable(readFileSync(join(root, 'docs', 'authorisation.md'), 'utf8'));

describe.each(PRODUCERS)('%s', (name) => {
  const subgraph = load(name);
  const { guarded } = subgraph;
  const expected = committed.get(name) ?? new Map<string, Cell[]>();

  it('has a line in the table for each field with a rule, and none for fields that are gone', () => {
    expect([...expected.keys()].toSorted()).toEqual(guarded.map(({ coordinate }) => coordinate).toSorted());
  });

  it.each(guarded.map(({ coordinate }) => coordinate))('%s', async (coordinate) => {
    const callers = ['anonymous', ...ROLES] as const;
    const observed = await Promise.all(callers.map((role) => observe(subgraph, coordinate, role)));
    expect(Object.fromEntries(callers.map((role, i) => [role, observed[i]]))).toEqual(
      Object.fromEntries(callers.map((role, i) => [role, expected.get(coordinate)?.[i]])),
    );
  });
});

it('holds root fields and what hangs on customers and stores in every subgraph', () => {
  const coordinates = [...committed.values()].flatMap((fields) => [...fields.keys()]);
  expect(coordinates.length).toBeGreaterThan(100);
  for (const type of ['Query', 'Mutation', 'Customer', 'Store'])
    expect(coordinates.filter((coordinate) => coordinate.startsWith(`${type}.`))).not.toHaveLength(0);
});

interface Loaded extends SubgraphSchema {
  graphql: typeof import('graphql');
}

/** type-graphql keeps what decorators say in one global place: each subgraph gets a fresh one, and fresh modules. */
function load(name: string): Loaded {
  delete (globalThis as { TypeGraphQLMetadataStorage?: unknown }).TypeGraphQLMetadataStorage;
  let loaded: Loaded | undefined;
  jest.isolateModules(() => {
    const { buildSubgraph } = require('@trenza/subgraph') as typeof import('@trenza/subgraph');
    const file = join(root, 'subgraphs', name, 'src', `${name}.ts`);
    const definition = (require(file) as Record<string, SubgraphDefinition>)[name]!;
    // Types know only the graphql module that they were built with.
    const withoutDatabase = { ...definition, ...(definition.serves && { serves: servesOwn }) };
    loaded = { ...buildSubgraph(withoutDatabase), graphql: require('graphql') as Loaded['graphql'] };
  });
  return loaded!;
}

async function observe(subgraph: Loaded, coordinate: string, role: Role | 'anonymous'): Promise<Cell> {
  const caller: Caller = {
    role,
    subject: 'someone',
    stores: role === 'associate' ? [OWN] : [],
    ...(role === 'customer' && { profileId: OWN }),
  };
  const aboutOther = await isAdmitted(subgraph, coordinate, caller, OTHER);
  const aboutOwn = await isAdmitted(subgraph, coordinate, caller, OWN);
  if (aboutOther) return aboutOwn ? 'yes' : '–';
  if (!aboutOwn) return '–';
  if (role === 'customer') return 'herself';
  const access = subgraph.guarded.find((field) => field.coordinate === coordinate)!.access;
  return access !== 'anyone' && access.served ? 'she serves' : 'her store';
}

/** Whether the rule lets the resolver begin. What the resolver then does without a database is no matter here. */
async function isAdmitted(
  { schema, graphql }: Loaded,
  coordinate: string,
  caller: Caller,
  id: string,
): Promise<boolean> {
  const [typeName, fieldName] = coordinate.split('.') as [string, string];
  const field = (schema.getType(typeName) as GraphQLObjectType).getFields()[fieldName]!;
  const args = Object.fromEntries(field.args.map((arg) => [arg.name, exampleOf(graphql, arg.type, id)]));
  const parent = { id, customerId: id, profileId: id, storeId: id, placeId: id };
  try {
    await field.resolve!(parent, args, contextOf(caller), { fieldName, schema } as never);
    return true;
  } catch (error) {
    return !isRefusal(error, coordinate);
  }
}

function isRefusal(error: unknown, coordinate: string): boolean {
  if (!(error instanceof Error) || !('extensions' in error)) return false;
  const { code } = (error as { extensions: { code?: unknown } }).extensions;
  return (code === 'FORBIDDEN' || code === 'UNAUTHENTICATED') && error.message.includes(coordinate);
}

/** A value of an argument's type in which every id is the one given. */
function exampleOf(graphql: Loaded['graphql'], type: GraphQLInputType, id: string, depth = 0): unknown {
  if (graphql.isNonNullType(type)) return exampleOf(graphql, type.ofType, id, depth);
  if (graphql.isListType(type)) return [exampleOf(graphql, type.ofType, id, depth)];
  if (graphql.isEnumType(type)) return type.getValues()[0]!.value as unknown;
  if (graphql.isInputObjectType(type)) {
    if (depth > 5) return undefined;
    const fields = Object.values(type.getFields());
    return Object.fromEntries(fields.map((field) => [field.name, exampleOf(graphql, field.type, id, depth + 1)]));
  }
  switch (graphql.getNamedType(type).name) {
    case 'ID':
    case 'String':
      return id;
    case 'Boolean':
      return true;
    case 'DateTime':
      return new Date(0);
    case 'JSON':
    case 'JSONObject':
      return {};
    default:
      return 1;
  }
}

/** No database behind it: whoever gets so far was let in. Ids are customers of their own. */
function contextOf(caller: Caller): Context {
  const nothing: unknown = new Proxy(() => undefined, {
    get: () => {
      throw new Error('The resolver was reached.');
    },
  });
  return {
    caller,
    requestId: 'authorisation',
    now: () => new Date(0),
    clock: { now: () => new Date(0) },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    load: (_batch: unknown, key: unknown) => Promise.resolve(key),
    database: nothing,
    keys: nothing,
  } as unknown as Context;
}

function readTable(text: string): Map<string, Map<string, Cell[]>> {
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const name = section.slice(0, section.indexOf('\n')).trim();
      const lines = section.split('\n').filter((line) => line.startsWith('| `'));
      const rows = lines.map((line) => {
        const [coordinate, ...cells] = line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim());
        return [coordinate!.replaceAll('`', ''), cells as Cell[]] as const;
      });
      return [name, new Map(rows)] as const;
    }),
  );
}
