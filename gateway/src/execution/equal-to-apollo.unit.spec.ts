import { createHash } from 'node:crypto';
import { composeServices } from '@apollo/composition';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import { QueryPlanner } from '@apollo/query-planner';
import { buildSubgraphSchema } from '@apollo/subgraph';
import fc from 'fast-check';
import { graphql, type GraphQLFormattedError, parse, validate } from 'graphql';
import { Generation, hashOf, type RequestContext } from '../graph/generation.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable", "@external", "@requires", "@interfaceObject"])';

interface Reference {
  id: string;
  __typename?: string;
  weight?: number;
}
const KINDS = ['Book', 'Film'];
const media = (n: number) => ({ __typename: KINDS[n % 2], id: String(n % 3), title: `Title ${n % 3}` });
const brand = (n: number) => ({ __typename: 'Brand', id: String(n % 2) });

/** Everything that plans are made of: unions, interfaces, lists of lists, `@requires`, an interface object, entities that repeat. */
const SUBGRAPHS = [
  {
    name: 'a',
    sdl: `${LINK}
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String weight: Int pages: Int! brand: Brand }
      type Film implements Media @key(fields: "id") { id: ID! title: String weight: Int minutes: Float brand: Brand! }
      type Brand @key(fields: "id") { id: ID! }
      union Thing = Book | Film | Brand
      enum Colour { RED BLUE }
      type Query { media: [Media!]! things(first: Int = 3): [Thing] grid: [[Brand!]!] colour: Colour flag: Boolean! book: Book }
      type Mutation { touch(id: ID!): Media }`,
    resolvers: {
      Query: {
        media: () => [0, 1, 2, 3, 4].map(media),
        things: (_: unknown, { first }: { first: number }) =>
          [media(0), brand(1), media(1), media(0), brand(1)].slice(0, first),
        grid: () => [[brand(0), brand(1)], [brand(0)], []],
        colour: () => 'RED',
        flag: () => true,
        book: () => media(0),
      },
      Mutation: { touch: (_: unknown, { id }: Reference) => media(Number(id)) },
      Book: { pages: ({ id }: Reference) => Number(id) + 100, weight: () => 7, brand: () => brand(0) },
      Film: { minutes: () => 90.5, weight: () => 8, brand: ({ id }: Reference) => brand(Number(id)) },
      Media: { __resolveReference: ({ id }: Reference) => media(Number(id)) },
    },
  },
  {
    name: 'b',
    sdl: `${LINK}
      type Book @key(fields: "id") { id: ID! weight: Int @external postage: Int @requires(fields: "weight") author: Person! }
      type Brand @key(fields: "id") { id: ID! name: String! owner: Person tags: [String] }
      type Person @key(fields: "id") { id: ID! name: String! friends: [Person!] }
      type Query { person: Person }`,
    resolvers: {
      Query: { person: () => ({ id: '1' }) },
      Book: { postage: ({ weight }: Reference) => (weight ?? 0) * 2, author: ({ id }: Reference) => ({ id }) },
      Brand: {
        name: ({ id }: Reference) => `Brand ${id}`,
        owner: ({ id }: Reference) => ({ id }),
        tags: () => ['x', null],
      },
      Person: {
        name: ({ id }: Reference) => `Person ${id}`,
        friends: ({ id }: Reference) => [{ id: String(Number(id) + 1) }, { id: '1' }],
      },
    },
  },
  {
    name: 'c',
    sdl: `${LINK}
      type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int! note: String }
      type Person @key(fields: "id") { id: ID! age: Int seen: [Media!] }
      type Query { best: Media }`,
    resolvers: {
      Query: { best: () => ({ id: '1' }) },
      Media: { stars: ({ id }: Reference) => Number(id), note: ({ id }: Reference) => `Note ${id}` },
      Person: { age: ({ id }: Reference) => Number(id) * 10, seen: () => [{ id: '0' }, { id: '1' }, { id: '0' }] },
    },
  },
];

