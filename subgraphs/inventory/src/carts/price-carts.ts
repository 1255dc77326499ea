import type { Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { wantedById } from '../products/wanted-products.sql.ts';
import { livePromotions } from '../promotions/promotions.sql.ts';
import { reckonBaskets, type ReckonedBasket } from '../promotions/reckon-baskets.ts';
import type { JoinedCart } from './carts.sql.ts';

/** What of a cart decides what it costs. */
export type PriceableCart = Pick<JoinedCart, 'channel' | 'lines'> & { profileId: string };

export interface PricedCart extends ReckonedBasket {
  grossAmount: number;
  netAmount: number;
}

/** What she would pay for each cart now, with the promotions that run: one statement for the products of all, one for the promotions. */
export async function priceCarts(
  db: Tx | DataSource,
  carts: readonly PriceableCart[],
  now: Date,
): Promise<PricedCart[]> {
  // Both at once: one packet to the database.
  const [wanted, running] = await Promise.all([
    wantedById(
      db,
      carts.flatMap((cart) => cart.lines),
    ),
    livePromotions(db, now),
  ]);
  let next = 0;
  const baskets = carts.map(({ channel, profileId, lines }) => {
    const own = wanted.slice(next, next + lines.length);
    next += lines.length;
    return { channel, profileId, storeId: null, lines: own, vouchers: [] };
  });
  const priced = await reckonBaskets(db, baskets, now, { running });
  return priced.map((basket) => ({
    ...basket,
    grossAmount: basket.lines.reduce((sum, line) => sum + line.grossAmount, 0),
    netAmount: basket.lines.reduce((sum, line) => sum + line.netAmount, 0),
  }));
}
