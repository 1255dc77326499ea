import { Money } from '@trenza/values';
import { Field, Int, ObjectType } from 'type-graphql';
import { AppliedPromotion, LineDiscount, MissedPromotion } from './promotion.type.ts';

@ObjectType({ description: 'A line of a basket with its price.' })
export class QuoteLine {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { description: 'How many.' })
  quantity: number;

  @Field(() => Money, { description: 'What one costs before promotions.' })
  unitPrice: Money;

  @Field(() => Money, { description: 'What they cost before promotions.' })
  gross: Money;

  @Field(() => Money, { description: 'What they cost after promotions and vouchers.' })
  net: Money;

  @Field(() => [LineDiscount], { description: 'What was taken off, in this order.' })
  discounts: LineDiscount[];

  productId: string;
}

@ObjectType({ description: 'What a voucher takes off a basket.' })
export class QuotedVoucher {
  @Field(() => String, { description: 'Its code.' })
  code: string;

  @Field(() => Money, { description: 'How much; nothing means that a checkout would refuse it, so that it is kept.' })
  amount: Money;
}

@ObjectType({ description: 'What a basket costs, and why. Nothing is ordered, held or used.' })
export class Quote {
  @Field(() => [QuoteLine], { description: 'The lines.' })
  lines: QuoteLine[];

  @Field(() => Money, { description: 'What they cost before promotions.' })
  subtotal: Money;

  @Field(() => Money, { description: 'What promotions and vouchers take off.' })
  discount: Money;

  @Field(() => Money, { description: 'What is to be paid: what a checkout takes as expectedTotal.' })
  total: Money;

  @Field(() => [AppliedPromotion], { description: 'What took something off, in this order.' })
  promotions: AppliedPromotion[];

  @Field(() => [MissedPromotion], { description: 'What runs and took nothing off, and why.' })
  missedPromotions: MissedPromotion[];

  @Field(() => [QuotedVoucher], { description: 'What the vouchers take off.' })
  vouchers: QuotedVoucher[];
}
