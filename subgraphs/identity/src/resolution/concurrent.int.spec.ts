import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const IDENTIFY =
  'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId customerId errors { code message } } }';
const DEADLOCKS = 'select deadlocks::int as n from pg_stat_database where datname = current_database()';
const deadlocks = async (): Promise<number> => (await identity.sql<{ n: number }>(DEADLOCKS))[0]!.n;

/** One person at once in four channels, each of which knows her mailbox, her name and something of its own. */
const sighting = (n: number) => ({
  identifiers: [
    { type: 'EMAIL', value: 'everywhere@correo.es' },
    [
      { type: 'COOKIE', value: `cookie-${n}` },
      { type: 'USER', value: 'user-everywhere' },
      { type: 'CARD', value: 'CARD-EVERYWHERE' },
      { type: 'PHONE', value: '+34611222333' },
    ][n % 4]!,
  ],
  attributes: { givenName: 'Eva', familyName: 'Rey', city: 'Lugo' },
});

it('whoever is known the same way in many channels at once is one person, and no request stands in the way of another', async () => {
  const before = await deadlocks();
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) => identity.as({ role: 'service' }).graph(IDENTIFY, { input: sighting(n) })),
  );
  expect(answers.flatMap(({ data, errors }) => errors ?? data.identify.errors)).toEqual([]);
  const ids = answers.map(({ data }) => data.identify.profileId as string);
  const [people] = await identity.sql<{ n: number }>(
    'select count(distinct customer_id)::int as n from profile where id = any($1::uuid[])',
    [ids],
  );
  expect(people!.n).toBe(1);
  expect(await deadlocks()).toBe(before);
});

it('batches that meet, each with the same people in another order, all come through', async () => {
  const IMPORT =
    'mutation ($input: ImportProfilesInput!) { importProfiles(input: $input) { results { profileId code } errors { code } } }';
  const row = (n: number) => ({
    sourceId: String(n),
    identifiers: [
      { type: 'EMAIL', value: `met${n}@correo.es` },
      { type: 'CARD', value: `MET${n}` },
    ],
    attributes: { givenName: 'Eva', city: 'Lugo' },
  });
  const rows = Array.from({ length: 60 }, (_, n) => row(n + 1));
  const batches = Array.from({ length: 12 }, (_, k) => {
    const turned = [...rows.slice(k * 5), ...rows.slice(0, k * 5)];
    return { source: `crm-${k % 3}`, rows: k % 2 ? turned.toReversed() : turned };
  });
  const answers = await Promise.all(batches.map((input) => identity.as({ role: 'service' }).graph(IMPORT, { input })));
  expect(answers.flatMap(({ data, errors }) => errors ?? data.importProfiles.errors)).toEqual([]);
  const refused = answers.flatMap(({ data }) =>
    data.importProfiles.results.filter((r: { code: string | null }) => r.code !== null),
  );
  expect(refused).toEqual([]);
  const [people] = await identity.sql<{ n: number }>(
    `select count(distinct p.customer_id)::int as n from identifier i join profile p on p.id = i.profile_id where i.value like 'met%@correo.es'`,
  );
  expect(people!.n).toBe(60);
});
