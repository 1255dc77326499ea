import { inMoney } from '../products/in-money.ts';
import type { Missing } from './benefits.ts';
import type { Applied, LineDiscount as Discount, NotApplied, PricedBasket, Reason } from './price-basket.ts';
import {
  AppliedPromotion,
  LineDiscount,
  MissedPromotion,
  Promotion,
  PromotionHint,
  PromotionReason,
} from './promotion.type.ts';
import type { StoredPromotion } from './promotions.sql.ts';

/** What the customer can still do something about. */
const WITHIN_REACH: ReadonlySet<Reason> = new Set(['NOT_ENOUGH', 'SIGN_IN']);

export const appliedViews = ({
  applied,
  currency,
}: Pick<PricedBasket, 'applied'> & { currency: string }): AppliedPromotion[] =>
  applied.map(({ promotion, amount, missing }: Applied) =>
    Object.assign(new AppliedPromotion(), {
      promotion: Promotion.of(promotion as StoredPromotion),
      amount: { amount, currency },
      more: hint(missing, currency),
    }),
  );

/** All that take nothing off, or only those within the customer's reach. */
export const missedViews = (
  { notApplied, currency }: Pick<PricedBasket, 'notApplied'> & { currency: string },
  all: boolean,
): MissedPromotion[] =>
  notApplied
    .filter(({ reason }) => all || WITHIN_REACH.has(reason))
    .map((missed) =>
      Object.assign(new MissedPromotion(), {
        promotion: Promotion.of(missed.promotion as StoredPromotion),
        reason: PromotionReason[missed.reason],
        message: IN_WORDS[missed.reason](missed, currency),
        missing: hint(missed.missing, currency),
      }),
    );

export const discountViews = (discounts: readonly Discount[], currency: string): LineDiscount[] =>
  discounts.map(({ amount, ...rest }) => Object.assign(new LineDiscount(), rest, { amount: { amount, currency } }));

function hint(missing: Missing | null, currency: string): PromotionHint | null {
  if (!missing) return null;
  const { quantity, amount } = missing;
  return Object.assign(new PromotionHint(), {
    quantity: quantity ?? null,
    amount: amount === undefined ? null : { amount, currency },
  });
}

const IN_WORDS: Record<Reason, (missed: NotApplied, currency: string) => string> = {
  NOT_ENOUGH: ({ promotion: { name }, missing }, currency) =>
    `${missingInWords(missing!, currency)} more for "${name}".`,
  SIGN_IN: ({ promotion: { name } }) => `"${name}" is for known customers: say who buys.`,
  CUSTOMER_LIMIT: ({ promotion: { name, customerLimit } }) =>
    `"${name}" was used for ${customerLimit} of her orders already, which is the most.`,
  USED_UP: ({ promotion: { name } }) => `"${name}" is used up.`,
  OTHER_CHANNEL: ({ promotion: { name } }) => `"${name}" is for another channel.`,
  OTHER_STORE: ({ promotion: { name } }) => `"${name}" is for another store.`,
  OTHER_CURRENCY: ({ promotion: { name } }) => `"${name}" is in another currency.`,
  NOTHING_IN_SCOPE: ({ promotion: { name } }) => `Nothing in the basket belongs to "${name}".`,
  ANOTHER_PROMOTION: ({ promotion: { name } }) =>
    `Another promotion goes before "${name}", and the two do not go together.`,
  NOTHING_TO_TAKE_OFF: ({ promotion: { name } }) => `"${name}" would make nothing cheaper.`,
};

const missingInWords = ({ quantity, amount }: Missing, currency: string): string =>
  [
    ...(quantity === undefined ? [] : [String(quantity)]),
    ...(amount === undefined ? [] : [inMoney(amount, currency)]),
  ].join(' and ');
