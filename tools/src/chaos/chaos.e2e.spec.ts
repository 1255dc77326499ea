import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPlatform, type TestPlatform } from '../platform/test-platform.ts';
import { effectsOf, expectedOf, withDatabase, type Effects } from './effects.ts';
import { startLoad } from './load.ts';
import { openShop, STOCKED, type Shop } from './shop.ts';

/** The whole of this file is bounded by CI's patience: half a minute of load, as much to recover. */
const TEST_MS = 180_000;
const CALM_WITHIN_MS = 60_000;
const CUSTOMERS = 12;
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
