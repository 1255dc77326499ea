import type { Channel } from '@trenza/values';
import {
  netOf,
  linesOpenTo,
  openTo,
  partsOf,
  spread,
  sum,
  takeOff,
  unitsOf,
  type BasketLine,
  type Part,
  type Take,
} from './basket.ts';
import { planOf, type Missing, type Plan } from './benefits.ts';
import type { Promotion } from './promotion.ts';

/** A voucher is a rule on the whole basket, after all promotions. */
export type VoucherRule = { code: string } & ({ percent: number } | { amount: number });

export interface BasketContext {
  channel: `${Channel}`;
  storeId: string | null;
  currency: string;
  /** Nobody's purchases can be counted where it is not known who buys. */
  knownCustomer: boolean;
  /** Orders that used a promotion so far: in all, and hers. Only of promotions with a limit. */
  uses: ReadonlyMap<string, { total: number; hers: number }>;
}

export type Reason =
  | 'OTHER_CHANNEL'
  | 'OTHER_STORE'
  | 'OTHER_CURRENCY'
  | 'USED_UP'
  | 'CUSTOMER_LIMIT'
  | 'SIGN_IN'
  | 'NOTHING_IN_SCOPE'
  | 'NOT_ENOUGH'
  | 'ANOTHER_PROMOTION'
  | 'NOTHING_TO_TAKE_OFF';

export interface LineDiscount {
  /** One of the two is given. */
  promotionId: string | null;
  voucherCode: string | null;
  name: string;
  amount: number;
}

export interface PricedLine {
  grossAmount: number;
  netAmount: number;
  discountAmount: number;
  /** In the order in which they were taken off; they sum to `discountAmount`. */
  discounts: LineDiscount[];
}

export interface Applied {
  promotion: Promotion;
  amount: number;
  /** What it takes to get more. */
  missing: Missing | null;
}

export interface NotApplied {
  promotion: Promotion;
  reason: Reason;
  missing: Missing | null;
}

export interface PricedBasket {
  lines: PricedLine[];
  applied: Applied[];
  notApplied: NotApplied[];
  /** What each voucher took off, in the order given. */
  vouchers: { code: string; amount: number }[];
}

/** What does not change while a basket is priced. */
interface Basket {
  /** Sorted by what they are. */
  lines: readonly BasketLine[];
  /** The lines that each promotion can concern. */
  scopes: ReadonlyMap<Promotion, ReadonlySet<number>>;
}

interface State {
  parts: Part[];
  discounts: { line: number; discount: LineDiscount }[];
}

/**
 * What a basket costs: promotions by priority, of equal priority the one that takes more off first, each on what the former left; then the
 * vouchers. A pure function, and neither the order of the lines nor that of the promotions matters: ties are decided by what things are.
 */
