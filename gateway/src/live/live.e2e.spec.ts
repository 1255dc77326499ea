import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROLES, type Claims } from '@trenza/auth';
import { type Bus, connectNats, subjectOf } from '@trenza/bus';
import { type AnyEvent, event, newId } from '@trenza/events';
import {
  type Open,
  overApolloClient3,
  overApolloClient4,
  overMultipart,
  overSse,
  overWebSocket,
} from '../testing/live-clients.ts';
import { NOBODY, shop, STRANGER } from '../testing/shop.ts';
import { TestGraph } from '../testing/test-graph.ts';
import type { Result } from './live-operations.ts';

const NATS = { natsUrl: process.env['TEST_NATS_URL']!, natsPrefix: `gw${randomBytes(4).toString('hex')}_` };
const { all, points, people } = shop();
const graph = new TestGraph(all, NATS);
let bus: Bus;

beforeAll(async () => {
  await graph.start();
  bus = await connectNats({ url: NATS.natsUrl, name: 'test', prefix: NATS.natsPrefix });
  const admin = await graph.token({ sub: 'someone', role: 'admin' });
  const isLive = async (): Promise<boolean> => {
    const stream = listen(overSse, 'subscription { alerts { eventId } }', {}, admin);
    const refused = await Promise.race([first(stream), sleep(100)]);
    await stream.return?.();
    await allGone();
    return refused !== 'LIVE_UNAVAILABLE';
  };
  while (!(await isLive())) await sleep(50);
});
afterAll(async () => {
  await bus.close();
  await graph.stop();
});
beforeEach(() => graph.heal());
afterEach(async () => {
  for (const stream of opened.splice(0)) await stream.return?.();
  await allGone();
});
const opened: AsyncIterableIterator<Result>[] = [];
const listen = (open: Open, query: string, variables: Record<string, unknown>, token?: string) => {
  const stream = open(graph.url, query, variables, token);
  opened.push(stream);
  return stream;
};
const allGone = async (): Promise<void> => {
  for (let i = 0; i < 300 && graph.gateway.live.streams > 0; i++) await sleep(10);
};

const ANA = newId();
const EVA = newId();
const MADRID = newId();
const LUGO = newId();

const publish = (...events: AnyEvent[]) =>
  bus.publish(events.map((e) => ({ id: e.id, subject: subjectOf(e), json: JSON.stringify(e) })));
const tracked = (customerId: string, storeId?: string, profileId = customerId) =>
  event('identity.event.tracked.v1', {
    customerId,
    profileId,
    occurredAt: new Date(),
    data: { eventId: newId(), kind: 'page_view', channel: 'web', storeId },
  });
const alert = (scopeId: string) =>
  event('feedback.alert.raised.v1', {
    occurredAt: new Date(),
    data: { alertId: newId(), metric: 'nps', scope: 'store', scopeId, value: 12, baseline: 40 },
  });
const membership = (customerId: string, profileIds: string[]) =>
  event('identity.customer.membership-changed.v1', {
    occurredAt: new Date(),
    data: { version: 1, cause: 'merged', customers: [{ customerId, profileIds }] },
  });

const ACTIVITY = `subscription Live($id: ID!, $after: ID) {
  customerActivity(customerId: $id, after: $after) { eventId type customer { id name points } }
}`;

const token = (claims: Partial<Claims> & { role: string }, expiresIn?: string | number) =>
  graph.token({ sub: 'someone', ...claims }, expiresIn);
/** What comes next, or that nothing came. */
const next = async (stream: AsyncIterator<Result>, withinMs = 15_000): Promise<Result | 'nothing' | 'the end'> => {
  const result = await Promise.race([stream.next(), sleep(withinMs, undefined, { ref: false })]);
  if (!result) return 'nothing';
  return result.done ? 'the end' : result.value;
};
/** A subscription begins when its first request has reached the feed. */
const listening = async (count = 1): Promise<void> => {
  for (let i = 0; i < 200 && graph.gateway.live.streams < count; i++) await sleep(10);
  await sleep(50);
};
const codeOf = (result: Result | string) =>
  typeof result === 'string' ? result : result.errors?.[0]?.extensions?.code;

