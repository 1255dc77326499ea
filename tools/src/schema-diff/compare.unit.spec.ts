import { buildSchema } from 'graphql';
import { brokenOperations, compare } from './compare.ts';

const before = buildSchema(
  'type Query { customer(id: ID!): Customer } type Customer { id: ID! name: String } enum Channel { WEB APP }',
);
const after = (sdl: string) => buildSchema(sdl);

it('calls a field that is gone, or an argument that is now required, breaking', () => {
  const { breaking } = compare(
    before,
    after('type Query { customer(id: ID!, at: String!): Customer } type Customer { id: ID! } enum Channel { WEB APP }'),
  );
  expect(breaking).toEqual(['A required arg at on Query.customer was added.', 'Customer.name was removed.']);
});

it('calls a new value of an enum dangerous', () => {
  const { dangerous, breaking } = compare(
    before,
    after(
      'type Query { customer(id: ID!): Customer } type Customer { id: ID! name: String } enum Channel { WEB APP TILL }',
    ),
  );
  expect({ dangerous, breaking }).toEqual({ dangerous: ['TILL was added to enum type Channel.'], breaking: [] });
});

it('calls new types and fields safe', () => {
  const { safe, breaking, dangerous } = compare(
    before,
    after(
      'type Query { customer(id: ID!): Customer } type Customer { id: ID! name: String points: Points } type Points { n: Int } enum Channel { WEB APP }',
    ),
  );
  expect({ safe, breaking, dangerous }).toEqual({
    safe: ['Points was added.', 'Customer.points was added.'],
    breaking: [],
    dangerous: [],
  });
});

it('names the listed operations that the new schema does not answer any more', () => {
  const text = 'query Name { customer(id: 1) { name } }';
  const listed = [
    { client: 'app', version: '1', name: 'Name', text },
    { client: 'app', version: '1', name: 'Id', text: 'query Id { customer(id: 1) { id } }' },
  ];
  const broken = brokenOperations(
    after('type Query { customer(id: ID!): Customer } type Customer { id: ID! }'),
    listed,
  );
  expect(broken).toEqual([
    { client: 'app', version: '1', name: 'Name', why: ['Cannot query field "name" on type "Customer".'] },
  ]);
});
