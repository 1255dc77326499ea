import { fingerprint, type Migration } from '@trenza/database';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** Two test files of one subgraph may both want its template at once. */
const TEMPLATE_LOCK = 7_263_002;

function serverUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (!url) throw new Error('TEST_POSTGRES_URL is not set: run tests with jest from the root of the project.');
  return url;
}

const urlOf = (database: string): string => serverUrl().replace(/\/[^/]*$/, `/${database}`);

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * A database of its own for a test file: a copy of a template that has the migrations, which takes tens of milliseconds. The template's name
 * holds the fingerprint of the migrations, so a changed one makes a new template.
 */
export async function cloneDatabase(
  name: string,
  migrations: Migration[],
): Promise<{ url: string; drop: () => Promise<void> }> {
  const template = `template_${name}_${fingerprint(migrations)}`;
  const clone = `test_${name}_${randomBytes(6).toString('hex')}`;
  await withClient(serverUrl(), async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (!rowCount) await createTemplate(client, template, migrations);
    await client.query(`create database "${clone}" template "${template}"`);
  });
  return {
    url: urlOf(clone),
    drop: () =>
      withClient(serverUrl(), (client) => client.query(`drop database if exists "${clone}" with (force)`)).then(
        () => undefined,
      ),
  };
}

async function createTemplate(client: Client, template: string, migrations: Migration[]): Promise<void> {
  const unfinished = `${template}_unfinished`;
  await client.query(`drop database if exists "${unfinished}" with (force)`);
  await client.query(`create database "${unfinished}"`);
  await withClient(urlOf(unfinished), async (inside) => {
    await inside.query('create table migration (name text primary key, applied_at timestamptz not null default now())');
    for (const { name, text } of migrations) {
      await inside.query(text).catch((error: Error) => {
        throw new Error(`Migration ${name} fails: ${error.message}`, { cause: error });
      });
      await inside.query('insert into migration (name) values ($1)', [name]);
    }
  });
  await client.query(`alter database "${unfinished}" rename to "${template}"`);
}
