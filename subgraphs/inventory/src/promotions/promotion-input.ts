import { Channel, DomainError, GraphQLDateTimeISO, SafeInt } from '@trenza/values';
import { Field, ID, InputType, Int } from 'type-graphql';
import type { Settings } from './change-promotion.ts';
import type { Benefit, PromotionRule } from './promotion.ts';
import { PromotionBenefit, PromotionConditions, PromotionScope } from './promotion.type.ts';

const KEY = 'A repeat with the same key does nothing again and returns the first result.';

@InputType({ description: 'A promotion to be drafted. It takes nothing off before it is released.' })
export class CreatePromotionInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => String, { description: 'What customers read.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'Its terms in words.' })
  description?: string | null;

  @Field(() => String, { description: 'The currency of its amounts; it applies to no other.' })
  currency: string;

  @Field(() => PromotionBenefit, { description: 'What it gives.' })
  benefit: PromotionBenefit;

  @Field(() => PromotionScope, { nullable: true, description: 'What it applies to; everything where not given.' })
  scope?: PromotionScope | null;

  @Field(() => PromotionConditions, { nullable: true, description: 'When it applies.' })
  conditions?: PromotionConditions | null;

  @Field(() => Boolean, { defaultValue: false, description: 'It shares no unit with another promotion.' })
  exclusive: boolean;

  @Field(() => Boolean, { defaultValue: true, description: 'Vouchers may take something off the same units.' })
  withVouchers: boolean;

  @Field(() => Int, { nullable: true, description: 'How often a multi-buy or a bundle counts in one order.' })
  maxSets?: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'It never takes more than this off an order, in minor units.' })
  maximumAmount?: number | null;

  @Field(() => Int, {
    defaultValue: 0,
    description: 'The greater goes first; of equal ones the one that takes more off.',
  })
  priority: number;

  @Field(() => Int, { nullable: true, description: 'Orders in all.' })
  totalLimit?: number | null;

  @Field(() => Int, { nullable: true, description: 'Orders per customer.' })
  customerLimit?: number | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From when on; now where not given.' })
  validFrom?: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when; until it is ended where not given.' })
  validTo?: Date | null;

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason?: string | null;
}

@InputType({
  description:
    'What is to change of a promotion; what is not named stays, null takes a limit or an end away. Benefit, scope, conditions and how it combines only while it is a draft.',
})
export class ChangePromotionInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The promotion.' })
  promotionId: string;

  @Field(() => String, { nullable: true, description: 'What customers read.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Its terms in words.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'The currency of its amounts.' })
  currency?: string | null;

  @Field(() => PromotionBenefit, { nullable: true, description: 'What it gives.' })
  benefit?: PromotionBenefit | null;

  @Field(() => PromotionScope, { nullable: true, description: 'What it applies to.' })
  scope?: PromotionScope | null;

  @Field(() => PromotionConditions, { nullable: true, description: 'When it applies.' })
  conditions?: PromotionConditions | null;

  @Field(() => Boolean, { nullable: true, description: 'It shares no unit with another promotion.' })
  exclusive?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Vouchers may take something off the same units.' })
  withVouchers?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'How often a multi-buy or a bundle counts in one order.' })
  maxSets?: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'It never takes more than this off an order.' })
  maximumAmount?: number | null;

  @Field(() => Int, { nullable: true, description: 'The greater goes first.' })
  priority?: number | null;

  @Field(() => Int, { nullable: true, description: 'Orders in all.' })
  totalLimit?: number | null;

  @Field(() => Int, { nullable: true, description: 'Orders per customer.' })
  customerLimit?: number | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From when on, while it has not begun.' })
  validFrom?: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when.' })
  validTo?: Date | null;

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason?: string | null;
}

@InputType({ description: 'A promotion to be released, paused, resumed or ended.' })
export class PromotionActionInput {
  @Field(() => ID, { description: 'The promotion.' })
  promotionId: string;

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason?: string | null;
}

@InputType({ description: 'A product in a basket whose price is asked for.' })
export class QuoteLineInput {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { defaultValue: 1, description: 'How many.' })
  quantity: number;
}

