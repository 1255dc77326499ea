import { connect, migrate } from '@trenza/database';
import { createKeys, generateKeyPair } from '@trenza/auth';
import { newId } from '@trenza/events';
import { migrationsOf, type Deps } from '@trenza/subgraph';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { loyalty } from '../../../subgraphs/loyalty/src/loyalty.ts';
import { freePorts } from '../../src/embedded/free-port.ts';
import { startPostgres } from '../../src/embedded/postgres.ts';

/** As many clients as connections: more would measure the queue for them. */
export const CLIENTS = 16;

export interface LedgerDatabase {
  database: DataSource;
  deps: Deps;
  /** For the contender that has no use cases: plain pg on the same server, in a database of the same shape. */
  plain: Pool;
  stop(): Promise<void>;
}

/** A PostgreSQL of its own, durable as in production, with two equal databases: one for us, one for plain SQL. */
export async function openLedgerDatabase(): Promise<LedgerDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'trenza-bench-'));
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePorts(1),
    password: 'bench',
    logFile: join(folder, 'postgres.log'),
  });
  await postgres.createDatabases(['ours', 'plain']);
  const open = (name: string): Promise<DataSource> =>
    connect({ url: postgres.urlOf(name), name: `bench-${name}`, poolSize: CLIENTS });
  const database = await open('ours');
  await migrate(database, migrationsOf(loyalty));
  const other = await open('plain');
  await migrate(other, migrationsOf(loyalty));
  await other.destroy();
  const plain = new Pool({ connectionString: postgres.urlOf('plain'), max: CLIENTS });
  plain.on('error', noop); // the server goes before the last idle connection does
  const pair = generateKeyPair();
  const silent = { debug: noop, info: noop, warn: noop, error: noop };
  const keys = createKeys('loyalty', pair.privateKey, { loyalty: pair.publicKey });
  return {
    database,
    plain,
    deps: { database, clock: { now: () => new Date() }, log: silent, keys },
    stop: async () => {
      await database.destroy();
      await plain.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const noop = (): void => undefined;

export const profiles = (count: number): string[] => Array.from({ length: count }, newId);
export const anyOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;
