import { createHash } from 'node:crypto';
import type { DataSource, QueryRunner } from 'typeorm';
import { sql } from './sql.ts';

/** A lock held by one replica among many for as long as its connection lives; `kill -9` frees it. */
export interface Leadership {
  /** Resolves when the lock has been lost with its connection. */
  lost: Promise<void>;
  release(): Promise<void>;
}

interface Session {
  runner: QueryRunner;
  lost: Promise<void>;
  alive: boolean;
}

/** Sets our locks apart from those that migrations and others take with one number. */
const NAMESPACE = 7_263;

/** One connection of the pool holds all locks of a process: a subgraph leads its relay, its consumers and a dozen jobs. */
const sessions = new WeakMap<DataSource, Promise<Session>>();

const keyOf = (name: string): number => createHash('sha256').update(name).digest().readInt32BE(0);

async function sessionOf(database: DataSource): Promise<Session> {
  const current = sessions.get(database);
  const known = await current?.catch(() => undefined);
  if (known?.alive) return known;
  // Many ask at once when the connection is lost: the first opens a new one for all.
  if (sessions.get(database) === current) sessions.set(database, open(database));
  return sessions.get(database)!;
}

async function open(database: DataSource): Promise<Session> {
  const runner = database.createQueryRunner();
  const client = (await runner.connect()) as { once(event: 'end' | 'error', listener: () => void): void };
  const session: Session = { runner, alive: true, lost: Promise.resolve() };
  session.lost = new Promise<void>((resolve) => {
    const end = (): void => {
      if (!session.alive) return;
      session.alive = false;
      resolve();
      void runner.release().catch(() => undefined);
    };
    client.once('end', end);
    client.once('error', end);
  });
  return session;
}

/** Tries to become the one for `name` in this database; `null` where another replica is. */
export async function tryLead(database: DataSource, name: string): Promise<Leadership | null> {
  const { runner, lost } = await sessionOf(database);
  const [row] = await sql<{ locked: boolean }>(runner.manager, 'select pg_try_advisory_lock($1, $2) as locked', [
    NAMESPACE,
    keyOf(name),
  ]);
  if (!row?.locked) return null;
  return {
    lost,
    release: async () => {
      await sql(runner.manager, 'select pg_advisory_unlock($1, $2)', [NAMESPACE, keyOf(name)]).catch(() => undefined);
    },
  };
}

/** Gives the connection back, and with it every lock. */
export async function stopLeading(database: DataSource): Promise<void> {
  const session = await sessions.get(database)?.catch(() => undefined);
  sessions.delete(database);
  if (!session?.alive) return;
  session.alive = false;
  await sql(session.runner.manager, 'select pg_advisory_unlock_all()').catch(() => undefined);
  await session.runner.release();
}
