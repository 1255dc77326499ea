import { resolveCustomers } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { cartLines, join, openCarts, type StoredCart } from './carts.sql.ts';
import { priceCarts } from './price-carts.ts';

/** Nobody has touched it for so long that she has left. Retailers differ, so it can be set. */
export const ABANDONED_AFTER_MINUTES = Number(process.env['TRENZA_CART_ABANDONED_MINUTES'] ?? 60);
/** Carts announced by one run; the rest waits for the next. */
const BATCH = 200;

const MARK = `
  update cart set abandoned_at = $2
   where id in (select id from cart where state = 'open' and abandoned_at is null and touched_at <= $1
                 order by touched_at limit ${BATCH} for update skip locked)
  returning id, profile_id as "profileId"`;

/**
 * Says which carts were left. A customer who still touches another of her carts has not left, and a cart without lines is none.
 * Touching it again takes the mark away, so that leaving it again is announced again.
 */
export async function announceAbandoned(tx: Tx, now: Date): Promise<number> {
  const before = new Date(now.getTime() - ABANDONED_AFTER_MINUTES * 60_000);
  const idle = await sql<{ id: string; profileId: string }>(tx, MARK, [before, now]);
  if (idle.length === 0) return 0;
  const customers = await resolveCustomers(
    tx,
    idle.map((cart) => cart.profileId),
  );
  const all = await openCarts(tx, await profilesOfCustomers(tx, [...new Set(customers)]));
  const lines = await cartLines(tx, all);
  const owners = await resolveCustomers(
    tx,
    all.map((cart) => cart.profileId),
  );
  const events = [];
  for (const [customerId, carts] of Map.groupBy(
    all.map((cart, i) => ({ cart, owner: owners[i]! })),
    (c) => c.owner,
  )) {
    const own = carts.map((c) => c.cart);
    const cart = join(
      own,
      lines.filter((line) => own.some((c) => c.id === line.cartId)),
    )!;
    if (cart.touchedAt > before || cart.lines.length === 0) continue;
    const { profileId } = own.reduce((a: StoredCart, b) => (b.touchedAt > a.touchedAt ? b : a));
    const [priced] = await priceCarts(tx, [{ ...cart, profileId }], now);
    events.push(
      event('inventory.cart.abandoned.v1', {
        occurredAt: now,
        profileId,
        customerId,
        data: {
          cartId: cart.id,
          channel: cart.channel,
          lastTouchedAt: cart.touchedAt.toISOString(),
          lines: await describe(tx, cart.lines),
          total: { amount: priced!.netAmount, currency: cart.currency },
        },
      }),
    );
  }
  await publish(tx, events);
  return events.length;
}

async function profilesOfCustomers(tx: Tx, customerIds: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }>(
    tx,
    'select profile_id as id from customer_profile where customer_id = any($1::uuid[]) union select unnest($1::uuid[])',
    [customerIds],
  );
  return rows.map((row) => row.id);
}

const describe = (
  tx: Tx,
  lines: readonly { productId: string; quantity: number }[],
): Promise<{ productId: string; sku: string; name: string; quantity: number }[]> =>
  sql(
    tx,
    `select p.id as "productId", p.sku, p.name, l.quantity from unnest($1::uuid[], $2::int[]) with ordinality l(id, quantity, place)
       join product p on p.id = l.id order by l.place`,
    [lines.map((l) => l.productId), lines.map((l) => l.quantity)],
  );
