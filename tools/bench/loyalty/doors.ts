import { createInternalSigner, createKeys } from '@trenza/auth';
import { newId } from '@trenza/events';
import { Pool } from 'undici';
import { keyRingOf, publicKeysOf } from '../../src/platform/keys.ts';
import { startTestPlatform } from '../../src/platform/test-platform.ts';

const EARN = `mutation ($input: EarnPointsInput!) { earnPoints(input: $input) { transferId errors { message } } }`;
const REDEEM = `mutation ($input: RedeemPointsInput!) { redeemPoints(input: $input) { points errors { message } } }`;

export interface Door {
  earn(profileId: string, points: number): Promise<void>;
  redeem(profileId: string, points: number): Promise<void>;
}

/** A whole platform, and the two doors to loyalty: the gateway for clients, and the subgraph's own as the gateway uses it. */
export async function openDoors(
  connections: number,
): Promise<{ gateway: Door; subgraph: Door; stop(): Promise<void> }> {
  const platform = await startTestPlatform();
  const ring = keyRingOf(platform.dir);
  const sign = createInternalSigner(createKeys('gateway', ring['gateway']!.privateKey, publicKeysOf(ring)));
  const internal = await sign({ role: 'service', subject: 'bench', stores: [] });
  const token = await platform.token({ role: 'service', sub: 'bench' });
  // The second of the five subgraphs, on the ports after the gateway's.
  const loyalty = new Pool(`http://127.0.0.1:${platform.port + 2}`, { connections });
  const front = new Pool(`http://127.0.0.1:${platform.port}`, { connections });
  return {
    gateway: doorOf(front, token),
    subgraph: doorOf(loyalty, internal),
    stop: async () => {
      await Promise.all([loyalty.close(), front.close()]);
      await platform.stop();
    },
  };
}

function doorOf(pool: Pool, token: string): Door {
  const ask = async (query: string, input: Record<string, unknown>): Promise<void> => {
    const { body } = await pool.request({
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { input: { idempotencyKey: newId(), ...input } } }),
    });
    const answer = (await body.json()) as { errors?: unknown; data?: Record<string, { errors: unknown[] }> };
    const payload = Object.values(answer.data ?? {})[0];
    if (answer.errors || !payload || payload.errors.length > 0) throw new Error(JSON.stringify(answer));
  };
  return {
    earn: (profileId, points) => ask(EARN, { profileId, points, reason: 'bench' }),
    redeem: (profileId, points) => ask(REDEEM, { profileId, points }),
  };
}
