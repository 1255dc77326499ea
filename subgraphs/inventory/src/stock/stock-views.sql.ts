import { sql, type Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { boxAround, type Near, PLACE_COLUMNS } from '../places/places.sql.ts';
import type { Store } from '../places/place.type.ts';
import type { StockRow } from './stock.sql.ts';

/** Holds that have run out and were not given back yet count as free: for readers a hold ends when its time ends. */
const LIVE_HELD = `
  s.held - coalesce((select sum(r.quantity) from reservation r
                      where r.product_id = s.product_id and r.place_id = s.place_id and r.state = 'held' and r.expires_at <= $1), 0)::int`;

export const STOCK_COLUMNS = `
  s.product_id as "productId", s.place_id as "placeId", s.on_hand as "onHand", s.allocated, ${LIVE_HELD} as held,
  s.in_transit as "inTransit", s.safety`;

export const stockOf = (
  db: Tx | DataSource,
  productIds: readonly string[],
  placeIds: readonly string[] | null,
  now: Date,
): Promise<StockRow[]> =>
  sql<StockRow>(db, {
    name: 'stock-of',
    text: `select ${STOCK_COLUMNS} from stock s
              where s.product_id = any($2::uuid[]) and ($3::uuid[] is null or s.place_id = any($3::uuid[]))
              order by s.product_id, s.place_id`,
    values: [now, productIds, placeIds],
  });

export interface NearbyQuestion extends Near {
  productId: string;
  quantity: number;
  limit: number;
}

export interface NearbyRow {
  productId: string;
  available: number;
  store: Store;
}

/**
 * Where a product is to be had around a point, the nearest first. It walks the stock of the product (an index range of at most as many
 * rows as there are places) and keeps those in the box and the circle; measured from 10 to 1,000 places this is faster than walking
 * places by distance and probing the stock of each, because a product usually lies in few of the places that are near.
 */
export function availableNear(db: Tx | DataSource, q: NearbyQuestion, now: Date): Promise<NearbyRow[]> {
  return sql<NearbyRow>(db, {
    name: 'available-near',
    text: `
    select "productId", available, to_jsonb(found) - 'productId' - 'available' as store from (
      select s."productId", greatest(0, s."onHand" - s.allocated - s.held - s.safety) as available, ${PLACE_COLUMNS},
             distance_km($3, $4, p.latitude, p.longitude) as "distanceKm"
        from (select ${STOCK_COLUMNS} from stock s where s.product_id = $2) s
        join place p on p.id = s."placeId"
       where p.active and p.kind = 'store' and p.latitude between $6 and $7 and p.longitude between $8 and $9) found
     where "distanceKm" <= $5 and available >= $10
     order by "distanceKm", id
     limit $11`,
    values: [now, q.productId, q.latitude, q.longitude, q.withinKm, ...boxAround(q), q.quantity, q.limit],
  });
}

export interface AtpLine {
  kind: string;
  quantity: number;
  reference: string | null;
  at: Date | null;
  detail: string;
}

/** At most this many reservations or movements are told one by one; the rest is summed. */
export const MAX_ATP_LINES = 50;

/** What makes up the figure: the movements summed by kind, and every live hold and allocation. */
export function atpLines(db: Tx | DataSource, productId: string, placeId: string, now: Date): Promise<AtpLine[]> {
  return sql<AtpLine>(
    db,
    `(select kind, sum(quantity)::int as quantity, null::uuid as reference, max(occurred_at) as at,
             count(*) || ' movements' as detail
        from stock_movement where product_id = $1 and place_id = $2 group by kind order by kind)
     union all
     (select r.state, -r.quantity, r.group_id, coalesce(r.expires_at, r.created_at),
             case when r.state = 'allocated' then 'paid order ' || coalesce(o.number, r.group_id::text) || ', not yet handed over'
                  when o.id is not null then 'order ' || o.number || ' being paid'
                  else 'hold' end
        from reservation r left join orders o on o.id = r.group_id
       where r.product_id = $1 and r.place_id = $2
         and (r.state = 'allocated' or (r.state = 'held' and r.expires_at > $3))
       order by r.created_at limit ${MAX_ATP_LINES})`,
    [productId, placeId, now],
  );
}
