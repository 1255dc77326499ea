import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const [lugo, vigo] = [newId(), newId()];
const associate = (stores: string[], subject: string) => identity.as({ role: 'associate', stores, subject });
let shift = 0;
/** An associate who has looked up nobody yet. */
const fresh = (store = lugo) => associate([store], `associate-${++shift}`);

const IDENTIFY =
  'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId customerId errors { code path } } }';
const identify = async (input: object, as = identity.as({ role: 'service' })) =>
  (await as.graph(IDENTIFY, { input })).data.identify;
const TRACK = 'mutation ($input: TrackInput!) { track(input: $input) { results { status } errors { code } } }';
const visit = (profileId: string, storeId: string, at?: string) =>
  identity.as({ role: 'service' }).graph(TRACK, {
    input: {
      events: [{ eventId: newId(), kind: 'store_visit', channel: 'STORE', profileId, storeId, occurredAt: at }],
    },
  });

let n = 0;
async function person(more: object = {}) {
  n += 1;
  const mail = `marta.${n}@correo.es`;
  const { profileId } = await identify({
    identifiers: [
      { type: 'EMAIL', value: mail },
      { type: 'PHONE', value: `+3461234${1000 + n}` },
      { type: 'COOKIE', value: `cookie-of-${n}` },
    ],
    attributes: {
      givenName: 'Marta',
      familyName: `Rey ${n}`,
      birthDate: '1990-05-17',
      street: 'Rúa Nova 3',
      shoeSize: 38,
      ...more,
    },
  });
  return { id: profileId as string, mail };
}

const CUSTOMER = `query ($id: ID!) { customer(id: $id) {
  id name identifiers { type value masked } attributes { name value winner { value } losers { value } } journey { edges { node { kind } } } } }`;
const FIND = 'query ($v: String!) { customerByIdentifier(type: EMAIL, value: $v) { id } }';
const LIST = 'query ($s: String, $n: Int) { customers(search: $s, first: $n) { edges { node { id } } } }';
const ids = ({ data }: { data: { customers: { edges: { node: { id: string } }[] } } }) =>
  data.customers.edges.map(({ node }) => node.id);
const codes = ({ errors }: { errors?: readonly { extensions?: Record<string, unknown> }[] | undefined }) =>
  (errors ?? []).map((e) => e.extensions?.['code']);

