import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Pool } from 'undici';
import { freePorts } from '../../src/embedded/free-port.ts';
import type { TestPlatform } from '../../src/platform/test-platform.ts';
import { drive, interleaved, type Load, median } from '../harness.ts';

const CUSTOMERS = 200;
/** As many as keep two cores busy; more would only measure the queue. */
const CONNECTIONS = 8;
const SECONDS = 3;
const ROUNDS = 5;
const MADRID = { latitude: 40.4203, longitude: -3.7033 };
const QUERY = readFileSync(join(__dirname, '..', '..', 'src', 'story', 'customer.graphql'), 'utf8');

export interface QueryFigures {
  ours: { perSecond: number; p50: number; p99: number; bytes: number };
  theirs: { perSecond: number; p50: number; p99: number; bytes: number };
}

/** The customer query of the story through the gateway, against the hand-written endpoint, over the same customers in the same databases. */
export async function measureQuery(platform: TestPlatform, say: (line: string) => void): Promise<QueryFigures> {
  const ids = await someCustomers(platform);
  const plain = await startPlain(platform);
  const ours = new Pool(new URL(platform.graph).origin, { connections: CONNECTIONS });
  const theirs = new Pool(`http://127.0.0.1:${plain.port}`, { connections: CONNECTIONS });
  const token = await platform.token({ role: 'care' });
  let next = 0;
  const id = (): string => ids[(next += 1) % ids.length] as string;
  const graph = (): Promise<number> => askGraph(ours, token, id());
  const rest = (): Promise<number> => askPlain(theirs, id());
  try {
    // Every customer once: decisions are made and kept for half an hour, plans and statements are prepared.
    for (let i = 0; i < ids.length; i += 1) await Promise.all([graph(), rest()]);
    const bytes = { ours: await graph(), theirs: await rest() };
    const load = (work: () => Promise<number>) => () => drive({ connections: CONNECTIONS, seconds: SECONDS, work });
    const rounds = await interleaved({ ours: load(graph), theirs: load(rest) }, { rounds: ROUNDS });
    const failures = [...rounds.ours, ...rounds.theirs].reduce((sum, round) => sum + round.failures, 0);
    if (failures > 0) say(`${failures} requests failed`);
    return {
      ours: { ...medians(rounds.ours), bytes: bytes.ours },
      theirs: { ...medians(rounds.theirs), bytes: bytes.theirs },
    };
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
    plain.process.kill();
  }
}

const medians = (rounds: Load[]): { perSecond: number; p50: number; p99: number } => ({
  perSecond: median(rounds.map((round) => round.perSecond)),
  p50: median(rounds.map((round) => round.p50)),
  p99: median(rounds.map((round) => round.p99)),
});

/** Customers of whom there is something to tell: they bought. */
async function someCustomers(platform: TestPlatform): Promise<string[]> {
  const client = new Client({ connectionString: platform.run().databases['inventory'] });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    `select profile_id as id from orders where profile_id is not null group by 1 order by count(*) desc, 1 limit ${CUSTOMERS}`,
  );
  await client.end();
  return rows.map((row) => row.id);
}

async function startPlain(platform: TestPlatform): Promise<{ process: ChildProcess; port: number }> {
  const port = await freePorts(1);
  const child = spawn(process.execPath, [...process.execArgv, join(__dirname, 'plain-endpoint.ts')], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASES: JSON.stringify(platform.run().databases),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return { process: child, port };
}

async function askGraph(pool: Pool, token: string, id: string): Promise<number> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: QUERY, variables: { id, ...MADRID } }),
  });
  const text = await body.text();
  // An answer with holes would be a quick one.
  if (statusCode !== 200 || text.includes('"errors"')) throw new Error(`${statusCode}: ${text.slice(0, 300)}`);
  return text.length;
}

async function askPlain(pool: Pool, id: string): Promise<number> {
  const path = `/customers/${id}?latitude=${MADRID.latitude}&longitude=${MADRID.longitude}`;
  const { statusCode, body } = await pool.request({ method: 'GET', path });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${statusCode}: ${text.slice(0, 300)}`);
  return text.length;
}
