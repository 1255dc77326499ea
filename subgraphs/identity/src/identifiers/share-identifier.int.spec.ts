import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

const UNSHARE = `mutation ($input: MarkSharedInput!) { unmarkShared(input: $input) { identifier { value shared } errors { code } } }`;
const unshare = async (value: string) =>
  (await care().graph(UNSHARE, { input: { type: 'PHONE', value, reason: 'it is her own' } })).data.unmarkShared;
const links = (value: string) =>
  identity.sql(`select a, b from edge where active and evidence->>'value' = $1 order by a, b`, [value]);

it('an identifier that was wrongly marked links again, and the links are those there would be had it never been marked', async () => {
  const seen = async (number: string, meanwhile: () => Promise<unknown>) => {
    const first = await identify(email(`a${number}@casa.es`), phone(number));
    await meanwhile();
    const known = await identify(email(`b${number}@casa.es`));
    for (let time = 0; time < 2; time++) await identify(email(`b${number}@casa.es`), phone(number));
    const fresh = await identify({ type: 'USER', value: `u${number}` }, phone(number));
    return { first, known, fresh };
  };
  const plain = await seen('611000444', () => Promise.resolve());
  const marked = await seen('611000555', () => share('PHONE', '611000555'));
  expect(new Set([marked.first, marked.known, marked.fresh].map((p) => p.customerId)).size).toBe(3);
  const line = await identify(phone('611000555'));

  for (let time = 0; time < 2; time++) {
    expect(await unshare('611 000 555')).toEqual({ identifier: { value: '+34611000555', shared: false }, errors: [] });
  }
  const named = (one: typeof plain, pairs: readonly Record<string, unknown>[]) => {
    const nameOf = (id: unknown) => Object.entries(one).find(([, p]) => p.profileId === id)?.[0] ?? 'line';
    return pairs.map(({ a, b }) => [nameOf(a), nameOf(b)]);
  };
  const expected = named(plain, await links('+34611000444'));
  expect(expected).toEqual([
    ['first', 'known'],
    ['first', 'fresh'],
  ]);
  // What the number alone did meanwhile has a profile of its own, which is hers now.
  expect(named(marked, await links('+34611000555'))).toEqual([...expected, ['first', 'line']]);
  const hers = [email('b611000555@casa.es'), { type: 'USER', value: 'u611000555' }, phone('611000555')];
  for (const one of hers) expect((await identify(one)).customerId).toBe(marked.first.customerId);
  expect(line.customerId).not.toBe(marked.first.customerId);
  const told = (await identity.published('identity.customer.contact-changed.v1')).filter(
    (e) => e.profileId === marked.first.profileId,
  );
  expect(told.map((e) => e.data.phone)).toEqual(['+34611000555', null, '+34611000555']);
});

it('whoever is seen at the very moment at which the mark is taken back is linked too', async () => {
  for (let n = 100; n < 110; n++) {
    const first = await identify(email(`f${n}@casa.es`), phone(`611001${n}`));
    await share('PHONE', `611001${n}`);
    const [taken] = await Promise.all([
      unshare(`611001${n}`),
      ...[1, 2, 3].map((m) => identify(email(`m${m}-${n}@casa.es`), phone(`611001${n}`))),
    ]);
    expect(taken.errors).toEqual([]);
    for (const m of [1, 2, 3]) {
      expect((await identify(email(`m${m}-${n}@casa.es`))).customerId).toBe(first.customerId);
    }
  }
});

it('a mark that is older than the record of who was seen meanwhile can be taken back as well', async () => {
  const first = await identify(email('old-mark@casa.es'), phone('611 000 777'));
  await share('PHONE', '611 000 777');
  const fresh = await identify({ type: 'USER', value: 'u-old-mark' }, phone('611 000 777'));
  const line = await identify(phone('611 000 777'));
  expect(new Set([first, fresh, line].map((p) => p.customerId)).size).toBe(3);
  await identity.sql(`delete from shared_sighting where value = '+34611000777'`);
  const migration = readFileSync(join(__dirname, '..', 'migrations', '0011-shared-sightings-before.sql'), 'utf8');
  for (let time = 0; time < 2; time++) await identity.sql(migration);

  expect((await unshare('611 000 777')).errors).toEqual([]);
  for (const one of [{ type: 'USER', value: 'u-old-mark' }, phone('611 000 777')])
    expect((await identify(one)).customerId).toBe(first.customerId);
});
