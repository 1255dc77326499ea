import type { Benefit, PromotionRule, Scope } from './promotion.ts';

/** Longer lists are a category or a brand that somebody spelled out. */
const MAX_NAMES = 1_000;
const MAX_NAME_LENGTH = 200;
/** A set of more kinds of things is none that a customer could understand. */
const MAX_ITEMS = 10;
const MAX_STEPS = 10;
const MAX_UNITS = 99;

export interface RuleProblem {
  path: string[];
  message: string;
}

type Found = RuleProblem | null;
const problem = (path: string[], message: string): RuleProblem => ({ path, message });
const first = (...checks: (() => Found)[]): Found => checks.reduce<Found>((found, check) => found ?? check(), null);

/** What is wrong with a rule, the first of it; null where it may be released. */
export const problemOf = (rule: PromotionRule): Found =>
  first(
    () => (/^[A-Z]{3}$/.test(rule.currency) ? null : problem(['currency'], `"${rule.currency}" is no ISO 4217 code.`)),
    () => benefitProblem(rule.benefit),
    () => scopeProblem(rule.scope, ['scope']),
    () => positive(rule.conditions.minimumSpend, ['conditions', 'minimumSpend']),
    () => positive(rule.conditions.minimumQuantity, ['conditions', 'minimumQuantity']),
    () => positive(rule.maximumAmount, ['maximumAmount']),
    () => setsProblem(rule),
    () => storesProblem(rule.conditions),
  );

const positive = (value: number | null | undefined, path: string[]): Found =>
  value == null || value > 0 ? null : problem(path, `${value} is not above zero. Leave it out where there is none.`);

const within = (value: number, most: number, path: string[], what: string): Found =>
  value >= 1 && value <= most ? null : problem(path, `${what}: 1 to ${most} are allowed, not ${value}.`);

/** Hundredths of a per cent are fine enough for anybody, and keep 100 % exact. */
const percentProblem = (percent: number, path: string[]): Found =>
  percent > 0 && percent <= 100 && Math.round(percent * 100) / 100 === percent
    ? null
    : problem(path, `${percent} is no percentage above 0 and up to 100 with at most two decimals.`);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function storesProblem({ storeIds }: PromotionRule['conditions']): Found {
  const wrong = storeIds?.find((id) => !UUID.test(id));
  if (wrong !== undefined) return problem(['conditions', 'storeIds'], `"${wrong}" is no id of a store.`);
  const length = storeIds?.length ?? 0;
  return length > MAX_NAMES
    ? problem(['conditions', 'storeIds'], `${length} were named, at most ${MAX_NAMES} may be.`)
    : null;
}

function setsProblem({ benefit, maxSets }: PromotionRule): Found {
  if (maxSets == null) return null;
  if (benefit.kind !== 'multi-buy' && benefit.kind !== 'bundle')
    return problem(['maxSets'], 'Only a multi-buy and a bundle have sets. Leave maxSets out.');
  return positive(maxSets, ['maxSets']);
}

function scopeProblem(scope: Scope, path: string[]): Found {
  for (const [field, names] of Object.entries(scope) as [string, readonly string[] | null][]) {
    const length = names?.length ?? 0;
    if (length > MAX_NAMES) return problem([...path, field], `${length} were named, at most ${MAX_NAMES} may be.`);
    if (names?.some((name) => name.trim() === '' || name.length > MAX_NAME_LENGTH))
      return problem([...path, field], `Each has 1 to ${MAX_NAME_LENGTH} characters.`);
  }
  return null;
}

const BENEFIT_PROBLEM: { [Kind in Benefit['kind']]: (benefit: Extract<Benefit, { kind: Kind }>) => Found } = {
  'percent-off': ({ percent }) => percentProblem(percent, ['benefit', 'percentOff', 'percent']),
  'amount-off': ({ amount }) => positive(amount, ['benefit', 'amountOff', 'amount']),
  'multi-buy': ({ buy, get, percent }) =>
    first(
      () => within(buy, MAX_UNITS, ['benefit', 'multiBuy', 'buy'], 'Units to buy'),
      () => within(get, MAX_UNITS, ['benefit', 'multiBuy', 'get'], 'Units to get'),
      () => percentProblem(percent, ['benefit', 'multiBuy', 'percent']),
    ),
  bundle: bundleProblem,
  threshold: thresholdProblem,
};

const benefitProblem = (benefit: Benefit): Found => (BENEFIT_PROBLEM[benefit.kind] as (b: Benefit) => Found)(benefit);

function bundleProblem({ items, price }: Extract<Benefit, { kind: 'bundle' }>): Found {
  const path = ['benefit', 'bundle'];
  return first(
    () => (price >= 0 ? null : problem([...path, 'price'], `${price} is below zero.`)),
    () => within(items.length, MAX_ITEMS, [...path, 'items'], 'Items of a bundle'),
    () =>
      first(
        ...items.map(({ scope, quantity }, i) => () => {
          const place = [...path, 'items', String(i)];
          return (
            within(quantity, MAX_UNITS, [...place, 'quantity'], 'Units of an item') ??
            scopeProblem(scope, [...place, 'scope'])
          );
        }),
      ),
  );
}

function thresholdProblem({ steps }: Extract<Benefit, { kind: 'threshold' }>): Found {
  const path = ['benefit', 'threshold', 'steps'];
  return first(
    () => within(steps.length, MAX_STEPS, path, 'Steps'),
    () =>
      new Set(steps.map((step) => step.spend)).size === steps.length
        ? null
        : problem(path, 'Two steps begin at the same amount.'),
    () =>
      first(
        ...steps.map(({ spend, percent, amount }, i) => () => {
          const place = [...path, String(i)];
          if ((percent == null) === (amount == null))
            return problem(place, 'A step takes either a percentage or an amount off.');
          return (
            positive(spend, [...place, 'spend']) ??
            positive(amount, [...place, 'amount']) ??
            (percent == null ? null : percentProblem(percent, [...place, 'percent']))
          );
        }),
      ),
  );
}

/** Every name in a rule by its kind, to be looked up before it is released: a typing error would silently apply to nothing. */
export function namesIn({ scope, benefit }: PromotionRule): Record<'sku' | 'model' | 'category' | 'brand', string[]> {
  const scopes = [scope, ...(benefit.kind === 'bundle' ? benefit.items.map((item) => item.scope) : [])];
  const all = (...fields: (keyof Scope)[]): string[] => [
    ...new Set(scopes.flatMap((s) => fields.flatMap((field) => s[field] ?? []))),
  ];
  return {
    sku: all('skus', 'exceptSkus'),
    model: all('models'),
    category: all('categories', 'exceptCategories'),
    brand: all('brands'),
  };
}
