import { sql } from '@trenza/database';
import type { Channel } from '@trenza/events';
import type { DataSource } from 'typeorm';
import { CUSTOMERS } from '../policy/standing.ts';
import type { Cell } from './bandit.ts';
import type { Offer, OpenCart } from './candidates.ts';

/** More candidates cost time and are never shown: nobody looks past a handful of suggestions. */
const MAX_INTENTS = 30;
const MAX_PRODUCTS_WANTED = 8;
const MAX_CATEGORIES = 4;
const BEST_OF_CATEGORY = 4;
const MAX_OFFERS = 50;

const STRENGTH_NOW = `strength * power(2, greatest(-1000, least(0, -extract(epoch from $2::timestamptz - last_at)::float8 / half_life_seconds)))`;

/**
 * All that decisions are made from, one row per customer. Products are those she is drawn to herself and the best sellers of the categories she is drawn to;
 * stock is counted where she is, if she is in a store, else everywhere.
 */
const KNOWN = `
  with ${CUSTOMERS},
  place as (select * from unnest($1::uuid[], $4::uuid[], $5::uuid[], $6::text[]) as p (id, store_id, product_id, category))
  select c.id, c.customer_id, c.profiles, facts.*, i.intents, p.products,
         (select jsonb_build_object('cartId', cart_id, 'items', items, 'total', total_amount, 'channel', channel)
            from cart where profile_id = any(c.profiles) and open order by changed_at desc limit 1) as cart,
         (select max(changed_at) from complaint where profile_id = any(c.profiles) and status in ('resolved', 'closed')) as settled_at,
         (select jsonb_build_object('id', d.id, 'fingerprint', d.fingerprint, 'decidedAt', d.decided_at, 'candidates', d.candidates,
                                    'reason', d.reason, 'policyVersion', d.policy_version)
            from decision d where d.profile_id = any(c.profiles) and d.channel = $3 order by d.decided_at desc limit 1) as latest
    from customer c
    join place on place.id = c.id
    cross join lateral (select coalesce(sum(orders), 0)::int as orders, max(last_order_at) as last_order_at,
                               (array_agg(attitude order by attitude_at desc) filter (where attitude is not null))[1] as attitude, max(attitude_at) as attitude_at
                          from profile_facts where profile_id = any(c.profiles)) facts
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'topic', topic, 'strength', now_strength, 'lastAt', last_at)), '[]') as intents
        from (select kind, topic, sum(now_strength) as now_strength, max(last_at) as last_at
                from (select kind, topic, last_at, ${STRENGTH_NOW} as now_strength from intent where profile_id = any(c.profiles)) each
               group by 1, 2 having sum(now_strength) > 0.01 order by 3 desc limit ${MAX_INTENTS}) top) i
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('productId', p.product_id, 'name', p.name, 'category', p.category, 'price', p.price_amount,
               'available', (select sum(greatest(available, 0)) from product_stock s
                              where s.product_id = p.product_id and (place.store_id is null or s.place_id = place.store_id)),
               'boughtAt', (select max(last_at) from purchase where profile_id = any(c.profiles) and product_id = p.product_id)) order by p.product_id), '[]') as products
        from product p
       where p.active and p.name is not null and p.product_id in (
         select place.product_id where place.product_id is not null
         union
         (select substr(topic, 9)::uuid from jsonb_to_recordset(i.intents) as t (topic text, strength float8)
           where topic like 'product:%' order by strength desc limit ${MAX_PRODUCTS_WANTED})
         union
         select best.product_id
           from (select category from (
                   select place.category, 1e9::float8 as strength where place.category is not null
                   union all
                   select substr(topic, 10), strength from jsonb_to_recordset(i.intents) as t (topic text, strength float8) where topic like 'category:%') cat
                  group by category order by max(strength) desc limit ${MAX_CATEGORIES}) cat
           cross join lateral (select product_id from product b where b.category = cat.category and b.active and b.name is not null
                                order by sold desc limit ${BEST_OF_CATEGORY}) best)) p`;

export interface DecisionKey {
  /** Any id of the customer. */
  customerId: string;
  storeId: string | null;
  productId: string | null;
  category: string | null;
}

export interface KnownRow {
  id: string;
  customer_id: string;
  profiles: string[];
  orders: number;
  last_order_at: Date | null;
  /** What she last said of us, whether to us or to a system that her answers were imported from. */
  attitude: string | null;
  attitude_at: Date | null;
  /** When the last complaint of hers was settled. */
  settled_at: Date | null;
  intents: { kind: string; topic: string; strength: number; lastAt: string }[];
  products: {
    productId: string;
    name: string;
    category: string | null;
    price: number;
    available: number | null;
    boughtAt: string | null;
  }[];
  cart: OpenCart | null;
  latest: {
    id: string;
    fingerprint: string;
    decidedAt: string;
    candidates: unknown;
    reason: string;
    policyVersion: string;
  } | null;
}

/** Ids must be distinct. */
export async function loadKnown(
  db: DataSource,
  keys: readonly DecisionKey[],
  channel: Channel,
  now: Date,
): Promise<Map<string, KnownRow>> {
  const rows = await sql<KnownRow>(db, {
    name: 'decision-known',
    text: KNOWN,
    values: [
      keys.map((k) => k.customerId),
      now,
      channel,
      keys.map((k) => k.storeId),
      keys.map((k) => k.productId),
      keys.map((k) => k.category),
    ],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

const OFFERS = `
  select id as "offerId", kind, title, topic, product_id as "productId", channels, value from offer
   where starts_at <= $1 and (ends_at is null or ends_at > $1) order by value desc, id limit ${MAX_OFFERS}`;

export const loadOffers = (db: DataSource, now: Date): Promise<Offer[]> =>
  sql<Offer>(db, { name: 'decision-offers', text: OFFERS, values: [now] });

const CELLS = `select key, shown, taken from bandit_cell where split_part(key, '|', 2) in ('', $1)`;

export async function loadCells(db: DataSource, channel: Channel): Promise<Map<string, Cell>> {
  const rows = await sql<Cell & { key: string }>(db, { name: 'decision-cells', text: CELLS, values: [channel] });
  return new Map(rows.map(({ key, shown, taken }) => [key, { shown, taken }]));
}
