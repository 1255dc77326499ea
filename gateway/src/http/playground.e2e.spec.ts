import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GraphQLSchema, parse, validate } from 'graphql';
import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';

const root = join(__dirname, '..', '..', '..');
const graph = new TestGraph(shop().all);
beforeAll(() => graph.start());
afterAll(() => graph.stop());

const get = (path: string, accept = '*/*') => fetch(graph.url + path, { headers: { accept } });

it('is what a browser gets at the address of the graph', async () => {
  const page = await get('/graphql', 'text/html,application/xhtml+xml');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await page.text()).toContain('/playground/main.js');
});

it('is where the bare address leads, as it is the first that a stranger opens', async () => {
  const answer = await fetch(`${graph.url}/`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/playground']);
});

it('brings everything itself, so that it works without a network', async () => {
  const page = await get('/playground');
  const html = await page.text();
  expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url)).toEqual([
    'data:,',
    '/playground/main.css',
    '/playground/main.js',
  ]);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  for (const file of ['main.js', 'main.css', 'editor.worker.js', 'json.worker.js', 'graphql.worker.js']) {
    const part = await get(`/playground/${file}`);
    expect([file, part.status]).toEqual([file, 200]);
    await part.arrayBuffer();
  }
});

it.each([
  '/playground/../package.json',
  '/playground/%2e%2e%2fpackage.json',
  '/playground/.sources',
  '/playground/no.js',
])('serves nothing but its own parts: %s', async (path) => {
  expect((await get(path)).status).toBe(404);
});

describe('every saved example is answered by the graph', () => {
  const schema = jest.requireActual<(path: string) => GraphQLSchema>('../../api-schema.cjs')(
    join(root, 'gateway', 'supergraph.graphql'),
  );
  const folder = join(root, 'gateway', 'playground', 'examples');
  const files = [
    ...readdirSync(folder).map((file) => join(folder, file)),
    join(root, 'tools/src/story/customer.graphql'),
  ];
  it.each(files.map((file) => [file.slice(root.length + 1), file]))('%s', (_name, file) => {
    expect(validate(schema, parse(readFileSync(file, 'utf8'))).map((error) => error.message)).toEqual([]);
  });
});
