import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { print } from 'graphql';
import { shop } from '../testing/shop.ts';
import { compose, TestGraph } from '../testing/test-graph.ts';

const { all, orders } = shop();
const graph = new TestGraph(all, { supergraphPollMs: 50 });

beforeAll(() => graph.start());
afterAll(() => graph.stop());
beforeEach(() => graph.heal());

const withField = (name: string) =>
  compose(
    all.map(({ url, sdl, ...subgraph }) => ({
      url,
      name: subgraph.name,
      sdl: subgraph.name === 'orders' ? sdl.replace('type Query {', `type Query { ${name}: String`) : sdl,
    })),
  );
const withoutProducts = () =>
  compose(all.map(({ name, url, sdl }) => ({ name, url, sdl: sdl.replace('products: [Product!]', 'stock: Int') })));

const until = async (rule: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 100; i++) {
    if (await rule()) return;
    await sleep(50);
  }
  throw new Error('It did not happen within five seconds.');
};
const knows = async (field: string) => !(await graph.ask(`{ ${field} }`)).text.includes('GRAPHQL_VALIDATION_FAILED');

it('takes a new supergraph under load without failing a request', async () => {
  const load = { on: true };
  let asked = 0;
  const caller = async (): Promise<void> => {
    while (load.on) {
      const { status, body } = await graph.ask('{ customer(id: "1") { name orders { total } points } }');
      asked++;
      expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    }
  };
  const callers = Array.from({ length: 8 }, caller);
  await writeFile(graph.supergraphPath, withField('fresh'));
  await until(() => knows('fresh'));
  await writeFile(graph.supergraphPath, withField('fresher'));
  await until(() => knows('fresher'));
  load.on = false;
  await Promise.all(callers);
  expect(asked).toBeGreaterThan(20);
});

it('finishes a request on the supergraph that validated it, even if the new one has lost the field', async () => {
  await writeFile(graph.supergraphPath, withField('last'));
  await until(() => knows('last'));
  orders.slow(1_000);
  const running = graph.ask('{ products { name } }');
  await sleep(100);
  await writeFile(graph.supergraphPath, withoutProducts());
  await until(async () => !(await knows('products { name }')));
  expect((await running).body).toEqual({ data: { products: [{ name: 'Shoe' }] } });
});

it('has planned what is asked most before the new supergraph is used', async () => {
  await graph.ask('query Often { programme }');
  await graph.ask('query OftenToo { callerClaims }');
  await writeFile(graph.supergraphPath, withField('warm'));
  await until(() => knows('warm'));
  const planned = graph.gateway.graph.current.plans.recent(100).map(([, { document }]) => print(document));
  expect(planned).toEqual(
    expect.arrayContaining([expect.stringContaining('Often {'), expect.stringContaining('OftenToo')]),
  );
});

it.each([
  ['is not GraphQL', 'type Query {'],
  ['is no supergraph', 'type Query { a: Int }'],
  ['is empty', ''],
])('refuses a supergraph that %s, says so, and keeps the one in use', async (_what, text) => {
  const before = graph.gateway.graph.current;
  graph.logs.length = 0;
  await writeFile(graph.supergraphPath, text);
  await until(() => Promise.resolve(graph.logs.some((line) => line.includes('the new supergraph is refused'))));
  expect(graph.gateway.graph.current).toBe(before);
  expect((await graph.ask('{ programme }')).body.data).toEqual({ programme: 'Braid club' });
  const metrics = await graph.metrics();
  expect(metrics).toMatch(/supergraph_reloads_total\{outcome="refused"\} [1-9]/);
});
