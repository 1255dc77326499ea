import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, type GraphQLSchema, parse, validate } from 'graphql';

const { plugin } = jest.requireActual<{
  plugin: (schema: unknown, documents: { document: DocumentNode }[]) => string;
}>('./manifest-plugin.cjs');
const loadApiSchema = jest.requireActual<(path: string) => GraphQLSchema>('../../gateway/api-schema.cjs');

const folder = join(__dirname, 'operations');
const operations = readdirSync(folder)
  .toSorted()
  .map((file) => ({ file, document: parse(readFileSync(join(folder, file), 'utf8')) }));

it('is what the operations of the app make it; if not, run "npm run codegen"', () => {
  const committed = readFileSync(join(__dirname, 'persisted-query-manifest.json'), 'utf8');
  expect(JSON.parse(committed)).toEqual(JSON.parse(plugin(undefined, operations)));
});

describe('every operation of the app is answered by the graph', () => {
  const schema = loadApiSchema(join(__dirname, '..', '..', 'gateway', 'supergraph.graphql'));
  it.each(operations)('$file', ({ document }) => {
    expect(validate(schema, document).map((error) => error.message)).toEqual([]);
  });
});
