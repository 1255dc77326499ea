import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const mutate = async (name: string, type: string, input: object, fields: string) =>
  (
    await identity.graph(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code } } }`, {
      input,
    })
  ).data[name];
const someone = async (attributes: object, ...identifiers: object[]): Promise<string> => {
  const input = { identifiers: [{ type: 'SOURCE', value: `crm:${newId()}` }, ...identifiers], attributes };
  return (await mutate('identify', 'IdentifyInput', input, 'profileId')).profileId;
};
const customer = async (id: string) =>
  (await identity.graph('query ($id: ID!) { customer(id: $id) { id } }', { id })).data.customer.id;
const REVIEW = 'id status probability weight evidence { field finding weight rarity } left { id } right { id }';
const reviews = async () =>
  (await identity.graph(`{ matchReviews(first: 100) { edges { node { ${REVIEW} } } } }`)).data.matchReviews.edges.map(
    (e: { node: object }) => e.node,
  );
const about = async (...ids: string[]) =>
  (await reviews()).filter(
    (r: { left: { id: string }; right: { id: string } }) => ids.includes(r.left.id) && ids.includes(r.right.id),
  );
const run = () => identity.runJob('match-profiles');

const FRANCISCO = {
  givenName: 'Francisco',
  familyName: 'Arizmendi Peña',
  birthDate: '1971-06-24',
  street: 'Rúa do Hórreo 17',
  city: 'Santiago',
  postalCode: '15701',
};
const doubtful = (name: string) =>
  [
    { givenName: 'Marta', familyName: name, birthDate: '1990-03-04', city: 'Lugo' },
    { givenName: 'Martina', familyName: name, birthDate: '1990-04-03', city: 'Vigo' },
  ] as const;

it('a sure match merges by itself, with the evidence on the link, and can be undone', async () => {
  const a = await someone(FRANCISCO);
  const b = await someone({
    ...FRANCISCO,
    givenName: 'Paco',
    familyName: 'ARIZMENDI PENA',
    street: 'Rua do Horreo, 17',
  });
  await run();
  expect(await customer(b)).toBe(a);
  const [edge] = await identity.sql<{ kind: string; evidence: { fields: { finding: string }[] } }>(
    'select kind, evidence from edge where a = $1 and b = $2',
    [a, b],
  );
  expect(edge).toMatchObject({
    kind: 'match',
    evidence: {
      fields: expect.arrayContaining([
        expect.objectContaining({ field: 'givenName', finding: 'short form or part of it' }),
      ]) as unknown,
    },
  });
  await mutate(
    'unmergeCustomers',
    'UnmergeCustomersInput',
    { customerId: a, restore: [b], reason: 'father and son' },
    'customer { id }',
  );
  await identity.sql('insert into match_pending (profile_id) values ($1), ($2)', [a, b]);
  await run();
  expect(await customer(b)).toBe(b);
});

it('a doubtful match waits for a decision, explained field by field', async () => {
  const [x, y] = doubtful('Zubizarreta');
  const [a, b] = [await someone(x), await someone(y)];
  await run();
  expect(await customer(b)).toBe(b);
  const [review] = await about(a, b);
  expect(review).toMatchObject({ status: 'open', left: { id: a }, right: { id: b } });
  expect(review.probability).toBeGreaterThan(0.5);
  const sum = review.evidence.reduce((bits: number, e: { weight: number }) => bits + e.weight, 0);
  expect(sum).toBeCloseTo(review.weight, 2);
  expect(review.evidence.map((e: { field: string; finding: string }) => `${e.field}: ${e.finding}`)).toContain(
    'birthDate: one digit or day and month differ',
  );
});

it('an accepted match is one customer, a rejected one two for ever, and nobody decides twice', async () => {
  const decide = (id: string, decision: string) =>
    mutate(
      'decideMatch',
      'DecideMatchInput',
      { id, decision, reason: 'asked her' },
      'review { status left { id } right { id } }',
    );
  const pairs: string[][] = [];
  for (const name of ['Urrutikoetxea', 'Goikoetxea'])
    pairs.push([await someone(doubtful(name)[0]), await someone(doubtful(name)[1])]);
  await run();
  const [[yes], [no]] = [await about(...pairs[0]!), await about(...pairs[1]!)];
  expect((await decide(yes.id, 'ACCEPT')).review).toMatchObject({
    status: 'accepted',
    left: { id: pairs[0]![0] },
    right: { id: pairs[0]![0] },
  });
  expect((await decide(no.id, 'REJECT')).review).toMatchObject({ status: 'rejected' });
  expect((await decide(no.id, 'ACCEPT')).errors).toEqual([{ code: 'MATCH_DECIDED' }]);
  expect((await decide(newId(), 'ACCEPT')).errors).toEqual([{ code: 'MATCH_UNKNOWN' }]);
  await identity.sql('insert into match_pending (profile_id) values ($1)', [pairs[1]![1]]);
  await run();
  expect(await about(...pairs[1]!)).toEqual([]);
  expect(await customer(pairs[1]![1]!)).toBe(pairs[1]![1]);
});

it('two accounts are never merged by likeness alone', async () => {
  const user = () => ({ type: 'USER', value: newId() });
  const twin = { ...FRANCISCO, familyName: 'Etxeberria Ruiz', birthDate: '1962-11-02', street: 'Calle Real 4' };
  const [a, b] = [await someone(twin, user()), await someone(twin, user())];
  await run();
  expect(await customer(b)).toBe(b);
  expect(await about(a, b)).toHaveLength(1);
});

it('a forbidden link is made by no identifier and by no likeness', async () => {
  const email = { type: 'EMAIL', value: `${newId()}@correo.es` };
  const twin = { ...FRANCISCO, familyName: 'Mendizabal Ruiz', birthDate: '1955-01-09' };
  const [a, b] = [await someone(twin), await someone({ givenName: 'Ana' })];
  expect(
    (
      await mutate(
        'forbidCustomerLink',
        'ForbidLinkInput',
        { left: a, right: b, reason: 'neighbours' },
        'customers { id }',
      )
    ).customers,
  ).toEqual([{ id: a }, { id: b }]);
  await mutate('identify', 'IdentifyInput', { profileId: a, identifiers: [email] }, 'profileId');
  const seen = await mutate(
    'identify',
    'IdentifyInput',
    { profileId: b, identifiers: [email], attributes: twin },
    'customerId warnings',
  );
  expect(seen).toMatchObject({ customerId: b, warnings: [expect.stringContaining('somebody decided')] });
  await run();
  expect([await customer(a), await customer(b)]).toEqual([a, b]);
});

it('training learns from the customers and says so where they are too few', async () => {
  await identity.graph('mutation { trainMatching { training { id } errors { code } } }');
  await identity.runJob('train-matching');
  const trainings = async () => (await identity.graph('{ matchTrainings { finishedAt error } }')).data.matchTrainings;
  expect(await trainings()).toEqual([{ finishedAt: expect.any(String), error: expect.stringContaining('needed') }]);

  const rows = Array.from({ length: 600 }, (_, n) => ({
    sourceId: `t-${n}`,
    attributes: {
      givenName: `Nombre${n % 40}`,
      familyName: `Apellido${n % 97}`,
      birthDate: `19${50 + (n % 40)}-0${1 + (n % 9)}-1${n % 9}`,
      city: `Ciudad${n % 15}`,
    },
  }));
  await mutate('importProfiles', 'ImportProfilesInput', { source: 'training', rows }, 'results { code }');
  await identity.graph('mutation { trainMatching { training { id } errors { code } } }');
  await identity.runJob('train-matching');
  expect((await trainings())[0]).toEqual({ finishedAt: expect.any(String), error: null });
  const [model] = await identity.sql<{ records: number }>('select records from match_model');
  expect(model!.records).toBeGreaterThan(600);
  expect((await identity.sql('select 1 from match_pending')).length).toBeGreaterThan(600);
});