export function priceBasket(
  lines: readonly BasketLine[],
  promotions: readonly Promotion[],
  vouchers: readonly VoucherRule[],
  context: BasketContext,
): PricedBasket {
  const order = lines.map((_, i) => i).toSorted((a, b) => byWhatTheyAre(lines[a]!, lines[b]!));
  const sorted = order.map((i) => lines[i]!);
  const basket = { lines: sorted, scopes: new Map(promotions.map((p) => [p, linesOpenTo(p, sorted)])) };
  const start: State = { parts: partsOf(sorted), discounts: [] };
  const barred = new Map(promotions.map((p) => [p, barOf(p, context)]));
  const may = promotions.filter((p) => !barred.get(p)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { state, applied } = applyAll(may, start, basket);
  const withVouchers = applyVouchers(vouchers, state);
  return {
    lines: pricedLines(lines, order, withVouchers.state),
    applied,
    notApplied: promotions
      .filter((p) => !applied.some((a) => a.promotion === p))
      .map((promotion) => whyNot(promotion, barred.get(promotion) ?? null, start, basket)),
    vouchers: withVouchers.taken,
  };
}

/** Two lines that are alike in all of this are interchangeable. */
const byWhatTheyAre = (a: BasketLine, b: BasketLine): number =>
  compare(a.productId, b.productId) ||
  a.unitAmount - b.unitAmount ||
  a.quantity - b.quantity ||
  Number(a.agreed ?? false) - Number(b.agreed ?? false);
const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** Why it cannot apply whatever is in the basket. */
function barOf({ id, conditions, currency, totalLimit, customerLimit }: Promotion, c: BasketContext): Reason | null {
  const { channels, storeIds } = conditions;
  if (channels?.length && !channels.includes(c.channel)) return 'OTHER_CHANNEL';
  if (storeIds?.length && !(c.storeId && storeIds.includes(c.storeId))) return 'OTHER_STORE';
  if (currency !== c.currency) return 'OTHER_CURRENCY';
  const { total, hers } = c.uses.get(id) ?? { total: 0, hers: 0 };
  if (totalLimit !== null && total >= totalLimit) return 'USED_UP';
  if (customerLimit === null) return null;
  if (!c.knownCustomer) return 'SIGN_IN';
  return hers >= customerLimit ? 'CUSTOMER_LIMIT' : null;
}

function applyAll(
  promotions: readonly Promotion[],
  start: State,
  basket: Basket,
): { state: State; applied: Applied[] } {
  let state = start;
  const applied: Applied[] = [];
  const tiers = Map.groupBy(promotions, (p) => p.priority);
  for (const priority of [...tiers.keys()].toSorted((a, b) => b - a)) {
    let left = tiers.get(priority)!;
    for (;;) {
      const best = bestOf(left, state, basket);
      if (!best) break;
      const { promotion, plan } = best;
      applied.push({ promotion, amount: plan.off, missing: plan.missing });
      state = apply(state, promotion, plan.takes());
      left = left.filter((p) => p !== promotion);
    }
  }
  return { state, applied };
}

/** The one that takes most off now; of equals the first, and they come sorted by id. */
function bestOf(
  promotions: readonly Promotion[],
  state: State,
  { lines, scopes }: Basket,
): { promotion: Promotion; plan: Plan } | null {
  return promotions.reduce<ReturnType<typeof bestOf>>((best, promotion) => {
    const plan = planOf(promotion, openTo(promotion, state.parts, scopes.get(promotion)!), lines);
    return plan.off > (best?.plan.off ?? 0) ? { promotion, plan } : best;
  }, null);
}

function apply({ parts, discounts }: State, promotion: Promotion, takes: readonly Take[]): State {
  const { id, name, benefit, exclusive, withVouchers } = promotion;
  const mark = {
    claim: exclusive ? ('exclusive' as const) : ('shared' as const),
    ...((benefit.kind === 'multi-buy' || benefit.kind === 'bundle') && { grouped: true }),
    ...(!withVouchers && { closedToVouchers: true }),
  };
  return {
    parts: takeOff(parts, takes, mark),
    discounts: [...discounts, ...discountsOf(takes, { promotionId: id, voucherCode: null, name })],
  };
}

/** One entry for each line. */
function discountsOf(takes: readonly Take[], what: Omit<LineDiscount, 'amount'>): State['discounts'] {
  return [...Map.groupBy(takes, (take) => take.part.line)].flatMap(([line, own]) => {
    const amount = sum(own.map((take) => take.off));
    return amount > 0 ? [{ line, discount: { ...what, amount } }] : [];
  });
}

function applyVouchers(
  vouchers: readonly VoucherRule[],
  start: State,
): { state: State; taken: PricedBasket['vouchers'] } {
  let state = start;
  const taken = vouchers.map((voucher) => {
    const { code } = voucher;
    const open = state.parts.filter((part) => !part.closedToVouchers);
    const net = netOf(open);
    const off = 'percent' in voucher ? Math.round((net * voucher.percent) / 100) : voucher.amount;
    const units = open.map((part) => ({ part, quantity: part.quantity }));
    const takes = spread(
      off,
      units,
      open.map((part) => part.net),
    );
    state = {
      parts: takeOff(state.parts, takes, {}),
      discounts: [...state.discounts, ...discountsOf(takes, { promotionId: null, voucherCode: code, name: code })],
    };
    return { code, amount: sum(takes.map((take) => take.off)) };
  });
  return { state, taken };
}

/** Why a promotion took nothing off, as it would stand if it came first: what the customer can do about it is what counts. */
function whyNot(promotion: Promotion, bar: Reason | null, start: State, { lines, scopes }: Basket): NotApplied {
  const open = openTo(promotion, start.parts, scopes.get(promotion)!);
  if (bar) return { promotion, reason: bar, missing: null };
  if (unitsOf(open) === 0) return { promotion, reason: 'NOTHING_IN_SCOPE', missing: null };
  const { off, missing } = planOf(promotion, open, lines);
  if (off > 0) return { promotion, reason: 'ANOTHER_PROMOTION', missing: null };
  return { promotion, reason: missing ? 'NOT_ENOUGH' : 'NOTHING_TO_TAKE_OFF', missing };
}

/** Back in the order in which the lines were given. */
function pricedLines(lines: readonly BasketLine[], order: readonly number[], { discounts }: State): PricedLine[] {
  const places = new Map(order.map((original, sorted) => [original, sorted]));
  const byLine = Map.groupBy(discounts, (entry) => entry.line);
  return lines.map(({ unitAmount, quantity }, i) => {
    const own = (byLine.get(places.get(i)!) ?? []).map((entry) => entry.discount);
    const grossAmount = unitAmount * quantity;
    const discountAmount = sum(own.map((d) => d.amount));
    return { grossAmount, discountAmount, netAmount: grossAmount - discountAmount, discounts: own };
  });
}
