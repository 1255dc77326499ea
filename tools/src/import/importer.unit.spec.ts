import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Graph, GraphRefusal } from '../graph/graph-client.ts';
import { importFiles } from './importer.ts';
import { parseMapping } from './mapping.ts';

const ROWS = 4_500;
const mapping = parseMapping(
  {
    name: 'shop',
    description: 'A product list.',
    steps: [
      {
        kind: 'products',
        file: '*.csv',
        record: {
          sku: 'code',
          name: 'name',
          price: { object: { amount: { column: 'price', minor: 2 }, currency: { constant: 'EUR' } } },
        },
      },
    ],
  },
  'test',
  'hash',
);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trenza-importer-'));
  const lines = Array.from({ length: ROWS }, (_, index) => `P${index},Thing ${index},${index === 7 ? 'dear' : '1.50'}`);
  writeFileSync(join(folder, 'list.csv'), ['code,name,price', ...lines].join('\n'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Answers as the graph does: a sku is created once; P9 is refused; from the given batch on, the connection is gone. */
function shop(gone: { atCall?: number } = {}) {
  const skus = new Set<string>();
  const calls: number[] = [];
  const graph: Graph = {
    close: () => Promise.resolve(),
    async ask<Data>(_query: string, variables?: Record<string, unknown>) {
      const { products } = (variables as { input: { products: { sku: string }[] } }).input;
      calls.push(products.length);
      if (calls.length === gone.atCall) throw new Error('connection lost');
      // Batches do not come back in the order in which they were sent.
      await new Promise((resolve) => setTimeout(resolve, calls.length % 2 === 0 ? 1 : 15));
      const known = products.filter(({ sku }) => skus.has(sku)).length;
      const refused = products.findIndex(({ sku }) => sku === 'P9');
      products.forEach(({ sku }, index) => index !== refused && skus.add(sku));
      const refusals = refused < 0 ? [] : [{ index: refused, field: 'sku', message: 'is "not, allowed"' }];
      const created = products.length - known - refusals.length;
      return { importProducts: { created, updated: 0, unchanged: known, refusals, errors: [] } } as Data;
    },
  };
  return { graph, skus, calls };
}

const said: string[] = [];
const run = (graph: Graph) =>
  importFiles({
    mapping,
    files: [folder],
    graph,
    graphName: 'test',
    reportPath: join(folder, 'refused.report'),
    checkpointPath: join(folder, 'checkpoint.state'),
    parallel: 2,
    progress: { update: () => undefined, settle: (text) => void said.push(text) },
  });

const report = () => readFileSync(join(folder, 'refused.report'), 'utf8').split('\n');

it('sends everything in bounded batches and reports what was refused here and there', async () => {
  const { graph, skus, calls } = shop();
  const { steps, refused } = await run(graph);
  expect(calls).toEqual([...Array<number>(8).fill(500), 499]);
  expect(skus.size).toBe(ROWS - 2);
  expect(steps[0]!.progress).toMatchObject({ created: ROWS - 2, unchanged: 0, refused: 1, done: true });
  expect(refused).toBe(2);
  expect(report()).toEqual([
    'step,row,field,reason',
    'products,9,price.amount,"""dear"" is not a number"',
    'products,11,sku,"is ""not, allowed"""',
    '',
  ]);
  expect(said.at(-1)).toMatch(/^products: 4,500 rows \(1 rows could not be read\): 4,498 new or changed/);
});

it('changes nothing the second time', async () => {
  const { graph } = shop();
  await run(graph);
  const { steps, resumed, refused } = await run(graph);
  expect(resumed).toBe(false);
  expect(steps[0]!.progress).toMatchObject({ created: 0, unchanged: ROWS - 2, refused: 1 });
  expect(refused).toBe(2);
});

it('goes on after a break where it was, and ends with the same counts and the same report', async () => {
  const broken = shop({ atCall: 4 });
  await expect(run(broken.graph)).rejects.toThrow('connection lost');
  expect(existsSync(join(folder, 'checkpoint.state'))).toBe(true);
  const after = broken.calls.length;
  const { steps, resumed, refused } = await run(broken.graph);
  expect(resumed).toBe(true);
  expect(broken.calls.length - after).toBeLessThan(9);
  expect(broken.skus.size).toBe(ROWS - 2);
  expect(steps[0]!.progress.created + steps[0]!.progress.unchanged).toBe(ROWS - 2);
  expect(refused).toBe(2);
  expect(report()).toHaveLength(4);
  expect(existsSync(join(folder, 'checkpoint.state'))).toBe(false);
});

it('refuses alone the record whose value does not fit the types of the graph', async () => {
  const { graph, skus } = shop();
  const strict: Graph = {
    ...graph,
    ask: <Data>(query: string, variables?: Record<string, unknown>) => {
      const { products } = (variables as { input: { products: { sku: string }[] } }).input;
      if (!products.some(({ sku }) => sku === 'P1234')) return graph.ask<Data>(query, variables);
      const error = { message: 'got invalid value', extensions: { code: 'BAD_USER_INPUT' } };
      return Promise.reject(new GraphRefusal([error]));
    },
  };
  const { steps } = await run(strict);
  expect(skus.has('P1234')).toBe(false);
  expect(skus.size).toBe(ROWS - 3);
  expect(steps[0]!.progress).toMatchObject({ created: ROWS - 3, refused: 2 });
  expect(report()).toContainEqual('products,1236,record,BAD_USER_INPUT: got invalid value');
});

it('begins anew where the file has changed since', async () => {
  const broken = shop({ atCall: 2 });
  await expect(run(broken.graph)).rejects.toThrow('connection lost');
  writeFileSync(join(folder, 'list.csv'), 'code,name,price\nN1,New,2.00\n');
  const { resumed, steps } = await run(broken.graph);
  expect(resumed).toBe(false);
  expect(steps[0]!.progress.created).toBe(1);
});
