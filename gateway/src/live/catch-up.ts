import type { AnyEvent } from '@trenza/events';
import { Refusal } from '../errors/refusal.ts';
import type { EventFeed, Topic } from './event-feed.ts';

/** A tunnel, a lift, a sleeping laptop. Farther back a page is loaded anew, which is cheaper than reading all that was stored since. */
const LONGEST_ABSENCE_MS = 10 * 60_000;
/** Events are stored a little after they were made, and clocks differ: so much before the last one is read again. */
const SLACK_MS = 5_000;
/** More than this nobody reads one by one. */
const MOST_MISSED = 1_000;

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What was stored after the last event that a subscriber saw. At least once: events around that moment may come again. */
export async function missedEvents(feed: EventFeed, after: string, topics: ReadonlySet<Topic>): Promise<AnyEvent[]> {
  const madeAt = timeOf(after);
  if (madeAt === undefined) throw new Refusal('BAD_USER_INPUT', `"${after}" is not the id of an event.`, 400);
  const absence = Date.now() - madeAt;
  if (absence > LONGEST_ABSENCE_MS)
    throw new Refusal(
      'RESUME_TOO_OLD',
      `The last event is older than ${LONGEST_ABSENCE_MS / 60_000} minutes. Load the page anew and subscribe without "after".`,
      400,
      { limit: LONGEST_ABSENCE_MS, actual: absence },
    );
  const events = await feed.since(new Date(madeAt - SLACK_MS), topics, MOST_MISSED);
  if (events.length > MOST_MISSED)
    throw new Refusal('RESUME_TOO_MUCH', 'Too much has happened since. Load the page anew.', 400, {
      limit: MOST_MISSED,
    });
  return events.filter(({ id }) => id !== after);
}

/** A UUIDv7 begins with the milliseconds since 1970. */
function timeOf(id: string): number | undefined {
  const match = UUID_V7.exec(id);
  return match ? Number.parseInt(match[1]! + match[2]!, 16) : undefined;
}
