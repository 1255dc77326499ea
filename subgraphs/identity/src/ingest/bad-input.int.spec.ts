import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const service = () => identity.as({ role: 'service', channel: 'web' });
const TRACK =
  'mutation ($input: TrackInput!) { track(input: $input) { results { eventId status code message } errors { code } } }';
const IMPORT =
  'mutation ($input: ImportProfilesInput!) { importProfiles(input: $input) { results { sourceId created code message } errors { code } } }';

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
