import { createKeys, generateKeyPair } from '@trenza/auth';
import { connect, migrate, sql } from '@trenza/database';
import { migrationsOf, type Deps } from '@trenza/subgraph';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { inventory } from '../../../subgraphs/inventory/src/inventory.ts';
import { freePorts } from '../../src/embedded/free-port.ts';
import { startPostgres } from '../../src/embedded/postgres.ts';

/** As many clients as connections: more would measure the queue for them. */
export const CLIENTS = 16;

export interface StockDatabase {
  database: DataSource;
  deps: Deps;
  /** For the contender without use cases: plain pg on the same server, in a database of the same shape with the same rows. */
  plain: Pool;
  stop(): Promise<void>;
}

const PLACES = `
  insert into place (id, code, name, kind, latitude, longitude, time_zone, services, opening, changed_at, body_hash)
  select gen_random_uuid(), 'P' || i, 'Place ' || i, case when i = 1 then 'warehouse' else 'store' end,
         36 + 8 * random(), -9 + 12 * random(), 'Europe/Madrid', '{pick-up,ship-from-store}',
         '{"weekly":[[{"from":"00:00","to":"24:00"}],[{"from":"00:00","to":"24:00"}],[{"from":"00:00","to":"24:00"}],[{"from":"00:00","to":"24:00"}],[{"from":"00:00","to":"24:00"}],[{"from":"00:00","to":"24:00"}],[{"from":"00:00","to":"24:00"}]],"exceptions":[]}',
         now(), '' from generate_series($1::int, $2::int) i`;

/** Names as shops write them: a thing, a material, a colour, a size, and a number that makes it one of a kind. */
const PRODUCTS = `
  insert into product (id, sku, name, brand, category, amount, currency, changed_at, body_hash)
  select gen_random_uuid(), 'SKU' || i,
         (array['Zapatilla', 'Pantalón', 'Camisa', 'Vestido', 'Chaqueta', 'Cinturón', 'Bufanda', 'Abrigo', 'Calcetín', 'Jersey'])[1 + i % 10] || ' de ' ||
         (array['algodón', 'lana', 'piel', 'lino', 'seda', 'pana', 'ante'])[1 + i % 7] || ' ' ||
         (array['rojo', 'azul', 'verde', 'negro', 'crudo', 'añil', 'marrón'])[1 + i % 11 % 7] || ' ' || i,
         'Marca ' || i % 50, 'Categoría ' || i % 40, 1000 + i % 9000, 'EUR', now(), '' from generate_series($1::int, $2::int) i`;

export const addPlaces = (db: DataSource, from: number, to: number): Promise<unknown> => sql(db, PLACES, [from, to]);
export const addProducts = (db: DataSource, from: number, to: number): Promise<unknown> =>
  sql(db, PRODUCTS, [from, to]);

/** A PostgreSQL of its own, durable as in production, with two equal databases: one for us, one for plain SQL. */
export async function openStockDatabase(): Promise<StockDatabase> {
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
  const other = await open('plain');
  for (const db of [database, other]) await migrate(db, migrationsOf(inventory));
  await other.destroy();
  const plain = new Pool({ connectionString: postgres.urlOf('plain'), max: CLIENTS });
  plain.on('error', noop); // the server goes before the last idle connection does
  const pair = generateKeyPair();
  const keys = createKeys('inventory', pair.privateKey, { inventory: pair.publicKey, loyalty: pair.publicKey });
  const log = { debug: noop, info: noop, warn: noop, error: noop };
  return {
    database,
    plain,
    deps: { database, clock: { now: () => new Date() }, log, keys },
    stop: async () => {
      await database.destroy();
      await plain.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Where a checkout leaves rows, and where it must leave none. */
const WRITTEN = ['order_line', 'payment', 'reservation', 'fulfilment', 'outbox', 'stock_movement', 'order_discount'];

/** Throws unless every checkout has left as many rows of every kind in both databases: otherwise two rates of different work were compared. */
export async function checkSameRows({ database, plain }: StockDatabase): Promise<void> {
  const text = `select json_build_object(${WRITTEN.map((table) => `'${table}', (select count(*) from ${table})::float / n`).join(', ')}) as rows
                  from (select count(*) as n from orders) o`;
  const [ours, theirs] = [
    await sql<{ rows: object }>(database, text),
    (await plain.query<{ rows: object }>(text)).rows,
  ];
  const [a, b] = [JSON.stringify(ours[0]!.rows), JSON.stringify(theirs[0]!.rows)];
  if (a !== b) throw new Error(`a checkout leaves ${a} with us and ${b} by hand: the rates can't be compared`);
}

const noop = (): void => undefined;

export const anyOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;
