import { apportion } from '@trenza/values';
import { holds, type CustomerFacts, type LocalTime } from './condition.ts';

/** Where a version of a rule stands. */
export type RuleStatus = 'draft' | 'live' | 'paused' | 'retired';

export interface EarningRule {
  id: string;
  code: string;
  version: number;
  trigger: string;
  condition: string;
  effect: 'per-amount' | 'fixed' | 'multiplier';
  value: number;
  currency: string;
  priority: number;
  exclusive: boolean;
  startsAt: Date | null;
  endsAt: Date | null;
  storeIds: readonly string[];
  channels: readonly string[];
  tiers: readonly string[];
  pendingDays: number;
  livesDays: number | null;
  capPerCustomer: number | null;
  capPeriod: 'day' | 'week' | 'month' | 'year' | 'ever' | null;
  capTotal: number | null;
  qualifies: boolean;
  budgetStoreId: string | null;
  /** The local programme of that store; its budget is what the rule may give. */
  localProgrammeId: string | null;
}

/** Why a rule gave what it gave, or nothing. */
export type Reason =
  | 'awarded'
  | 'capped'
  | 'cap-reached'
  | 'total-cap-reached'
  | 'budget-empty'
  | 'not-started'
  | 'ended'
  | 'other-store'
  | 'other-channel'
  | 'other-tier'
  | 'condition-false'
  | 'condition-failed'
  | 'exclusive-rule-won'
  | 'below-one-point'
  | 'frozen'
  | 'self-referral';

export interface Outcome {
  ruleId: string;
  points: number;
  reason: Reason;
}

export interface Award extends Outcome {
  rule: EarningRule;
  /** How much of it each line brought; empty where it is not about an order. */
  perLine: readonly number[];
}

export interface SoldLine {
  sku: string;
  category?: string | undefined;
  productId?: string | undefined;
  quantity: number;
  netAmount: number;
  discountAmount: number;
}

/** Something that could earn. */
export interface Occasion {
  trigger: string;
  occurredAt: Date;
  channel: string | null;
  storeId: string | null;
  customer: CustomerFacts;
  at: LocalTime;
  frozen: boolean;
  /** Known before any rule is asked: nothing is earned by it. */
  refused?: Reason | null;
  /** Of an order. */
  lines: readonly SoldLine[];
  /** Of anything else. */
  facts: Record<string, unknown>;
}

/** What is left of a rule's caps and budget for this customer now; without an entry there is no limit. */
export interface Allowance {
  customer?: number;
  total?: number;
  budget?: number;
}

/** Every rule's outcome for one occasion. Rules see each other only through exclusiveness and, for multipliers, the points per amount. */
export function evaluate(
  rules: readonly EarningRule[],
  occasion: Occasion,
  allowanceOf: (rule: EarningRule) => Allowance,
): Award[] {
  const ordered = rules
    .filter((rule) => rule.trigger === occasion.trigger)
    .sort((a, b) => b.priority - a.priority || (a.code < b.code ? -1 : 1));
  const base = occasion.lines.map(() => 0);
  let exclusiveWon = false;
  const decide = (rule: EarningRule): Award => {
    const refused = refusal(rule, occasion);
    if (refused) return nothing(rule, refused);
    if (rule.exclusive && exclusiveWon) return nothing(rule, 'exclusive-rule-won');
    const eligible = eligibleLines(rule, occasion);
    if (typeof eligible === 'string') return nothing(rule, eligible);
    const award = limit(rule, amountOf(rule, occasion, eligible, base), allowanceOf(rule));
    if (award.points > 0 && rule.exclusive) exclusiveWon = true;
    return award;
  };
  // Multipliers come last whatever their priority: they grow what the others gave.
  const plain = ordered
    .filter((rule) => rule.effect !== 'multiplier')
    .map((rule) => {
      const award = decide(rule);
      if (rule.effect === 'per-amount') award.perLine.forEach((points, i) => (base[i]! += points));
      return award;
    });
  return [...plain, ...ordered.filter((rule) => rule.effect === 'multiplier').map(decide)];
}

const nothing = (rule: EarningRule, reason: Reason): Award => ({
  rule,
  ruleId: rule.id,
  points: 0,
  reason,
  perLine: [],
});