describe.each([
  ['graphql-ws', overWebSocket],
  ['graphql-sse', overSse],
  ['multipart', overMultipart],
  ['Apollo Client 4', overApolloClient4],
  ['Apollo Client 3', overApolloClient3],
])('over %s', (_name, open: Open) => {
  it('brings what happens to a customer, with any field of hers as it is then', async () => {
    const stream = listen(open, ACTIVITY, { id: ANA }, await token({ role: 'care' }));
    const first = next(stream);
    await listening();
    const happened = tracked(ANA);
    await publish(tracked(EVA), happened);
    expect(await first).toMatchObject({
      data: {
        customerActivity: {
          eventId: happened.id,
          type: 'identity.event.tracked.v1',
          customer: { id: ANA, name: `Customer ${ANA}`, points: 40 },
        },
      },
    });
  });

  it('asks subgraphs with the rights of the subscriber, for every event', async () => {
    const stream = listen(open, ACTIVITY, { id: ANA }, await token({ role: 'customer', customerId: ANA }));
    const first = next(stream);
    await listening();
    await publish(tracked(ANA));
    await first;
    for (const { headers } of [...points.received, ...people.received]) {
      const claims = Buffer.from(headers.authorization!.split('.')[1]!, 'base64url').toString();
      expect(JSON.parse(claims)).toMatchObject({ role: 'customer', customerId: ANA });
    }
    expect(points.received).toHaveLength(1);
  });

  it('costs only its own fields when a subgraph is down', async () => {
    const stream = listen(open, ACTIVITY, { id: ANA }, await token({ role: 'care' }));
    const first = next(stream);
    await listening();
    points.fail('HTML page');
    await publish(tracked(ANA));
    expect(await first).toMatchObject({
      data: { customerActivity: { customer: { name: `Customer ${ANA}`, points: null } } },
      errors: [{ path: ['customerActivity', 'customer', 'points'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
  });

  it('ends with TOKEN_EXPIRED when the token does', async () => {
    const stream = listen(
      open,
      ACTIVITY,
      { id: ANA },
      await token({ role: 'care' }, Math.floor(Date.now() / 1_000) + 2),
    );
    expect(codeOf(await next(stream, 5_000))).toBe('TOKEN_EXPIRED');
    expect(await next(stream, 2_000)).toBe('the end');
    await allGone();
    expect(graph.gateway.live.streams).toBe(0);
  });

  it('goes on after the last event that was seen', async () => {
    const [seen, missed] = [tracked(ANA), tracked(ANA)];
    await publish(seen);
    await publish(missed, tracked(EVA));
    const stream = listen(open, ACTIVITY, { id: ANA, after: seen.id }, await token({ role: 'care' }));
    const ids: unknown[] = [];
    while (!ids.includes(missed.id)) {
      const result = await next(stream);
      if (typeof result === 'string') break;
      ids.push((result.data as { customerActivity: { eventId: string } }).customerActivity.eventId);
    }
    expect(ids).toContain(missed.id);
    expect(ids).not.toContain(seen.id);
    const live = tracked(ANA);
    await publish(live);
    expect(await next(stream)).toMatchObject({ data: { customerActivity: { eventId: live.id } } });
  });

  it.each([
    ['a customer whom one may not see', { id: STRANGER }, 'FORBIDDEN'],
    ['a customer who does not exist', { id: NOBODY }, 'NOT_FOUND'],
    ['an event id that is none', { id: ANA, after: 'x' }, 'BAD_USER_INPUT'],
    ['an event of long ago', { id: ANA, after: '01890000-0000-7000-8000-000000000001' }, 'RESUME_TOO_OLD'],
  ])('refuses %s', async (_what, variables, code) => {
    const stream = listen(open, ACTIVITY, variables, await token({ role: 'care' }));
    expect(await first(stream)).toBe(code);
    await allGone();
    expect(graph.gateway.live.streams).toBe(0);
  });

  it('refuses a document that is not valid', async () => {
    const stream = listen(open, 'subscription { nothing }', {}, await token({ role: 'care' }));
    expect(await first(stream)).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

/** The code of what is refused: graphql-ws throws it, the others bring it as a result. */
async function first(stream: AsyncIterator<Result>): Promise<unknown> {
  try {
    return codeOf(await next(stream));
  } catch (error) {
    const errors = Array.isArray(error) ? error : [error];
    return (errors[0] as { extensions?: { code?: string } }).extensions?.code;
  }
}

it('goes along when the customer is merged, and leaves the other one when they are separated again', async () => {
  const older = newId();
  const younger = newId();
  const stream = listen(overWebSocket, ACTIVITY, { id: younger }, await token({ role: 'care' }));
  const heard: string[] = [];
  void (async () => {
    for await (const result of stream)
      heard.push((result.data as { customerActivity: { eventId: string } }).customerActivity.eventId);
  })();
  await listening();
  await publish(membership(older, [older, younger]));
  await sleep(100);
  const together = tracked(older, undefined, older);
  await publish(together);
  await sleep(200);
  await publish(membership(older, [older]), membership(younger, [younger]));
  await sleep(100);
  const [hers, not] = [tracked(younger), tracked(older)];
  await publish(not, hers);
  await sleep(300);
  expect(heard).toEqual([together.id, hers.id]);
});

describe('who may listen', () => {
  const subscriptions = {
    customerActivity: ['subscription($id: ID!) { customerActivity(customerId: $id) { eventId } }', { id: ANA }],
    storeActivity: [
      'subscription($id: ID!) { storeActivity(storeId: $id) { eventId store { name } } }',
      { id: MADRID },
    ],
    alerts: ['subscription { alerts { eventId store { name } } }', {}],
  } as const;
  const allowed: Record<keyof typeof subscriptions, string[]> = {
    customerActivity: ['associate', 'care', 'admin', 'service', 'customer'],
    storeActivity: ['associate', 'marketer', 'care', 'analyst', 'admin', 'service'],
    alerts: ['associate', 'marketer', 'care', 'analyst', 'admin'],
  };
  const cases = Object.keys(subscriptions).flatMap((field) =>
    ['anonymous', ...ROLES].map((role) => [field as keyof typeof subscriptions, role] as const),
  );

  it.each(cases)('%s: %s', async (field, role) => {
    const claims = { role, customerId: ANA, stores: [MADRID] };
    const [query, variables] = subscriptions[field];
    const stream = listen(overSse, query, variables, role === 'anonymous' ? undefined : await token(claims));
    const result = next(stream);
    await Promise.race([result, listening()]);
    await publish(tracked(ANA, MADRID), alert(MADRID));
    const expected = allowed[field].includes(role) ? undefined : role === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    expect(codeOf(await result)).toBe(expected);
  });

  it('tells an associate only of her stores', async () => {
    const stream = listen(overSse, subscriptions.alerts[0], {}, await token({ role: 'associate', stores: [LUGO] }));
    const result = next(stream);
    await listening();
    await publish(alert(MADRID), alert(LUGO));
    expect(await result).toMatchObject({ data: { alerts: { store: { name: `Store ${LUGO}` } } } });
    await stream.return?.();
    const other = listen(
      overSse,
      subscriptions.storeActivity[0],
      { id: MADRID },
      await token({ role: 'associate', stores: [LUGO] }),
    );
    expect(codeOf(await next(other))).toBe('FORBIDDEN');
  });
});

it.each([
  ['graphql-ws', overWebSocket],
  ['graphql-sse', overSse],
  ['multipart', overMultipart],
])('refuses what is no GraphQL over %s', async (_name, open) => {
  expect(await first(listen(open, 'subscription {', {}, await token({ role: 'care' })))).toBe('GRAPHQL_PARSE_FAILED');
});

it('refuses a WebSocket with a token that does not hold', async () => {
  const stream = listen(overWebSocket, ACTIVITY, { id: ANA }, 'nonsense');
  await expect(stream.next()).rejects.toMatchObject({ code: 4403 });
});

it('says how to subscribe when a subscription is sent like a query', async () => {
  const { body } = await graph.ask('subscription { alerts { eventId } }');
  expect(body.errors![0]!.extensions.code).toBe('SUBSCRIPTION_NEEDS_STREAM');
});

it('answers a query over a stream once', async () => {
  const stream = listen(overSse, '{ programme }', {});
  expect(await next(stream)).toEqual({ data: { programme: 'Braid club' } });
  expect(await next(stream)).toBe('the end');
});

it('says that there are no live updates where there is no NATS, and answers everything else', async () => {
  const alone = new TestGraph(shop().all);
  await alone.start();
  try {
    const stream = overSse(alone.url, 'subscription { alerts { eventId } }', {}, await token({ role: 'admin' }));
    const { value } = await stream.next();
    expect(codeOf(value as Result)).toBe('LIVE_UNAVAILABLE');
    expect((await alone.ask('{ programme }')).body.data).toEqual({ programme: 'Braid club' });
  } finally {
    await alone.stop();
  }
});
