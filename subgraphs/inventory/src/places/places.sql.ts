import { sql, type Tx } from '@trenza/database';
import type { DataSource } from 'typeorm';
import { onEarth } from './point.ts';
import type { Store } from './place.type.ts';

export const PLACE_COLUMNS = `
  p.id, p.code, p.name, p.kind, json_build_object('latitude', p.latitude, 'longitude', p.longitude) as location,
  p.time_zone as "timeZone", p.street, p.city, p.region, p.postal_code as "postalCode", p.country, p.phone, p.services,
  p.opening, p.preparation_minutes as "preparationMinutes", p.same_day_cut_off as "sameDayCutOff",
  p.shipping_cut_off as "shippingCutOff", p.same_day_radius_km as "sameDayRadiusKm", p.active`;

/** Kilometres of one degree of latitude; of longitude it is this times the cosine of the latitude. */
const KM_PER_DEGREE = 111.2;
/** Near the poles a box of degrees says nothing any more. */
const MIN_COSINE = 0.01;

/** Nothing on Earth is further than half its circumference. */
export const MAX_RADIUS_KM = 20_038;

export interface Near {
  latitude: number;
  longitude: number;
  withinKm: number;
}

/** The circle that was asked for, no larger than the Earth. */
export function circleOf(point: { latitude: number; longitude: number }, withinKm: number): Near {
  const { latitude, longitude } = onEarth(point, ['near']);
  return { latitude, longitude, withinKm: Math.min(withinKm, MAX_RADIUS_KM) };
}

/** The box of degrees that surely holds the circle: it is what the index can cut out. */
export function boxAround({ latitude, longitude, withinKm }: Near): [number, number, number, number] {
  const dLat = withinKm / KM_PER_DEGREE;
  const dLon = withinKm / (KM_PER_DEGREE * Math.max(MIN_COSINE, Math.cos((latitude * Math.PI) / 180)));
  return [latitude - dLat, latitude + dLat, longitude - dLon, longitude + dLon];
}

/** Places in the circle, the nearest first, with their distance. */
export function placesNear(
  db: Tx | DataSource,
  near: Near,
  filter: { kind?: string | null; services?: readonly string[] | null; limit: number; offset?: number },
): Promise<Store[]> {
  return sql<Store>(db, {
    name: 'places-near',
    text: `
    select * from (
      select ${PLACE_COLUMNS}, distance_km($1, $2, p.latitude, p.longitude) as "distanceKm"
        from place p
       where p.active and p.latitude between $4 and $5 and p.longitude between $6 and $7
         and ($8::text is null or p.kind = $8) and ($9::text[] is null or p.services @> $9)) near
     where "distanceKm" <= $3
     order by "distanceKm", id
     limit $10 offset $11`,
    values: [
      near.latitude,
      near.longitude,
      near.withinKm,
      ...boxAround(near),
      filter.kind ?? null,
      filter.services ?? null,
      filter.limit,
      filter.offset ?? 0,
    ],
  });
}

export async function placesById(db: Tx | DataSource, ids: readonly string[]): Promise<(Store | null)[]> {
  const rows = await sql<Store>(db, {
    name: 'places-by-id',
    text: `select ${PLACE_COLUMNS} from place p where p.id = any($1::uuid[])`,
    values: [ids],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
