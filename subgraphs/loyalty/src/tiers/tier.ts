import { DateTime } from 'luxon';

export interface Tier {
  code: string;
  name: string;
  rank: number;
  /** Qualifying points needed within the window. */
  threshold: number;
  benefits: readonly string[];
}

export interface TierPolicy {
  /** rolling: the last `windowDays`; calendar: since New Year; anniversary: since the last anniversary of the first qualification. */
  windowKind: 'rolling' | 'calendar' | 'anniversary';
  windowDays: number;
  graceDays: number;
  downgrade: 'to-earned' | 'one-step';
  timeZone: string;
}

export interface Qualification {
  points: number;
  occurredAt: Date;
}

export interface TierChange {
  at: Date;
  from: string;
  to: string;
  reason: 'reached the threshold' | 'no longer earned, and the grace period is over';
}

export interface Standing {
  tier: Tier;
  since: Date | null;
  /** What counts now. */
  qualifyingPoints: number;
  /** The tier that these points earn; lower than `tier` while she is in grace. */
  earned: Tier;
  /** When she drops if nothing happens. */
  graceUntil: Date | null;
  next: Tier | null;
  pointsToNext: number | null;
  /** How she came to where she is, oldest first. */
  history: TierChange[];
  /** The next instant at which time alone may change any of this. */
  reviewAt: Date | null;
}

/**
 * Where a customer stands, reckoned from nothing but her qualifications. There is no state to keep, so a merge, an unmerge or a late event
 * gives exactly what would have been, had everything been known in its order. What was returned never counted.
 */
export function standing(
  tiers: readonly Tier[],
  policy: TierPolicy,
  qualifications: readonly Qualification[],
  at: Date,
): Standing {
  const ladder = [...tiers].sort((a, b) => a.rank - b.rank);
  const changes = timeline(policy, qualifications, at);
  const state: State = { rung: 0, since: null, points: 0, lapsesAt: null, history: [] };
  let next = 0;
  for (; next < changes.length && changes[next]!.at <= at; next++) {
    passTime(state, ladder, policy, changes[next]!.at);
    state.points += changes[next]!.points;
    // Several changes of one instant are one change: a window that ends as another begins must not dip in between.
    if (changes[next + 1]?.at.getTime() === changes[next]!.at.getTime()) continue;
    judge(state, ladder, policy, changes[next]!.at);
  }
  passTime(state, ladder, policy, at);
  const above = ladder[state.rung + 1] ?? null;
  return {
    tier: ladder[state.rung]!,
    since: state.since,
    qualifyingPoints: state.points,
    earned: ladder[earnedRung(ladder, state.points)]!,
    graceUntil: state.lapsesAt,
    next: above,
    pointsToNext: above && Math.max(0, above.threshold - state.points),
    history: state.history,
    reviewAt: earliest(state.lapsesAt, changes[next]?.at ?? null),
  };
}

interface State {
  rung: number;
  since: Date | null;
  points: number;
  lapsesAt: Date | null;
  history: TierChange[];
}

/**
 * Every instant up to `until` at which the qualifying points change, and the next one: a qualification counts from when it happened until
 * it leaves the window. They leave in the order in which they came, so reckoning ends with the first one that stays for longer; the
 * calendar of a time zone is dear to ask, and somebody who buys every day would pay for each day of the year.
 */
function timeline(policy: TierPolicy, qualifications: readonly Qualification[], until: Date): PointsChange[] {
  const came = [...qualifications].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  const left: PointsChange[] = [];
  for (const { points, occurredAt } of came) {
    const at = leavesWindow(policy, occurredAt, came[0]!.occurredAt);
    left.push({ at, points: -points });
    if (at > addDays(until, IN_ORDER_WITHIN_DAYS)) break;
  }
  return [...came.map(({ occurredAt: at, points }) => ({ at, points })), ...left].sort(
    (a, b) => a.at.getTime() - b.at.getTime(),
  );
}

/** An hour that a clock skips in spring can turn the order of two that leave in it. */
const IN_ORDER_WITHIN_DAYS = 1;

interface PointsChange {
  at: Date;
  points: number;
}

function leavesWindow({ windowKind, windowDays, timeZone }: TierPolicy, occurredAt: Date, first: Date): Date {
  const local = DateTime.fromJSDate(occurredAt, { zone: timeZone });
  if (windowKind === 'rolling') return local.plus({ days: windowDays }).toJSDate();
  if (windowKind === 'calendar') return local.startOf('year').plus({ years: 1 }).toJSDate();
  const joined = DateTime.fromJSDate(first, { zone: timeZone }).startOf('day');
  const years = Math.floor(local.diff(joined, 'years').years);
  return joined.plus({ years: years + 1 }).toJSDate();
}

const earnedRung = (ladder: readonly Tier[], points: number): number =>
  Math.max(
    0,
    ladder.findLastIndex((tier) => points >= tier.threshold),
  );

/** Up at once; down only after the grace period, in which going back up is as if nothing had been. */
function judge(state: State, ladder: readonly Tier[], policy: TierPolicy, at: Date): void {
  const earned = earnedRung(ladder, state.points);
  if (earned >= state.rung) {
    state.lapsesAt = null;
    if (earned > state.rung) move(state, ladder, earned, at, 'reached the threshold');
  } else {
    state.lapsesAt ??= addDays(at, policy.graceDays);
  }
}

/** Grace periods that ran out by `until`: one drop each. */
function passTime(state: State, ladder: readonly Tier[], policy: TierPolicy, until: Date): void {
  while (state.lapsesAt !== null && state.lapsesAt <= until) {
    const at = state.lapsesAt;
    const earned = earnedRung(ladder, state.points);
    const to = policy.downgrade === 'one-step' ? Math.max(earned, state.rung - 1) : earned;
    move(state, ladder, to, at, 'no longer earned, and the grace period is over');
    state.lapsesAt = to > earned ? addDays(at, Math.max(1, policy.graceDays)) : null;
  }
}

function move(state: State, ladder: readonly Tier[], to: number, at: Date, reason: TierChange['reason']): void {
  state.history.push({ at, from: ladder[state.rung]!.code, to: ladder[to]!.code, reason });
  state.rung = to;
  state.since = at;
}

const addDays = (at: Date, days: number): Date => new Date(at.getTime() + days * 86_400_000);
const earliest = (a: Date | null, b: Date | null): Date | null => (a === null ? b : b === null ? a : a < b ? a : b);
