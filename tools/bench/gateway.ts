import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import {
  type Arena,
  closeArena,
  type Contender,
  defaultApollo,
  grafbase,
  hive,
  openArena,
  ours,
  rivalsFolder,
} from './gateway/contenders.ts';
import { portOf, type SetName } from './gateway/subgraphs.ts';
import { atLeast, atMost, drive, type Figure, figure, type Group, interleaved, type Load, median } from './harness.ts';

const CONNECTIONS = 50;
const SECONDS = 2;
const DISTINCT_QUERIES = 50_000;
/** What 50,000 distinct queries may leave behind: the plan cache and the document store are bounded at 30 MiB each, parsed they are larger. */
const MOST_LEFT_BEHIND_MIB = 300;

const ITEM = 'id title price { amount currency } stock reviews { id rating text';
const LIGHT = `query Light { items(first: 5) { ${ITEM} } } }`;
const HEAVY = `query Heavy { ${[1, 2, 3, 4]
  .map((group) => `g${group}: items(group: ${group}, first: 45) { brand ${ITEM} author { name } } }`)
  .join(' ')} }`;
const CUSTOMER = readFileSync(join(__dirname, '..', 'src', 'story', 'customer.graphql'), 'utf8');
const SOMEBODY = { id: '01920000-0000-7000-8000-000000000001', latitude: 40.4203, longitude: -3.7033 };

/** What clients send. */
const LOADS = {
  small: { light: JSON.stringify({ query: LIGHT }), heavy: JSON.stringify({ query: HEAVY }) },
  real: { customer: JSON.stringify({ query: CUSTOMER, variables: SOMEBODY }) },
} satisfies Record<SetName, Record<string, string>>;

/** Our gateway against what one would take instead, over the same subgraphs and the same supergraph, in one run. */
const measure: Group = async (say) => {
  const rivals = rivalsFolder(say);
  const small = await inArena('small', rivals, say, async (contenders, arena) => {
    say('one subgraph hangs');
    const hanging = await oneHangs(contenders[0]!, arena);
    say(`${DISTINCT_QUERIES} distinct queries`);
    return [hanging, await leftBehind(contenders[0]!)];
  });
  return [...small, ...(await inArena('real', rivals, say))];
};

async function inArena(
  set: SetName,
  rivals: string | undefined,
  say: (line: string) => void,
  more: (contenders: readonly Contender[], arena: Arena) => Promise<Figure[]> = () => Promise.resolve([]),
): Promise<Figure[]> {
  const arena = await openArena(set);
  const contenders: Contender[] = [];
  try {
    contenders.push(await ours(arena, { SHARE_QUERIES: 'off' }), { ...(await ours(arena)), name: 'trenza, sharing' });
    contenders.push(await defaultApollo(arena));
    const open = rivals
      ? [() => hive(arena, rivals, false), () => hive(arena, rivals, true), () => grafbase(arena, rivals)]
      : [];
    for (const rival of open) {
      const opened = await rival().catch((error: unknown) => say(`left out: ${String(error)}`));
      if (opened) contenders.push(opened);
    }
    const figures: Figure[] = [];
    for (const [name, body] of Object.entries(LOADS[set])) {
      const equal = await thatAnswerAlike(contenders, body, say);
      say(`${name}: ${equal.map((contender) => contender.name).join(', ')}`);
      const raced = await race(name, body, equal);
      // A long run that is cut short has said what it found until then.
      for (const { id, value, against, ratio } of raced)
        say(`${id}: ${value.toFixed(0)}${against === null ? '' : ` / ${against.toFixed(0)} = ${ratio!.toFixed(2)}`}`);
      figures.push(...raced);
    }
    return [...figures, ...(await more(contenders, arena))];
  } finally {
    closeArena(arena, contenders);
  }
}

interface Sample extends Load {
  /** Requests per second of processor time: what a busy machine leaves as it is. */
  perCpuSecond: number;
}

