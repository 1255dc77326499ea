import { newId } from '@trenza/events';
import type { Pool, PoolClient } from 'pg';

/**
 * A checkout as a careful team would send it by hand: the same rows in the same tables, in the same two transactions (hold, confirm)
 * under the same locks and guarantees, prepared; without rules, promises, prices per channel, splits and types.
 */
export interface PlainProduct {
  id: string;
  sku: string;
  placeId: string;
}

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

const say = (client: PoolClient, type: string, profileId: string, data: Record<string, unknown>) => {
  const id = newId();
  const payload = JSON.stringify({
    id,
    type,
    occurredAt: new Date().toISOString(),
    profileId,
    customerId: profileId,
    data,
  });
  return run(client, 'say', 'insert into outbox (event_id, subject, payload) values ($1, $2, $3)', [
    id,
    `${type}.0`,
    payload,
  ]);
};

const lock = (client: PoolClient, { id, placeId }: PlainProduct) =>
  run(
    client,
    'lock',
    'select on_hand - allocated - held - safety as free from stock where product_id = $1 and place_id = $2 for no key update',
    [id, placeId],
  );

const EVENT = { channel: 'web', storeId: null, associateId: null };

export async function plainCheckout(pool: Pool, product: PlainProduct): Promise<void> {
  const [profileId, orderId, lineId, paymentId, now] = [newId(), newId(), newId(), newId(), new Date()];
  await hold(pool, { product, profileId, orderId, lineId, paymentId, now });
  await transaction(pool, async (client) => {
    await run(client, 'order', 'select status from orders where id = $1 for no key update', [orderId]);
    await run(client, 'authorised', `update payment set state = 'authorised', provider_reference = $2 where id = $1`, [
      paymentId,
      'x',
    ]);
    await lock(client, product);
    await run(
      client,
      'allocated',
      `update reservation set state = 'allocated', expires_at = null where group_id = $1 and state = 'held'`,
      [orderId],
    );
    await run(
      client,
      'counted',
      'update stock set held = held - 1, allocated = allocated + 1 where product_id = $1 and place_id = $2',
      [product.id, product.placeId],
    );
    await run(client, 'paid', `update orders set status = 'paid', completed_at = $2 where id = $1`, [orderId, now]);
    await say(client, 'inventory.order.completed.v1', profileId, {
      ...EVENT,
      orderId,
      number: orderId,
      netAmount: 1000,
      total: { amount: 1000, currency: 'EUR' },
      lines: [{ lineId, productId: product.id, sku: product.sku, quantity: 1, netAmount: 1000, discountAmount: 0 }],
      voucherCodes: [],
      imported: false,
    });
  });
}

interface Held {
  product: PlainProduct;
  profileId: string;
  orderId: string;
  lineId: string;
  paymentId: string;
  now: Date;
}

const hold = (pool: Pool, { product, profileId, orderId, lineId, paymentId, now }: Held): Promise<void> =>
  transaction(pool, async (client) => {
    await run(client, 'price', 'select amount, currency from product where id = $1', [product.id]);
    await run(
      client,
      'place',
      `insert into orders (id, source, number, profile_id, channel, status, currency, net_amount, fulfilment, placed_at, body_hash)
       values ($1, 'trenza', 'T' || nextval('order_number'), $2, 'web', 'awaiting-payment', 'EUR', 1000, 'delivery', $3, '')`,
      [orderId, profileId, now],
    );
    await run(
      client,
      'line',
      `insert into order_line (order_id, line_no, id, product_id, sku, name, quantity, net_amount) values ($1, 1, $2, $3, $4, 'x', 1, 1000)`,
      [orderId, lineId, product.id, product.sku],
    );
    await say(client, 'inventory.order.placed.v1', profileId, {
      ...EVENT,
      orderId,
      number: orderId,
      total: { amount: 1000, currency: 'EUR' },
      fulfilment: 'delivery',
    });
    const { rows } = await lock(client, product);
    if ((rows[0] as { free: number }).free < 1) throw new Error('out of stock');
    await run(client, 'held', 'update stock set held = held + 1 where product_id = $1 and place_id = $2', [
      product.id,
      product.placeId,
    ]);
    await run(
      client,
      'reserve',
      `insert into reservation (id, group_id, line_no, product_id, place_id, quantity, state, expires_at, created_at) values ($1, $2, 1, $3, $4, 1, 'held', $5, $6)`,
      [newId(), orderId, product.id, product.placeId, new Date(now.getTime() + 900_000), now],
    );
    await run(
      client,
      'fulfil',
      `insert into fulfilment (id, order_id, place_id, kind, status, promised_for, changed_at) values ($1, $2, $3, 'delivery', 'waiting', $4, $5)`,
      [newId(), orderId, product.placeId, now, now],
    );
    await run(client, 'promise', 'update orders set promised_for = $2 where id = $1', [orderId, now]);
    await run(
      client,
      'payment',
      `insert into payment (id, order_id, means, state, amount, currency, provider, created_at) values ($1, $2, 'card', 'pending', 1000, 'EUR', 'sandbox', $3)`,
      [paymentId, orderId, now],
    );
  });