function refusal(rule: EarningRule, occasion: Occasion): Reason | null {
  const { occurredAt, storeId, channel, customer } = occasion;
  if (occasion.refused) return occasion.refused;
  if (rule.startsAt && occurredAt < rule.startsAt) return 'not-started';
  if (rule.endsAt && occurredAt >= rule.endsAt) return 'ended';
  if (rule.storeIds.length > 0 && !(storeId && rule.storeIds.includes(storeId))) return 'other-store';
  if (rule.channels.length > 0 && !(channel && rule.channels.includes(channel))) return 'other-channel';
  if (rule.tiers.length > 0 && !rule.tiers.includes(customer.tier)) return 'other-tier';
  // What she buys still earns while her account is frozen, and shows when it thaws; what is easily faked does not.
  if (occasion.frozen && occasion.trigger !== 'order') return 'frozen';
  return null;
}

/** The lines to which the condition applies (of an order), or one pseudo-line; or why none. */
function eligibleLines(rule: EarningRule, occasion: Occasion): boolean[] | Reason {
  const { trigger, customer, at, facts, lines } = occasion;
  try {
    if (trigger !== 'order') return holds(trigger, rule.condition, { facts, customer, at }) ? [] : 'condition-false';
    const order = {
      channel: occasion.channel ?? '',
      storeId: occasion.storeId ?? '',
      netAmount: lines.reduce((sum, line) => sum + line.netAmount, 0),
      lineCount: lines.length,
    };
    const eligible = lines.map(({ sku, category = '', productId = '', quantity, netAmount, discountAmount }) =>
      holds(trigger, rule.condition, {
        order,
        line: { sku, category, productId, quantity, netAmount, discountAmount },
        customer,
        at,
      }),
    );
    return eligible.includes(true) ? eligible : 'condition-false';
  } catch {
    return 'condition-failed';
  }
}

/** Fractions of cents and of points are cut, never given; the tiny addend undoes binary fractions such as 0.1 × 3. */
const whole = (points: number): number => Math.floor(points + 1e-9);

function amountOf(rule: EarningRule, { lines }: Occasion, eligible: boolean[], base: number[]): [number, number[]] {
  const share = (of: (i: number) => number): number[] => lines.map((_, i) => (eligible[i] ? Math.max(0, of(i)) : 0));
  const byMoney = share((i) => lines[i]!.netAmount);
  if (rule.effect === 'fixed') return spread(whole(rule.value), byMoney);
  if (rule.effect === 'per-amount') return spread(whole((total(byMoney) * rule.value) / 100), byMoney);
  const byPoints = share((i) => base[i]!);
  return spread(whole(total(byPoints) * rule.value), byPoints);
}

const total = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const spread = (points: number, weights: readonly number[]): [number, number[]] => [points, apportion(points, weights)];

function limit(rule: EarningRule, [points, perLine]: [number, number[]], allowance: Allowance): Award {
  const { customer = Infinity, total: all = Infinity, budget = Infinity } = allowance;
  const allowed = Math.max(0, Math.min(points, customer, all, budget));
  if (points === 0) return nothing(rule, 'below-one-point');
  if (allowed === 0)
    return nothing(rule, customer <= 0 ? 'cap-reached' : all <= 0 ? 'total-cap-reached' : 'budget-empty');
  return {
    rule,
    ruleId: rule.id,
    points: allowed,
    reason: allowed < points ? 'capped' : 'awarded',
    perLine: allowed < points ? apportion(allowed, perLine) : perLine,
  };
}

/** The period of a cap in which an instant lies, as a key: day 2026-03-01, week 2026-W09, month 2026-03, year 2026. */
export function periodOf(period: NonNullable<EarningRule['capPeriod']>, at: LocalTime): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  if (period === 'ever') return 'ever';
  if (period === 'year') return String(at.year);
  if (period === 'month') return `${at.year}-${two(at.month)}`;
  if (period === 'day') return `${at.year}-${two(at.month)}-${two(at.day)}`;
  // The week is named by its Monday: that needs no week numbers, which change meaning around New Year.
  const monday = new Date(Date.UTC(at.year, at.month - 1, at.day - (at.weekday - 1)));
  return `week of ${monday.toISOString().slice(0, 10)}`;
}
