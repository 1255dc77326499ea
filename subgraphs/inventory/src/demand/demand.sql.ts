import { sql } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { boxAround, type Near } from '../places/places.sql.ts';
import { CELL_DEGREES, MIN_SEARCHES, type Evidence } from './demand.ts';

/** A cell counts as near when any of it may be: its half diagonal is added to the box. */
const box = (near: Near): [number, number, number, number] => {
  const [south, north, west, east] = boxAround(near);
  const half = CELL_DEGREES / 2;
  return [south - half, north + half, west - half, east + half];
};

export interface DemandRow {
  latitude: number;
  longitude: number;
  term: string;
  productId: string | null;
  searches: number;
  unmet: number;
}

export const demandIn = (
  db: DataSource,
  q: { near: Near | null; from: string; to: string; limit: number },
): Promise<DemandRow[]> =>
  sql<DemandRow>(
    db,
    `select cell_latitude::float8 as latitude, cell_longitude::float8 as longitude, term, product_id as "productId",
            sum(searches)::int as searches, sum(unmet)::int as unmet
       from demand
      where day between $1 and $2
        and ($3::float8 is null or (cell_latitude between $3 and $4 and cell_longitude between $5 and $6))
      group by 1, 2, 3, 4 having sum(searches) >= ${MIN_SEARCHES}
      order by 5 desc, 6 desc, 3, 4, 1, 2 limit $7`,
    [q.from, q.to, ...(q.near ? box(q.near) : [null, null, null, null]), q.limit],
  );

/** Search terms that are looked up as products: the most frequent ones say nearly all. */
const TERMS = 100;
/** Products that one search term may speak for. */
const PRODUCTS_PER_TERM = 3;

/**
 * Around a point: searches by product (those by words are given to the products they name best), units sent to addresses there, and units sold by the
 * stores there. One pass over each table; the joins are on sums.
 */
const AROUND = `
  near_demand as (
    select term, product_id, sum(searches)::int as searches, sum(unmet)::int as unmet
      from demand where day >= $1::date and cell_latitude between $2 and $3 and cell_longitude between $4 and $5
     group by 1, 2 having sum(searches) >= ${MIN_SEARCHES}),
  by_words as (
    select p.id as product_id, t.searches, t.unmet
      from (select * from near_demand where product_id is null order by searches desc limit ${TERMS}) t
     cross join lateral (
       select p.id from product p where p.active and p.search like '%' || replace(t.term, ' ', '%') || '%' order by p.name limit ${PRODUCTS_PER_TERM}) p),
  sought as (
    select product_id, sum(searches)::int as searches, sum(unmet)::int as unmet
      from (select product_id, searches, unmet from near_demand where product_id is not null union all select * from by_words) s group by 1),
  delivered as (
    select l.product_id, sum(l.quantity)::int as units
      from orders o join order_line l on l.order_id = o.id
     where o.completed_at >= $1::date and o.status <> 'cancelled' and l.product_id is not null
       and o.latitude between $2 and $3 and o.longitude between $4 and $5
     group by 1),
  sold as (
    select o.place_id, l.product_id, sum(l.quantity)::int as units
      from orders o join order_line l on l.order_id = o.id
     where o.completed_at >= $1::date and o.status <> 'cancelled' and l.product_id is not null and o.place_id is not null
     group by 1, 2)`;

export interface AssortmentRow extends Evidence {
  productId: string;
  amount: number;
  currency: string;
}

/** Active products that a store does not keep, with all that speaks for them. */
export const assortmentEvidence = (
  db: DataSource,
  q: { storeId: string; near: Near; since: string; limit: number },
): Promise<AssortmentRow[]> =>
  sql<AssortmentRow>(
    db,
    `with ${AROUND},
     sizes as (select place_id, sum(units)::int as units from sold group by 1),
     peers as (
       select s.product_id, sum(s.units)::int as units, count(*)::int as stores, sum(z.units)::int as total
         from sold s join sizes z using (place_id) where s.place_id <> $6 group by 1)
     select p.id as "productId", p.amount, p.currency, coalesce(e.units, 0) as "peerUnits", coalesce(e.stores, 0) as "peerStores",
            coalesce(e.total, 0) as "peerTotalUnits", coalesce((select units from sizes where place_id = $6), 0) as "ownTotalUnits",
            coalesce(s.searches, 0) as searches, coalesce(s.unmet, 0) as unmet, coalesce(d.units, 0) as "deliveredUnits"
       from product p
       left join peers e on e.product_id = p.id
       left join sought s on s.product_id = p.id
       left join delivered d on d.product_id = p.id
      where p.active and coalesce(e.units, s.searches, d.units) is not null
        and not exists (select from stock k where k.product_id = p.id and k.place_id = $6 and k.on_hand + k.in_transit > 0)
      order by coalesce(e.units, 0) + coalesce(s.unmet, 0) + coalesce(d.units, 0) desc, p.id limit $7`,
    [q.since, ...box(q.near), q.storeId, q.limit],
  );

export interface PopularRow {
  productId: string;
  unitsSold: number;
  searches: number;
}

/** How many units a search is worth, when what is popular is ranked. */
const SEARCH_WEIGHT = 0.1;

/** What people around a point buy and look for, of what can be promised now. */
export const popularAround = (db: DataSource, q: { near: Near; since: string; limit: number }): Promise<PopularRow[]> =>
  sql<PopularRow>(
    db,
    `with ${AROUND},
     near_sold as (
       select product_id, sum(units)::int as units from sold join place p on p.id = place_id
        where p.latitude between $2 and $3 and p.longitude between $4 and $5 group by 1)
     select p.id as "productId", coalesce(n.units, 0) + coalesce(d.units, 0) as "unitsSold", coalesce(s.searches, 0) as searches
       from product p
       left join near_sold n on n.product_id = p.id
       left join delivered d on d.product_id = p.id
       left join sought s on s.product_id = p.id
      where p.active and coalesce(n.units, d.units, s.searches) is not null
        and exists (select from stock k where k.product_id = p.id and k.on_hand - k.allocated - k.held - k.safety > 0)
      order by coalesce(n.units, 0) + coalesce(d.units, 0) + ${SEARCH_WEIGHT} * coalesce(s.searches, 0) desc, p.id limit $6`,
    [q.since, ...box(q.near), q.limit],
  );
