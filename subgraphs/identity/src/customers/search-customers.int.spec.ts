import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const IDENTIFY = 'mutation ($input: IdentifyInput!) { identify(input: $input) { customerId } }';
const SEARCH =
  'query ($s: String, $n: Int, $after: String) { customers(search: $s, first: $n, after: $after) { edges { node { name } } pageInfo { hasNextPage endCursor } } }';
const find = (s: string, more: object = {}) => identity.as({ role: 'care' }).graph(SEARCH, { s, ...more });
const names = async (s: string) =>
  (await find(s)).data.customers.edges.map(({ node }: { node: { name: string } }) => node.name);

beforeAll(async () => {
  const people = [
    ['Ana', 'Li'],
    ['Ana', 'García Ruiz'],
    ['Mariana', 'Ruiz'],
    ['José', 'Garcia'],
  ];
  for (const [n, [givenName, familyName]] of people.entries())
    await identity.as({ role: 'service' }).graph(IDENTIFY, {
      input: { identifiers: [{ type: 'USER', value: `p${n}` }], attributes: { givenName, familyName } },
    });
});

it('finds by words of the name in any order, without accents, and each word once', async () => {
  expect(await names('garcia')).toEqual(['José Garcia', 'Ana García Ruiz']);
  expect(await names('ruiz ANA')).toEqual(['Mariana Ruiz', 'Ana García Ruiz']);
  expect(await names('ana ana ana ana ana ana')).toEqual(['Mariana Ruiz', 'Ana García Ruiz', 'Ana Li']);
  expect(await names('li a')).toEqual(['Ana Li']);
  expect(await names('%')).toHaveLength(4);
  expect(await names('nobody at all')).toEqual([]);
});

it('pages through what it finds', async () => {
  const first = (await find('ana', { n: 2 })).data.customers;
  expect(first.pageInfo.hasNextPage).toBe(true);
  const rest = (await find('ana', { n: 2, after: first.pageInfo.endCursor })).data.customers;
  expect(rest.edges).toEqual([{ node: { name: 'Ana Li' } }]);
  expect(rest.pageInfo.hasNextPage).toBe(false);
});

it('refuses a search that is a document', async () => {
  expect((await find('a '.repeat(200))).errors).toMatchObject([{ extensions: { code: 'SEARCH_TOO_LONG' } }]);
});
