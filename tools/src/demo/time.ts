import type { Random } from './random.ts';
import type { DemoChannel } from './people.ts';

export const DAYS = 90;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Hours at which people come, by channel, in Spain: shops from ten, the sofa at ten in the evening. Weights per hour of the day. */
const EVENING = [4, 2, 1, 0, 0, 0, 1, 2, 4, 5, 6, 6, 6, 5, 5, 6, 6, 6, 7, 8, 10, 12, 12, 8];
const OPEN = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 7, 9, 8, 5, 3, 4, 7, 10, 10, 6, 0, 0, 0];
/** From Sunday. Most stores are closed on Sundays. */
const STORE_WEEK = [0, 7, 7, 8, 9, 13, 18];
const ONLINE_WEEK = [13, 11, 10, 10, 10, 9, 9];

/** A moment within the 90 days before the anchor, when people of that channel are about. */
export function moment(random: Random, anchor: Date, channel: DemoChannel): Date {
  const inPerson = channel === 'store' || channel === 'call-centre';
  const days = Array.from({ length: DAYS }, (_, back) => {
    const weekday = new Date(anchor.getTime() - (back + 1) * DAY_MS).getUTCDay();
    return [back + 1, (inPerson ? STORE_WEEK : ONLINE_WEEK)[weekday] as number] as const;
  });
  const back = random.weighted(days);
  const hour = random.weighted((inPerson ? OPEN : EVENING).map((weight, at) => [at, weight] as const));
  // The weights are of Spanish clocks, two hours ahead of UTC at most; it also keeps the last visit of a day before its midnight.
  const midnight = Math.floor(anchor.getTime() / DAY_MS) * DAY_MS - 2 * 60 * MINUTE_MS;
  return new Date(
    midnight - back * DAY_MS + hour * 60 * MINUTE_MS + random.int(0, 59) * MINUTE_MS + random.int(0, 59) * 1_000,
  );
}

export const later = (date: Date, minutes: number): Date => new Date(date.getTime() + Math.round(minutes * MINUTE_MS));
export const daysLater = (date: Date, days: number): Date => later(date, days * 1_440);
export const daysBefore = (date: Date, days: number): Date => daysLater(date, -days);