async function race(name: string, body: string, contenders: readonly Contender[]): Promise<Figure[]> {
  const samples = await interleaved(
    Object.fromEntries(contenders.map((contender) => [contender.name, () => load(contender, body)])),
  );
  const middle = (contender: string, of: (sample: Sample) => number): number => median(samples[contender]!.map(of));
  const aims: Record<string, Record<string, number>> = {
    light: { 'default Apollo': 5, 'Hive, Rust planner': 1 },
    heavy: { 'default Apollo': 2, 'Hive, JS': 1.2 },
  };
  const against = contenders.slice(1).flatMap(({ name: rival }) => {
    const aim = aims[name]?.[rival];
    const ratio = (id: string, unit: string, of: (sample: Sample) => number): Figure =>
      figure(`gateway.${name}.${id} against ${rival}`, {
        value: middle('trenza', of),
        unit,
        against: middle(rival, of),
        ...(aim !== undefined && { aim: atLeast('ratio', aim) }),
      });
    return [
      ratio('rate', 'requests/s', (sample) => sample.perSecond),
      ratio('cpu', 'requests/CPU s', (sample) => sample.perCpuSecond),
    ];
  });
  return [...against, figure(`gateway.${name}.p99`, { value: middle('trenza', (sample) => sample.p99), unit: 'ms' })];
}

async function load({ url, process }: Contender, body: string): Promise<Sample> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
  const cpuBefore = cpuSeconds(process.pid!);
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
  const cpu = cpuSeconds(process.pid!) - cpuBefore;
  await pool.close();
  if (result.failures > 0) throw new Error(`${result.failures} requests failed at ${url}`);
  return { ...result, perCpuSecond: result.count / cpu };
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of all threads of a process. */
function cpuSeconds(pid: number): number {
  // The second field is the name, in parentheses, and may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Those who answer, byte for byte, as default Apollo does; one that answers something else is not measured. */
async function thatAnswerAlike(
  contenders: readonly Contender[],
  body: string,
  say: (line: string) => void,
): Promise<Contender[]> {
  const reference = contenders.find(({ name }) => name === 'default Apollo') ?? contenders[0]!;
  const expected = await answerOf(reference.url, body);
  const alike: Contender[] = [];
  for (const contender of contenders) {
    const answer = await answerOf(contender.url, body);
    if (answer === expected) alike.push(contender);
    else if (contender.name.startsWith('trenza')) throw new Error(`${contender.name} answers otherwise than Apollo.`);
    else say(`left out, it answers otherwise: ${contender.name}: ${answer.slice(0, 300)}`);
  }
  return alike;
}

/** The bytes of an answer, without the line break that some end it with. */
async function answerOf(url: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const text = await (await fetch(url, { method: 'POST', headers, body })).text();
  return text.trimEnd();
}

/** Rounds before, while and after: the slowest hundredth is made of few requests, and one round says little about it. */
const ROUNDS = 5;

/** The time of the rest of the answer once the circuit of a hanging subgraph is open. */
async function oneHangs(contender: Contender, { set, firstPort }: Arena): Promise<Figure> {
  const { url } = contender;
  const body = LOADS.small.light;
  const hang = (state: 'on' | 'off') => fetch(`http://127.0.0.1:${portOf(set, 'stock', firstPort)}/hang?=${state}`);
  const p99s = async (): Promise<number[]> => {
    const found: number[] = [];
    for (let round = 0; round < ROUNDS; round++) found.push((await load(contender, body)).p99);
    return found;
  };
  await load(contender, body);
  const before = await p99s();
  await hang('on');
  // The first few wait their whole time; then nobody does.
  await Promise.all(Array.from({ length: 20 }, () => answerOf(url, body)));
  await load(contender, body);
  const hanging = await p99s();
  await hang('off');
  while ((await answerOf(url, body)).includes('"errors"')) await sleep(100);
  const after = await p99s();
  return figure('gateway.p99 while one subgraph hangs', {
    value: median(hanging),
    unit: 'ms',
    against: median([...before, ...after]),
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
      const body = JSON.stringify({ query: `query Distinct${next++} { items(first: 1) { id title } }` });
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
