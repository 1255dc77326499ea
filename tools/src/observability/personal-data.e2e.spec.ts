import { connectNats, type Bus } from '@trenza/bus';
import { event, newId, PRODUCERS, type AnyEvent, type Producer } from '@trenza/events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Answer, startTestPlatform, type TestPlatform } from '../platform/test-platform.ts';
import { SpanCollector } from './span-collector.ts';

/** Starting six processes with new databases takes a while on a busy machine. */
const START_MS = 180_000;
/** A failing event is tried five times, more and more slowly. */
const WITHIN_MS = 60_000;
jest.setTimeout(START_MS);

const EMAIL = 'maria.planted@example.com';
const PHONE = '+34600123456';
const NAME = 'María Planted';
const WORDS = 'Soy la señora Planted y vivo en la calle Mayor';
/** What may stand in no log and in no reason of a dead letter. */
const PLANTED = /planted|600.?123.?456|calle Mayor/i;

/** Makes whatever holds planted values fail as a real statement would, with the values where PostgreSQL puts them for that error. */
const SABOTAGE = `
  create table sabotage (kind text);
  create table sabotaged_unique (value text unique);
  create table sabotaged_check (value text check (false));
  create function sabotage() returns trigger language plpgsql as $body$
  declare
    said text := case when tg_table_name = 'processed_message' then '${EMAIL} ${PHONE} ${NAME}' else to_jsonb(new)::text end;
  begin
    if said ~* 'planted' then
      case (select kind from public.sabotage)
        when 'unique' then insert into public.sabotaged_unique values (said), (said);
        when 'check' then insert into public.sabotaged_check values (said);
        when 'uuid' then perform said::uuid;
        when 'json' then perform ('[' || said)::jsonb;
        when 'raise' then raise exception 'no room for %', said;
        else null;
      end case;
    end if;
    return new;
  end $body$;`;
const TABLES = `
  select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and c.relkind = 'r'
     and c.relname not in ('migration', 'sabotage', 'sabotaged_unique', 'sabotaged_check', 'dead_letter')`;
const KINDS = ['unique', 'check', 'uuid', 'json', 'raise'] as const;

const collector = new SpanCollector();
let platform: TestPlatform;
let bus: Bus;
let admin: string;
let service: string;
const databases = new Map<Producer, Client>();

beforeAll(async () => {
  const endpoint = await collector.start();
  platform = await startTestPlatform({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '200' },
  });
  const { databases: urls, natsUrl } = platform.run();
  for (const producer of PRODUCERS) {
    const client = new Client({ connectionString: urls[producer] });
    await client.connect();
    databases.set(producer, client);
  }
  bus = await connectNats({ url: natsUrl, name: 'test' });
  [admin, service] = await Promise.all([
    platform.token({ role: 'admin' }),
    platform.token({ role: 'service', channel: 'store' }),
  ]);
}, START_MS);

afterAll(async () => {
  await bus?.close();
  for (const client of databases.values()) await client.end();
  await platform?.stop();
  await collector.stop();
}, START_MS);

/** One table after the other: who locks all of them at once may meet a consumer that holds one and wants the next. */
async function sabotage(client: Client): Promise<void> {
  await client.query(SABOTAGE);
  for (const { name } of (await client.query<{ name: string }>(TABLES)).rows)
    await client.query(
      `create trigger sabotage before insert or update on ${name} for each row execute function sabotage()`,
    );
}

const sabotageWith = async (kind: string): Promise<void> => {
  for (const client of databases.values())
    await client.query('with gone as (delete from sabotage) insert into sabotage values ($1)', [kind]);
};

