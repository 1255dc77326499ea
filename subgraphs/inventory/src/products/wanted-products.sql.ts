import { sql, type Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { PRICES, type PricedProduct } from './prices.sql.ts';

/** A product somebody wants, with all that decides what it costs. */
export interface WantedProduct extends PricedProduct {
  productId: string;
  sku: string;
  name: string;
  model: string | null;
  brand: string | null;
  category: string | null;
  active: boolean;
  quantity: number;
  /** Agreed with the customer at the till; otherwise the price that is valid there and then. */
  agreedAmount: number | null;
}

/** Looked up one by one through the index: as a join the plan that is kept, perhaps made while the catalogue was empty, might read all of it each time. */
const WANTED = `
  select p.id as "productId", p.sku, p.name, p.model, p.brand, p.category, p.active, p.amount, p.currency, ${PRICES} as prices,
         l.quantity, l.agreed_amount as "agreedAmount"
    from unnest($1::text[], $2::int[], $3::bigint[]) with ordinality l(key, quantity, agreed_amount, place)
   cross join lateral (select * from product p where p.KEY = l.key::TYPE limit 1) p
   order by l.place`;
const BY_ID = WANTED.replace('KEY', 'id').replace('TYPE', 'uuid');
const BY_SKU = WANTED.replace('KEY', 'sku').replace('TYPE', 'text');

/** In the order asked for. */
export const wantedById = (
  db: Tx | DataSource,
  lines: readonly { productId: string; quantity: number }[],
): Promise<WantedProduct[]> =>
  sql(db, {
    name: 'wanted-by-id',
    text: BY_ID,
    values: [lines.map((l) => l.productId), lines.map((l) => l.quantity), lines.map(() => null)],
  });

/** In the order asked for; a sku that nobody knows is left out. */
export const wantedBySku = (
  db: Tx | DataSource,
  lines: readonly { sku: string; quantity: number; unitAmount?: number | null }[],
): Promise<WantedProduct[]> =>
  sql(db, {
    name: 'wanted-by-sku',
    text: BY_SKU,
    values: [lines.map((l) => l.sku), lines.map((l) => l.quantity), lines.map((l) => l.unitAmount ?? null)],
  });
