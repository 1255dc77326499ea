import { sql, type Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { priceFor, type Price } from './price.ts';

export interface PriceQuestion {
  productId: string;
  channel: string;
  placeId: string | null;
}

/** All prices of the product `p`. Infinity of PostgreSQL is none of JavaScript's dates, so it is cut at bounds that no price passes. */
export const PRICES = `
  (select coalesce(json_agg(json_build_object(
            'channel', r.channel, 'placeId', r.place_id, 'amount', r.amount,
            'validFrom', greatest(r.valid_from, '1970-01-01'), 'validTo', least(r.valid_to, '9999-12-31')
          )), '[]') from price r where r.product_id = p.id)`;

/** A product with its own price and all others, as a statement with `PRICES` returns it. */
export interface PricedProduct {
  amount: number;
  currency: string;
  prices: (Omit<Price, 'validFrom' | 'validTo'> & { validFrom: string; validTo: string })[];
}

/** What it costs, there and then. */
export function amountOf(
  { amount, prices }: PricedProduct,
  where: { channel: string; placeId: string | null },
  at: Date,
): number {
  if (prices.length === 0) return amount;
  const dated = prices.map((p) => ({ ...p, validFrom: new Date(p.validFrom), validTo: new Date(p.validTo) }));
  return priceFor(amount, dated, { ...where, at });
}

/** What each costs, there and then. Products that are not known have no price. */
export async function pricesFor(
  db: Tx | DataSource,
  questions: readonly PriceQuestion[],
  at: Date,
): Promise<({ amount: number; currency: string } | null)[]> {
  const rows = await sql<PricedProduct & { id: string }>(db, {
    name: 'prices',
    text: `select p.id, p.amount, p.currency, ${PRICES} as prices from product p where p.id = any($1::uuid[])`,
    values: [questions.map((q) => q.productId)],
  });
  const known = new Map(rows.map((row) => [row.id, row]));
  return questions.map((q) => {
    const product = known.get(q.productId);
    return product ? { amount: amountOf(product, q, at), currency: product.currency } : null;
  });
}
