import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const IDENTIFY =
  'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId customerId errors { code } } }';
const identify = async (input: object) =>
  (await identity.as({ role: 'service' }).graph(IDENTIFY, { input })).data.identify;
const LOG = `query ($id: ID!, $first: Int, $after: String) {
  auditLog(customerId: $id, first: $first, after: $after) {
    edges { node { actor role action changed fields at } } pageInfo { hasNextPage endCursor }
  } }`;
const log = async (id: string, more: object = {}) =>
  (await identity.as({ role: 'admin', subject: 'auditor' }).graph(LOG, { id, ...more })).data.auditLog;
type Page = { edges: { node: { actor: string; role: string; action: string; fields: string[]; changed: boolean } }[] };
const lines = ({ edges }: Page) =>
  edges.map(({ node }) =>
    [node.actor, node.role, node.action, node.changed ? 'changed' : 'read', ...node.fields].join(' '),
  );
const care = () => identity.as({ role: 'care', subject: 'agent-7' });

async function readAndErased(): Promise<string> {
  const { profileId } = await identify({
    identifiers: [{ type: 'EMAIL', value: 'nora@correo.es' }],
    attributes: { givenName: 'Nora' },
  });
  await care().graph('query ($id: ID!) { customer(id: $id) { name } }', { id: profileId });
  identity.clock.advance({ minutes: 1 });
  await care().graph('mutation ($input: PrivacyRequestInput!) { requestErasure(input: $input) { errors { code } } }', {
    input: { customerId: profileId, reason: 'letter' },
  });
  return profileId;
}

it('the log says who read and who changed what, the latest first, page by page, also of an erased customer', async () => {
  const id = await readAndErased();
  const all = await log(id);
  expect(lines(all)).toEqual(['agent-7 care erase changed', 'agent-7 care read read name']);
  expect(JSON.stringify(all)).not.toContain('Nora');

  identity.clock.advance({ minutes: 1 });
  const first = await log(id, { first: 1 });
  expect(lines(first)).toEqual(['auditor admin read read auditLog']);
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect(lines(await log(id, { first: 1, after: first.pageInfo.endCursor }))).toHaveLength(1);
});

it('what was read under an id that is no longer hers is in her log', async () => {
  const [a, b] = [
    await identify({ identifiers: [{ type: 'EMAIL', value: 'a@correo.es' }] }),
    await identify({ identifiers: [{ type: 'EMAIL', value: 'b@correo.es' }] }),
  ];
  await care().graph('query ($id: ID!) { customer(id: $id) { identifiers { value } } }', { id: b.customerId });
  await identity.graph(
    'mutation ($input: MergeCustomersInput!) { mergeCustomers(input: $input) { errors { code } } }',
    {
      input: { into: a.customerId, merge: [b.customerId], reason: 'same person' },
    },
  );
  expect(lines(await log(a.customerId))).toContain('agent-7 care read read identifiers');
});

it('only an admin sees the log', async () => {
  const { customerId } = await identify({ identifiers: [{ type: 'EMAIL', value: 'c@correo.es' }] });
  for (const role of ['care', 'analyst', 'service'] as const) {
    expect((await identity.as({ role }).graph(LOG, { id: customerId })).errors).toHaveLength(1);
  }
});
