import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import fc from 'fast-check';
import { identity as definition } from '../identity.ts';
import { componentsOf, type Edge } from '../resolution/components.ts';

const identity = testSubgraph(definition);
const mutate = async (name: string, type: string, input: object, fields: string) =>
  (
    await identity.graph(
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code message } } }`,
      { input },
    )
  ).data[name];
const merge = (into: string, ...others: string[]) =>
  mutate('mergeCustomers', 'MergeCustomersInput', { into, merge: others, reason: 'same person' }, 'customer { id }');
const unmerge = (customerId: string, ...restore: string[]) =>
  mutate(
    'unmergeCustomers',
    'UnmergeCustomersInput',
    { customerId, restore, reason: 'two people' },
    'customer { id } restored { id }',
  );
const identify = (input: object) => mutate('identify', 'IdentifyInput', input, 'profileId customerId warnings');
const someone = async (): Promise<string> =>
  (await identify({ identifiers: [{ type: 'EMAIL', value: `${newId()}@correo.es` }] })).profileId;
const consent = (customerId: string, granted: boolean, channel = 'EMAIL') =>
  mutate(
    'setConsent',
    'SetConsentInput',
    { customerId, purpose: 'MARKETING', channel, granted, wordingVersion: 'v1', source: 'test' },
    'consents { channel granted }',
  );
const customer = async (id: string, fields: string) =>
  (await identity.graph(`query ($id: ID!) { customer(id: $id) { ${fields} } }`, { id })).data.customer;
const state = (ids: string[]) =>
  Promise.all(
    ids.map((id) =>
      customer(id, 'id profileIds identifiers { type value } consents { purpose channel granted decidedBy { id } }'),
    ),
  );

describe('a merge', () => {
  it('is undone exactly: both customers are as they were, and every id keeps leading somewhere', async () => {
    const [a, b, c] = [await someone(), await someone(), await someone()];
    await consent(a, true);
    await consent(b, false);
    await merge(b, c);
    const before = await state([a, b, c]);
    expect(await merge(b, a)).toMatchObject({ customer: { id: a }, errors: [] });
    expect(await customer(c, 'id profileIds')).toEqual({ id: a, profileIds: [a, b, c] });
    expect(await unmerge(a, b)).toMatchObject({ customer: { id: a }, restored: [{ id: b }], errors: [] });
    expect(await state([a, b, c])).toEqual(before);
    const [told] = (await identity.published('identity.customer.membership-changed.v1')).slice(-1);
    expect(told!.data).toMatchObject({
      cause: 'unmerged',
      customers: [
        { customerId: a, profileIds: [a] },
        { customerId: b, profileIds: [b, c] },
      ],
    });
  });

  it('never widens what either allowed; a later word of hers holds for the whole customer; an unmerge gives each her own back', async () => {
    const [a, b] = [await someone(), await someone()];
    await consent(a, true);
    await consent(b, false);
    await consent(b, true, 'SMS');
    await merge(a, b);
    const now = () => customer(a, 'consents { channel granted }');
    expect((await now()).consents).toEqual(
      expect.arrayContaining([
        { channel: 'EMAIL', granted: false },
        { channel: 'SMS', granted: true },
      ]),
    );
    identity.clock.advance({ minutes: 1 });
    await consent(a, true);
    expect((await now()).consents).toContainEqual({ channel: 'EMAIL', granted: true });
    await unmerge(a, b);
    expect((await customer(b, 'consents { channel granted }')).consents).toContainEqual({
      channel: 'EMAIL',
      granted: false,
    });
    const told = (await identity.published('identity.consent.changed.v1')).filter(
      (e) => e.profileId === b && e.data.channel === 'email',
    );
    expect(told.map((e) => e.data.granted)).toEqual([false, false, true, false]);
  });

  it('is not made again by evidence after a person has taken it apart', async () => {
    const card = { type: 'CARD', value: `C${Date.now()}` };
    const a = await identify({ identifiers: [{ type: 'USER', value: newId() }, card] });
    const shop = { type: 'USER', value: newId() };
    const b = await identify({ identifiers: [shop] });
    await merge(a.profileId, b.profileId);
    await unmerge(a.profileId, b.profileId);
    const again = await identify({ identifiers: [shop, card] });
    expect(again).toMatchObject({ customerId: b.profileId, warnings: [expect.stringContaining('somebody decided')] });
    expect(await merge(a.profileId, b.profileId)).toMatchObject({ customer: { id: a.profileId } });
  });

  it('refuses itself, strangers and emptiness with a typed error', async () => {
    const [a, b] = [await someone(), await someone()];
    const code = async (answer: Promise<{ errors: { code: string }[] }>) => (await answer).errors[0]?.code;
    expect(await code(merge(a, a))).toBe('SELF_MERGE');
    expect(await code(merge(a, newId()))).toBe('CUSTOMER_UNKNOWN');
    expect(await code(merge(a))).toBe('NOTHING_TO_MERGE');
    expect(await code(unmerge(a, b))).toBe('NOT_A_PART');
    expect(await code(unmerge(a, a))).toBe('NOTHING_TO_UNMERGE');
  });

  it('is one merge however many make it at once', async () => {
    const [a, b, c] = [await someone(), await someone(), await someone()];
    const answers = await Promise.all([merge(a, b), merge(b, c), merge(c, a), merge(a, c), merge(b, a)]);
    for (const { errors } of answers) expect(['SELF_MERGE', undefined]).toContain(errors[0]?.code);
    expect(await customer(c, 'id profileIds')).toEqual({ id: a, profileIds: [a, b, c] });
  });
});

it('any sequence of merges and unmerges leaves what replaying the active links leaves', async () => {
  const step = fc.record({ merge: fc.boolean(), x: fc.nat(7), y: fc.nat(7) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const people: string[] = [];
      for (let n = 0; n < 8; n++) people.push(await someone());
      for (const { merge: join, x, y } of steps) {
        if (join) await merge(people[x]!, people[y]!);
        else await unmerge(people[x]!, people[y]!);
      }
      const edges = await identity.sql<Edge>('select id, a, b from edge where active and a = any($1::uuid[])', [
        people,
      ]);
      const rows = await identity.sql<{ id: string; customer_id: string }>(
        'select id, customer_id from profile where id = any($1::uuid[])',
        [people],
      );
      expect(new Map(rows.map((row) => [row.id, row.customer_id]))).toEqual(
        new Map([
          ...componentsOf(
            rows.map((r) => r.id),
            edges,
          ),
        ]),
      );
      // What the others were told, the newest version per profile, is the same map.
      const told = new Map<string, string>();
      for (const e of await identity.published('identity.customer.membership-changed.v1')) {
        for (const c of e.data.customers) for (const p of c.profileIds) told.set(p, c.customerId);
      }
      for (const row of rows) expect(told.get(row.id)).toBe(row.customer_id);
    }),
    { numRuns: 15 },
  );
});

it('a decision by hand needs a reason, and an unmerge somebody to take out', async () => {
  const [a, b] = [await someone(), await someone()];
  const code = async (name: string, type: string, input: object) =>
    (await mutate(name, type, input, '')).errors.map((e: { code: string }) => e.code);
  for (const reason of ['', '  ', 'x'.repeat(501)]) {
    expect(await code('mergeCustomers', 'MergeCustomersInput', { into: a, merge: [b], reason })).toEqual([
      'INVALID_REASON',
    ]);
    expect(await code('forbidCustomerLink', 'ForbidLinkInput', { left: a, right: b, reason })).toEqual([
      'INVALID_REASON',
    ]);
    expect(await code('requestErasure', 'PrivacyRequestInput', { customerId: a, reason })).toEqual(['INVALID_REASON']);
  }
  await merge(a, b);
  const restore = (ids: string[]) =>
    code('unmergeCustomers', 'UnmergeCustomersInput', { customerId: a, restore: ids, reason: 'two people' });
  expect(await restore([])).toEqual(['NOTHING_TO_UNMERGE']);
  expect(await restore(Array.from({ length: 51 }, () => b))).toEqual(['NOTHING_TO_UNMERGE']);
  expect(await restore([b])).toEqual([]);
});

it('a rule of survivorship names an attribute and, to trust, whom; who set it is on record', async () => {
  const set = async (input: object) =>
    (await mutate('setCustomerSurvivorshipRule', 'SurvivorshipRuleInput', input, '')).errors.map(
      (e: { code: string }) => e.code,
    );
  expect(await set({ attribute: '', strategy: 'recent' })).toEqual(['INVALID_ATTRIBUTE_NAME']);
  expect(await set({ attribute: 'city', strategy: 'loudest' })).toEqual(['UNKNOWN_STRATEGY']);
  expect(await set({ attribute: 'city', strategy: 'trusted', sources: [] })).toEqual(['INVALID_SOURCES']);
  expect(await set({ attribute: 'city', strategy: 'trusted', sources: ['crm'] })).toEqual([]);
  const { data } = await identity.graph('{ auditLog { edges { node { action fields } } } }');
  expect(data.auditLog.edges[0].node).toEqual({ action: 'set-survivorship-rule', fields: ['city', 'trusted'] });
});
