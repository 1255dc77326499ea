import { sql, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';

type OrderCompleted = EventOf<'inventory.order.completed.v1'>;

const CARTS = `
  insert into cart as known (cart_id, profile_id, channel, items, total_amount, currency, open, changed_at)
  select distinct on (cart_id) *
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::boolean[], $8::timestamptz[])
      as said (cart_id, profile_id, channel, items, total_amount, currency, open, changed_at)
   order by cart_id, changed_at desc, open
  on conflict (cart_id) do update
     set profile_id = excluded.profile_id, channel = excluded.channel, items = excluded.items,
         total_amount = excluded.total_amount, currency = excluded.currency, open = excluded.open, changed_at = excluded.changed_at
   where known.changed_at <= excluded.changed_at`;

/** A cart that was joined into another, emptied or paid is no longer open. */
const CLOSING = new Set(['joined', 'emptied', 'checked-out']);

export async function projectCarts(tx: Tx, events: readonly EventOf<'inventory.cart.changed.v1'>[]): Promise<void> {
  const rows = events.filter((e) => e.profileId);
  await sql(tx, {
    name: 'project-carts',
    text: CARTS,
    values: [
      rows.map((e) => e.data.cartId),
      rows.map((e) => e.profileId),
      rows.map((e) => e.data.channel),
      rows.map((e) => e.data.items),
      rows.map((e) => e.data.total.amount),
      rows.map((e) => e.data.total.currency),
      rows.map((e) => !CLOSING.has(e.data.action) && e.data.items > 0),
      rows.map((e) => e.occurredAt),
    ],
  });
}

/** Locks are taken in the order of the keys, here and below, so that two batches that meet wait and do not deadlock. */
const PURCHASES = `
  insert into purchase as known (profile_id, product_id, quantity, last_at)
  select profile_id, product_id, sum(quantity), max(at)
    from unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[]) as said (profile_id, product_id, quantity, at)
   where profile_id is not null
   group by 1, 2 order by 1, 2
  on conflict (profile_id, product_id) do update
     set quantity = known.quantity + excluded.quantity, last_at = greatest(known.last_at, excluded.last_at)`;

const SOLD = `
  insert into product as known (product_id, sold)
  select product_id, sum(quantity) from unnest($1::uuid[], $2::int[]) as said (product_id, quantity)
   group by 1 order by 1
  on conflict (product_id) do update set sold = known.sold + excluded.sold`;

const ORDER_FACTS = `
  insert into profile_facts as known (profile_id, orders, spend, first_order_at, last_order_at, last_store_id, last_seen_at)
  select profile_id, count(*), sum(amount), min(at), max(at),
         (array_agg(store_id order by at desc) filter (where store_id is not null))[1], max(at)
    from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::timestamptz[]) as said (profile_id, amount, store_id, at)
   group by 1 order by 1
  on conflict (profile_id) do update
     set orders = known.orders + excluded.orders,
         spend = known.spend + excluded.spend,
         last_store_id = case when known.last_order_at is null or excluded.last_order_at >= known.last_order_at
                              then coalesce(excluded.last_store_id, known.last_store_id)
                              else coalesce(known.last_store_id, excluded.last_store_id) end,
         first_order_at = least(known.first_order_at, excluded.first_order_at),
         last_order_at = greatest(known.last_order_at, excluded.last_order_at),
         last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at)`;

/** Also anonymous sales tell what sells well; the rest needs to know whose they are. */
export async function projectOrders(tx: Tx, events: readonly OrderCompleted[]): Promise<void> {
  const lines = events.flatMap(({ profileId, occurredAt, data }) =>
    data.lines
      .filter((line) => line.productId)
      .map((line) => ({
        profileId: profileId ?? null,
        productId: line.productId,
        quantity: line.quantity,
        occurredAt,
      })),
  );
  await sql(tx, {
    name: 'project-purchases',
    text: PURCHASES,
    values: [
      lines.map((l) => l.profileId),
      lines.map((l) => l.productId),
      lines.map((l) => l.quantity),
      lines.map((l) => l.occurredAt),
    ],
  });
  await sql(tx, {
    name: 'project-sold',
    text: SOLD,
    values: [lines.map((l) => l.productId), lines.map((l) => l.quantity)],
  });
  const known = events.filter((e) => e.profileId);
  await sql(tx, {
    name: 'project-order-facts',
    text: ORDER_FACTS,
    values: [
      known.map((e) => e.profileId),
      known.map((e) => e.data.netAmount),
      known.map((e) => e.data.storeId ?? null),
      known.map((e) => e.occurredAt),
    ],
  });
}

const SEEN = `
  insert into profile_facts as known (profile_id, last_seen_at)
  select profile_id, max(at) from unnest($1::uuid[], $2::timestamptz[]) as said (profile_id, at)
   group by 1 order by 1
  on conflict (profile_id) do update set last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at)`;

export async function projectSeen(
  tx: Tx,
  events: readonly { profileId?: string; occurredAt: string }[],
): Promise<void> {
  const rows = events.filter((e) => e.profileId);
  await sql(tx, {
    name: 'project-seen',
    text: SEEN,
    values: [rows.map((e) => e.profileId), rows.map((e) => e.occurredAt)],
  });
}
