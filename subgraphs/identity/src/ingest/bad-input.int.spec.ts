import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const service = () => identity.as({ role: 'service', channel: 'web' });
const TRACK =
  'mutation ($input: TrackInput!) { track(input: $input) { results { eventId status code message } errors { code } } }';
const IMPORT =
  'mutation ($input: ImportProfilesInput!) { importProfiles(input: $input) { results { sourceId profileId created code message } errors { code } } }';

const cookie = { type: 'COOKIE', value: 'c-bad-input' };
const view = (eventId: string, more: object = {}) => ({
  eventId,
  kind: 'page_view',
  channel: 'WEB',
  identifiers: [cookie],
  ...more,
});

it('one event with a text that cannot be stored spoils no other', async () => {
  const bad = [
    view('nul', { properties: { query: 'red\u0000shoes' } }),
    view('half', { properties: { note: ['\ud83d'] } }),
    view('name', { category: 'a\u0000' }),
    view('key', { properties: { 'a\u0000': 1 } }),
    view('id\u0000'),
  ];
  const { data } = await service().graph(TRACK, { input: { events: [view('first'), ...bad, view('last')] } });
  const results = data.track.results as { eventId: string; status: string; code: string | null; message: string }[];
  expect(results.map((r) => r.code ?? r.status)).toEqual(['ACCEPTED', ...bad.map(() => 'UNSTORABLE_TEXT'), 'ACCEPTED']);
  expect(results[1]!.message).toContain('"properties.query" contains the character U+0000');
  expect(results[2]!.message).toContain('"properties.note.0" contains half of a character');
});

it('one record with a text that cannot be stored spoils no other', async () => {
  const rows = [
    { sourceId: '1', attributes: { givenName: 'Ana' } },
    { sourceId: '2', attributes: { givenName: 'A\u0000na' } },
    { sourceId: '3\u0000' },
    { sourceId: '4', payload: 'said \udc00' },
    { sourceId: '5', payload: 'a letter in free form' },
  ];
  const { data } = await service().graph(IMPORT, { input: { source: 'crm', rows } });
  expect(data.importProfiles.results.map((r: { code: string | null }) => r.code)).toEqual([
    null,
    'UNSTORABLE_TEXT',
    'UNSTORABLE_TEXT',
    'UNSTORABLE_TEXT',
    null,
  ]);
});

it('what cannot be stored in a single sighting is refused as a whole, and the place is named', async () => {
  const { errors } = await service().graph(
    'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId } }',
    { input: { identifiers: [cookie], attributes: { note: 'a\ud800' } } },
  );
  expect(errors).toMatchObject([
    { message: expect.stringContaining('"$input.attributes.note"'), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

it('a preference that nobody can follow is kept and not used, and whoever said it is told', async () => {
  const IDENTIFY =
    'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId warnings errors { code } } }';
  const say = async (attributes: object) =>
    (await service().graph(IDENTIFY, { input: { identifiers: [{ type: 'USER', value: 'picky' }], attributes } })).data
      .identify;
  const good = { language: 'pt-BR', timeZone: 'Europe/Lisbon', quietHours: { from: '21:00', to: '08:00' } };
  const { profileId, warnings } = await say({ ...good, preferredChannel: 'sms' });
  expect(warnings).toEqual([]);
  const preferences = async () =>
    (
      await service().graph(
        'query ($id: ID!) { customer(id: $id) { preferences { preferredChannel language timeZone quietHours { from to } } } }',
        { id: profileId },
      )
    ).data.customer.preferences;
  expect(await preferences()).toEqual({ ...good, preferredChannel: 'SMS' });

  const odd = { preferredChannel: 'pigeon', language: 'Klingon!', timeZone: 'Mars/Base', quietHours: 'always' };
  identity.clock.advance({ minutes: 1 });
  const told = (await say(odd)).warnings as string[];
  expect(told.map((warning) => warning.split(' ')[1])).toEqual(Object.keys(odd));
  expect(await preferences()).toEqual({ preferredChannel: null, language: null, timeZone: null, quietHours: null });
  const [last] = (await identity.published('identity.customer.contact-changed.v1')).slice(-1);
  expect(Object.keys(last!.data)).not.toEqual(expect.arrayContaining(['timeZone']));
});

it('a consent without its proof is refused, and one bad statement of an import spoils no other', async () => {
  const { data } = await service().graph(IMPORT, { input: { source: 'crm', rows: [{ sourceId: 'c-1' }] } });
  const [{ profileId }] = data.importProfiles.results;
  const SET = 'mutation ($input: SetConsentInput!) { setConsent(input: $input) { errors { code path } } }';
  const said = { customerId: profileId, purpose: 'MARKETING', granted: true, wordingVersion: 'v1', source: 'till' };
  const codeOf = async (more: object) =>
    (await service().graph(SET, { input: { ...said, ...more } })).data.setConsent.errors.map(
      (e: { path: string[] }) => e.path[1],
    );
  expect(await codeOf({ wordingVersion: ' ' })).toEqual(['wordingVersion']);
  expect(await codeOf({ source: 'x'.repeat(101) })).toEqual(['source']);
  expect(await codeOf({})).toEqual([]);

  const at = '2026-01-05T10:00:00Z';
  const row = { sourceId: 'c-1', purpose: 'SURVEY', granted: true, wordingVersion: 'v1', occurredAt: at };
  const rows = [
    row,
    { ...row, wordingVersion: 'x'.repeat(101) },
    { ...row, occurredAt: '2090-01-01T00:00:00Z' },
    { ...row, sourceId: 'nul\u0000' },
    { ...row, sourceId: null, profileId: 'nonsense' },
    { ...row, purpose: 'ANALYTICS' },
  ];
  const IMPORT_CONSENTS =
    'mutation ($input: ImportConsentsInput!) { importConsents(input: $input) { created refusals { index field } errors { code } } }';
  const imported = (await service().graph(IMPORT_CONSENTS, { input: { source: 'crm', rows } })).data.importConsents;
  expect(imported).toEqual({
    created: 2,
    refusals: [
      { index: 1, field: 'wordingVersion' },
      { index: 2, field: 'occurredAt' },
      { index: 3, field: 'row' },
      { index: 4, field: 'profileId' },
    ],
    errors: [],
  });
});

it('a source may be hardly sure, and not less than nothing', async () => {
  const rows = [1e-300, 0, 1, -0.001, 1.001].map((confidence, n) => ({
    sourceId: `sure-${n}`,
    attributes: { city: 'Lugo' },
    confidence,
  }));
  const { data, errors } = await service().graph(IMPORT, { input: { source: 'crm', rows } });
  expect(errors).toBeUndefined();
  expect(data.importProfiles.results.map((r: { code: string | null }) => r.code)).toEqual([
    null,
    null,
    null,
    'INVALID_CONFIDENCE',
    'INVALID_CONFIDENCE',
  ]);
});
