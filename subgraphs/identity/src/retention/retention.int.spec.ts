import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const IDENTIFY = 'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId } }';
const TRACK = 'mutation ($input: TrackInput!) { track(input: $input) { results { status } } }';
const SET = `mutation ($input: SetRetentionRuleInput!) { setRetentionRule(input: $input) { rules { kind days setBy } errors { code path } } }`;
const service = () => identity.as({ role: 'service' });
const admin = () => identity.as({ role: 'admin', subject: 'dpo' });
const set = async (kind: string, days: number) =>
  (await admin().graph(SET, { input: { kind, days } })).data.setRetentionRule;
const kept = async (table: string, profileId: string) =>
  (await identity.sql(`select 1 from ${table} where profile_id = $1`, [profileId])).length;

async function visitor(eventId: string, ...identifiers: object[]): Promise<string> {
  const { data } = await service().graph(IDENTIFY, { input: { identifiers, payload: { via: 'banner' } } });
  const { profileId } = data.identify;
  await service().graph(TRACK, { input: { events: [{ eventId, kind: 'page_view', channel: 'WEB', profileId }] } });
  return profileId;
}
const cookie = (value: string) => ({ type: 'COOKIE', value });

it('what visitors did is deleted when it is old, and what is known to be a customer’s stays', async () => {
  const nobody = await visitor('r1', cookie('nobody'));
  const later = await visitor('r2', cookie('later'));
  await service().graph(IDENTIFY, { input: { identifiers: [{ type: 'USER', value: 'u-later' }, cookie('later')] } });
  identity.clock.advance({ days: 394 });
  await identity.runJob('enforce-retention');
  expect([await kept('touchpoint', nobody), await kept('touchpoint', later)]).toEqual([1, 1]);

  identity.clock.advance({ days: 2 });
  const young = await visitor('r3', cookie('young'));
  await identity.runJob('enforce-retention');
  for (const table of ['touchpoint', 'source_record']) {
    expect([await kept(table, nobody), await kept(table, later), await kept(table, young)]).toEqual([0, 1, 1]);
  }
});

it('the audit log is kept for three years, or as long as an admin says, but never for less than one', async () => {
  const profileId = await visitor('r4', { type: 'EMAIL', value: 'rosa@correo.es' });
  await identity.as({ role: 'care' }).graph('query ($id: ID!) { customer(id: $id) { name } }', { id: profileId });
  const entries = () => identity.sql('select 1 from audit where customer_id = $1', [profileId]);
  identity.clock.advance({ days: 400 });
  await identity.runJob('enforce-retention');
  expect(await entries()).toHaveLength(1);

  expect((await set('AUDIT', 364)).errors).toEqual([{ code: 'RETENTION_OUT_OF_RANGE', path: ['input', 'days'] }]);
  expect((await set('AUDIT', 365)).rules).toContainEqual({ kind: 'AUDIT', days: 365, setBy: 'dpo' });
  await identity.runJob('enforce-retention');
  expect(await entries()).toHaveLength(0);
});

it('only an admin sets how long data is kept, and care may know it', async () => {
  const care = identity.as({ role: 'care' });
  expect((await care.graph(SET, { input: { kind: 'AUDIT', days: 400 } })).errors).toHaveLength(1);
  const { data } = await care.graph('{ retentionRules { kind days } }');
  expect(data.retentionRules.map((r: { kind: string }) => r.kind).toSorted()).toEqual([
    'ANONYMOUS_SOURCE_RECORDS',
    'ANONYMOUS_TOUCHPOINTS',
    'AUDIT',
    'EXPORT_DOCUMENTS',
  ]);
});

it('what a customer was given when she asked for everything is kept for a month, the receipts for ever', async () => {
  const profileId = await visitor('r5', { type: 'EMAIL', value: 'sol@correo.es' });
  const EXPORT = 'mutation ($input: PrivacyRequestInput!) { requestExport(input: $input) { request { id document } } }';
  const input = { customerId: profileId, reason: 'letter' };
  const { request } = (await identity.as({ role: 'care' }).graph(EXPORT, { input })).data.requestExport;
  expect(JSON.stringify(request.document)).toContain('sol@correo.es');
  const look = async () =>
    (
      await identity
        .as({ role: 'care' })
        .graph('query ($id: ID!) { privacyRequest(id: $id) { document receipts { subgraph } } }', { id: request.id })
    ).data.privacyRequest;
  identity.clock.advance({ days: 29 });
  await identity.runJob('enforce-retention');
  expect(JSON.stringify(await look())).toContain('sol@correo.es');
  identity.clock.advance({ days: 2 });
  await identity.runJob('enforce-retention');
  expect(await look()).toEqual({ document: { identity: null }, receipts: [{ subgraph: 'identity' }] });
});
