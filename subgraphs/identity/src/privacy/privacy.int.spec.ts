import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const REQUEST =
  'request { id kind missing completedAt document receipts { subgraph removed anonymised } } errors { code }';
const call = async (name: string, type: string, input: object, fields: string, as = identity.as({ role: 'service' })) =>
  (await as.graph(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, { input })).data?.[name];
const identify = (input: object) => call('identify', 'IdentifyInput', input, 'profileId customerId errors { code }');
const email = (value: string) => ({ type: 'EMAIL', value });
const OTHERS = ['loyalty', 'inventory', 'campaign', 'feedback'] as const;

it('an erased customer is gone everywhere, provably, and no import brings her back until she asks', async () => {
  const cookie = { type: 'COOKIE', value: 'eva-cookie' };
  const { profileId, customerId } = await identify({
    identifiers: [email('eva@correo.es'), cookie],
    attributes: { givenName: 'Eva' },
    source: 'shop',
  });
  await call(
    'track',
    'TrackInput',
    { events: [{ eventId: 'e1', kind: 'search', channel: 'WEB', profileId, properties: { query: 'secret' } }] },
    'errors { code }',
  );
  const { request, errors } = await call(
    'requestErasure',
    'PrivacyRequestInput',
    { customerId: profileId, reason: 'letter of 1 March' },
    REQUEST,
  );
  expect(errors).toEqual([]);
  expect(request).toMatchObject({ missing: OTHERS, completedAt: null });
  expect(request.receipts).toEqual([
    {
      subgraph: 'identity',
      removed: expect.objectContaining({ attributes: 1, sourceRecords: 1 }),
      anonymised: expect.objectContaining({ touchpoints: 1, profiles: 1 }),
    },
  ]);

  for (const name of OTHERS) {
    await identity.receive(
      event(`${name}.customer.erased.v1`, {
        occurredAt: identity.clock.now(),
        data: { requestId: request.id, removed: { rows: 2 }, anonymised: {} },
      }),
    );
  }
  const { data } = await identity.graph(
    'query ($id: ID!) { privacyRequest(id: $id) { missing completedAt receipts { subgraph } } }',
    { id: request.id },
  );
  expect(data.privacyRequest).toMatchObject({ missing: [], completedAt: expect.any(String) });

  const [rows] = await identity.sql<{ text: string }>(
    `select concat((select jsonb_agg(i) from identifier i), (select jsonb_agg(a) from attribute a), (select jsonb_agg(r) from source_record r),
       (select jsonb_agg(t) from touchpoint t), (select jsonb_agg(e) from edge e), (select jsonb_agg(s) from tombstone s)) as text`,
  );
  for (const secret of ['eva', 'Eva', 'secret']) expect(rows!.text).not.toContain(secret);
  expect(
    (await identity.graph('query ($id: ID!) { customer(id: $id) { id } }', { id: customerId })).data.customer,
  ).toBeNull();

  const again = {
    source: 'crm',
    rows: [{ sourceId: '77', identifiers: [email('EVA@correo.es')], attributes: { givenName: 'Eva' } }],
  };
  const imported = await call('importProfiles', 'ImportProfilesInput', again, 'results { profileId code }');
  expect(imported.results).toEqual([{ profileId: null, code: 'ERASED' }]);
  expect((await identify({ identifiers: [email('eva@correo.es')] })).errors).toEqual([{ code: 'ERASED' }]);
  const tracked = await call(
    'track',
    'TrackInput',
    { events: [{ eventId: 'e2', kind: 'search', channel: 'WEB', profileId }] },
    'results { status code }',
  );
  expect(tracked.results).toEqual([{ status: 'REFUSED', code: 'PROFILE_UNKNOWN' }]);
  await identity.receive(
    event('campaign.intent.spiked.v1', {
      profileId,
      occurredAt: identity.clock.now(),
      data: { topic: 'shoes', strength: 1, baseline: 0 },
    }),
  );
  expect(await identity.sql('select id from touchpoint where profile_id = $1', [profileId])).toHaveLength(1);

  expect(
    await call(
      'liftErasure',
      'LiftErasureInput',
      { identifiers: [email('eva@correo.es')], reason: 'signed up anew' },
      'lifted',
    ),
  ).toEqual({ lifted: 1 });
  const back = await identify({ identifiers: [email('eva@correo.es')] });
  expect(back.customerId).not.toBe(customerId);
});

it('an erased customer cannot be merged, erased again or asked for consent', async () => {
  const { profileId: gone } = await identify({ identifiers: [email('gone@correo.es')] });
  const { profileId: here } = await identify({ identifiers: [email('here@correo.es')] });
  await call('requestErasure', 'PrivacyRequestInput', { customerId: gone, reason: 'asked' }, 'errors { code }');
  const merged = await call(
    'mergeCustomers',
    'MergeCustomersInput',
    { into: here, merge: [gone], reason: 'same' },
    'errors { code }',
  );
  expect(merged.errors).toEqual([{ code: 'CUSTOMER_ERASED' }]);
  const erased = await call(
    'requestErasure',
    'PrivacyRequestInput',
    { customerId: gone, reason: 'again' },
    'errors { code }',
  );
  expect(erased.errors).toEqual([{ code: 'CUSTOMER_ERASED' }]);
});

