import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { isTimeZone } from '@trenza/values';
import { blank, bodyHash, sift, type ImportOutcome, type Problem } from '../imports/import-rows.ts';
import { idOwners, idProblem } from '../imports/taken-ids.ts';
import { ALWAYS_OPEN, isTime, openingProblem } from './opening-hours.ts';
import type { ImportStoreInput } from './place.type.ts';

const UPSERT = `
  insert into place (id, code, name, kind, latitude, longitude, time_zone, street, city, region, postal_code, country, phone,
                     services, opening, preparation_minutes, same_day_cut_off, shipping_cut_off, same_day_radius_km, active,
                     body_hash, changed_at)
  select id, code, name, kind, latitude, longitude, "timeZone", street, city, region, "postalCode", country, phone,
         services, opening, "preparationMinutes", "sameDayCutOff", "shippingCutOff", "sameDayRadiusKm", active, "bodyHash", $2
    from jsonb_to_recordset($1) as r(
      id uuid, code text, name text, kind text, latitude float8, longitude float8, "timeZone" text, street text, city text,
      region text, "postalCode" text, country text, phone text, services text[], opening jsonb, "preparationMinutes" int,
      "sameDayCutOff" text, "shippingCutOff" text, "sameDayRadiusKm" float8, active boolean, "bodyHash" text)
   order by code
  on conflict (code) do update set
    name = excluded.name, kind = excluded.kind, latitude = excluded.latitude, longitude = excluded.longitude,
    time_zone = excluded.time_zone, street = excluded.street, city = excluded.city, region = excluded.region,
    postal_code = excluded.postal_code, country = excluded.country, phone = excluded.phone, services = excluded.services,
    opening = excluded.opening, preparation_minutes = excluded.preparation_minutes,
    same_day_cut_off = excluded.same_day_cut_off, shipping_cut_off = excluded.shipping_cut_off,
    same_day_radius_km = excluded.same_day_radius_km, active = excluded.active, body_hash = excluded.body_hash,
    changed_at = excluded.changed_at
  where place.body_hash <> excluded.body_hash
  returning id, code, xmax = 0 as created`;

/** Makes and changes stores and warehouses; each that is new or different is announced. */
export async function importStores(tx: Tx, stores: readonly ImportStoreInput[], now: Date): Promise<ImportOutcome> {
  const owners = await idOwners(
    tx,
    { name: 'place', key: 'code' },
    stores.map(({ id, code }) => ({ id, key: code })),
  );
  const { rows, refusals } = sift(
    stores,
    (s) => s.code,
    (s) => problemOf(s) ?? idProblem(s.id, s.code, owners),
    'code',
  );
  const values = rows.map(({ row: { id, opening, ...rest } }) => {
    const body = { ...rest, opening: opening ?? ALWAYS_OPEN };
    return { ...body, id: id ?? newId(), bodyHash: bodyHash(body) };
  });
  const written = await sql<{ id: string; code: string; created: boolean }>(tx, UPSERT, [JSON.stringify(values), now]);
  const byCode = new Map(values.map((v) => [v.code, v]));
  await publish(
    tx,
    written.map(({ id, code }) => {
      const { name, kind, latitude, longitude, timeZone, city } = byCode.get(code)!;
      return event('inventory.store.changed.v1', {
        occurredAt: now,
        data: { storeId: id, code, name, kind, latitude, longitude, timeZone, city: city ?? null },
      });
    }),
  );
  const created = written.filter((w) => w.created).length;
  return { created, updated: written.length - created, unchanged: rows.length - written.length, refusals };
}

function problemOf(s: ImportStoreInput): Problem {
  const invalid = (field: string, message: string): Problem => ({ field, code: 'INVALID', message });
  if (blank(s.code) || s.code.length > 50) return invalid('code', 'A code has 1 to 50 characters.');
  if (blank(s.name) || s.name.length > 200) return invalid('name', 'A name has 1 to 200 characters.');
  if (Math.abs(s.latitude) > 90) return invalid('latitude', `${s.latitude} is not between −90 and 90.`);
  if (Math.abs(s.longitude) > 180) return invalid('longitude', `${s.longitude} is not between −180 and 180.`);
  if (!isTimeZone(s.timeZone)) return invalid('timeZone', `"${s.timeZone}" is no IANA time zone.`);
  for (const field of ['sameDayCutOff', 'shippingCutOff'] as const)
    if (s[field] && !isTime(s[field])) return invalid(field, `"${s[field]}" is no time HH:MM.`);
  if (s.preparationMinutes < 0 || s.preparationMinutes > 10_080)
    return invalid('preparationMinutes', `${s.preparationMinutes} is not between 0 and 10,080 (a week).`);
  const problem = s.opening && openingProblem(s.opening);
  return problem ? invalid(`opening.${problem.path}`, problem.message) : null;
}
