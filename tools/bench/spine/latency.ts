import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { pace, quantile } from '../harness.ts';
import type { TestPlatform } from '../../src/platform/test-platform.ts';

const PER_SECOND = 500;
/** A web shop's collector sends what happened within a fiftieth of a second together. */
const EVENTS_PER_CALL = 10;
const WARM_UP_SECONDS = 3;
const SECONDS = 10;
const PROFILES = 200;
/** How often the other subgraph is looked at: the error of the measurement. */
const LOOK_EVERY_MS = 4;
const ARRIVE_WITHIN_MS = 30_000;

const TRACK = `mutation Track($input: TrackInput!) {
  track(input: $input) { results { status } errors { message } }
}`;

export interface Latency {
  /** From the answer to the mutation (it is committed then) to the effect in the other subgraph. */
  p50: number;
  p99: number;
  /** From the sending of the mutation. */
  p99FromSent: number;
  perSecond: number;
  lost: number;
}

/**
 * Tracks events at a steady pace through the gateway and watches when campaign has handled each of them: its inbox row is committed in one
 * transaction with the effect, so it is there exactly when the effect can be seen.
 */
export async function measureLatency(platform: TestPlatform): Promise<Latency> {
  const campaign = new Client({ connectionString: platform.run().databases['campaign'] });
  const identity = new Client({ connectionString: platform.run().databases['identity'] });
  await Promise.all([campaign.connect(), identity.connect()]);
  const token = await platform.token({ role: 'service', channel: 'web' });
  const watched = watch(campaign);
  try {
    const calls = await run(platform, token);
    const ids = await eventIds(identity, calls);
    const lost = await arrival([...ids.keys()], watched);
    return { ...delaysOf(ids, watched.seen), lost };
  } finally {
    await watched.stop();
    await Promise.all([campaign.end(), identity.end()]);
  }
}

function delaysOf(ids: Map<string, Call>, seen: Map<string, number>): Omit<Latency, 'lost'> {
  const delays: number[] = [];
  const fromSent: number[] = [];
  for (const [id, call] of ids) {
    const seenAt = seen.get(id);
    if (seenAt === undefined || call.warmUp) continue;
    delays.push(Math.max(0, seenAt - call.answeredAt));
    fromSent.push(seenAt - call.sentAt);
  }
  return {
    p50: quantile(delays, 0.5),
    p99: quantile(delays, 0.99),
    p99FromSent: quantile(fromSent, 0.99),
    perSecond: delays.length / SECONDS,
  };
}

interface Call {
  numbers: string[];
  warmUp: boolean;
  sentAt: number;
  answeredAt: number;
}

async function run(platform: TestPlatform, token: string): Promise<Call[]> {
  const calls: Call[] = [];
  const cookies = Array.from({ length: PROFILES }, () => `bench-${randomUUID()}`);
  const send = async (index: number, warmUp: boolean): Promise<void> => {
    const numbers = Array.from({ length: EVENTS_PER_CALL }, () => randomUUID());
    const events = numbers.map((number, at) => ({
      eventId: number,
      source: 'bench',
      kind: 'product_viewed',
      channel: 'WEB',
      category: 'calzado',
      properties: { number },
      identifiers: [{ type: 'COOKIE', value: cookies[(index * EVENTS_PER_CALL + at) % PROFILES] }],
    }));
    const call: Call = { numbers, warmUp, sentAt: performance.now(), answeredAt: 0 };
    const { data, errors } = await platform.ask(token, TRACK, { input: { events } });
    call.answeredAt = performance.now();
    if (errors || data.track.errors.length > 0) throw new Error(`track failed: ${JSON.stringify(errors ?? data)}`);
    calls.push(call);
  };
  const perSecond = PER_SECOND / EVENTS_PER_CALL;
  await pace({ perSecond, seconds: WARM_UP_SECONDS, work: (index) => send(index, true) });
  await pace({ perSecond, seconds: SECONDS, work: (index) => send(index, false) });
  return calls;
}

/** The ids under which the events travel: identity made them, its journey has both. */
async function eventIds(identity: Client, calls: Call[]): Promise<Map<string, Call>> {
  const byNumber = new Map(calls.flatMap((call) => call.numbers.map((number) => [number, call] as const)));
  const { rows } = await identity.query<{ id: string; number: string }>(
    `select id, details ->> 'number' as number from touchpoint where details ? 'number'`,
  );
  return new Map(
    rows.flatMap(({ id, number }) => {
      const call = byNumber.get(number);
      return call ? [[id, call] as const] : [];
    }),
  );
}

interface Watch {
  seen: Map<string, number>;
  stop(): Promise<void>;
}

/** Looks again and again for messages that were not there before. */
function watch(campaign: Client): Watch {
  const seen = new Map<string, number>();
  let on = true;
  const looking = (async () => {
    let since = '-infinity';
    while (on) {
      const { rows } = await campaign.query<{ id: string; at: string }>(
        `select event_id as id, handled_at::text as at from processed_message where handled_at >= $1::timestamptz - interval '2 seconds'`,
        [since],
      );
      const now = performance.now();
      for (const { id, at } of rows) {
        if (!seen.has(id)) seen.set(id, now);
        if (since === '-infinity' || at > since) since = at;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  })();
  return {
    seen,
    stop: () => {
      on = false;
      return looking;
    },
  };
}

async function arrival(ids: string[], { seen }: Watch): Promise<number> {
  const deadline = Date.now() + ARRIVE_WITHIN_MS;
  const missing = (): number => ids.filter((id) => !seen.has(id)).length;
  while (missing() > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
  return missing();
}
