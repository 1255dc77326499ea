import { DateTime } from 'luxon';
import { zoneOf } from '../places/zone.ts';
import { afterOpenMinutes, atLocal, intervalsFrom, type Opening } from '../places/opening-hours.ts';

export const FULFILMENT_KINDS = ['delivery', 'pick-up', 'ship-from-store', 'same-day', 'store'] as const;
/** `store`: taken home from the till. */
export type FulfilmentKind = (typeof FULFILMENT_KINDS)[number];

export interface PromisePlace {
  id: string;
  name: string;
  kind: 'store' | 'warehouse';
  timeZone: string;
  opening: Opening;
  services: string[];
  preparationMinutes: number;
  sameDayCutOff: string | null;
  shippingCutOff: string | null;
  sameDayRadiusKm: number;
  /** To where she is or wants it; null where that is not known. */
  distanceKm: number | null;
}

export interface AblePlace {
  placeId: string;
  promisedFor: Date;
  distanceKm: number | null;
  reason: string;
}

export interface Ranking {
  /** In the order of preference. */
  able: AblePlace[];
  unable: { placeId: string; reason: string }[];
}

/** A courier in a city: time to be called and to find the door, and the speed of a bicycle in traffic. */
const COURIER_START_MINUTES = 20;
const COURIER_MINUTES_PER_KM = 4;
/** Nobody wants the bell later than this; a same-day promise ends here, and a parcel is promised for the end of this hour. */
const LAST_DOORBELL = '21:00';
/** Days on the road by distance; the last one is for everything further, islands included. */
const TRANSIT_DAYS = [
  { upToKm: 150, days: 1 },
  { upToKm: 700, days: 2 },
  { upToKm: Infinity, days: 4 },
];
/** Without an address the promise is made for the far end of the country. */
const UNKNOWN_DISTANCE_KM = 700;
const SUNDAY = 7;
const MINUTE_MS = 60_000;

/** Which places can do this kind of fulfilment, by when, and why not the others. */
export function rankPlaces(kind: FulfilmentKind, places: readonly PromisePlace[], now: Date): Ranking {
  const ranking: Ranking = { able: [], unable: [] };
  for (const place of places) {
    const answer = ANSWERS[kind](place, now);
    if ('able' in answer)
      ranking.able.push({
        placeId: place.id,
        promisedFor: answer.able,
        distanceKm: place.distanceKm,
        reason: answer.reason,
      });
    else ranking.unable.push({ placeId: place.id, reason: answer.unable });
  }
  const isStore = new Map(places.map((place) => [place.id, place.kind === 'store' ? 1 : 0]));
  ranking.able.sort(
    (a, b) =>
      a.promisedFor.getTime() - b.promisedFor.getTime() ||
      // Both are as soon: the shelf of a store is for those who come in.
      isStore.get(a.placeId)! - isStore.get(b.placeId)! ||
      (a.distanceKm ?? Infinity) - (b.distanceKm ?? Infinity) ||
      (a.placeId < b.placeId ? -1 : 1),
  );
  return ranking;
}

type Answer = { able: Date; reason: string } | { unable: string };

const ANSWERS: Record<FulfilmentKind, (place: PromisePlace, now: Date) => Answer> = {
  store: (place, now) =>
    place.kind === 'store'
      ? { able: now, reason: `${place.name} hands it over now.` }
      : { unable: `${place.name} is a warehouse and has no till.` },
  'pick-up': pickUp,
  'same-day': sameDay,
  'ship-from-store': (place, now) =>
    place.kind === 'store' && place.services.includes('ship-from-store')
      ? parcel(place, now)
      : { unable: `${place.name} does not ship parcels as a store.` },
  delivery: (place, now) =>
    place.kind === 'warehouse' || place.services.includes('ship-from-store')
      ? parcel(place, now)
      : { unable: `${place.name} does not ship parcels.` },
};

function pickUp(place: PromisePlace, now: Date): Answer {
  if (!place.services.includes('pick-up')) return { unable: `${place.name} offers no pick-up.` };
  const ready = readyAt(place, now);
  if (!ready) return { unable: `${place.name} does not open in the coming weeks.` };
  return { able: ready, reason: `Ready after ${place.preparationMinutes} minutes of opening time at ${place.name}.` };
}

function sameDay(place: PromisePlace, now: Date): Answer {
  if (!place.services.includes('same-day')) return { unable: `${place.name} offers no same-day delivery.` };
  if (place.distanceKm === null) return { unable: 'Same-day delivery needs an address with coordinates.' };
  const distance = `${place.distanceKm.toFixed(1)} km`;
  if (place.distanceKm > place.sameDayRadiusKm)
    return { unable: `${place.name} is ${distance} away and delivers within ${place.sameDayRadiusKm} km.` };
  const today = DateTime.fromJSDate(now, { zone: zoneOf(place.timeZone) });
  if (place.sameDayCutOff && now > atLocal(today, place.sameDayCutOff).toJSDate())
    return { unable: `The cut-off of ${place.name} was at ${place.sameDayCutOff}.` };
  const ready = readyAt(place, now);
  if (!ready) return { unable: `${place.name} does not open in the coming weeks.` };
  const minutes = COURIER_START_MINUTES + Math.ceil(place.distanceKm * COURIER_MINUTES_PER_KM);
  const arrival = new Date(ready.getTime() + minutes * MINUTE_MS);
  if (arrival > atLocal(today, LAST_DOORBELL).toJSDate())
    return { unable: `${place.name} could not be at the door by ${LAST_DOORBELL} today.` };
  return { able: arrival, reason: `${place.name} is ${distance} away; a courier takes ${minutes} minutes.` };
}

function parcel(place: PromisePlace, now: Date): Answer {
  const ready = readyAt(place, now);
  const leaves = ready && dispatchDay(place, ready);
  if (!leaves) return { unable: `${place.name} does not open in the coming weeks.` };
  const km = place.distanceKm ?? UNKNOWN_DISTANCE_KM;
  const { days } = TRANSIT_DAYS.find((t) => km <= t.upToKm)!;
  let arrival = leaves;
  for (let left = days; left > 0;) {
    arrival = arrival.plus({ days: 1 });
    if (arrival.weekday !== SUNDAY) left--;
  }
  return {
    able: atLocal(arrival, LAST_DOORBELL).toJSDate(),
    reason: `Leaves ${place.name} on ${leaves.toISODate()}, ${days} working day${days > 1 ? 's' : ''} on the road${
      place.distanceKm === null ? '' : ` for ${place.distanceKm.toFixed(0)} km`
    }.`,
  };
}

const readyAt = (place: PromisePlace, now: Date): Date | null =>
  afterOpenMinutes(place.opening, place.timeZone, now, place.preparationMinutes);

/** The day of the first carrier that still takes what is ready: today before the cut-off, else the next day that the place opens. */
function dispatchDay(place: PromisePlace, ready: Date): DateTime | null {
  const cutOff = place.shippingCutOff ?? '24:00';
  for (const { opensAt, closesAt } of intervalsFrom(place.opening, place.timeZone, ready)) {
    const from = opensAt > ready ? opensAt : ready;
    let day = DateTime.fromJSDate(from, { zone: zoneOf(place.timeZone) }).startOf('day');
    // An interval may span midnight, and a place that never closes has one for every day.
    for (; day.toJSDate() < closesAt; day = day.plus({ days: 1 }))
      if (from <= atLocal(day, cutOff).toJSDate() && opensAt <= atLocal(day, cutOff).toJSDate()) return day;
  }
  return null;
}