/** A command with personal data, one per subgraph. */
function commands(): Record<Producer, () => Promise<Answer>> {
  const profileId = newId();
  const ask = (token: string, query: string, input: object): Promise<Answer> => platform.ask(token, query, { input });
  const row = {
    sourceId: newId(),
    identifiers: [
      { type: 'EMAIL', value: EMAIL },
      { type: 'PHONE', value: PHONE },
    ],
    attributes: { givenName: NAME, city: WORDS },
  };
  const store = { code: newId(), name: NAME, latitude: 37.39, longitude: -5.99, timeZone: 'Europe/Madrid' };
  const task = { kind: 'RECOVER_DETRACTOR', reason: NAME, script: WORDS, dueAt: new Date(Date.now() + 86_400_000) };
  return {
    identity: () =>
      ask(
        service,
        'mutation P($input: ImportProfilesInput!) { importProfiles(input: $input) { errors { message } } }',
        {
          source: 'till',
          rows: [row],
        },
      ),
    loyalty: () =>
      ask(service, 'mutation E($input: EarnPointsInput!) { earnPoints(input: $input) { errors { message } } }', {
        ...{ idempotencyKey: newId(), profileId, points: 10, reason: WORDS },
      }),
    inventory: () =>
      ask(service, 'mutation S($input: ImportStoresInput!) { importStores(input: $input) { errors { message } } }', {
        stores: [store],
      }),
    campaign: () =>
      ask(admin, 'mutation T($input: CreateTaskInput!) { createTask(input: $input) { errors { message } } }', {
        ...{ idempotencyKey: newId(), customerId: profileId, ...task },
      }),
    feedback: () =>
      ask(admin, 'mutation C($input: OpenCaseInput!) { openCase(input: $input) { errors { message } } }', {
        ...{ idempotencyKey: newId(), profileId, channel: 'STORE', reason: WORDS, severity: 'HIGH', note: EMAIL },
      }),
  };
}

/** An event of a type that the subgraph handles, with personal data inside. */
function eventFor(subgraph: Producer): AnyEvent {
  const base = { occurredAt: new Date(), profileId: newId() };
  if (subgraph === 'identity')
    return event('loyalty.customer.exported.v1', {
      ...base,
      data: { requestId: newId(), document: { [EMAIL]: NAME } },
    });
  return event('identity.customer.export-requested.v1', {
    ...base,
    data: { requestId: newId(), profileIds: [base.profileId] },
  });
}

const said = (): string =>
  readdirSync(platform.dir.logs)
    .filter((file) => file.endsWith('.log'))
    .map((file) => readFileSync(join(platform.dir.logs, file), 'utf8'))
    .join('\n');
const linesOf = (file: string): string[] =>
  readFileSync(join(platform.dir.logs, `${file}.log`), 'utf8')
    .split('\n')
    .filter((line) => PLANTED.test(line));

async function deadLetters(subgraph: Producer): Promise<{ id: string; error: string }[]> {
  const { data } = await platform.ask(admin, `{ ${subgraph}DeadLetters(first: 100) { edges { node { id error } } } }`);
  return (data[`${subgraph}DeadLetters`] as { edges: { node: { id: string; error: string } }[] }).edges.map(
    ({ node }) => node,
  );
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + WITHIN_MS; !(await condition()); await sleep(100))
    if (Date.now() > deadline) throw new Error(`Not so after ${WITHIN_MS} ms: ${what}.`);
}

it('accepts what will be made to fail: without sabotage the same commands are done', async () => {
  for (const [subgraph, command] of Object.entries(commands())) {
    const { data, errors } = await command();
    expect([subgraph, errors, Object.values((data ?? {}) as object)]).toEqual([subgraph, undefined, [{ errors: [] }]]);
  }
});

it(
  'logs the code and the place of statements that fail in requests, and not what they were about',
  async () => {
    for (const client of databases.values()) await sabotage(client);
    for (const kind of KINDS) {
      await sabotageWith(kind);
      for (const [subgraph, command] of Object.entries(commands())) {
        const { data, errors } = await command();
        const refused = JSON.stringify(errors ?? data);
        expect([subgraph, kind, refused]).toEqual([
          subgraph,
          kind,
          expect.stringMatching(/SUBGRAPH_ERROR|BAD_USER_INPUT/),
        ]);
      }
    }
    const log = said();
    for (const code of ['23505', '23514', 'P0001']) expect(log).toContain(`"code":"${code}"`);
    expect(log).toContain('sabotaged_unique_value_key');
  },
  START_MS,
);

