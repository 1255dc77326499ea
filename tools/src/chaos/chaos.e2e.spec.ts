import { connectNats, subjectOf, type Bus, type OutgoingMessage } from '@trenza/bus';
import { event, newId } from '@trenza/events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPlatform, type TestPlatform } from '../platform/test-platform.ts';
import { effectsOf, expectedOf, withDatabase, type Effects } from './effects.ts';
import { startLoad } from './load.ts';
import { openShop, STOCKED, type Shop } from './shop.ts';

/** The whole of this file is bounded by CI's patience: half a minute of load, as much to recover. */
const TEST_MS = 180_000;
const CALM_WITHIN_MS = 60_000;
const CUSTOMERS = 12;
const POLL_MS = 50;
const BATCH = 200;
/** Who hears whom, where the effects below come from. */
const PATHS = [
  ['identity', 'loyalty'],
  ['identity', 'inventory'],
  ['identity', 'campaign'],
  ['identity', 'feedback'],
  ['inventory', 'identity'],
  ['inventory', 'loyalty'],
  ['inventory', 'campaign'],
  ['loyalty', 'identity'],
  ['loyalty', 'campaign'],
] as const;
/** Who is killed, one round after the other; a relay and a consumer live in the process of their subgraph. */
const ROUNDS = [
  ['loyalty'],
  ['nats'],
  ['identity'],
  ['postgres'],
  ['campaign', 'inventory'],
  ['gateway'],
  ['nats', 'loyalty', 'inventory'],
];
/** So many mutations succeed between two kills, so that each hits a platform that works, in mid-load. */
const ACKNOWLEDGED_BETWEEN_KILLS = 60;

jest.setTimeout(TEST_MS);

let platform: TestPlatform;
let shop: Shop;
beforeAll(async () => {
  platform = await startTestPlatform();
  shop = await openShop(platform, CUSTOMERS);
});
afterAll(async () => {
  expect(await platform.stop()).toBe(0);
});

const kill = (...names: string[]): void => {
  for (const name of names) process.kill(platform.run().pids[name]!, 'SIGKILL');
};

/** Looks until what is there is what is expected, or until the patience is over; returns what was seen last. */
async function settle(expected: Map<string, Effects>): Promise<Map<string, Effects>> {
  const deadline = Date.now() + CALM_WITHIN_MS;
  for (;;) {
    const seen = await effectsOf(platform, shop.profileIds).catch(() => undefined);
    if (seen && JSON.stringify([...seen]) === JSON.stringify([...expected])) return seen;
    if (Date.now() > deadline) return seen ?? new Map<string, Effects>();
    await sleep(500);
  }
}

describe('when processes are killed in mid-load', () => {
  it('has every acknowledged effect exactly once, in every subgraph', async () => {
    const load = startLoad(platform, shop);
    for (const names of ROUNDS) {
      await load.progress(ACKNOWLEDGED_BETWEEN_KILLS);
      kill(...names);
    }
    await load.progress(ACKNOWLEDGED_BETWEEN_KILLS);
    await load.stop();

    expect(load.failures()).toBeGreaterThan(0);
    const expected = new Map([...load.acknowledged].map(([id, done]) => [id, expectedOf(done)]));
    expect(await settle(expected)).toEqual(expected);

    const sold = [...load.acknowledged.values()].reduce((sum, { units }) => sum + units, 0);
    const [onHand] = await withDatabase(platform, 'inventory', async (client) => {
      const { rows } = await client.query<{ n: string }>('select sum(on_hand) as n from stock');
      return rows.map((row) => Number(row.n));
    });
    expect(onHand).toBe(shop.skus.length * STOCKED - sold);
  });

  it('left nothing in the dead letters, and a ledger that adds up', async () => {
    const admin = await platform.token({ role: 'admin' });
    const { data } = await platform.ask(
      admin,
      `{ ledgerIntegrity { sound }
         identity: identityDeadLetters { edges { node { id } } } loyalty: loyaltyDeadLetters { edges { node { id } } }
         inventory: inventoryDeadLetters { edges { node { id } } } campaign: campaignDeadLetters { edges { node { id } } }
         feedback: feedbackDeadLetters { edges { node { id } } } }`,
    );
    const { ledgerIntegrity, ...deadLetters } = data;
    expect(ledgerIntegrity).toEqual({ sound: true });
    for (const name of Object.keys(deadLetters)) expect([name, deadLetters[name].edges]).toEqual([name, []]);
  });
});

