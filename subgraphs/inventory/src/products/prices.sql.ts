import { sql, type Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { priceFor, type Price } from './price.ts';

export interface PriceQuestion {
  productId: string;
  channel: string;
  placeId: string | null;
}

/** Infinity of PostgreSQL is none of JavaScript's dates, so it is cut at bounds that no price passes. */
const PRICES = `
  select p.id, p.amount, p.currency, coalesce(json_agg(json_build_object(
           'channel', r.channel, 'placeId', r.place_id, 'amount', r.amount,
           'validFrom', greatest(r.valid_from, '1970-01-01'), 'validTo', least(r.valid_to, '9999-12-31')
         )) filter (where r.product_id is not null), '[]') as prices
    from product p
    left join price r on r.product_id = p.id
   where p.id = any($1::uuid[])
   group by p.id`;

/** What each costs, there and then. Products that are not known have no price. */
export async function pricesFor(
  db: Tx | DataSource,
  questions: readonly PriceQuestion[],
  at: Date,
): Promise<({ amount: number; currency: string } | null)[]> {
  const rows = await sql<{
    id: string;
    amount: number;
    currency: string;
    prices: (Omit<Price, 'validFrom' | 'validTo'> & { validFrom: string; validTo: string })[];
  }>(db, { name: 'prices', text: PRICES, values: [questions.map((q) => q.productId)] });
  const known = new Map(
    rows.map((row) => [
      row.id,
      {
        ...row,
        prices: row.prices.map((p) => ({ ...p, validFrom: new Date(p.validFrom), validTo: new Date(p.validTo) })),
      },
    ]),
  );
  return questions.map((q) => {
    const product = known.get(q.productId);
    return product
      ? { amount: priceFor(product.amount, product.prices, { ...q, at }), currency: product.currency }
      : null;
  });
}
