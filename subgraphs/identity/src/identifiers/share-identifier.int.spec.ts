import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const IDENTIFY =
  'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId customerId warnings errors { code } } }';
const identify = async (...identifiers: object[]) =>
  (await identity.as({ role: 'service' }).graph(IDENTIFY, { input: { identifiers } })).data.identify;
const SHARE = `mutation ($input: MarkSharedInput!) { markShared(input: $input) { identifier { type value shared } errors { code path } } }`;
const care = () => identity.as({ role: 'care', subject: 'agent-7' });
const share = async (type: string, value: string, reason = 'the phone of the office') =>
  (await care().graph(SHARE, { input: { type, value, reason } })).data.markShared;
const email = (value: string) => ({ type: 'EMAIL', value });
const phone = (value: string) => ({ type: 'PHONE', value });

it('an identifier that was marked as shared links nobody any more, and those it linked stay linked', async () => {
  const ana = await identify(email('ana@oficina.es'), phone('611 000 111'));
  const bea = await identify(email('bea@oficina.es'), phone('611 000 111'));
  expect(bea.customerId).toBe(ana.customerId);

  expect(await share('PHONE', '+34 611 000 111')).toEqual({
    identifier: { type: 'PHONE', value: '+34611000111', shared: true },
    errors: [],
  });
  const eva = await identify(email('eva@oficina.es'), phone('611 000 111'));
  const line = await identify(phone('611 000 111'));
  expect(new Set([ana.customerId, eva.customerId, line.customerId]).size).toBe(3);
  expect((await identify(email('bea@oficina.es'))).customerId).toBe(ana.customerId);
});

it('nobody is written to by it, which is said once, and the reason is on record', async () => {
  const { profileId, customerId } = await identify(email('leo@oficina.es'), phone('611 000 222'));
  for (let time = 0; time < 2; time++) expect((await share('PHONE', '611000222')).errors).toEqual([]);
  const told = (await identity.published('identity.customer.contact-changed.v1')).filter(
    (e) => e.profileId === profileId,
  );
  expect(told.map((e) => [e.data.phone, e.data.email])).toEqual([
    ['+34611000222', 'leo@oficina.es'],
    [null, 'leo@oficina.es'],
  ]);
  const [entry] = await identity.sql('select actor, action, fields, reason from audit where customer_id = $1', [
    customerId,
  ]);
  expect(entry).toEqual({
    actor: 'agent-7',
    action: 'mark-shared',
    fields: ['phone'],
    reason: 'the phone of the office',
  });
});

it('refuses what belongs to one person, what nobody has, what is malformed, and what comes without a reason', async () => {
  await identify({ type: 'USER', value: 'u-1' }, phone('611 000 333'));
  const codes = [
    await share('USER', 'u-1'),
    await share('PHONE', '611 999 999'),
    await share('EMAIL', 'no mailbox'),
    await share('PHONE', '611 000 333', '  '),
  ].map((payload) => payload.errors[0]?.code);
  expect(codes).toEqual(['NOT_SHAREABLE', 'IDENTIFIER_UNKNOWN', 'INVALID_IDENTIFIER', 'INVALID_REASON']);
  const input = { type: 'PHONE', value: '611 000 333', reason: 'x' };
  expect((await identity.as({ role: 'associate' }).graph(SHARE, { input })).errors).toHaveLength(1);
});
