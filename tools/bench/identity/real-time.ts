import { connect, inTransaction, migrate, sql } from '@trenza/database';
import { newId } from '@trenza/events';
import { migrationsOf } from '@trenza/subgraph';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identity } from '../../../subgraphs/identity/src/identity.ts';
import { identify } from '../../../subgraphs/identity/src/ingest/identify.ts';
import { freePorts } from '../../src/embedded/free-port.ts';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { atLeast, drive, figure, interleaved, median, type Figure, type Load } from '../harness.ts';

/** As many clients as connections: more would measure the queue for them. */
const CLIENTS = 16;
const SECONDS = 1.5;
const ROUNDS = 3;
/** Half of the calls meet one of these, who are known before; the others meet somebody new. */
const KNOWN = 500;

/** What a team would write that resolves nothing: one row per sighting, in a transaction of its own. */
const PLAIN = `insert into source_record (id, profile_id, source, occurred_at, recorded_at, identifiers, attributes, content_hash)
  values ($1, $2, 'plain', now(), now(), $3, $4, 'x')`;

/** Identify with everything it does, half of the calls for somebody known, against plain inserts of the same sighting on the same server. */
export async function realTime(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'trenza-bench-'));
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePorts(1),
    password: 'bench',
    logFile: join(folder, 'postgres.log'),
  });
  await postgres.createDatabases(['identity']);
  const database = await connect({ url: postgres.urlOf('identity'), name: 'bench-identity', poolSize: CLIENTS });
  try {
    await migrate(database, migrationsOf(identity));
    const deps = { clock: { now: () => new Date() } };
    let visitors = 0;
    const sighting = () => {
      const known = visitors >= KNOWN && Math.random() < 0.5;
      const visitor = known ? Math.floor(Math.random() * KNOWN) : visitors++;
      const identifiers = [
        { type: 'cookie' as const, value: `cookie-${visitor}` },
        { type: 'email' as const, value: `visitor${visitor}@correo.es` },
      ];
      return { identifiers, source: 'bench', attributes: visitor % 2 ? { city: 'Lugo' } : undefined };
    };
    const { profileId } = await inTransaction(database, (tx) => identify(tx, sighting(), deps));
    while (visitors < KNOWN) await inTransaction(database, (tx) => identify(tx, sighting(), deps));
    const load = (work: () => Promise<unknown>) => () => drive({ connections: CLIENTS, seconds: SECONDS, work });
    const rounds = await interleaved<'identify' | 'insert' | 'lookup' | 'select', Load>(
      {
        identify: load(() => inTransaction(database, (tx) => identify(tx, sighting(), deps))),
        insert: load(() => {
          const { identifiers, attributes } = sighting();
          const values = [newId(), profileId, JSON.stringify(identifiers), JSON.stringify(attributes ?? {})];
          return inTransaction(database, (tx) => sql(tx, { name: 'plain', text: PLAIN, values }));
        }),
        lookup: load(() =>
          sql(database, { name: 'lookup', text: LOOKUP, values: ['email', sighting().identifiers[1]!.value] }),
        ),
        select: load(() =>
          sql(database, { name: 'select', text: 'select id from profile where id = $1', values: [profileId] }),
        ),
      },
      { rounds: ROUNDS },
    );
    const rate = (of: 'identify' | 'insert') => median(rounds[of].map((l) => l.perSecond));
    const p99 = (of: 'lookup' | 'select') => median(rounds[of].map((l) => l.p99));
    const failures = Object.values(rounds)
      .flat()
      .reduce((sum, l) => sum + l.failures, 0);
    if (failures > 0) throw new Error(`${failures} calls failed: a rate of failures is no rate`);
    return [
      figure('identity.identify', {
        value: rate('identify'),
        unit: 'identifies/s',
        against: rate('insert'),
        aim: atLeast('ratio', 1 / 3),
      }),
      figure('identity.lookup.p99', { value: p99('lookup'), unit: 'ms', against: p99('select') }),
    ];
  } finally {
    await database.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const LOOKUP = `
  select p.customer_id as id from identifier i join profile p on p.id = coalesce(i.shared_profile_id, i.profile_id)
   where i.type = $1 and i.value = $2`;
