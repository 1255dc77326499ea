import { positionOf, type Scale } from '../answers/attitude.ts';

export const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const CASE_STATUSES = ['open', 'in-progress', 'resolved', 'closed'] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

/** Scores up to here on their scale: NPS 0–2, CSAT 1–2, CES 1–2. */
const HIGH_UP_TO = 0.26;
/** NPS 3–4; below the border to passive everything else is low. */
const MEDIUM_UP_TO = 0.45;
/** Words this bitter weigh as much as a step of the scale. */
const BITTER = -0.6;

/** How bad it is: the score, and one step worse where the words are bitter. */
export function severityOf(score: number, scale: Scale, sentiment: number | null): Severity {
  const position = positionOf(score, scale);
  const step =
    (position <= HIGH_UP_TO ? 2 : position <= MEDIUM_UP_TO ? 1 : 0) +
    (sentiment !== null && sentiment <= BITTER ? 1 : 0);
  return SEVERITIES[Math.min(step, 2)]!;
}

/** Stars from which on a review asks for an answer. */
const BAD_STARS = 2;

/** A review opens a case if it has few stars, or if it has none and is bitter. */
export const isVeryNegative = (rating: number | null, sentiment: number | null): boolean =>
  rating === null ? sentiment !== null && sentiment <= BITTER : rating <= BAD_STARS;

const HOURS_TO_ANSWER: Record<Severity, number> = { high: 4, medium: 24, low: 72 };
/** A store answers between these local hours; what falls due at night is due an hour after it opens. */
const OPENS = 10;
const CLOSES = 20;
const HOUR_MS = 3_600_000;

/** When somebody must have seen to it: by severity, and at an hour at which the store is open on its own clock. */
export function dueAt(openedAt: Date, severity: Severity, timeZone: string): Date {
  const due = new Date(openedAt.getTime() + HOURS_TO_ANSWER[severity] * HOUR_MS);
  const asLocal = localHour(due, timeZone);
  if (asLocal > OPENS && asLocal < CLOSES) return due;
  for (let hours = 0; hours < 24; hours++) {
    if (localHour(due, timeZone) === OPENS + 1) return due;
    due.setTime(due.getTime() + HOUR_MS);
    due.setUTCMinutes(0, 0, 0);
  }
  return due;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function localHour(at: Date, timeZone: string): number {
  const clock =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  return Number(clock.format(at));
}

/** An unanswered case is escalated again every day, this often; then everybody who can act has been told. */
export const MAX_ESCALATIONS = 3;
const ESCALATE_EVERY_MS = 24 * HOUR_MS;
export const nextEscalation = (escalatedAt: Date): Date => new Date(escalatedAt.getTime() + ESCALATE_EVERY_MS);

const NEXT: Record<CaseStatus, readonly CaseStatus[]> = {
  open: ['in-progress', 'resolved', 'closed'],
  'in-progress': ['open', 'resolved', 'closed'],
  resolved: ['in-progress', 'closed'],
  closed: ['in-progress'],
};

/** A resolved case can be taken up again; the same status again is no move. */
export const mayMove = (from: CaseStatus, to: CaseStatus): boolean => NEXT[from].includes(to);
export const isLive = (status: CaseStatus): boolean => status === 'open' || status === 'in-progress';

/** Outcomes of a recovery task after which the customer is still waiting; every other completed task has settled the case. */
const STILL_WAITING = new Set([
  'failed',
  'no-answer',
  'not-recovered',
  'unreachable',
  'cancelled',
  'declined',
  'refused',
  'rescheduled',
  'expired',
]);
export const isRecovered = (outcome: string): boolean =>
  !STILL_WAITING.has(
    outcome
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_]+/g, '-'),
  );
