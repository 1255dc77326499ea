import { TestSubgraph } from './test-subgraph.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable"])`;

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
        customer: (_: unknown, { id }: Reference) => ({ id, name: `Customer ${id}` }),
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
    type Product { id: ID! name: String }
    type Query { products: [Product!] }
    type Mutation { placeOrder(customerId: ID!): Order }`,
    {
      Query: { products: () => [{ id: 'p1', name: 'Shoe' }] },
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
