import { resolveCustomers } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { worth } from '../points/hold-points.ts';
import { currencyOf, daysAfter, localTime, referenceOf, type Reference } from '../programme/reference.ts';
import { qualificationsByCustomer } from '../tiers/standings.ts';
import { standing } from '../tiers/tier.ts';
import { assertDraft, type RuleDraft } from './draft-rule.ts';
import { evaluate, periodOf, type EarningRule, type Occasion, type SoldLine } from './rule.ts';

/** A year of a middling retailer; beyond it the answer would keep the marketer waiting. */
export const MAX_OCCASIONS = 200_000;
const PAGE = 5_000;
export const MAX_DAYS = 730;
const TOP = 20;

interface PastOccasion {
  source: string;
  trigger: string;
  profileId: string;
  occurredAt: Date;
  facts: { channel?: string | null; storeId?: string | null; lines?: SoldLine[]; facts?: Record<string, unknown> };
  outcomes: { ruleId: string; points: number }[];
}

interface Tally {
  awards: number;
  points: number;
}

export interface Simulation extends Tally {
  occasions: number;
  truncated: boolean;
  customers: number;
  pointsOfLiveVersion: number;
  valueMinor: number | null;
  moneyCurrency: string | null;
  reasons: Map<string, number>;
  byStore: Map<string, Tally>;
  byTier: Map<string, Tally>;
  byDay: Map<string, Tally>;
  byCustomer: Map<string, Tally>;
}

/**
 * Tries a draft on what really happened: every occasion of its trigger in the last days, with its facts, the tier that the customer had
 * then, and the caps of the draft. Multipliers see the points that the live rules give. Nothing is written.
 */
export async function simulateRule(tx: Tx, draft: RuleDraft, days: number, now: Date): Promise<Simulation> {
  await assertDraft(tx, draft);
  const reference = await referenceOf(tx);
  const rule = ruleOf(draft);
  const others = reference.rules.filter((other) => other.code !== rule.code && other.effect === 'per-amount');
  const live = reference.rules.find((other) => other.code === rule.code);
  const result = nothingYet();
  const used = new Map<string, number>();
  const [from, truncated] = await beginning(tx, rule.trigger, daysAfter(now, -days));
  result.truncated = truncated;
  for (let after: [Date, string] = [from, '']; ;) {
    const page = await readPage(tx, rule.trigger, after);
    await tryPage(tx, page, { reference, rule, others, live, used, result });
    result.occasions += page.length;
    if (page.length < PAGE) break;
    const last = page.at(-1)!;
    after = [last.occurredAt, last.source];
  }
  result.customers = result.byCustomer.size;
  const currency = currencyOf(reference, draft.currency);
  if (currency.valueMinor !== null) Object.assign(result, worth(currency, result.points));
  return result;
}

interface Trial {
  reference: Reference;
  rule: EarningRule;
  others: readonly EarningRule[];
  live: EarningRule | undefined;
  used: Map<string, number>;
  result: Simulation;
}

