import { connection, Channel, GraphQLDateTimeISO, Money, SafeInt, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { StoredPromotion } from './promotions.sql.ts';

export enum PromotionKind {
  PERCENT_OFF = 'percent-off',
  AMOUNT_OFF = 'amount-off',
  MULTI_BUY = 'multi-buy',
  BUNDLE = 'bundle',
  THRESHOLD = 'threshold',
}
registerEnumType(PromotionKind, { name: 'PromotionKind', description: 'How a promotion takes something off.' });

export enum PromotionStatus {
  DRAFT = 'draft',
  SCHEDULED = 'scheduled',
  ACTIVE = 'active',
  PAUSED = 'paused',
  ENDED = 'ended',
}
registerEnumType(PromotionStatus, {
  name: 'PromotionStatus',
  description: 'Where a promotion stands. The calendar makes what was released SCHEDULED, ACTIVE and ENDED.',
});

export enum PromotionReason {
  OTHER_CHANNEL = 'OTHER_CHANNEL',
  OTHER_STORE = 'OTHER_STORE',
  OTHER_CURRENCY = 'OTHER_CURRENCY',
  USED_UP = 'USED_UP',
  CUSTOMER_LIMIT = 'CUSTOMER_LIMIT',
  SIGN_IN = 'SIGN_IN',
  NOTHING_IN_SCOPE = 'NOTHING_IN_SCOPE',
  NOT_ENOUGH = 'NOT_ENOUGH',
  ANOTHER_PROMOTION = 'ANOTHER_PROMOTION',
  NOTHING_TO_TAKE_OFF = 'NOTHING_TO_TAKE_OFF',
}
registerEnumType(PromotionReason, {
  name: 'PromotionReason',
  description:
    'Why a promotion takes nothing off a basket. NOT_ENOUGH and SIGN_IN: the customer can do something about it.',
});

const SCOPE = 'Which products: any of what is named, except what is excepted. Nothing named: every product.';
@ObjectType({ description: SCOPE })
@InputType('PromotionScopeInput', { description: SCOPE })
export class PromotionScope {
  @Field(() => [String], { nullable: true, description: 'These skus.' })
  skus?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'All variants of these models.' })
  models?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'These categories, with what is below them.' })
  categories?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'These brands.' })
  brands?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Not these skus.' })
  exceptSkus?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Not these categories.' })
  exceptCategories?: string[] | null;
}

@ObjectType({ description: 'A percentage off.' })
@InputType('PercentOffInput', { description: 'A percentage off.' })
export class PercentOff {
  @Field(() => Float, { description: 'Above 0 and up to 100, at most two decimals.' })
  percent: number;
}

@ObjectType({ description: 'An amount off.' })
@InputType('AmountOffInput', { description: 'An amount off.' })
export class AmountOff {
  @Field(() => SafeInt, { description: 'Minor units.' })
  amount: number;

  @Field(() => Boolean, { defaultValue: false, description: 'Off each unit; otherwise once off all of them together.' })
  each: boolean;
}

const MULTI_BUY = 'Of every buy + get units, the get cheapest are percent off: 2 + 1 at 100 is "3 for 2".';
@ObjectType({ description: MULTI_BUY })
@InputType('MultiBuyInput', { description: MULTI_BUY })
export class MultiBuy {
  @Field(() => Int, { description: 'Units at the full price.' })
  buy: number;

  @Field(() => Int, { defaultValue: 1, description: 'Units that become cheaper.' })
  get: number;

  @Field(() => Float, { defaultValue: 100, description: 'How much they become cheaper, in per cent.' })
  percent: number;
}

@ObjectType({ description: 'A kind of thing in a bundle.' })
@InputType('BundleItemInput', { description: 'A kind of thing in a bundle.' })
export class BundleItem {
  @Field(() => PromotionScope, { description: 'Which products will do.' })
  scope: PromotionScope;

  @Field(() => Int, { defaultValue: 1, description: 'How many of them.' })
  quantity: number;
}

@ObjectType({ description: 'Things together for a price.' })
@InputType('BundleInput', { description: 'Things together for a price. Name the narrowest item first.' })
export class Bundle {
  @Field(() => [BundleItem], { description: 'What makes up a set.' })
  items: BundleItem[];

  @Field(() => SafeInt, { description: 'What a set costs, in minor units.' })
  price: number;
}

@ObjectType({ description: 'What is off from an amount on.' })
@InputType('ThresholdStepInput', { description: 'What is off from an amount on: a percentage or an amount.' })
export class ThresholdStep {
  @Field(() => SafeInt, { description: 'From this much on, in minor units.' })
  spend: number;

  @Field(() => Float, { nullable: true, description: 'In per cent.' })
  percent?: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'In minor units.' })
  amount?: number | null;
}

@ObjectType({ description: 'The more is spent, the more is off; the highest step that was reached counts.' })
@InputType('ThresholdInput', {
  description: 'The more is spent, the more is off; the highest step that was reached counts.',
})
export class Threshold {
  @Field(() => [ThresholdStep], { description: 'The steps.' })
  steps: ThresholdStep[];
}

@ObjectType({ description: 'What a promotion gives: one of these.' })
@InputType('PromotionBenefitInput', { description: 'What a promotion gives: exactly one of these.' })
export class PromotionBenefit {
  @Field(() => PercentOff, { nullable: true, description: 'A percentage off.' })
  percentOff?: PercentOff | null;

  @Field(() => AmountOff, { nullable: true, description: 'An amount off.' })
  amountOff?: AmountOff | null;

