import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import {
  type Arena,
  type Contender,
  defaultApollo,
  hive,
  openArena,
  ours,
  rivalsFolder,
} from './gateway/contenders.ts';
import { portOf } from './gateway/subgraphs.ts';
import { atLeast, atMost, drive, type Figure, figure, type Group, interleaved, type Load, median } from './harness.ts';

const CONNECTIONS = 50;
const SECONDS = 3;
const DISTINCT_QUERIES = 50_000;
/** What 50,000 distinct queries may leave behind: the plan cache and the document store are bounded at 30 MiB each, parsed they are larger. */
const MOST_LEFT_BEHIND_MIB = 300;

const ITEM = 'id title price { amount currency } stock reviews { id rating text';
const LIGHT = `query Light { items(first: 5) { ${ITEM} } } }`;
const HEAVY = `query Heavy { ${[1, 2, 3, 4]
  .map((group) => `g${group}: items(group: ${group}, first: 45) { brand ${ITEM} author { name } } }`)
  .join(' ')} }`;
const QUERIES = { light: LIGHT, heavy: HEAVY };

/** Our gateway against what one would take instead, over the same subgraphs and the same supergraph, in one run. */
const measure: Group = async (say) => {
  const arena = await openArena();
  const contenders: Contender[] = [];
  try {
    contenders.push(await ours(arena, { SHARE_QUERIES: 'off' }), { ...(await ours(arena)), name: 'trenza, sharing' });
    contenders.push(await defaultApollo(arena));
    const rivals = rivalsFolder(say);
    for (const rust of rivals ? [false, true] : []) {
      const rival = await hive(arena, rivals!, rust).catch((error: unknown) => say(`left out: ${String(error)}`));
      if (rival) contenders.push(rival);
    }
    await compareAnswers(contenders);
    const figures: Figure[] = [];
    for (const [name, query] of Object.entries(QUERIES)) {
      say(`${name}: ${contenders.map((contender) => contender.name).join(', ')}`);
      figures.push(...(await race(name, query, contenders)));
    }
    say('one subgraph hangs');
    figures.push(await oneHangs(contenders[0]!, arena));
    say(`${DISTINCT_QUERIES} distinct queries`);
    figures.push(await leftBehind(contenders[0]!));
    return figures;
  } finally {
    for (const contender of contenders) contender.process.kill('SIGKILL');
    arena.subgraphs.kill('SIGKILL');
    rmSync(arena.folder, { recursive: true, force: true });
  }
};

async function race(name: string, query: string, contenders: readonly Contender[]): Promise<Figure[]> {
  const samples = await interleaved(
    Object.fromEntries(contenders.map((contender) => [contender.name, () => load(contender.url, query)])),
  );
  const rate = (contender: string): number => median(samples[contender]!.map((sample) => sample.perSecond));
  const own = { value: rate('trenza'), unit: 'requests/s' };
  const aims: Record<string, Record<string, number>> = {
    light: { 'default Apollo': 5, 'Hive, Rust planner': 1 },
    heavy: { 'default Apollo': 2, 'Hive, JS': 1.2 },
  };
  const against = contenders.slice(1).map(({ name: rival }) => {
    const aim = aims[name]?.[rival];
    return figure(`gateway.${name} against ${rival}`, {
      ...own,
      against: rate(rival),
      ...(aim !== undefined && { aim: atLeast('ratio', aim) }),
    });
  });
  const p99 = median(samples['trenza']!.map((sample) => sample.p99));
  return [...against, figure(`gateway.${name}.p99`, { value: p99, unit: 'ms' })];
}

async function load(url: string, query: string): Promise<Load> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
  const body = JSON.stringify({ query });
  const result = await drive({
    connections: CONNECTIONS,
    seconds: SECONDS,
    work: async () => {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const response = await pool.request({ path: pathname, method: 'POST', headers, body });
      await response.body.dump();
      if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
    },
  });
  await pool.close();
  if (result.failures > 0) throw new Error(`${result.failures} requests failed at ${url}`);
  return result;
}

/** A gateway that answers something else is not measured. */
async function compareAnswers(contenders: readonly Contender[]): Promise<void> {
  for (const query of Object.values(QUERIES)) {
    const answers = await Promise.all(contenders.map(({ url }) => dataOf(url, query)));
    const odd = answers.findIndex((answer) => answer !== answers[0]);
    if (odd >= 0) throw new Error(`${contenders[odd]!.name} answers otherwise than ${contenders[0]!.name}.`);
  }
}

async function dataOf(url: string, query: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (errors) throw new Error(`${url}: ${JSON.stringify(errors)}`);
  return JSON.stringify(data);
}

/** The time of the rest of the answer once the circuit of a hanging subgraph is open. */
async function oneHangs({ url }: Contender, { firstPort }: Arena): Promise<Figure> {
  const hang = (state: 'on' | 'off') => fetch(`http://127.0.0.1:${portOf('stock', firstPort)}/hang?=${state}`);
  const normal = await load(url, LIGHT);
  await hang('on');
  // The first few wait their whole time; then nobody does.
  await Promise.all(
    Array.from({ length: 20 }, () =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: LIGHT }),
      }),
    ),
  );
  const without = await load(url, LIGHT);
  await hang('off');
  await sleep(10_000);
  return figure('gateway.p99 while one subgraph hangs', {
    value: without.p99,
    unit: 'ms',
    against: normal.p99,
    aim: atMost('ratio', 1.5),
  });
}

async function leftBehind({ url, process }: Contender): Promise<Figure> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
  const before = residentMiB(process.pid!);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < DISTINCT_QUERIES) {
      const body = JSON.stringify({ query: `query Distinct${next++} { items(first: 1) { ${ITEM} } } }` });
      const response = await pool.request({
        path: pathname,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      await response.body.dump();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  await pool.close();
  return figure('gateway.memory left by 50,000 distinct queries', {
    value: residentMiB(process.pid!) - before,
    unit: 'MiB',
    aim: atMost('value', MOST_LEFT_BEHIND_MIB),
  });
}

function residentMiB(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1_024;
}

export default measure;