describe('an associate', () => {
  it('asks for nobody who has not been in her store', async () => {
    const { id } = await person();
    await visit(id, vigo);
    const asked = await fresh(lugo).graph(CUSTOMER, { id });
    expect(codes(asked)).toEqual(['FORBIDDEN']);
    expect(asked.errors![0]!.message).toContain('whom she serves');
    expect((await fresh(vigo).graph(CUSTOMER, { id })).data.customer.id).toBe(id);
  });

  it('serves her whose last visit was in the last two years', async () => {
    const { id } = await person();
    const years = (count: number) => new Date(identity.clock.now().getTime() - count * 365 * 86_400_000).toISOString();
    await visit(id, lugo, years(3));
    expect(codes(await fresh().graph(CUSTOMER, { id }))).toEqual(['FORBIDDEN']);
    await visit(id, lugo, years(1));
    expect(codes(await fresh().graph(CUSTOMER, { id }))).toEqual([]);
  });

  it('finds whoever tells her an e-mail address, and serves her for that day', async () => {
    const { id, mail } = await person();
    const lucia = fresh();
    expect(codes(await lucia.graph(CUSTOMER, { id }))).toEqual(['FORBIDDEN']);
    expect((await lucia.graph(FIND, { v: mail.toUpperCase() })).data.customerByIdentifier).toEqual({ id });
    expect(codes(await lucia.graph(CUSTOMER, { id }))).toEqual([]);
    expect(codes(await fresh().graph(CUSTOMER, { id }))).toEqual(['FORBIDDEN']);
    identity.clock.advance({ hours: 13 });
    expect(codes(await lucia.graph(CUSTOMER, { id }))).toEqual(['FORBIDDEN']);
  });

  it('sees of contact data what tells one customer from another, and of the birth date the day', async () => {
    const { id } = await person();
    await visit(id, lugo);
    const { data } = await fresh().graph(CUSTOMER, { id });
    const values = Object.fromEntries(
      data.customer.identifiers.map((i: { type: string; value: string }) => [i.type, i.value]),
    );
    expect(values).toEqual({ EMAIL: 'm***@correo.es', PHONE: `***${String(1000 + n).slice(-3)}`, COOKIE: '***' });
    expect(data.customer.identifiers.every((i: { masked: boolean }) => i.masked)).toBe(true);
    const attributes = Object.fromEntries(
      data.customer.attributes.map((a: { name: string; value: unknown }) => [a.name, a.value]),
    );
    expect(attributes).toMatchObject({ birthDate: '--05-17', street: '***', shoeSize: 38, givenName: 'Marta' });
    expect(JSON.stringify(data)).not.toMatch(/1990|Nova|@correo\.es"?.*marta/);

    const care = (await identity.as({ role: 'care' }).graph(CUSTOMER, { id })).data.customer;
    expect(care.identifiers.map((i: { masked: boolean }) => i.masked)).toEqual([false, false, false]);
    expect(JSON.stringify(care)).toMatch(/marta.*1990-05-17/);
  });

  it('lists and searches by name those who have been in her stores, the newest first', async () => {
    const [hers, other] = [await person({ familyName: 'Castro' }), await person({ familyName: 'Castro' })];
    const store = newId();
    await visit(hers.id, store);
    await visit(other.id, vigo);
    expect(ids((await fresh(store).graph(LIST)) as never)).toEqual([hers.id]);
    expect(ids((await fresh(store).graph(LIST, { s: 'marta castro' })) as never)).toEqual([hers.id]);
    expect(ids((await associate([], 'between-stores').graph(LIST, { s: 'castro' })) as never)).toEqual([]);
    expect(ids((await identity.as({ role: 'care' }).graph(LIST, { s: 'castro' })) as never)).toHaveLength(2);
  });

  it('finds by exactly the telephone that is typed into the search, and by no part of it', async () => {
    const { id, mail } = await person();
    const lucia = fresh();
    expect(ids((await lucia.graph(LIST, { s: mail.slice(0, -1) })) as never)).toEqual([]);
    expect(ids((await lucia.graph(LIST, { s: ` ${mail} ` })) as never)).toEqual([id]);
    expect(codes(await lucia.graph(CUSTOMER, { id }))).toEqual([]);
    expect(ids((await fresh().graph(LIST, { s: `cookie-of-${n}` })) as never)).toEqual([]);
  });

  it('looks up by what customers tell, not by what machines know', async () => {
    await person();
    const query = 'query ($v: String!) { customerByIdentifier(type: COOKIE, value: $v) { id } }';
    expect(codes(await fresh().graph(query, { v: `cookie-of-${n}` }))).toEqual(['NOT_PRESENTED']);
  });

  it('is stopped when she goes through numbers', async () => {
    const { mail } = await person();
    const curious = associate([lugo], 'curious');
    await identity.sql(
      `insert into audit (id, at, actor, role, action, fields) select gen_random_uuid(), $1, 'curious', 'associate', 'sought', '{phone}' from generate_series(1, 300)`,
      [identity.clock.now()],
    );
    expect(codes(await curious.graph(FIND, { v: mail }))).toEqual(['TOO_MANY_LOOK_UPS']);
    expect(codes(await curious.graph(LIST, { s: mail }))).toEqual(['TOO_MANY_LOOK_UPS']);
    identity.clock.advance({ hours: 13 });
    expect(codes(await curious.graph(FIND, { v: mail }))).toEqual([]);
  });

  it('is told the full address where she says why, and that is in the log', async () => {
    const { id, mail } = await person();
    await visit(id, lugo);
    const query =
      'query ($id: ID!, $by: CustomerContact!, $why: String!) { customer(id: $id) { contact(by: $by, reason: $why) } }';
    const lucia = associate([lugo], 'lucia');
    const ask = (by: string, why = 'call back about order W-7') => lucia.graph(query, { id, by, why });
    expect((await ask('EMAIL')).data.customer.contact).toEqual([mail]);
    expect((await ask('PHONE')).data.customer.contact).toEqual([`+3461234${1000 + n}`]);
    expect((await ask('ADDRESS')).data.customer.contact).toEqual(['Rúa Nova 3']);
    expect(codes(await ask('PHONE', ' '))).toEqual(['INVALID_REASON']);
    expect(codes(await associate([vigo], 'eva').graph(query, { id, by: 'PHONE', why: 'curious' }))).toEqual([
      'FORBIDDEN',
    ]);
    const log =
      'query ($id: ID) { auditLog(customerId: $id, actor: "lucia") { edges { node { action fields reason changed } } } }';
    const entries = (await identity.graph(log, { id })).data.auditLog.edges.map((e: { node: object }) => e.node);
    expect(entries).toHaveLength(3);
    expect(entries).toContainEqual({
      action: 'reveal',
      fields: ['phone'],
      reason: 'call back about order W-7',
      changed: false,
    });
    expect(JSON.stringify(entries)).not.toContain(mail);
  });

  it('learns from the reference in an order of another store how far a customer has come, and not who she is', async () => {
    const { id } = await person();
    const reference =
      'query ($of: [_Any!]!) { found: _entities(representations: $of) { ... on Customer { id state phase { phase } name preferences { language } consents { granted } } } }';
    const of = [{ __typename: 'Customer', id }];
    const { data, errors } = await fresh().graph(reference, { of });
    expect(data.found).toEqual([{ id, state: 'PROSPECT', phase: null, name: null, preferences: null, consents: null }]);
    expect(errors!.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    await visit(id, lugo);
    expect((await fresh().graph(reference, { of })).errors).toBeUndefined();
  });

  it('serves whom her store was asked to call, for a month', async () => {
    const { id } = await person();
    await identity.receive(
      event('campaign.task.created.v1', {
        profileId: id,
        occurredAt: identity.clock.now(),
        data: { taskId: newId(), kind: 'recover-detractor', storeId: lugo, reason: 'She said 3.' },
      }),
    );
    expect(codes(await fresh().graph(CUSTOMER, { id }))).toEqual([]);
    identity.clock.advance({ days: 31 });
    expect(codes(await fresh().graph(CUSTOMER, { id }))).toEqual(['FORBIDDEN']);
  });

  it('serves after a merge whoever one of the two was served as', async () => {
    const [a, b] = [await person(), await person()];
    await visit(b.id, lugo);
    const merge = 'mutation ($input: MergeCustomersInput!) { mergeCustomers(input: $input) { errors { code } } }';
    await identity.graph(merge, { input: { into: a.id, merge: [b.id], reason: 'same person' } });
    expect((await fresh().graph(CUSTOMER, { id: a.id })).data.customer.id).toBe(a.id);
  });

  it('changes nothing of customers whom she does not serve', async () => {
    const { id } = await person();
    const lucia = fresh();
    const notes = await identify({ profileId: id, attributes: { shoeSize: 40 } }, lucia);
    expect(notes.errors).toEqual([{ code: 'NOT_SERVED', path: ['input', 'profileId'] }]);
    const visited = { eventId: newId(), kind: 'store_visit', channel: 'STORE', profileId: id, storeId: lugo };
    const tracked = (await lucia.graph(TRACK, { input: { events: [visited] } })).data.track;
    expect(tracked.errors).toEqual([{ code: 'NOT_SERVED' }]);
    const consent = 'mutation ($input: SetConsentInput!) { setConsent(input: $input) { errors { code } } }';
    const input = { customerId: id, purpose: 'MARKETING', granted: true, wordingVersion: 'v1', source: 'till' };
    expect(codes(await lucia.graph(consent, { input }))).toEqual(['FORBIDDEN']);
  });

  it('serves whom she makes known herself', async () => {
    const lucia = fresh();
    const made = await identify({ identifiers: [{ type: 'EMAIL', value: 'new.one@correo.es' }] }, lucia);
    expect(codes(await lucia.graph(CUSTOMER, { id: made.customerId }))).toEqual([]);
    expect((await identify({ profileId: made.profileId, attributes: { shoeSize: 40 } }, lucia)).errors).toEqual([]);
    expect(codes(await fresh().graph(CUSTOMER, { id: made.customerId }))).toEqual(['FORBIDDEN']);
  });

  it('is on record for whom she found and whom she sought in vain', async () => {
    const { id, mail } = await person();
    const lucia = associate([lugo], 'on-record');
    await lucia.graph(FIND, { v: mail });
    await lucia.graph(FIND, { v: 'nobody.here@correo.es' });
    const log = '{ auditLog(actor: "on-record") { edges { node { action fields customerId changed } } } }';
    const entries = (await identity.graph(log)).data.auditLog.edges.map((e: { node: object }) => e.node);
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual({ action: 'found', fields: ['email'], customerId: id, changed: false });
    expect(entries).toContainEqual({ action: 'sought', fields: ['email'], customerId: null, changed: false });
    const settings = '{ auditLog { edges { node { action } } } }';
    expect(JSON.stringify((await identity.graph(settings)).data)).not.toContain('sought');
  });
});
