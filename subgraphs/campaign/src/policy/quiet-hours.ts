import { IANAZone } from 'luxon';

/** Local times `HH:MM`; from 22:00 to 08:00 spans midnight. */
export interface QuietHours {
  from: string;
  to: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LOCAL_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

export const isQuietHours = (q: QuietHours): boolean => LOCAL_TIME.test(q.from) && LOCAL_TIME.test(q.to);

/**
 * The instant until which she must be left alone, or undefined where she may be reached now.
 *
 * The quiet time is one stretch, from the first instant that her clock shows `from` to the last that it shows `to`: in the night in
 * which an hour comes twice she is not disturbed in between. A time that the clock leaps over stands for the instant of the leap.
 * Where it leaps over all the time between two quiet stretches (quiet but for 02:00 to 02:01), the two are one. Equal times mean no quiet hours.
 */
export function quietUntil(now: Date, zone: string, quiet: QuietHours): Date | undefined {
  if (quiet.from === quiet.to) return undefined;
  const offsetMs = offsets(zone);
  const from = minutesOf(quiet.from);
  const to = minutesOf(quiet.to);
  const today = startOfUtcDay(now.getTime() + offsetMs(now.getTime()));
  const spansMidnight = to < from;
  let until: number | undefined;
  // The stretch that holds `now` began today or yesterday; tomorrow's may go on where today's ends.
  for (const day of [today - DAY_MS, today, today + DAY_MS]) {
    const instant = until ?? now.getTime();
    const begin = instantOf(day + from, offsetMs, 'first');
    const end = instantOf(day + (spansMidnight ? DAY_MS : 0) + to, offsetMs, 'last');
    if (begin <= instant && instant < end) until = end;
  }
  return until === undefined ? undefined : new Date(until);
}

function minutesOf(time: string): number {
  const [, hours, minutes] = LOCAL_TIME.exec(time) ?? [];
  if (hours === undefined) throw new Error(`"${time}" is no local time. Write it as HH:MM, for example 22:00.`);
  return (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

const startOfUtcDay = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;

function offsets(zone: string): (ms: number) => number {
  const iana = IANAZone.create(zone);
  if (!iana.isValid) throw new Error(`"${zone}" is no time zone. Use an IANA name such as Europe/Madrid.`);
  return (ms) => iana.offset(ms) * MINUTE_MS;
}

/** The instant at which a clock of the zone shows `local` (written as if it were UTC). */
function instantOf(local: number, offsetMs: (ms: number) => number, which: 'first' | 'last'): number {
  const candidates = [offsetMs(local - DAY_MS), offsetMs(local + DAY_MS)]
    .map((offset) => local - offset)
    .filter((instant) => instant + offsetMs(instant) === local);
  if (candidates.length > 0) return which === 'first' ? Math.min(...candidates) : Math.max(...candidates);
  return leapNear(local, offsetMs);
}

/** No instant shows `local`: the clock leapt over it. Finds the leap by halving, to the millisecond. */
function leapNear(local: number, offsetMs: (ms: number) => number): number {
  let before = local - offsetMs(local - DAY_MS) - DAY_MS;
  let after = local - offsetMs(local + DAY_MS) + DAY_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offsetMs(middle) < local) before = middle;
    else after = middle;
  }
  return after;
}
