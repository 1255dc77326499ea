import { sql, type Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { onEarth } from '../places/point.ts';
import { openingFrom } from '../places/opening-hours.ts';
import { STOCK_COLUMNS } from '../stock/stock-views.sql.ts';
import type { StockRow } from '../stock/stock.sql.ts';
import type { FulfilmentKind, PromisePlace } from './promise.ts';

/** Places that are asked whether they can serve a basket: the nearest that have any of it. */
export const MAX_CANDIDATES = 50;

export interface Destination {
  latitude: number;
  longitude: number;
}

const PLACES = `
  select p.id, p.name, p.kind, p.time_zone as "timeZone", p.opening::text as opening, p.services, p.preparation_minutes as "preparationMinutes",
         p.same_day_cut_off as "sameDayCutOff", p.shipping_cut_off as "shippingCutOff", p.same_day_radius_km as "sameDayRadiusKm",
         distance_km($4, $5, p.latitude, p.longitude) as "distanceKm"
    from place p
   where p.active
     and ($3::uuid is null or p.id = $3)
     and case $6 when 'delivery' then p.kind = 'warehouse' or 'ship-from-store' = any(p.services)
                 when 'store' then p.kind = 'store'
                 else $6 = any(p.services) end
     and exists (select from stock s where s.place_id = p.id and s.product_id = any($2::uuid[]) and s.on_hand > 0)
   order by "distanceKm" nulls last, p.kind = 'store', p.id
   limit ${MAX_CANDIDATES}`;

const CANDIDATES = `
  select place.*, (select json_agg(found) from (
           select ${STOCK_COLUMNS} from stock s where s.place_id = place.id and s.product_id = any($2::uuid[])) found) as stock
    from (${PLACES}) place`;

/** A place, with what it has of the products that were asked for. */
export interface Candidate extends PromisePlace {
  stock: StockRow[];
}

export interface CandidateQuestion {
  kind: FulfilmentKind;
  productIds: readonly string[];
  placeId: string | null;
  destination: Destination | null;
}

/** The places that might serve these products in this way. With `placeId` only that one. */
export async function candidates(db: Tx | DataSource, q: CandidateQuestion, now: Date): Promise<Candidate[]> {
  const to = q.destination && onEarth(q.destination, ['destination']);
  const rows = await sql<Omit<Candidate, 'opening'> & { opening: string }>(db, {
    name: 'promise-candidates',
    text: CANDIDATES,
    values: [now, q.productIds, q.placeId, to?.latitude ?? null, to?.longitude ?? null, q.kind],
  });
  return rows.map((row) => ({ ...row, opening: openingFrom(row.opening) }));
}
