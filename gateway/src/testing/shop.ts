import { GraphQLError } from 'graphql';
import { TestSubgraph } from './test-subgraph.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable"])`;

/** A customer whom nobody may see, and one who does not exist. */
export const STRANGER = '01890000-0000-7000-8000-0000000000ff';
export const NOBODY = '01890000-0000-7000-8000-0000000000fe';

interface Reference {
  id: string;
}

/** Three small subgraphs that share a customer: who she is, what she bought, which points she has. */
export function shop() {
  const people = new TestSubgraph(
    'people',
    `${LINK}
    type Customer @key(fields: "id") { id: ID! name: String }
    type Query { customer(id: ID!): Customer customers(first: Int): [Customer!]! callerClaims: String broken: String }
    type Mutation { rename(id: ID!, name: String!): Customer }`,
    {
      Query: {
        customer: (_: unknown, { id }: Reference) => {
          if (id === STRANGER)
            throw new GraphQLError('You may not ask for Query.customer here.', { extensions: { code: 'FORBIDDEN' } });
          return id === NOBODY ? null : { id, name: `Customer ${id}` };
        },
        customers: (_: unknown, { first = 3 }: { first?: number }) =>
          Array.from({ length: first }, (_none, index) => ({ id: String(index + 1), name: `Customer ${index + 1}` })),
        callerClaims: (_: unknown, __: unknown, context: { headers: { authorization?: string } }) =>
          Buffer.from(context.headers.authorization?.split('.')[1] ?? '', 'base64url').toString(),
      },
      Mutation: { rename: (_: unknown, { id, name }: Reference & { name: string }) => ({ id, name }) },
      Customer: { __resolveReference: ({ id }: Reference) => ({ id, name: `Customer ${id}` }) },
    },
  );
  const orders = new TestSubgraph(
    'orders',
    `${LINK}
    type Customer @key(fields: "id") { id: ID! orders: [Order!]  lastOrder: Order }
    type Order { id: ID! total: Int }
    type Store @key(fields: "id") { id: ID! name: String }
    type Product { id: ID! name: String }
    type Query { products: [Product!] }
    type Mutation { placeOrder(customerId: ID!): Order }`,
    {
      Query: { products: () => [{ id: 'p1', name: 'Shoe' }] },
      Store: { __resolveReference: ({ id }: Reference) => ({ id, name: `Store ${id}` }) },
      Mutation: { placeOrder: () => ({ id: 'o9', total: 1 }) },
      Customer: {
        __resolveReference: ({ id }: Reference) => ({ id }),
        orders: ({ id }: Reference) => [{ id: `o-${id}`, total: 100 }],
        lastOrder: ({ id }: Reference) => ({ id: `o-${id}`, total: 100 }),
      },
    },
  );
  const points = new TestSubgraph(
    'points',
    `${LINK}
    type Customer @key(fields: "id") { id: ID! points: Int }
    type Query { programme: String }`,
    {
      Query: { programme: () => 'Braid club' },
      Customer: { __resolveReference: ({ id }: Reference) => ({ id }), points: () => 40 },
    },
  );
  return { people, orders, points, all: [people, orders, points] };
}
