import { netOf, netOfSome, spread, sum, unitsOf, type BasketLine, type Part, type Take } from './basket.ts';
import { inScope, type Benefit, type Promotion, type Step } from './promotion.ts';

/** What is still missing until a promotion takes something off, or more than it does. */
export interface Missing {
  quantity?: number;
  /** Minor units. */
  amount?: number;
}

/** What a promotion would take off, and what it takes to get more. */
export interface Plan {
  off: number;
  /** Spread over the units; reckoned for the promotion that is applied, not for all that are compared. */
  takes: () => Take[];
  missing: Missing | null;
}

/** Nobody buys more sets in one order; it bounds the work for one bundle. */
const MAX_SETS = 1_000;

type Reckon<Kind extends Benefit['kind']> = (
  benefit: Extract<Benefit, { kind: Kind }>,
  open: readonly Part[],
  promotion: Promotion,
  lines: readonly BasketLine[],
) => Plan;

const whole = (parts: readonly Part[]): { part: Part; quantity: number }[] =>
  parts.map((part) => ({ part, quantity: part.quantity }));
const plan = (
  off: number,
  units: readonly Omit<Take, 'off'>[],
  weights: readonly number[],
  missing: Missing | null,
): Plan => ({
  off: Math.min(off, sum(weights)),
  takes: () => spread(off, units, weights),
  missing,
});
const planByNet = (off: number, parts: readonly Part[], missing: Missing | null = null): Plan =>
  plan(
    off,
    whole(parts),
    parts.map((part) => part.net),
    missing,
  );
const nothing = (missing: Missing | null): Plan => ({ off: 0, takes: () => [], missing });
const percentOf = (net: number, percent: number): number => Math.round((net * percent) / 100);

const percentOff: Reckon<'percent-off'> = ({ percent }, open) => planByNet(percentOf(netOf(open), percent), open);

const amountOff: Reckon<'amount-off'> = ({ amount, each }, open) => {
  if (!each) return planByNet(amount, open);
  const offs = open.map((part) => Math.min(amount * part.quantity, part.net));
  return plan(sum(offs), whole(open), offs, null);
};

/**
 * The dearest units go together, so that the cheapest of each set is as dear as can be: however a customer splits what she buys over several
 * orders, she cannot do better. What is taken off is spread over all units of the sets: each that comes back brings its share.
 */
const multiBuy: Reckon<'multi-buy'> = ({ buy, get, percent }, open, { maxSets }, lines) => {
  const size = buy + get;
  const units = unitsOf(open);
  const sets = Math.min(Math.floor(units / size), maxSets ?? MAX_SETS);
  const full = sets === (maxSets ?? MAX_SETS);
  const used = dearest(open, sets * size, lines);
  /** How many of the first `n` units are the cheap ones of their sets. */
  const cheapAmong = (n: number): number => Math.floor(n / size) * get + Math.max(0, (n % size) - buy);
  let before = 0;
  const cheap = used.map(({ part, quantity }) => {
    const count = cheapAmong(before + quantity) - cheapAmong(before);
    before += quantity;
    return netOfSome(part, count);
  });
  const nets = used.map(({ part, quantity }) => netOfSome(part, quantity));
  const rest = units - sets * size;
  const missing = !full && (sets === 0 || rest > 0) ? { quantity: size - rest } : null;
  return plan(percentOf(sum(cheap), percent), used, nets, missing);
};

const byPrice =
  (lines: readonly BasketLine[]) =>
  (a: Part, b: Part): number =>
    lines[b.line]!.unitAmount - lines[a.line]!.unitAmount;

function dearest(parts: readonly Part[], units: number, lines: readonly BasketLine[]): Omit<Take, 'off'>[] {
  let left = units;
  return parts.toSorted(byPrice(lines)).flatMap((part) => {
    const quantity = Math.min(left, part.quantity);
    left -= quantity;
    return quantity > 0 ? [{ part, quantity }] : [];
  });
}

