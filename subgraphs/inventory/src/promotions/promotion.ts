import type { Channel } from '@trenza/values';

/** Which products: any of what is named, except what is excepted. Nothing named: every product. */
export interface Scope {
  skus?: readonly string[] | null;
  /** All variants of these models. */
  models?: readonly string[] | null;
  /** These categories, with what is below them. */
  categories?: readonly string[] | null;
  brands?: readonly string[] | null;
  exceptSkus?: readonly string[] | null;
  exceptCategories?: readonly string[] | null;
}

export interface Step {
  /** From this much on, in minor units. */
  spend: number;
  percent?: number | null;
  amount?: number | null;
}

/** What a promotion gives. Amounts are minor units of the promotion's currency. */
export type Benefit =
  | { kind: 'percent-off'; percent: number }
  | { kind: 'amount-off'; amount: number; each: boolean }
  /** Of every `buy + get` units the `get` cheapest are `percent` off. */
  | { kind: 'multi-buy'; buy: number; get: number; percent: number }
  /** These together for `price`. */
  | { kind: 'bundle'; items: readonly { scope: Scope; quantity: number }[]; price: number }
  /** The highest step that was reached counts. */
  | { kind: 'threshold'; steps: readonly Step[] };

export interface Conditions {
  /** None named: all of them. */
  channels?: readonly `${Channel}`[] | null;
  storeIds?: readonly string[] | null;
  minimumSpend?: number | null;
  minimumQuantity?: number | null;
}

/** What a promotion is, whenever it runs. It is fixed once the promotion was released: what was promised stays as it was. */
export interface PromotionRule {
  currency: string;
  benefit: Benefit;
  scope: Scope;
  conditions: Conditions;
  /** Shares no unit with another promotion. */
  exclusive: boolean;
  /** False: vouchers take nothing off the units it discounts. */
  withVouchers: boolean;
  /** How often a multi-buy or a bundle counts in one order. */
  maxSets?: number | null;
  /** It never takes more than this off an order. */
  maximumAmount?: number | null;
}

export interface Promotion extends PromotionRule {
  id: string;
  name: string;
  /** The greater goes first. */
  priority: number;
  /** Orders in all, and per customer. */
  totalLimit: number | null;
  customerLimit: number | null;
}

export type PromotionState = 'draft' | 'released' | 'paused' | 'ended';
export type PromotionStatus = 'draft' | 'scheduled' | 'active' | 'paused' | 'ended';
export type PromotionAction = 'release' | 'pause' | 'resume' | 'end';

/** draft ─release─► released ◄─resume/pause─► paused; all of them ─end─► ended. */
const TRANSITIONS: Record<PromotionState, Partial<Record<PromotionAction, PromotionState>>> = {
  draft: { release: 'released', end: 'ended' },
  released: { pause: 'paused', end: 'ended' },
  paused: { resume: 'released', end: 'ended' },
  ended: {},
};

/** The state after an action, or null where it is not allowed. */
export const after = (state: PromotionState, action: PromotionAction): PromotionState | null =>
  TRANSITIONS[state][action] ?? null;

export interface Lifetime {
  state: PromotionState;
  validFrom: Date;
  /** Null: until it is ended. */
  validTo: Date | null;
}

/** Where it stands at an instant. The calendar begins and ends it, so no job can be late. */
export function statusAt({ state, validFrom, validTo }: Lifetime, at: Date): PromotionStatus {
  if (state === 'ended' || state === 'draft') return state;
  if (validTo && validTo <= at) return 'ended';
  if (state === 'paused') return 'paused';
  return validFrom > at ? 'scheduled' : 'active';
}

export interface ScopedProduct {
  sku: string;
  model: string | null;
  category: string | null;
  brand: string | null;
}

const isBelow = (category: string | null, categories: readonly string[]): boolean =>
  category !== null && categories.some((c) => category === c || category.startsWith(`${c} > `));

const named = (scope: Scope): boolean =>
  [scope.skus, scope.models, scope.categories, scope.brands].some((list) => (list?.length ?? 0) > 0);

export function inScope(scope: Scope, { sku, model, category, brand }: ScopedProduct): boolean {
  if (scope.exceptSkus?.includes(sku) || isBelow(category, scope.exceptCategories ?? [])) return false;
  if (!named(scope)) return true;
  return (
    (scope.skus?.includes(sku) ?? false) ||
    (model !== null && (scope.models?.includes(model) ?? false)) ||
    (brand !== null && (scope.brands?.includes(brand) ?? false)) ||
    isBelow(category, scope.categories ?? [])
  );
}

/** Whether it can concern a product at all: by its scope and, of a bundle, by one of its items. */
export const concerns = ({ benefit, scope }: PromotionRule, product: ScopedProduct): boolean =>
  inScope(scope, product) && (benefit.kind !== 'bundle' || benefit.items.some((item) => inScope(item.scope, product)));
