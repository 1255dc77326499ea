import { connect as connectRaw } from '@nats-io/transport-node';
import { connectNats, type Bus, type IncomingMessage } from '@trenza/bus';
import { connect, inTransaction, migrate, readMigrations, sql, stopLeading } from '@trenza/database';
import { event, newId, type AnyEvent } from '@trenza/events';
import { failureOf } from '@trenza/telemetry';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import {
  defineConsumers,
  each,
  handleMessages,
  startConsumers,
  type ConsumerObserver,
  type ConsumerOptions,
} from './consumers.ts';
import { discardDeadLetter, listDeadLetters, replayDeadLetter, type DeadLetter } from './dead-letters.ts';
import type { Log } from './log.ts';
import { rebuild } from './projections.ts';
import { publish } from './publish.ts';
import { startRelay } from './relay.ts';
import { migrations } from './index.ts';

const counted = { handled: 0, buried: [] as string[] };
const observer: ConsumerObserver = {
  handled: (events) => void (counted.handled += events.length),
  buried: (type) => void counted.buried.push(type),
};
const logged: string[] = [];
const note = (data: object, message: string): void => void logged.push(`${message} ${JSON.stringify(failing(data))}`);
/** As the log does it, errors without values. */
const failing = (data: object): object =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, value instanceof Error ? failureOf(value) : value]),
  );
const log: Log = { debug: note, info: note, warn: note, error: note };
const WAIT_MS = 10_000;

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + WAIT_MS; !(await condition()); await sleep(20)) {
    if (Date.now() > deadline) throw new Error(`Not so after ${WAIT_MS} ms.`);
  }
}