it(
  'keeps events that fail with the reason and without what they were about',
  async () => {
    const planted = new Map<Producer, string[]>(PRODUCERS.map((subgraph) => [subgraph, []]));
    for (const kind of KINDS) {
      await sabotageWith(kind);
      for (const subgraph of PRODUCERS) {
        const failing = eventFor(subgraph);
        const broken = {
          ...eventFor(subgraph),
          data: { requestId: EMAIL, profileIds: [NAME], document: PHONE, [WORDS]: 1 },
        };
        for (const { id, type, json } of [
          { ...failing, json: JSON.stringify(failing) },
          { ...broken, json: JSON.stringify(broken) },
        ]) {
          await bus.publish([{ id, subject: `${type}.p00`, json }]);
          planted.get(subgraph)!.push(id);
        }
      }
      await until(`all events that fail with ${kind} lie in the dead letters`, async () => {
        for (const subgraph of PRODUCERS) {
          const there = new Set((await deadLetters(subgraph)).map(({ id }) => id));
          if (!planted.get(subgraph)!.every((id) => there.has(id))) return false;
        }
        return true;
      });
    }
    for (const subgraph of PRODUCERS) {
      const reasons = (await deadLetters(subgraph)).map(({ error }) => error);
      for (const code of ['23505', '23514', '22P02', 'P0001']) expect(reasons.join('\n')).toContain(code);
      expect(reasons.filter((reason) => PLANTED.test(reason))).toEqual([]);
    }
  },
  START_MS,
);

it('keeps a message that is no JSON for an admin to look at and discard, and says nothing of it in the log', async () => {
  const { type } = eventFor('loyalty');
  await bus.publish([{ id: newId(), subject: `${type}.p00`, json: `${EMAIL} ${PHONE} ${NAME}: ${WORDS}` }]);
  const list = '{ loyaltyDeadLetters(first: 100) { edges { node { id text payload error } } } }';
  const kept = async (): Promise<{ id: string; text: string; payload: unknown; error: string } | undefined> =>
    (await platform.ask(admin, list)).data.loyaltyDeadLetters.edges
      .map(({ node }: { node: { text: string | null } }) => node)
      .find(({ text }: { text: string | null }) => text?.startsWith(EMAIL));
  await until('it lies in the dead letters', async () => (await kept()) !== undefined);
  const { id, payload, error } = (await kept())!;
  expect(payload).toBeNull();
  expect(error).toContain('not JSON');
  expect(error).not.toMatch(PLANTED);
  const close = (verb: string): Promise<Answer> =>
    platform.ask(
      admin,
      `mutation C($id: ID!) { ${verb}LoyaltyDeadLetter(id: $id) { deadLetter { status } errors { code message } } }`,
      { id },
    );
  const replayed = (await close('replay')).data.replayLoyaltyDeadLetter;
  expect(replayed.errors[0]).toMatchObject({ code: 'REPLAY_FAILED', message: expect.not.stringMatching(PLANTED) });
  expect((await close('discard')).data.discardLoyaltyDeadLetter).toMatchObject({ deadLetter: { status: 'DISCARDED' } });
  expect(await kept()).toBeUndefined();
  expect(said()).toContain(id);
});

it('has written none of the planted values into any log: services, gateway, PostgreSQL, NATS', () => {
  const files = readdirSync(platform.dir.logs).map((file) => file.replace(/\.log$/, ''));
  expect(files).toEqual(expect.arrayContaining([...PRODUCERS, 'gateway', 'postgres', 'nats']));
  expect(Object.fromEntries(files.map((file) => [file, linesOf(file)]))).toEqual(
    Object.fromEntries(files.map((file) => [file, []])),
  );
  expect(platform.output()).not.toMatch(PLANTED);
});

it('has exported none of them with its spans, though the failures are among them', async () => {
  const failed = (): unknown[] => collector.spans.map(({ attributes }) => attributes['error.type']);
  await until('the failures are exported', () =>
    Promise.resolve(['23505', '23514', '22P02', 'P0001'].every((code) => failed().includes(code))),
  );
  expect(collector.bodies.filter((body) => PLANTED.test(body))).toEqual([]);
});