  @Field(() => MultiBuy, { nullable: true, description: 'Buy some, get some.' })
  multiBuy?: MultiBuy | null;

  @Field(() => Bundle, { nullable: true, description: 'Things together for a price.' })
  bundle?: Bundle | null;

  @Field(() => Threshold, { nullable: true, description: 'Off from an amount on.' })
  threshold?: Threshold | null;
}

@ObjectType({ description: 'When a promotion applies.' })
@InputType('PromotionConditionsInput', { description: 'When a promotion applies.' })
export class PromotionConditions {
  @Field(() => [Channel], { nullable: true, description: 'Only in these channels.' })
  channels?: Channel[] | null;

  @Field(() => [ID], { nullable: true, description: 'Only in these stores: sold or collected there.' })
  storeIds?: string[] | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Only from this much on, of what is in its scope, in minor units.',
  })
  minimumSpend?: number | null;

  @Field(() => Int, { nullable: true, description: 'Only from this many units on, of what is in its scope.' })
  minimumQuantity?: number | null;
}

@ObjectType({ description: 'Who did what to a promotion, when and why.' })
export class PromotionChange {
  @Field(() => String, { description: 'CREATE, CHANGE, RELEASE, PAUSE, RESUME or END, in lower case.' })
  action: string;

  @Field(() => String, { description: 'Who.' })
  actor: string;

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  changedAt: Date;
}

@ObjectType({ description: 'What a promotion did so far, without cancelled orders.' })
export class PromotionPerformance {
  @Field(() => Int, { description: 'Orders it applied to.' })
  orders: number;

  @Field(() => Money, { description: 'What it took off them.' })
  discount: Money;

  @Field(() => Money, { description: 'What these orders brought, after all discounts.' })
  sales: Money;
}

@ObjectType({ description: 'Something that takes money off what is bought, for everybody who meets its conditions.' })
export class Promotion {
  @Field(() => ID, { description: 'Id.' })
  id: string;

  @Field(() => String, { description: 'What customers read.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Its terms in words.' })
  description: string | null;

  @Field(() => PromotionScope, { description: 'What it applies to.' })
  scope: PromotionScope;

  @Field(() => PromotionConditions, { description: 'When it applies.' })
  conditions: PromotionConditions;

  @Field(() => String, { description: 'The currency of its amounts; it applies to no other.' })
  currency: string;

  @Field(() => Boolean, { description: 'It shares no unit with another promotion.' })
  exclusive: boolean;

  @Field(() => Boolean, { description: 'Vouchers may take something off the same units.' })
  withVouchers: boolean;

  @Field(() => Int, { nullable: true, description: 'How often a multi-buy or a bundle counts in one order.' })
  maxSets?: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'It never takes more than this off an order, in minor units.' })
  maximumAmount?: number | null;

  @Field(() => Int, { nullable: true, description: 'Orders a customer may use it for.' })
  customerLimit: number | null;

  @Field(() => GraphQLDateTimeISO, { description: 'From when on.' })
  validFrom: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when; null until it is ended.' })
  validTo: Date | null;

  stored: StoredPromotion;

  static of(stored: StoredPromotion): Promotion {
    const { scope, conditions, ...rest } = stored;
    return Object.assign(new Promotion(), rest, {
      scope: scope as PromotionScope,
      conditions: conditions as PromotionConditions,
      stored,
    });
  }
}

@ObjectType({ description: 'A page of promotions, the latest first.' })
export class PromotionConnection extends connection('Promotion', () => Promotion) {}

@ObjectType({ description: 'A promotion after a change.' })
export class PromotionPayload {
  @Field(() => [UserError], { description: 'Why it was refused.' })
  errors: UserError[];

  promotionId?: string | null;
}

@ObjectType({ description: 'What a basket lacks for a promotion.' })
export class PromotionHint {
  @Field(() => Int, { nullable: true, description: 'Units of what is in its scope.' })
  quantity: number | null;

  @Field(() => Money, { nullable: true, description: 'Money spent on what is in its scope.' })
  amount: Money | null;
}

@ObjectType({ description: 'What a promotion took off a basket or an order.' })
export class AppliedPromotion {
  @Field(() => Promotion, { description: 'The promotion.' })
  promotion: Promotion;

  @Field(() => Money, { description: 'What it took off.' })
  amount: Money;

  @Field(() => PromotionHint, {
    nullable: true,
    description: 'What it takes to get more; null where there is no more.',
  })
  more?: PromotionHint | null;
}

@ObjectType({ description: 'A promotion that takes nothing off a basket, why, and what would change that.' })
export class MissedPromotion {
  @Field(() => Promotion, { description: 'The promotion.' })
  promotion: Promotion;

  @Field(() => PromotionReason, { description: 'Why.' })
  reason: PromotionReason;

  @Field(() => String, { description: 'The reason in words, for example: 2 more for "3 for 2 on socks".' })
  message: string;

  @Field(() => PromotionHint, { nullable: true, description: 'With NOT_ENOUGH: what is missing.' })
  missing?: PromotionHint | null;
}

@ObjectType({ description: 'How much of one line something took off.' })
export class LineDiscount {
  @Field(() => String, { description: 'Name of the promotion, or the code of the voucher, at the time.' })
  name: string;

  @Field(() => ID, { nullable: true, description: 'The promotion; null for a voucher.' })
  promotionId: string | null;

  @Field(() => String, { nullable: true, description: 'The code of the voucher; null for a promotion.' })
  voucherCode: string | null;

  @Field(() => Money, { description: 'How much.' })
  amount: Money;
}
