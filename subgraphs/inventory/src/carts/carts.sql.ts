import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Channel } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { joinLines, leadingCart, type StoredLine } from './cart.ts';

export interface StoredCart {
  id: string;
  profileId: string;
  channel: Channel;
  currency: string;
  begunAt: Date;
  touchedAt: Date;
  abandonedAt: Date | null;
}

/** The cart of a customer as she sees it: joined from the open carts of all her profiles. */
export interface JoinedCart {
  /** Of the cart begun first. */
  id: string;
  /** Where it was touched last. */
  channel: Channel;
  currency: string;
  touchedAt: Date;
  abandonedAt: Date | null;
  lines: StoredLine[];
  carts: StoredCart[];
}

const CARTS = `
  select id, profile_id as "profileId", channel, currency, begun_at as "begunAt", touched_at as "touchedAt", abandoned_at as "abandonedAt"
    from cart where profile_id = any($1::uuid[]) and state = 'open' order by id`;

const LINES = `
  select cart_id as "cartId", product_id as "productId", quantity, channel, touched_at as "touchedAt"
    from cart_line where cart_id = any($1::uuid[])`;

export const openCarts = (db: Tx | DataSource, profileIds: readonly string[]): Promise<StoredCart[]> =>
  sql<StoredCart>(db, { name: 'carts-open', text: CARTS, values: [profileIds] });

/** The open carts of a customer, locked, so that two of her devices change them one after the other. */
export const lockCarts = (tx: Tx, profileIds: readonly string[]): Promise<StoredCart[]> =>
  sql<StoredCart>(tx, { name: 'carts-lock', text: `${CARTS} for update`, values: [profileIds] });

export const cartLines = (db: Tx | DataSource, carts: readonly StoredCart[]): Promise<StoredLine[]> =>
  sql<StoredLine>(db, { name: 'cart-lines', text: LINES, values: [carts.map((c) => c.id)] });

export function join(carts: readonly StoredCart[], lines: readonly StoredLine[]): JoinedCart | null {
  const leading = leadingCart(carts);
  if (!leading) return null;
  const last = carts.reduce((a, b) => (b.touchedAt > a.touchedAt ? b : a));
  const { channel, touchedAt, abandonedAt } = last;
  const { id, currency } = leading;
  return { id, currency, channel, touchedAt, abandonedAt, carts: [...carts], lines: joinLines(lines) };
}

/** Begins a cart for the profile unless it has an open one. True if it was begun now. */
export async function ensureCart(
  tx: Tx,
  cart: { profileId: string; channel: string; currency: string },
  now: Date,
): Promise<boolean> {
  const rows = await sql(
    tx,
    `insert into cart (id, profile_id, channel, currency, state, begun_at, touched_at) values ($1, $2, $3, $4, 'open', $5, $5)
     on conflict (profile_id) where state = 'open' do nothing returning id`,
    [newId(), cart.profileId, cart.channel, cart.currency, now],
  );
  return rows.length > 0;
}

export const itemsOf = (cart: Pick<JoinedCart, 'lines'>): number =>
  cart.lines.reduce((sum, line) => sum + line.quantity, 0);
