import { newId } from '@trenza/events';
import type { Pool, PoolClient } from 'pg';

/**
 * A checkout as a careful team would send it by hand: the same rows in the same tables, in the same two transactions (hold, confirm)
 * under the same locks and guarantees, prepared, with no more statements than ours and the stock last; without rules, promises, prices per
 * channel, promotions, splits and types. The place is known to it, so it looks for none.
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

const EVENT = { channel: 'web', storeId: null, associateId: null };

/** One unit of one product: a single row is locked by the update itself, and compared again once others have let it go. */
const HOLD = `
  with counted as (
    update stock set held = held + 1 where product_id = $4 and place_id = $5 and on_hand - allocated - held - safety >= 1 returning product_id)
  insert into reservation (id, group_id, line_no, product_id, place_id, quantity, state, expires_at, created_at)
  select $1, $2, 1, $4, $5, 1, 'held', $6, $3 from counted`;

const PLACE = `
  with line as (
    insert into order_line (order_id, line_no, id, product_id, sku, name, quantity, net_amount) values ($1, 1, $4, $5, $6, 'x', 1, 1000)),
  part as (
    insert into fulfilment (id, order_id, place_id, kind, status, promised_for, changed_at)
    values ($7, $1, $8, 'delivery', 'waiting', $3::timestamptz, $3::timestamptz)),
  paid as (
    insert into payment (id, order_id, means, state, amount, currency, provider, created_at)
    values ($9, $1, 'card', 'pending', 1000, 'EUR', 'sandbox', $3::timestamptz))
  insert into orders (id, source, number, profile_id, channel, status, currency, net_amount, fulfilment, placed_at, promised_for, body_hash)
  values ($1, 'trenza', 'T' || nextval('order_number'), $2, 'web', 'awaiting-payment', 'EUR', 1000, 'delivery', $3::timestamptz, $3::timestamptz, '')
  returning number`;

const PAY = `
  with authorised as (update payment set state = 'authorised', provider_reference = $3 where id = $2)
  update orders set status = 'paid', completed_at = $4 where id = $1 and status = 'awaiting-payment' returning number`;

const ALLOCATE = `
  with counted as (
    update stock set held = held - 1, allocated = allocated + 1 where product_id = $2 and place_id = $3 returning product_id)
  update reservation set state = 'allocated', expires_at = null from counted where group_id = $1 and state = 'held'`;

export async function plainCheckout(pool: Pool, product: PlainProduct): Promise<void> {
  const [profileId, orderId, lineId, paymentId, now] = [newId(), newId(), newId(), newId(), new Date()];
  const number = await hold(pool, { product, profileId, orderId, lineId, paymentId, now });
  await transaction(pool, async (client) => {
    const paid = await run(client, 'pay', PAY, [orderId, paymentId, 'x', now]);
    if (paid.rowCount !== 1) throw new Error('paid by somebody else');
    await say(client, 'inventory.order.completed.v1', profileId, {
      ...EVENT,
      orderId,
      number,
      netAmount: 1000,
      total: { amount: 1000, currency: 'EUR' },
      lines: [{ lineId, productId: product.id, sku: product.sku, quantity: 1, netAmount: 1000, discountAmount: 0 }],
      voucherCodes: [],
      imported: false,
    });
    const allocated = await run(client, 'allocate', ALLOCATE, [orderId, product.id, product.placeId]);
    if (allocated.rowCount !== 1) throw new Error('paid too late');
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

const hold = (pool: Pool, { product, profileId, orderId, lineId, paymentId, now }: Held): Promise<string> =>
  transaction(pool, async (client) => {
    const { id, sku, placeId } = product;
    await run(client, 'price', 'select amount, currency from product where id = $1', [id]);
    const placed = await run(client, 'place', PLACE, [
      orderId,
      profileId,
      now,
      lineId,
      id,
      sku,
      newId(),
      placeId,
      paymentId,
    ]);
    const { number } = placed.rows[0] as { number: string };
    const total = { amount: 1000, currency: 'EUR' };
    await say(client, 'inventory.order.placed.v1', profileId, {
      ...EVENT,
      orderId,
      number,
      total,
      fulfilment: 'delivery',
    });
    const expiresAt = new Date(now.getTime() + 900_000);
    const held = await run(client, 'hold', HOLD, [newId(), orderId, now, id, placeId, expiresAt]);
    if (held.rowCount !== 1) throw new Error('out of stock');
    return number;
  });