@InputType({ description: 'A basket whose price is asked for.' })
export class QuoteInput {
  @Field(() => ID, { nullable: true, description: 'For whom; a customer asks for herself.' })
  profileId?: string | null;

  @Field(() => Channel, { nullable: true, description: 'Where; what the token says, where not given.' })
  channel?: Channel | null;

  @Field(() => ID, { nullable: true, description: 'The store of the sale or of the pick-up.' })
  storeId?: string | null;

  @Field(() => [QuoteLineInput], { nullable: true, description: 'What; her cart where not given.' })
  lines?: QuoteLineInput[] | null;

  @Field(() => [String], { nullable: true, description: 'Signed vouchers, from loyalty.' })
  vouchers?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Drafts and paused promotions to be tried as if they ran, by those who make promotions.',
  })
  tryPromotionIds?: string[] | null;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'At this instant instead of now, by those who make promotions.',
  })
  at?: Date | null;
}

type Given = Pick<CreatePromotionInput, 'benefit' | 'currency' | 'exclusive' | 'withVouchers'> &
  Partial<Pick<CreatePromotionInput, 'scope' | 'conditions' | 'maxSets' | 'maximumAmount'>>;

export const ruleFrom = (input: Given): PromotionRule => ({
  currency: input.currency,
  benefit: benefitFrom(input.benefit),
  scope: Object.assign({}, input.scope),
  conditions: Object.assign({}, input.conditions),
  exclusive: input.exclusive,
  withVouchers: input.withVouchers,
  maxSets: input.maxSets ?? null,
  maximumAmount: input.maximumAmount ?? null,
});

/** Only what was named; null is a word for what may be absent. */
export function changesFrom(input: ChangePromotionInput): {
  settings: Partial<Settings>;
  rule: Partial<PromotionRule>;
} {
  const { name, description, priority, totalLimit, customerLimit, validFrom, validTo } = input;
  const { currency, benefit, scope, conditions, exclusive, withVouchers, maxSets, maximumAmount } = input;
  return {
    settings: {
      ...(name != null && { name }),
      ...(description !== undefined && { description }),
      ...(priority != null && { priority }),
      ...(totalLimit !== undefined && { totalLimit }),
      ...(customerLimit !== undefined && { customerLimit }),
      ...(validFrom && { validFrom }),
      ...(validTo !== undefined && { validTo }),
    },
    rule: {
      ...(currency != null && { currency }),
      ...(benefit && { benefit: benefitFrom(benefit) }),
      ...(scope && { scope: Object.assign({}, scope) }),
      ...(conditions && { conditions: Object.assign({}, conditions) }),
      ...(exclusive != null && { exclusive }),
      ...(withVouchers != null && { withVouchers }),
      ...(maxSets !== undefined && { maxSets }),
      ...(maximumAmount !== undefined && { maximumAmount }),
    },
  };
}

function benefitFrom({ percentOff, amountOff, multiBuy, bundle, threshold }: PromotionBenefit): Benefit {
  const given: Benefit[] = [
    ...(percentOff ? [Object.assign({ kind: 'percent-off' as const }, percentOff)] : []),
    ...(amountOff ? [Object.assign({ kind: 'amount-off' as const }, amountOff)] : []),
    ...(multiBuy ? [Object.assign({ kind: 'multi-buy' as const }, multiBuy)] : []),
    ...(bundle ? [Object.assign({ kind: 'bundle' as const }, bundle)] : []),
    ...(threshold ? [Object.assign({ kind: 'threshold' as const }, threshold)] : []),
  ];
  if (given.length === 1) return given[0]!;
  throw new DomainError('INVALID_PROMOTION', `A promotion gives exactly one benefit, ${given.length} were named.`, [
    'input',
    'benefit',
  ]);
}

export function benefitView({ kind, ...rest }: Benefit): PromotionBenefit {
  const field = {
    'percent-off': 'percentOff',
    'amount-off': 'amountOff',
    'multi-buy': 'multiBuy',
    bundle: 'bundle',
    threshold: 'threshold',
  }[kind];
  return Object.assign(new PromotionBenefit(), { [field]: rest });
}