/** Two subgraphs' databases and one NATS: loyalty says, campaign hears. */
describe('the event backbone', () => {
  const databases: DataSource[] = [];
  const names = ['a', 'b'].map((suffix) => `test_outbox_${randomBytes(4).toString('hex')}_${suffix}`);
  let admin: DataSource;
  let bus: Bus;
  let poison = true;
  const closers: (() => Promise<void>)[] = [];

  const consumers = defineConsumers<unknown>({
    'loyalty.points.expired.v1': each(async (tx, { data, customerId }) => {
      if (data.points === 13 && poison) throw new Error('thirteen is not handled');
      await sql(tx, 'insert into heard (customer_id, points) values ($1, $2)', [customerId, data.points]);
    }),
  });
  const options = (): ConsumerOptions<unknown> => ({
    name: 'campaign',
    database: databases[1]!,
    bus,
    consumers,
    deps: null,
    observer,
    log,
  });

  const expired = (points: number, customerId = newId()): AnyEvent =>
    event('loyalty.points.expired.v1', {
      occurredAt: new Date(),
      customerId,
      data: { transferId: newId(), points, currency: 'points' },
    });
  const say = (...events: AnyEvent[]): Promise<void> => inTransaction(databases[0]!, (tx) => publish(tx, events));
  const heard = async (customerId: string): Promise<number[]> =>
    (
      await sql<{ points: number }>(databases[1]!, 'select points from heard where customer_id = $1 order by id', [
        customerId,
      ])
    ).map((row) => row.points);

  beforeAll(async () => {
    const url = process.env['TEST_POSTGRES_URL']!;
    admin = await connect({ url, name: 'test', poolSize: 1 });
    for (const name of names) {
      await sql(admin, `create database ${name}`);
      const database = await connect({ url: url.replace(/\/[^/]*$/, `/${name}`), name });
      await migrate(database, readMigrations(migrations));
      databases.push(database);
    }
    await sql(
      databases[1]!,
      'create table heard (id bigint generated always as identity, customer_id uuid, points int)',
    );
    bus = await connectNats({ url: process.env['TEST_NATS_URL']!, name: 'test', prefix: `${names[0]}_` });
    const relay = startRelay({ database: databases[0]!, bus, log });
    const consumption = startConsumers(options());
    closers.push(
      () => relay.stop(),
      () => consumption.stop(),
    );
  });

  afterAll(async () => {
    await Promise.all(closers.map((close) => close()));
    await bus.close();
    await Promise.all(databases.map(stopLeading));
    await Promise.all(databases.map((database) => database.destroy()));
    for (const name of names) await sql(admin, `drop database ${name} with (force)`);
    await admin.destroy();
  });

  it('carries what was committed to the other subgraph, in the order of one customer', async () => {
    const customer = newId();
    for (let i = 0; i < 40; i++) await say(expired(100 + i, customer));
    await until(async () => (await heard(customer)).length === 40);
    expect(await heard(customer)).toEqual(Array.from({ length: 40 }, (_, i) => 100 + i));
  });

  it('says nothing of what was rolled back', async () => {
    const [gone, said] = [newId(), newId()];
    await expect(
      inTransaction(databases[0]!, async (tx) => {
        await publish(tx, [expired(1, gone)]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await say(expired(1, said));
    await until(async () => (await heard(said)).length === 1);
    expect(await heard(gone)).toEqual([]);
  });

  it('gives one effect to an event that is published twice, within the window of the stream and beyond it', async () => {
    const customer = newId();
    const twice = expired(5, customer);
    await say(twice);
    await until(async () => (await heard(customer)).length === 1);
    // A message id of its own is what the same event looks like once the window is over.
    const last = expired(6, customer);
    await bus.publish([
      { id: newId(), subject: `${twice.type}.p00`, json: JSON.stringify(twice) },
      { id: newId(), subject: `${last.type}.p00`, json: JSON.stringify(last) },
    ]);
    await until(async () => (await heard(customer)).length === 2);
    expect(await heard(customer)).toEqual([5, 6]);
  });

  it('gives its effect to an event whose id is written in capitals', async () => {
    const customer = newId();
    const loud = expired(8, customer);
    await bus.publish([
      { id: newId(), subject: `${loud.type}.p00`, json: JSON.stringify({ ...loud, id: loud.id.toUpperCase() }) },
    ]);
    await until(async () => (await heard(customer)).length === 1);
    expect(await heard(customer)).toEqual([8]);
  });

  it('puts an event that keeps failing aside with its reason, handles its neighbours, and handles it when it is replayed', async () => {
    const customer = newId();
    const bad = expired(13, customer);
    await say(expired(12, customer), bad, expired(14, customer));
    await until(async () => (await heard(customer)).length === 2);
    expect(await heard(customer)).toEqual([12, 14]);
    const [letter] = await listDeadLetters(databases[1]!, 'open', 10, null);
    expect(counted.buried).toEqual([bad.type]);
    expect(counted.handled).toBeGreaterThanOrEqual(2);
    expect(letter).toMatchObject({ id: bad.id, type: bad.type, attempts: 5, error: 'Error: thirteen is not handled' });

    await expect(replayDeadLetter(options(), bad.id, 'me')).rejects.toThrow('thirteen');
    poison = false;
    expect(await replayDeadLetter(options(), bad.id, 'me')).toMatchObject({ status: 'replayed' });
    await replayDeadLetter(options(), bad.id, 'me');
    expect(await heard(customer)).toEqual([12, 14, 13]);
  });

  it('puts aside what keeps no contract', async () => {
    const id = newId();
    await bus.publish([
      {
        id,
        subject: 'loyalty.points.expired.v1.p00',
        json: JSON.stringify({ ...expired(1), id, data: { points: -1 } }),
      },
    ]);
    await until(async () =>
      (await listDeadLetters(databases[1]!, 'open', 10, null)).some((letter) => letter.id === id),
    );
    const [letter] = await listDeadLetters(databases[1]!, 'open', 10, null);
    expect(letter!.error).toContain('points');
  });

  it('keeps the beginning of what is no JSON, once however often it comes, for somebody to look at and discard', async () => {
    const long = `maria.planted@example.com\0${'x'.repeat(200_000)}`;
    const texts = [long, '{"id":"------------------------------------"', 'null', '[5]', '{"id":5}', 'María'];
    const letters = async (): Promise<DeadLetter[]> =>
      (await listDeadLetters(databases[1]!, 'open', 100, null)).filter(({ payload }) =>
        texts.some((text) => text.replace('\0', '\ufffd').startsWith(payload)),
      );
    await bus.publish(texts.map((json) => ({ id: newId(), subject: 'loyalty.points.expired.v1.p00', json })));
    await until(async () => (await letters()).length === texts.length);
    const [first] = (await letters()).filter(({ payload }) => payload.startsWith('maria'));
    expect(first!.payload).toHaveLength(65_536);
    expect(first).toMatchObject({
      type: 'loyalty.points.expired.v1',
      attempts: 1,
      error: expect.stringContaining('not JSON'),
    });
    expect((await letters()).map(({ error }) => error).join()).not.toMatch(/planted|María/);
    expect(logged.join('\n')).not.toMatch(/planted|María/);

    // As if the acknowledgement had been lost: the same messages once more.
    const again: IncomingMessage[] = [];
    await bus.read(
      'loyalty',
      async (messages) => void again.push(...messages.filter(({ json }) => texts.includes(json))),
    );
    await handleMessages(options(), again);
    expect(await letters()).toHaveLength(texts.length);
    await expect(replayDeadLetter(options(), first!.id, 'me')).rejects.toThrow('never replayed');
    for (const { id } of await letters())
      expect(await discardDeadLetter(databases[1]!, id, 'me')).toMatchObject({ status: 'discarded' });
  });

  it('keeps bytes that are no text, and goes on with what comes after them', async () => {
    const customer = newId();
    const { host, username } = new URL(process.env['TEST_NATS_URL']!);
    const raw = await connectRaw({ servers: host, ...(username && { token: username }) });
    raw.publish(`${names[0]}_loyalty.points.expired.v1.p00`, new Uint8Array([0xff, 0x00, 0xfe]));
    await raw.drain();
    await say(expired(7, customer));
    await until(async () => (await heard(customer)).length === 1);
    const [letter] = await listDeadLetters(databases[1]!, 'open', 10, null);
    expect(letter!.payload).toBe('\ufffd\ufffd\ufffd');
  });

  it('builds a projection anew from the stream, each handled event once, while events go on coming', async () => {
    const all = async (): Promise<unknown> =>
      sql(databases[1]!, 'select customer_id, points from heard order by customer_id, points');
    const before = await all();
    await sql(databases[1]!, 'delete from heard where id % 2 = 0');
    const [during] = await Promise.all([
      (async () => {
        const customer = newId();
        for (let i = 0; i < 20; i++) await say(expired(1_000 + i, customer));
        return customer;
      })(),
      rebuild(options(), { name: 'heard', tables: ['heard'], consumers }),
    ]);
    await until(async () => (await heard(during)).length === 20);
    await sql(databases[1]!, 'delete from heard where customer_id = $1', [during]);
    expect(await all()).toEqual(before);
  });

  it('goes on where it stopped when the consumer comes back', async () => {
    const [customer] = [newId()];
    await closers.pop()!();
    for (let i = 0; i < 10; i++) await say(expired(i, customer));
    const consumption = startConsumers(options());
    closers.push(() => consumption.stop());
    await until(async () => (await heard(customer)).length === 10);
  });
});