const OPERATIONS = [
  '{ flag colour book { id title pages } }',
  '{ media { id title stars } }',
  '{ media { ... on Book { postage author { name age } } ... on Film { minutes brand { name } } note } }',
  '{ things { __typename ... on Book { id author { id } } ... on Brand { name tags owner { name age } } } }',
  '{ t: things(first: 5) { kind: __typename ... on Media { title stars } ... on Film { title brand { id name } } } }',
  '{ grid { id name owner { friends { age friends { name } } } } }',
  '{ best { __typename title stars ... on Book { weight postage } } }',
  '{ person { name friends { seen { title ... on Film { brand { name } } } } } }',
  'query($s: Boolean! = false, $i: Boolean! = true) { flag @skip(if: $s) media @include(if: $i) { id stars @skip(if: $s) } }',
  'query($n: Int) { things(first: $n) { ...T } } fragment T on Thing { ... on Book { brand { ...B } } ... on Film { of: brand { ...B } } } fragment B on Brand { id name again: name }',
  '{ book { ...One ...Two } } fragment One on Book { author { name } brand { id } } fragment Two on Book { author { age } brand { name } }',
  'mutation { touch(id: 1) { title note } more: touch(id: 0) { stars } }',
  '{ __schema { queryType { name } } flag }',
  '{ __typename constructor: flag book { toString: title __proto__: id } }',
];
const VARIABLES = [{}, { s: true, n: 5 }, { i: false, n: 2 }, { s: false, i: true, n: null }];

const { supergraphSdl } = composeServices(
  SUBGRAPHS.map(({ name, sdl }) => ({ name, url: `http://${name}.test`, typeDefs: parse(sdl) })),
);
type Spoil = (value: unknown, where: string) => unknown;
interface Trouble {
  spoil: Spoil;
  /** Whether the field of this entity is to fail with an error of its own. */
  fails: (where: string) => boolean;
}
let trouble: Trouble;

const schemas = new Map(
  SUBGRAPHS.map(({ name, sdl, resolvers }) => [
    name,
    buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]),
  ]),
);

/** The same trouble for the same entity, however many others are asked for with it. */
const service = (name: string): GraphQLDataSource => ({
  async process({ request }) {
    const { query = '', variables } = request;
    const answer = await graphql({ schema: schemas.get(name)!, source: query, variableValues: variables });
    const data = JSON.parse(JSON.stringify(answer.data ?? null)) as Record<string, unknown> | null;
    const errors: GraphQLFormattedError[] = (answer.errors ?? []).map((error) => error.toJSON());
    if (!data) return { data, errors };
    const asked = variables?.representations as unknown[] | undefined;
    const entities = data['_entities'] as unknown[] | undefined;
    if (!asked || !entities) return { data: deep(data, query) as typeof data };
    data['_entities'] = entities.map((entity, index) => {
      const where = `${query} ${JSON.stringify(asked[index])}`;
      if (!trouble.fails(where)) return deep(entity, where, true);
      errors.push({ message: `No ${where.length}`, path: ['_entities', index, 'x'], extensions: { code: 'LOST' } });
      return null;
    });
    return { data, errors: errors.length > 0 ? errors : undefined };
  },
});