it('an export is one document with what every subgraph holds, and only she and those who serve her see it', async () => {
  const { profileId } = await identify({
    identifiers: [email('ines@correo.es')],
    attributes: { givenName: 'Inés' },
    payload: { note: 'likes red' },
  });
  const ines = identity.as({ role: 'customer', customerId: profileId });
  const { request } = await call(
    'requestExport',
    'PrivacyRequestInput',
    { customerId: profileId, reason: 'curious' },
    REQUEST,
    ines,
  );
  for (const name of OTHERS) {
    await identity.receive(
      event(`${name}.customer.exported.v1`, {
        occurredAt: identity.clock.now(),
        data: { requestId: request.id, document: { of: name } },
      }),
    );
  }
  const QUERY = 'query ($id: ID!) { privacyRequest(id: $id) { document completedAt } }';
  const { data } = await ines.graph(QUERY, { id: request.id });
  expect(data.privacyRequest.completedAt).not.toBeNull();
  expect(Object.keys(data.privacyRequest.document).toSorted()).toEqual([...OTHERS, 'identity'].toSorted());
  expect(data.privacyRequest.document.loyalty).toEqual({ of: 'loyalty' });
  expect(JSON.stringify(data.privacyRequest.document.identity)).toContain('likes red');
  const other = identity.as({ role: 'customer', customerId: newId() });
  expect((await other.graph(QUERY, { id: request.id })).data.privacyRequest).toBeNull();
  expect((await identity.as({ role: 'marketer' }).graph(QUERY, { id: request.id })).errors).toHaveLength(1);
});

it('an erasure takes back what an export had collected, and keeps no answer to it that comes later', async () => {
  const { profileId } = await identify({ identifiers: [email('zoe@correo.es')], attributes: { givenName: 'Zoe' } });
  const input = { customerId: profileId, reason: 'curious' };
  const { request } = await call('requestExport', 'PrivacyRequestInput', input, REQUEST);
  const answer = (name: 'loyalty' | 'campaign') =>
    identity.receive(
      event(`${name}.customer.exported.v1`, {
        occurredAt: identity.clock.now(),
        data: { requestId: request.id, document: { name: 'Zoe' } },
      }),
    );
  await answer('loyalty');
  await call('requestErasure', 'PrivacyRequestInput', input, 'errors { code }');
  await answer('campaign');
  const held = await identity.sql(`select subgraph, document from privacy_receipt where request_id = $1 order by 1`, [
    request.id,
  ]);
  expect(held).toEqual([
    { subgraph: 'campaign', document: null },
    { subgraph: 'identity', document: null },
    { subgraph: 'loyalty', document: null },
  ]);
});

it('an export says why she is one customer and who of the staff looked at her', async () => {
  const cookie = { type: 'COOKIE', value: 'lola-cookie' };
  const { profileId } = await identify({ identifiers: [cookie] });
  await identify({ identifiers: [{ type: 'USER', value: 'lola' }, cookie] });
  const care = identity.as({ role: 'care', subject: 'agent-7' });
  await care.graph('query ($id: ID!) { customer(id: $id) { identifiers { value } } }', { id: profileId });
  const { request } = await call(
    'requestExport',
    'PrivacyRequestInput',
    { customerId: profileId, reason: 'x' },
    REQUEST,
  );
  expect(request.document.identity.links).toMatchObject([{ kind: 'identifier', evidence: { type: 'cookie' } }]);
  expect(request.document.identity.accessLog).toMatchObject([
    { role: 'care', action: 'read', fields: ['identifiers'] },
  ]);
  expect(JSON.stringify(request.document)).not.toContain('agent-7');
});

it('who of the staff read or changed what is on record, without the values', async () => {
  const { profileId } = await identify({ identifiers: [email('vera@correo.es')], attributes: { givenName: 'Vera' } });
  const care = identity.as({ role: 'care', subject: 'agent-7' });
  await care.graph('query ($id: ID!) { customer(id: $id) { name identifiers { value } } }', { id: profileId });
  await identity
    .as({ role: 'customer', customerId: profileId })
    .graph('query ($id: ID!) { customer(id: $id) { name } }', { id: profileId });
  const rows = await identity.sql<{ actor: string; action: string; fields: string[] }>(
    'select actor, action, fields from audit where customer_id = $1 order by id',
    [profileId],
  );
  expect(rows.map((r) => [r.actor, r.action, ...r.fields].join(' ')).toSorted()).toEqual([
    'agent-7 read identifiers',
    'agent-7 read name',
  ]);
});
