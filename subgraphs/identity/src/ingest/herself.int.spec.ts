import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const IDENTIFY = 'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId errors { code } } }';
const TRACK = 'mutation ($input: TrackInput!) { track(input: $input) { results { status } } }';
const service = () => identity.as({ role: 'service', channel: 'store' });
const known = async (user: string): Promise<string> => {
  const input = { identifiers: [{ type: 'USER', value: user }], attributes: { city: 'Lugo' }, source: 'crm' };
  return (await service().graph(IDENTIFY, { input })).data.identify.profileId;
};
const herself = (customerId: string) => identity.as({ role: 'customer', customerId });

it('what she says of herself is hers, whatever source and confidence she names', async () => {
  const id = await known('talker');
  const input = { profileId: id, attributes: { city: 'Vigo' }, source: 'crm', confidence: 1 };
  expect((await herself(id).graph(IDENTIFY, { input })).data.identify.errors).toEqual([]);
  const rows = await identity.sql(
    `select source, value, confidence::float8 from attribute where profile_id = $1 and name = 'city' order by source`,
    [id],
  );
  expect(rows.map(({ source, value }) => [source, value])).toEqual([
    ['crm', 'Lugo'],
    ['self', 'Vigo'],
  ]);
  expect(rows[1]!['confidence']).toBeLessThan(1);
});

it('she cannot take the number of an event that a till has not sent yet, nor that of another customer', async () => {
  const [ana, bea] = [await known('ana'), await known('bea')];
  const sale = { eventId: 'T-1001', kind: 'store_visit', channel: 'STORE', source: 'till-7' };
  const track = async (as: ReturnType<typeof service>, profileId: string) =>
    (await as.graph(TRACK, { input: { profileId, events: [sale] } })).data.track.results[0].status;
  expect(await track(herself(ana), ana)).toBe('ACCEPTED');
  expect(await track(herself(ana), ana)).toBe('DUPLICATE');
  expect(await track(herself(bea), bea)).toBe('ACCEPTED');
  expect(await track(service(), ana)).toBe('ACCEPTED');
  expect(await track(service(), ana)).toBe('DUPLICATE');
});
