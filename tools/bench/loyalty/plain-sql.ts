import { newId } from '@trenza/events';
import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';

/**
 * What a careful team would send by hand: the same rows in the same tables under the same guarantees (idempotency key, lots, running
 * balance, outbox), statement by statement, prepared, without rules, validation and types.
 */
async function transaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const run = (client: PoolClient, name: string, text: string, values: unknown[]) => client.query({ name, text, values });

/** The key with its result at once: nobody is told of it before the rest is committed, and ids are known beforehand. */
const claim = (client: PoolClient, operation: string, key: string, result: Record<string, unknown>) =>
  run(client, 'claim', 'insert into idempotency (operation, key, body_hash, result) values ($1, $2, $3, $4)', [
    operation,
    key,
    createHash('sha256').update(`${operation} ${key}`).digest(),
    JSON.stringify(result),
  ]);

const say = (client: PoolClient, profileId: string, type: string, data: Record<string, unknown>) => {
  const id = newId();
  const payload = JSON.stringify({ id, type, occurredAt: new Date().toISOString(), profileId, data });
  return run(client, 'say', 'insert into outbox (event_id, subject, payload) values ($1, $2, $3)', [
    id,
    `${type}.0`,
    payload,
  ]);
};

export const plainEarn = (pool: Pool, profileId: string, points: number): Promise<void> =>
  transaction(pool, async (client) => {
    const [key, transfer, now] = [newId(), newId(), new Date()];
    const expiresAt = new Date(now.getTime() + 365 * 86_400_000);
    await claim(client, 'earnPoints', key, { transferId: transfer, points, expiresAt });
    await run(
      client,
      'earn-transfer',
      `insert into transfer (id, key, profile_id, currency, code, debit, credit, amount, occurred_at, recorded_at, reason)
       values ($1, $2, $3, 'points', 'earn', 'programme.issued', 'customer.available', $4, $5, $5, 'bench')`,
      [transfer, `earn:${key}`, profileId, points, now],
    );
    await run(
      client,
      'earn-lot',
      `insert into lot (id, transfer_id, profile_id, currency, amount, remaining, pending, expires_at) values ($1, $2, $3, 'points', $4, $4, false, $5)`,
      [newId(), transfer, profileId, points, expiresAt],
    );
    await run(
      client,
      'earn-account',
      `insert into account (owner_id, currency, kind, balance) values ($1, 'points', 'customer.available', $2)
       on conflict (owner_id, currency, kind) do update set balance = account.balance + excluded.balance`,
      [profileId, points],
    );
    await say(client, profileId, 'loyalty.points.earned.v1', {
      transferId: transfer,
      points,
      currency: 'points',
      state: 'active',
      reason: 'bench',
      expiresAt,
    });
  });

export const plainRedeem = (pool: Pool, profileId: string, points: number): Promise<void> =>
  transaction(pool, async (client) => {
    const [key, transfer, hold, now] = [newId(), newId(), newId(), new Date()];
    await run(
      client,
      'lock',
      `select balance from account where owner_id = $1 and currency = 'points' and kind = 'customer.available' for update`,
      [profileId],
    );
    const { rows } = await run(
      client,
      'lots',
      `select id, remaining from lot where profile_id = $1 and currency = 'points' and remaining > 0 and not pending order by expires_at, id`,
      [profileId],
    );
    const lots = rows as { id: string; remaining: string }[];
    const balance = lots.reduce((sum, lot) => sum + Number(lot.remaining), 0) - points;
    await claim(client, 'redeemPoints', key, { redemptionId: hold, points, balance });
    await run(
      client,
      'redemption',
      `insert into points_hold (id, profile_id, currency, amount, captured, state, created_at, expires_at, closed_at)
       values ($1, $2, 'points', $3, $3, 'captured', $4, $4, $4)`,
      [hold, profileId, points, now],
    );
    await run(
      client,
      'redeem-transfer',
      `insert into transfer (id, key, profile_id, currency, code, debit, credit, amount, occurred_at, recorded_at, hold_id)
       values ($1, $2, $3, 'points', 'redeem', 'customer.available', 'programme.redeemed', $4, $5, $5, $6)`,
      [transfer, `redeem:${key}`, profileId, points, now, hold],
    );
    let left = points;
    for (const lot of lots) {
      if (left === 0) break;
      const amount = Math.min(left, Number(lot.remaining));
      left -= amount;
      await run(client, 'use', 'insert into lot_use (transfer_id, lot_id, amount) values ($1, $2, $3)', [
        transfer,
        lot.id,
        amount,
      ]);
      await run(client, 'take', 'update lot set remaining = remaining - $2 where id = $1', [lot.id, amount]);
    }
    if (left > 0) throw new Error('insufficient');
    await run(
      client,
      'debit',
      `update account set balance = balance - $2 where owner_id = $1 and currency = 'points' and kind = 'customer.available'`,
      [profileId, points],
    );
    await say(client, profileId, 'loyalty.points.redeemed.v1', {
      transferId: transfer,
      holdId: hold,
      points,
      currency: 'points',
      orderId: null,
    });
  });
