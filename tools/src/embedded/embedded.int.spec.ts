import { once } from 'node:events';
import { chown, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { isListening } from './listening.ts';
import { startNats } from './nats.ts';
import { startPostgres, type Postgres } from './postgres.ts';

const asRoot = process.getuid?.() === 0;
/** `daemon`, on every Linux: it stands for another user of the machine. */
const ANOTHER_USER = 1;

let dir: string;
/** A folder that only its owner may enter, as `mktemp -d` makes it. */
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'trenza-embedded-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

const start = async (dataDir: string): Promise<Postgres> =>
  startPostgres({ dataDir, port: await freePort(), password: 'secret', logFile: join(dir, 'postgres.log') });

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  it('keeps what was committed when it is killed, and starts again on the same folder', async () => {
    const dataDir = join(dir, 'postgres');
    const first = await start(dataDir);
    await query(first.url, 'create table kept as select 42 as answer');
    const gone = once(first.process, 'exit');
    first.process.kill('SIGKILL');
    await gone;

    // Its children notice that it is gone a moment later; until then the folder is still in use.
    let second: Postgres | undefined;
    for (let attempt = 0; !second && attempt < 20; attempt++) second = await start(dataDir).catch(() => undefined);
    expect(await query(second!.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second!.stop();
  });

  it('makes each database once', async () => {
    const postgres = await start(join(dir, 'postgres'));
    await postgres.createDatabases(['loyalty']);
    await postgres.createDatabases(['loyalty', 'identity']);
    const names = "select datname from pg_database where datname in ('loyalty', 'identity') order by 1";
    expect(await query(postgres.url, names)).toEqual([{ datname: 'identity' }, { datname: 'loyalty' }]);
    await postgres.stop();
  });

  it('lets nobody in without the password', async () => {
    const postgres = await start(join(dir, 'postgres'));
    await expect(query(postgres.url.replace('secret', 'guess'), 'select 1')).rejects.toThrow('password');
    await postgres.stop();
  });

  (asRoot ? it : it.skip)('run by root, works in the folder of another user and leaves it to that user', async () => {
    const dataDir = join(dir, 'postgres');
    await mkdir(dataDir, { mode: 0o700 });
    await chown(dataDir, ANOTHER_USER, ANOTHER_USER);
    const postgres = await start(dataDir);
    expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await postgres.stop();
    expect((await stat(join(dataDir, 'global', 'pg_control'))).uid).toBe(ANOTHER_USER);
  });
});

describe('the embedded NATS', () => {
  it('listens for who knows its token and is gone when it is stopped', async () => {
    const port = await freePort();
    const binDir = join(__dirname, '..', '..', '..', '.trenza', 'bin');
    const nats = await startNats({
      dataDir: join(dir, 'nats'),
      binDir,
      port,
      token: 'secret',
      logFile: join(dir, 'nats.log'),
    });
    expect(await isListening(port)).toBe(true);
    await nats.stop();
    expect(await isListening(port)).toBe(false);
  });
});