/** Set after set, the dearest units first, as long as a set is complete and costs more than its price. */
const bundle: Reckon<'bundle'> = ({ items, price }, open, { maxSets }, lines) => {
  const left = new Map(open.map((part) => [part, part.quantity]));
  const fitting = items.map(({ scope }) =>
    open.filter((part) => inScope(scope, lines[part.line]!)).toSorted(byPrice(lines)),
  );
  const used = new Map<Part, number>();
  let off = 0;
  const most = Math.min(maxSets ?? MAX_SETS, MAX_SETS);
  for (let sets = 0; sets < most; sets++) {
    const set = pickSet(items, fitting, left);
    if ('missing' in set) return bundlePlan(off, used, { quantity: set.missing });
    const saved = sum([...set.units].map(([part, n]) => netOfSome(part, n))) - price;
    if (saved <= 0) break;
    off += saved;
    for (const [part, n] of set.units) {
      used.set(part, (used.get(part) ?? 0) + n);
      left.set(part, left.get(part)! - n);
    }
  }
  return bundlePlan(off, used, null);
};

/** The units of one set, or how many are missing. */
function pickSet(
  items: Extract<Benefit, { kind: 'bundle' }>['items'],
  fitting: readonly Part[][],
  left: ReadonlyMap<Part, number>,
): { units: Map<Part, number> } | { missing: number } {
  const units = new Map<Part, number>();
  let missing = 0;
  items.forEach(({ quantity }, i) => {
    let wanted = quantity;
    for (const part of fitting[i]!) {
      const n = Math.min(wanted, left.get(part)! - (units.get(part) ?? 0));
      if (n > 0) units.set(part, (units.get(part) ?? 0) + n);
      wanted -= n;
      if (wanted === 0) break;
    }
    missing += wanted;
  });
  return missing > 0 ? { missing } : { units };
}

function bundlePlan(off: number, used: ReadonlyMap<Part, number>, missing: Missing | null): Plan {
  const units = [...used].map(([part, quantity]) => ({ part, quantity }));
  const nets = units.map(({ part, quantity }) => netOfSome(part, quantity));
  return plan(off, units, nets, missing);
}

const threshold: Reckon<'threshold'> = ({ steps }, open) => {
  const spend = netOf(open);
  const sorted = steps.toSorted((a, b) => a.spend - b.spend);
  const reached = sorted.findLast((step) => step.spend <= spend);
  const next = sorted.find((step) => step.spend > spend);
  const missing = next ? { amount: next.spend - spend } : null;
  return reached ? planByNet(stepOff(reached, spend), open, missing) : nothing(missing);
};

const stepOff = ({ percent, amount }: Step, spend: number): number => amount ?? percentOf(spend, percent ?? 0);

const RECKON: { [Kind in Benefit['kind']]: Reckon<Kind> } = {
  'percent-off': percentOff,
  'amount-off': amountOff,
  'multi-buy': multiBuy,
  bundle,
  threshold,
};

/** What a promotion would take off the parts that are open to it. */
export function planOf(promotion: Promotion, open: readonly Part[], lines: readonly BasketLine[]): Plan {
  const { benefit, conditions, maximumAmount } = promotion;
  const short = shortOf(conditions, open);
  if (short) return nothing(short);
  const reckon = RECKON[benefit.kind] as Reckon<Benefit['kind']>;
  const planned = reckon(benefit, open, promotion, lines);
  if (maximumAmount == null || planned.off < maximumAmount) return planned;
  const takes = (): Take[] => {
    const full = planned.takes();
    return spread(
      maximumAmount,
      full,
      full.map((take) => take.off),
    );
  };
  return { off: maximumAmount, takes, missing: null };
}

function shortOf({ minimumQuantity, minimumSpend }: Promotion['conditions'], open: readonly Part[]): Missing | null {
  const quantity = (minimumQuantity ?? 0) - unitsOf(open);
  const amount = (minimumSpend ?? 0) - netOf(open);
  if (quantity <= 0 && amount <= 0) return null;
  return { ...(quantity > 0 && { quantity }), ...(amount > 0 && { amount }) };
}
