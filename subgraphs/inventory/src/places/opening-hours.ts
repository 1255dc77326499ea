import { DateTime } from 'luxon';
import { zoneOf } from './zone.ts';

/** Local times `HH:MM`. `to` may be `24:00`; a `to` that is not after `from` belongs to the next day. */
export interface Span {
  from: string;
  to: string;
}

/** `weekly` begins on Monday. An exception replaces the whole day: no spans means closed. */
export interface Opening {
  weekly: Span[][];
  exceptions: { date: string; hours: Span[]; reason?: string | null }[];
}

export interface Interval {
  opensAt: Date;
  closesAt: Date;
}

export const DAYS_IN_WEEK = 7;
/** How far ahead an opening is looked for; a place closed for longer makes no promise. */
export const MAX_DAYS_AHEAD = 21;
const MINUTE_MS = 60_000;

export const ALWAYS_OPEN: Opening = {
  weekly: Array.from({ length: DAYS_IN_WEEK }, () => [{ from: '00:00', to: '24:00' }]),
  exceptions: [],
};

/** What is wrong with these hours, or null. */
export function openingProblem(opening: Opening): { path: string; message: string } | null {
  if (opening.weekly.length !== DAYS_IN_WEEK)
    return {
      path: 'weekly',
      message: `There are ${opening.weekly.length} days; give ${DAYS_IN_WEEK}, beginning with Monday.`,
    };
  const days = [
    ...opening.weekly.map((spans, i) => ({ path: `weekly.${i}`, spans })),
    ...opening.exceptions.map((e, i) => ({ path: `exceptions.${i}.hours`, spans: e.hours })),
  ];
  for (const { path, spans } of days)
    for (const span of spans)
      if (!isTime(span.from) || !isTime(span.to))
        return { path, message: `"${span.from}–${span.to}" is not a pair of times HH:MM between 00:00 and 24:00.` };
  const bad = opening.exceptions.findIndex((e) => !DateTime.fromISO(e.date).isValid);
  return bad < 0 ? null : { path: `exceptions.${bad}.date`, message: `"${opening.exceptions[bad]!.date}" is no date.` };
}

export const isTime = (time: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(time);

/**
 * The instant at which a local clock shows `time` on `day`. In the gap of spring it is the instant an hour later that exists;
 * in the fold of autumn it is the first of the two.
 */
export function atLocal(day: DateTime, time: string): DateTime {
  if (time === '24:00') return day.plus({ days: 1 }).startOf('day');
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  const local = DateTime.fromObject(
    { year: day.year, month: day.month, day: day.day, hour, minute },
    { zone: day.zone },
  );
  const earlier = local.minus({ hours: 1 });
  return earlier.hour === hour && earlier.minute === minute && earlier.day === local.day ? earlier : local;
}

function intervalsOf(opening: Opening, day: DateTime): Interval[] {
  const exception = opening.exceptions.find((e) => e.date === day.toISODate());
  const spans = exception ? exception.hours : (opening.weekly[day.weekday - 1] ?? []);
  return spans
    .map(({ from, to }) => ({
      opensAt: atLocal(day, from).toJSDate(),
      closesAt: atLocal(to > from ? day : day.plus({ days: 1 }), to).toJSDate(),
    }))
    .filter((i) => i.opensAt < i.closesAt)
    .toSorted((a, b) => a.opensAt.getTime() - b.opensAt.getTime());
}

/** Days remembered of one set of hours: three weeks ahead, and as much again for the days that pass; then it begins anew. */
const MAX_DAYS_REMEMBERED = 64;
const reckoned = new WeakMap<Opening, Map<string, Interval[]>>();

/** The intervals of the day that is `offset` days from `today`. A checkout asks for the same days of the same hours as the one before it. */
function intervalsOn(opening: Opening, today: DateTime, offset: number): Interval[] {
  let days = reckoned.get(opening);
  if (!days || days.size >= MAX_DAYS_REMEMBERED) reckoned.set(opening, (days = new Map()));
  const key = `${today.zoneName}/${today.toMillis()}/${offset}`;
  let intervals = days.get(key);
  if (!intervals) days.set(key, (intervals = intervalsOf(opening, today.plus({ days: offset }))));
  return intervals;
}

/** Sets of hours that are kept: as many as a chain has places; then it begins anew. */
const MAX_OPENINGS = 2_000;
const openings = new Map<string, Opening>();

/** The hours that a text says. The same text is the same object, so what was reckoned from it once is remembered; nobody may change it. */
export function openingFrom(text: string): Opening {
  let opening = openings.get(text);
  if (!opening) {
    if (openings.size >= MAX_OPENINGS) openings.clear();
    openings.set(text, (opening = JSON.parse(text) as Opening));
  }
  return opening;
}

/** Every interval that ends after `from`, in order, within `MAX_DAYS_AHEAD` days. */
export function* intervalsFrom(opening: Opening, timeZone: string, from: Date): Generator<Interval> {
  const today = DateTime.fromJSDate(from, { zone: zoneOf(timeZone) }).startOf('day');
  // Yesterday's span may reach into today.
  for (let offset = -1; offset <= MAX_DAYS_AHEAD; offset++)
    for (const interval of intervalsOn(opening, today, offset)) if (interval.closesAt > from) yield interval;
}

export function isOpen(opening: Opening, timeZone: string, at: Date): boolean {
  const [next] = intervalsFrom(opening, timeZone, at);
  return next !== undefined && next.opensAt <= at;
}

/** The interval that is running, or else the next one; null if none within `MAX_DAYS_AHEAD` days. */
export const nextInterval = (opening: Opening, timeZone: string, at: Date): Interval | null =>
  intervalsFrom(opening, timeZone, at).next().value ?? null;

/** When `minutes` of open time have passed since `from`: work is only done while the place is open. Null if it never is. */
export function afterOpenMinutes(opening: Opening, timeZone: string, from: Date, minutes: number): Date | null {
  let left = minutes * MINUTE_MS;
  let cursor = from.getTime();
  for (const interval of intervalsFrom(opening, timeZone, from)) {
    const start = Math.max(cursor, interval.opensAt.getTime());
    const available = interval.closesAt.getTime() - start;
    if (available <= 0) continue; // spans of one day may overlap
    if (left <= available) return new Date(start + left);
    left -= available;
    cursor = interval.closesAt.getTime();
  }
  return null;
}
