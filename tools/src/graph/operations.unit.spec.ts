import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema, parse, validate } from 'graphql';
import { READ_MARKER } from '../demo/load.ts';
import { CREATE_PROMOTION, RELEASE_PROMOTION } from '../demo/load-promotions.ts';
import { ADD_TO_CART, ANSWER } from '../demo/load-today.ts';
import { KIND_SPECS } from '../import/kinds.ts';
import { PRODUCT_IDS, STORE_ID } from '../import/references.ts';
import * as story from '../story/operations.ts';

const ROOT = join(__dirname, '..', '..', '..');
let schema: GraphQLSchema;
beforeAll(() => {
  // Join directives are for the gateway; everything else is what a client can ask.
  schema = buildSchema(readFileSync(join(ROOT, 'gateway', 'supergraph.graphql'), 'utf8'), { assumeValidSDL: true });
});

const customer = readFileSync(join(ROOT, 'tools', 'src', 'story', 'customer.graphql'), 'utf8');

it.each([
  ...Object.entries(KIND_SPECS).map(([kind, { document }]) => [`the import of ${kind}`, document] as const),
  ...Object.entries({ PRODUCT_IDS, STORE_ID, READ_MARKER, ADD_TO_CART, ANSWER, CREATE_PROMOTION, RELEASE_PROMOTION }),
  ...Object.entries(story).map(([name, text]) => [`the story: ${name}`, text] as const),
  ['the customer from all five subgraphs', customer] as const,
])('asks nothing that the graph does not offer: %s', (_, text) => {
  expect(validate(schema, parse(text)).map((error) => error.message)).toEqual([]);
});
