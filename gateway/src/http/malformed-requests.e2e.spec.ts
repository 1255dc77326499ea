import fc from 'fast-check';
import { DEFAULT_LIMITS } from '../limits/limits.ts';
import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';

const graph = new TestGraph(shop().all, { limits: { ...DEFAULT_LIMITS, batch: 5 } });
beforeAll(() => graph.start());
afterAll(() => graph.stop());

/** Pieces of requests as they should be, mixed with what should not be there. */
const query = fc.constantFrom(
  '{ programme }',
  'query A($id: ID!) { customer(id: $id) { name } }',
  'query A { programme } query B { programme }',
  '{ ...F } fragment F on Query { ...F }',
  '{ customer(id: $unknown) { name } }',
  'mutation { rename }',
  'subscription { alerts { eventId } }',
  '{ __schema { types { name } } }',
  '{',
  '',
);
const anything = fc.jsonValue({ maxDepth: 2 });
const request = fc.record(
  {
    query: fc.oneof({ weight: 4, arbitrary: query }, anything),
    variables: fc.oneof({ weight: 2, arbitrary: fc.constantFrom({ id: '1' }, { id: null }, { id: [] }) }, anything),
    operationName: fc.oneof({ weight: 2, arbitrary: fc.constantFrom('A', 'B', 'C', '', null) }, anything),
    documentId: fc.oneof(fc.constantFrom('sha256:1', ''), anything),
    extensions: fc.oneof(
      anything,
      fc.record({ persistedQuery: fc.oneof(anything, fc.record({ version: anything, sha256Hash: anything })) }),
    ),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  { weight: 6, arbitrary: request },
  { weight: 2, arbitrary: fc.array(fc.oneof(request, anything), { maxLength: 7 }) },
  { weight: 1, arbitrary: anything },
);

const expectOurs = async (response: Response, sent: string): Promise<void> => {
  const text = await response.text();
  expect({ sent, text, fault: response.status >= 500 }).toEqual({ sent, text, fault: false });
  const answers = [JSON.parse(text)].flat() as { errors?: { message: string; extensions: { code?: string } }[] }[];
  for (const { errors = [] } of answers)
    for (const { message, extensions } of errors) {
      expect({ sent, message, code: extensions?.code }).toEqual({ sent, message, code: expect.any(String) });
      expect({ sent, code: extensions.code }).not.toEqual({ sent, code: 'INTERNAL_SERVER_ERROR' });
    }
};

it('is never our fault when a body is not as it should be', async () => {
  await fc.assert(
    fc.asyncProperty(body, async (content) => {
      const sent = JSON.stringify(content);
      const headers = { 'content-type': 'application/json' };
      await expectOurs(await fetch(`${graph.url}/graphql`, { method: 'POST', headers, body: sent }), sent);
    }),
    { numRuns: 300 },
  );
});

it('is never our fault when an address is not as it should be', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.json({ maxDepth: 2 }));
  const params = fc.record(
    {
      query: fc.oneof({ weight: 4, arbitrary: query }, text),
      variables: text,
      operationName: text,
      extensions: text,
      documentId: text,
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(params, async (given) => {
      const search = new URLSearchParams(given).toString();
      const headers = { 'apollo-require-preflight': '1', accept: 'application/json' };
      await expectOurs(await fetch(`${graph.url}/graphql?${search}`, { headers }), search);
    }),
    { numRuns: 200 },
  );
});
