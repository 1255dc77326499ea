import { serverAudits } from 'graphql-http';
import { shop } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';

const graph = new TestGraph(shop().all);
beforeAll(() => graph.start());
afterAll(() => graph.stop());

/** What the suite has when complete; fewer would mean that it was cut short. */
const AUDITS = 61;

const audits = serverAudits({
  url: () => `${graph.url}/graphql`,
  // CSRF protection stays on; the audit sends the header that a browser could not send without a preflight.
  fetchFn: (url: string, init?: { headers?: Record<string, string> }) =>
    fetch(url, { ...init, headers: { ...init?.headers, 'apollo-require-preflight': 'true' } }),
});

it(`knows all ${AUDITS} audits`, () => {
  expect(audits).toHaveLength(AUDITS);
});

it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_id, _name, audit) => {
  const result = await audit.fn();
  expect({ status: result.status, reason: 'reason' in result ? result.reason : undefined }).toEqual({
    status: 'ok',
    reason: undefined,
  });
});

it('refuses a request that a foreign page could send without a preflight', async () => {
  const response = await fetch(`${graph.url}/graphql?query={programme}`);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('CSRF');
});

it.each([
  [
    'an operation that is not there',
    { query: 'query A { programme }', operationName: 'B' },
    'Unknown operation named "B".',
  ],
  [
    'none of several',
    { query: 'query A { programme } query B { programme }' },
    'Must provide operation name if query contains multiple operations.',
  ],
])('says that the request is wrong, not the gateway, when it asks for %s', async (_what, request, message) => {
  const { status, body } = await graph.post(request);
  expect(status).toBe(400);
  expect(body).toEqual({
    errors: [{ message, extensions: { code: 'OPERATION_RESOLUTION_FAILURE', requestId: expect.any(String) } }],
  });
});
