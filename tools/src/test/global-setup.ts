import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../embedded/free-port.ts';
import { startNats, type Nats } from '../embedded/nats.ts';
import { startPostgres, type Postgres } from '../embedded/postgres.ts';

export interface TestServers {
  dir: string;
  postgres: Postgres;
  nats: Nats;
}

declare global {
  // eslint-disable-next-line no-var
  var trenzaTestServers: TestServers | undefined;
}

/** Real PostgreSQL and NATS for the whole run, thrown away with it; those of `TEST_POSTGRES_URL` and `TEST_NATS_URL` where they are given. */
export default async function globalSetup(): Promise<void> {
  if (process.env['TEST_POSTGRES_URL'] && process.env['TEST_NATS_URL']) return;
  const dir = await mkdtemp(join(tmpdir(), 'trenza-test-'));
  const password = randomBytes(16).toString('hex');
  const binDir = join(__dirname, '../../../.trenza/bin');
  await mkdir(binDir, { recursive: true });
  const [postgres, nats] = await Promise.all([
    freePort().then((port) =>
      startPostgres({
        dataDir: join(dir, 'postgres'),
        port,
        password,
        logFile: join(dir, 'postgres.log'),
        fsync: false,
      }),
    ),
    freePort().then((port) =>
      startNats({ dataDir: join(dir, 'nats'), binDir, port, token: password, logFile: join(dir, 'nats.log') }),
    ),
  ]);
  globalThis.trenzaTestServers = { dir, postgres, nats };
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  process.env['TEST_NATS_URL'] = nats.url;
}
