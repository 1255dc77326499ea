import { join } from 'node:path';
import { freePort } from '../embedded/free-port.ts';
import { startNats } from '../embedded/nats.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { passwordsOf, type DataDir } from './data-dir.ts';
import { guarded } from './guardian.ts';
import { freshLog } from './service.ts';
import { HOST, SUBGRAPHS, type Subgraph } from './services.ts';
import { Supervised } from './supervised.ts';

/** A checkpoint of a busy database takes a second or two. */
const POSTGRES_STOP_MS = 4_000;
const NATS_STOP_MS = 2_000;

export interface Infrastructure {
  databases: Record<Subgraph, string>;
  natsUrl: string;
}

interface Start {
  dir: DataDir;
  tell: (line: string) => void;
  /** Called after every start of a process. */
  started: () => void;
  /** Where what is started here is kept, so that it can be stopped also when the next step fails. */
  processes: Supervised[];
}

/** PostgreSQL and NATS: yours where DATABASE_URL_<SUBGRAPH> and NATS_URL say so, else embedded ones that are started now. */
export async function startInfrastructure(env: NodeJS.ProcessEnv, start: Start): Promise<Infrastructure> {
  const external = Object.fromEntries(SUBGRAPHS.map((name) => [name, env[`DATABASE_URL_${name.toUpperCase()}`]]));
  const missing = SUBGRAPHS.filter((name) => !external[name]);
  const [postgres, nats] = await Promise.all([
    missing.length > 0 ? embeddedPostgres(missing, start) : undefined,
    env['NATS_URL'] ? undefined : embeddedNats(start),
  ]);
  return {
    databases: Object.fromEntries(SUBGRAPHS.map((name) => [name, external[name] ?? postgres!.urlOf(name)])) as Record<
      Subgraph,
      string
    >,
    natsUrl: env['NATS_URL'] ?? nats!.url,
  };
}

async function embeddedPostgres(databases: Subgraph[], { dir, tell, started, processes }: Start) {
  const port = await freePort();
  const password = passwordsOf(dir).postgres;
  const logFile = freshLog(join(dir.logs, 'postgres.log'));
  const launch = async () => {
    const postgres = await startPostgres({ dataDir: dir.postgres, port, password, logFile });
    const running = guarded(postgres, POSTGRES_STOP_MS);
    await postgres.createDatabases(databases);
    return running;
  };
  const supervised = new Supervised('postgres', launch, tell, started);
  processes.push(supervised);
  await supervised.start();
  return { urlOf: (database: string) => `postgres://trenza:${password}@${HOST}:${port}/${database}` };
}

async function embeddedNats({ dir, tell, started, processes }: Start) {
  const port = await freePort();
  const token = passwordsOf(dir).nats;
  const logFile = freshLog(join(dir.logs, 'nats.log'));
  const launch = async () =>
    guarded(await startNats({ dataDir: dir.nats, binDir: dir.bin, port, token, logFile }), NATS_STOP_MS);
  const supervised = new Supervised('nats', launch, tell, started);
  processes.push(supervised);
  await supervised.start();
  return { url: `nats://${token}@${HOST}:${port}` };
}
