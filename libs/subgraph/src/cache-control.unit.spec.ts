import { ACCESS } from '@trenza/auth';
import { buildSchema, isObjectType, parse } from 'graphql';
import { CACHE_CONTROL, keptSeconds, markKeeping } from './cache-control.ts';

const schema = buildSchema(`
  directive @key(fields: String!) on OBJECT
  ${CACHE_CONTROL}
  union _Entity = Product | Customer
  type Query {
    product(id: ID): Product
    products(first: Int): Page! @cacheControl(maxAge: 60)
    bestSellers: [Product!]!
    version: String
    _entities(representations: [String!]!): [_Entity]!
  }
  type Page { edges: [Edge!]! total: Int }
  type Edge { node: Product! cursor: String }
  type Product @key(fields: "id") @cacheControl(maxAge: 300) {
    id: ID! name: String media: [Media!]! price(channel: String): Int @cacheControl(maxAge: 30)
    available: Int @cacheControl(maxAge: 0) near(km: Int): Int buyers: [Customer!]! margin: Int
  }
  type Media { url: String }
  type Customer @key(fields: "id") { id: ID! name: String favourite: Product }
`);
const product = schema.getType('Product');
if (isObjectType(product)) product.getFields()['margin']!.extensions = { [ACCESS]: { roles: ['admin'] } };
markKeeping(schema, schema);

const seconds = (query: string): number => keptSeconds(schema, parse(query));

it.each([
  ['as long as its type says', 300, '{ product(id: "1") { __typename id name media { url } } }'],
  ['as long as the field says that begins it', 60, '{ products(first: 3) { total edges { cursor node { name } } } }'],
  ['as long as the part that ages fastest', 30, '{ product { name price(channel: "web") } products { total } }'],
  ['wherever that part stands', 30, 'query Q { bestSellers { ...All } } fragment All on Product { name price }'],
  ['as an entity, as long as its type says', 300, '{ _entities(representations: []) { ... on Product { name } } }'],
])('is kept %s', (_how, expected, query) => {
  expect(seconds(query)).toBe(expected);
});

it.each([
  ['that begins with a field that says nothing', '{ version }'],
  ['with a part that says so', '{ product { available } }'],
  ['with a field whose arguments may mean anything', '{ product { near(km: 1) } }'],
  ['with something that not everybody may ask for', '{ product { margin } }'],
  ['about an entity that says nothing', '{ product { buyers { id } } }'],
  ['to one', '{ _entities(representations: []) { ... on Customer { name } } }'],
  ['to one, through what may be kept', '{ _entities(representations: []) { ... on Customer { favourite { name } } } }'],
  ['about the schema', '{ __schema { types { name } } }'],
])('is not kept: an answer %s', (_what, query) => {
  expect(seconds(query)).toBe(0);
});