describe('when messages come twice and in any order', () => {
  let bus: Bus;
  beforeAll(async () => (bus = await connectNats({ url: platform.run().natsUrl, name: 'chaos' })));
  afterAll(() => bus.close());

  const calm = async (): Promise<void> => {
    for (const [producer, consumer] of PATHS) while ((await bus.lag(producer, consumer)) > 0) await sleep(POLL_MS);
  };

  it('has no effect twice when a whole stream is sent again, backwards', async () => {
    await calm();
    const before = await effectsOf(platform, shop.profileIds);
    for (const producer of ['identity', 'inventory', 'loyalty'] as const) {
      const all: OutgoingMessage[] = [];
      await bus.read(producer, async (messages) => {
        // Another id of the message, so that it is not JetStream that drops it; the event inside is the same.
        all.push(...messages.map(({ subject, json }) => ({ id: newId(), subject, json })));
      });
      expect(all.length).toBeGreaterThan(CUSTOMERS);
      all.reverse();
      for (let i = 0; i < all.length; i += BATCH) await bus.publish(all.slice(i, i + BATCH));
    }
    await calm();
    expect(await effectsOf(platform, shop.profileIds)).toEqual(before);
  });

  it('ends the same when the news of a customer arrive in the wrong order', async () => {
    const [older, younger, orderId, lineId] = [newId(), newId(), newId(), newId()];
    const now = new Date();
    const member = (version: number, customers: { customerId: string; profileIds: string[] }[]) =>
      event('identity.customer.membership-changed.v1', {
        occurredAt: now,
        profileId: older,
        data: { version, cause: version === 2 ? 'merged' : 'created', customers },
      });
    const sku = shop.skus[0]!;
    const about = { channel: 'store', storeId: shop.storeId, number: 'CHAOS-ORDER', orderId } as const;
    const money = { amount: 5_000, currency: 'EUR' };
    const completed = event('inventory.order.completed.v1', {
      occurredAt: now,
      profileId: younger,
      data: { ...about, total: money, netAmount: 5_000, lines: [{ lineId, sku, quantity: 1, netAmount: 5_000 }] },
    });
    const merged = member(2, [{ customerId: older, profileIds: [older, younger] }]);
    const apart = member(1, [
      { customerId: older, profileIds: [older] },
      { customerId: younger, profileIds: [younger] },
    ]);
    // The order before anybody knows of her, the merge before what it merges.
    for (const news of [completed, merged, apart, completed, merged]) {
      await bus.publish([{ id: newId(), subject: subjectOf(news), json: JSON.stringify(news) }]);
      await calm();
    }
    const map = (subgraph: string) =>
      withDatabase(platform, subgraph, async (client) => {
        const text = 'select customer_id from customer_profile where profile_id = any($1) order by profile_id';
        return (await client.query<{ customer_id: string }>(text, [[older, younger]])).rows.map(
          (row) => row.customer_id,
        );
      });
    for (const subgraph of ['loyalty', 'inventory', 'campaign', 'feedback'])
      expect([subgraph, await map(subgraph)]).toEqual([subgraph, [older, older]]);
    const effects = (await effectsOf(platform, [younger])).get(younger);
    expect(effects).toMatchObject({ campaignOrders: 1, campaignSpend: 5_000, ordersThatEarned: 1, journeyOrders: 1 });
  });
});