async function tryPage(tx: Tx, page: readonly PastOccasion[], trial: Trial): Promise<void> {
  const { reference, rule, others, live, used, result } = trial;
  const { tiers, tierPolicy } = reference;
  const customers = await resolveCustomers(
    tx,
    page.map((occasion) => occasion.profileId),
  );
  const qualifications = await qualificationsByCustomer(tx, [...new Set(customers)]);
  page.forEach((past, i) => {
    const customer = customers[i]!;
    // As she stood before it: what she buys now does not count for itself.
    const before = new Date(past.occurredAt.getTime() - 1);
    const tier = standing(tiers, tierPolicy, qualifications.get(customer) ?? [], before).tier.code;
    const at = localTime(past.occurredAt, tierPolicy.timeZone);
    const capKey = (owner: string): string => `${owner}/${rule.capPeriod ? periodOf(rule.capPeriod, at) : ''}`;
    const left = (cap: number | null, key: string): number => (cap === null ? Infinity : cap - (used.get(key) ?? 0));
    const award = evaluate([...others, rule], occasionOf(past, tier, at), (candidate) =>
      candidate === rule
        ? { customer: left(rule.capPerCustomer, capKey(customer)), total: left(rule.capTotal, 'everybody') }
        : {},
    ).find((candidate) => candidate.rule === rule)!;
    result.reasons.set(award.reason, (result.reasons.get(award.reason) ?? 0) + 1);
    result.pointsOfLiveVersion += past.outcomes.find((outcome) => outcome.ruleId === live?.id)?.points ?? 0;
    if (award.points === 0) return;
    for (const key of [capKey(customer), 'everybody']) used.set(key, (used.get(key) ?? 0) + award.points);
    add(result, award.points);
    tally(result.byStore, past.facts.storeId ?? 'no store', award.points);
    tally(result.byTier, tier, award.points);
    tally(
      result.byDay,
      `${at.year}-${String(at.month).padStart(2, '0')}-${String(at.day).padStart(2, '0')}`,
      award.points,
    );
    tally(result.byCustomer, customer, award.points);
  });
}

const occasionOf = ({ trigger, occurredAt, facts }: PastOccasion, tier: string, at: Occasion['at']): Occasion => ({
  trigger,
  occurredAt,
  channel: facts.channel ?? null,
  storeId: facts.storeId ?? null,
  customer: { tier },
  at,
  frozen: false,
  lines: facts.lines ?? [],
  facts: facts.facts ?? {},
});

/** Dates of the draft are left out: it is tried on the past, before it was to start. */
const ruleOf = (draft: RuleDraft): EarningRule => ({
  ...draft,
  id: 'draft',
  version: 0,
  startsAt: null,
  endsAt: null,
  livesDays: draft.livesDays ?? null,
  capPerCustomer: draft.capPerCustomer ?? null,
  capPeriod: draft.capPeriod ?? null,
  capTotal: draft.capTotal ?? null,
  budgetStoreId: null,
  localProgrammeId: null,
});

const nothingYet = (): Simulation => ({
  occasions: 0,
  truncated: false,
  awards: 0,
  points: 0,
  customers: 0,
  pointsOfLiveVersion: 0,
  valueMinor: null,
  moneyCurrency: null,
  reasons: new Map(),
  byStore: new Map(),
  byTier: new Map(),
  byDay: new Map(),
  byCustomer: new Map(),
});

function add(tally: Tally, points: number): void {
  tally.awards += 1;
  tally.points += points;
}

function tally(groups: Map<string, Tally>, key: string, points: number): void {
  const group = groups.get(key) ?? { awards: 0, points: 0 };
  add(group, points);
  groups.set(key, group);
}

export const topOf = (groups: Map<string, Tally>): ({ key: string } & Tally)[] =>
  [...groups]
    .map(([key, group]) => ({ key, ...group }))
    .sort((a, b) => b.points - a.points || (a.key < b.key ? -1 : 1))
    .slice(0, TOP);

/** Where to begin: with what is there in the period, or with the newest that can be looked at. */
async function beginning(tx: Tx, trigger: string, since: Date): Promise<[Date, boolean]> {
  const [cut] = await sql<{ at: Date }>(
    tx,
    `select occurred_at as at from occasion where trigger = $1 and occurred_at >= $2 order by occurred_at desc offset ${MAX_OCCASIONS} limit 1`,
    [trigger, since],
  );
  return cut ? [cut.at, true] : [since, false];
}

/** The oldest first, as caps fill; erased customers' occasions have no facts to try anything on. */
const readPage = (tx: Tx, trigger: string, [at, source]: [Date, string]): Promise<PastOccasion[]> =>
  sql<PastOccasion>(
    tx,
    `select source, trigger, profile_id as "profileId", occurred_at as "occurredAt", facts, outcomes
       from occasion
      where trigger = $1 and (occurred_at, source) > ($2, $3) and facts <> '{}'
      order by occurred_at, source
      limit ${PAGE}`,
    [trigger, at, source],
  );
