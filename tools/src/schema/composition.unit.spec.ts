import { compose, CompositionFailed } from './composition.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
const subgraph = (name: string, sdl: string) => ({ name, url: `http://127.0.0.1/${name}`, sdl: `${LINK}\n${sdl}` });
const failure = (...subgraphs: Parameters<typeof compose>[0]): CompositionFailed => {
  try {
    compose(subgraphs);
  } catch (error) {
    return error as CompositionFailed;
  }
  throw new Error('These subgraphs compose.');
};

it('composes subgraphs that extend one entity', () => {
  const sdl = compose([
    subgraph('a', 'type Customer @key(fields: "id") { id: ID! name: String } type Query { customer: Customer }'),
    subgraph('b', 'type Customer @key(fields: "id") { id: ID! points: Int }'),
  ]);
  expect(sdl).toContain('points: Int @join__field(graph: B)');
});

it('names the field, the code and the lines where two subgraphs claim the same field', () => {
  const { problems } = failure(
    subgraph('a', 'type Query { products: Int }'),
    subgraph('b', 'type Query { products: Int }'),
  );
  expect(problems).toEqual([
    expect.stringContaining(
      'INVALID_FIELD_SHARING: Non-shareable field "Query.products" is resolved from multiple subgraphs',
    ),
  ]);
  expect(problems[0]).toContain('subgraphs/a/schema.graphql:2');
  expect(problems[0]).toContain('subgraphs/b/schema.graphql:2');
});

it('names the subgraph whose schema cannot be read', () => {
  const { problems } = failure(subgraph('a', 'type Query {'));
  expect(problems[0]).toContain('[a] Syntax Error');
});