function deep(value: unknown, where: string, top = false): unknown {
  const spoiled = top ? value : trouble.spoil(value, where);
  if (Array.isArray(spoiled)) return spoiled.map((item, index) => deep(item, `${where}.${index}`));
  if (typeof spoiled !== 'object' || spoiled === null) return spoiled;
  const entries = Object.entries(spoiled).map(([key, item]) => [key, deep(item, `${where}.${key}`)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

const supergraph = Supergraph.build(supergraphSdl!);
const planner = new QueryPlanner(supergraph);
const apiSchema = supergraph.apiSchema();
const generation = new Generation(supergraphSdl!, ({ name }) => service(name));
const services = Object.fromEntries(SUBGRAPHS.map(({ name }) => [name, service(name)]));

const requestOf = (text: string, variables: object) =>
  ({
    request: { query: text, variables },
    document: parse(text),
    queryHash: hashOf(text),
    schema: generation.schema,
    metrics: {},
    context: {},
    logger: console,
  }) as unknown as RequestContext;

async function byApollo(text: string, variables: object): Promise<string> {
  const request = requestOf(text, variables);
  const plan = planner.buildQueryPlan(operationFromDocument(apiSchema, request.document));
  const context = buildOperationContext({ schema: generation.schema, operationDocument: request.document });
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  return answerOf(executeQueryPlan(plan, services, request, context, supergraphSchema, apiSchema, {}));
}

const byOurs = (text: string, variables: object): Promise<string> =>
  answerOf(generation.execute(requestOf(text, variables)));

/** The bytes of an answer; of an execution that broke only that it did. */
const answerOf = (execution: Promise<object>): Promise<string> =>
  execution.then(
    (answer) => JSON.stringify(answer),
    () => 'broken',
  );

/**
 * @apollo/gateway takes the place of an error from the wrong entity where others at the same path had no part in the fetch; ours
 * names the right one, so that such paths are compared without their indexes.
 */
const withoutIndexes = (answer: string): string =>
  answer.replace(/"path":\[[^\]]*\]/g, (path) => path.replace(/(?<=[[,])\d+(?=[,\]])/g, '"@"'));

/** A text where an object should be breaks off the merging of a fetch; how far it had come depends on how often an entity was asked for. */
const brokeOff = (answer: string): boolean => /"errors":\[(.*,)?\{\}/.test(answer);

const chance = (seed: number, where: string): number =>
  createHash('sha256').update(`${seed} ${where}`).digest().readUInt32BE() / 2 ** 32;
const SPOILED = [
  null,
  undefined,
  'text',
  7,
  1.5,
  true,
  [],
  [null],
  {},
  { __typename: 'Nothing' },
  { __typename: 'Film' },
];
const nothingSpoiled: Spoil = (value) => value;

const cases = fc.record({
  text: fc.constantFrom(...OPERATIONS),
  variables: fc.constantFrom(...VARIABLES),
  seed: fc.nat(),
  share: fc.constantFrom(0.02, 0.1, 0.3),
});

it('knows only operations that are valid', () => {
  expect(OPERATIONS.flatMap((text) => validate(generation.schema, parse(text)))).toEqual([]);
});

it.each(OPERATIONS)('answers to the byte what the executor of @apollo/gateway answers: %s', async (text) => {
  trouble = { spoil: nothingSpoiled, fails: () => false };
  for (const variables of VARIABLES) {
    const ours = await byOurs(text, variables);
    expect(ours).toBe(await byApollo(text, variables));
    expect(ours).toContain('"data":{');
  }
});

it('answers the same to data that is not as the schema promises', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ text, variables, seed, share }) => {
      const spoil: Spoil = (value, where) => {
        const drawn = chance(seed, where);
        return drawn < share ? SPOILED[Math.floor((drawn / share) * SPOILED.length)] : value;
      };
      trouble = { spoil, fails: () => false };
      const [ours, apollos] = [await byOurs(text, variables), await byApollo(text, variables)];
      expect(brokeOff(ours)).toBe(brokeOff(apollos));
      if (!brokeOff(apollos)) expect(withoutIndexes(ours)).toBe(withoutIndexes(apollos));
    }),
    { numRuns: 150 },
  );
});

it('places the errors of entities the same, however often an entity occurs', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ text, variables, seed, share }) => {
      trouble = { spoil: nothingSpoiled, fails: (where) => chance(seed, where) < share };
      const compared = text.includes('... on') ? withoutIndexes : (answer: string) => answer;
      expect(compared(await byOurs(text, variables))).toBe(compared(await byApollo(text, variables)));
    }),
    { numRuns: 150 },
  );
});

it('names the entity that is lost where others at the same path had no part in the fetch', async () => {
  trouble = { spoil: nothingSpoiled, fails: (where) => where.includes('"Brand","id":"1"') };
  const { errors } = JSON.parse(await byOurs('{ things(first: 5) { ... on Brand { name } } }', {})) as {
    errors: GraphQLFormattedError[];
  };
  expect(errors.map(({ path }) => path)).toEqual([
    ['things', 1, 'x'],
    ['things', 4, 'x'],
  ]);
});

it('asks once for an entity that occurs many times', async () => {
  const asked: unknown[] = [];
  trouble = {
    spoil: nothingSpoiled,
    fails: (where) => {
      asked.push(where.slice(where.lastIndexOf('{')));
      return false;
    },
  };
  await byOurs('{ grid { name } }', {});
  expect(asked).toEqual(['{"__typename":"Brand","id":"0"}', '{"__typename":"Brand","id":"1"}']);
});
