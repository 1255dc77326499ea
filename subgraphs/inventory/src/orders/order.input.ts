import { Channel, GeoPointInput, GraphQLDateTimeISO, SafeInt } from '@trenza/values';
import { Field, ID, InputType, Int } from 'type-graphql';
import { FulfilmentState, OrderFulfilment, PaymentMeans } from './order.type.ts';

const KEY = 'A repeat with the same key does nothing again and returns the first result.';

@InputType({ description: 'A product to be bought.' })
export class OrderLineInput {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { defaultValue: 1, description: 'How many.' })
  quantity: number;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Price of one in minor units, where it was agreed at the till; else the valid one.',
  })
  unitAmount?: number | null;
}

@InputType({ description: 'A product to be bought at the price that is valid.' })
export class CheckoutLineInput {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { defaultValue: 1, description: 'How many.' })
  quantity: number;
}

@InputType({ description: 'An order from the cart, or of the lines that are named.' })
export class CheckoutInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'For whom; a customer acts for herself.' })
  profileId?: string | null;

  @Field(() => Channel, { nullable: true, description: 'Where; what the token says, where not given.' })
  channel?: Channel | null;

  @Field(() => [CheckoutLineInput], { nullable: true, description: 'What; her cart where not given.' })
  lines?: CheckoutLineInput[] | null;

  @Field(() => OrderFulfilment, { defaultValue: OrderFulfilment.DELIVERY, description: 'How it shall reach her.' })
  fulfilment: OrderFulfilment;

  @Field(() => ID, {
    nullable: true,
    description: 'Where she collects; for other kinds, the only place that may serve.',
  })
  storeId?: string | null;

  @Field(() => GeoPointInput, { nullable: true, description: 'Where it goes.' })
  destination?: GeoPointInput | null;

  @Field(() => String, { nullable: true, description: 'A signed hold of points, from loyalty.' })
  pointsHold?: string | null;

  @Field(() => [String], { nullable: true, description: 'Signed vouchers, from loyalty.' })
  vouchers?: string[] | null;

  @Field(() => SafeInt, {
    nullable: true,
    description:
      'What she was shown, in minor units, before shipping and points. If it costs something else by now it is refused.',
  })
  expectedTotal?: number | null;

  @Field(() => ID, { nullable: true, description: 'A hold by which it was kept aside for her.' })
  stockHoldId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What the payment form returned. Without it the order waits 15 minutes for payOrder. Sandbox: tok_ok, tok_declined, tok_timeout.',
  })
  paymentToken?: string | null;
}

@InputType({ description: 'A payment for an order that waits for it.' })
export class PayOrderInput {
  @Field(() => ID, { description: 'The order.' })
  orderId: string;

  @Field(() => String, {
    nullable: true,
    description: 'What the payment form returned; not needed where points pay everything.',
  })
  paymentToken?: string | null;
}

@InputType({ description: 'Money taken at the till.' })
export class TillPaymentInput {
  @Field(() => PaymentMeans, { description: 'CARD or CASH.' })
  means: PaymentMeans;

  @Field(() => SafeInt, { description: 'Minor units.' })
  amount: number;
}

@InputType({ description: 'A sale at the till of a store.' })
export class TillSaleInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The store.' })
  storeId: string;

  @Field(() => ID, { nullable: true, description: 'Who buys; null where nobody knows.' })
  profileId?: string | null;

  @Field(() => String, { nullable: true, description: 'Who sells; the associate of the token, where not given.' })
  associateId?: string | null;

  @Field(() => [OrderLineInput], { nullable: true, description: 'What; her cart, begun elsewhere, where not given.' })
  lines?: OrderLineInput[] | null;

  @Field(() => String, { nullable: true, description: 'A signed hold of points, from loyalty.' })
  pointsHold?: string | null;

  @Field(() => [String], { nullable: true, description: 'Signed vouchers, from loyalty.' })
  vouchers?: string[] | null;

  @Field(() => SafeInt, {
    nullable: true,
    description:
      'What she was shown, in minor units, before shipping and points. If it costs something else by now it is refused.',
  })
  expectedTotal?: number | null;

  @Field(() => ID, { nullable: true, description: 'A hold by which it was kept aside for her.' })
  stockHoldId?: string | null;

  @Field(() => [TillPaymentInput], { nullable: true, description: 'How it was paid; all by card where not given.' })
  payments?: TillPaymentInput[] | null;
}

@InputType({ description: 'A line of an order that was sold elsewhere.' })
export class RecordedLineInput {
  @Field(() => String, { description: 'The sku of a known product.' })
  sku: string;

  @Field(() => Int, { description: 'How many.' })
  quantity: number;

  @Field(() => SafeInt, { description: 'What the whole line cost, in minor units.' })
  netAmount: number;
}

@InputType({
  description: 'An order that was sold and paid elsewhere, for example at a marketplace, and is served by us.',
})
export class RecordOrderInput {
  @Field(() => String, { description: 'The system that numbered it.' })
  source: string;

  @Field(() => String, { description: 'Its number there. The same again is the same order.' })
  number: string;

  @Field(() => ID, { nullable: true, description: 'Who bought; null where nobody knows.' })
  profileId?: string | null;

  @Field(() => Channel, { defaultValue: Channel.MARKETPLACE, description: 'Where.' })
  channel: Channel;

  @Field(() => String, { description: 'ISO 4217 code.' })
  currency: string;

  @Field(() => OrderFulfilment, { defaultValue: OrderFulfilment.DELIVERY, description: 'How it shall reach her.' })
  fulfilment: OrderFulfilment;

  @Field(() => ID, {
    nullable: true,
    description: 'Where she collects; for other kinds, the only place that may serve.',
  })
  storeId?: string | null;

  @Field(() => GeoPointInput, { nullable: true, description: 'Where it goes.' })
  destination?: GeoPointInput | null;

  @Field(() => SafeInt, { defaultValue: 0, description: 'What was paid for shipping.' })
  shippingAmount: number;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was placed; now where not given.' })
  placedAt?: Date | null;

  @Field(() => [RecordedLineInput], { description: 'What was sold.' })
  lines: RecordedLineInput[];
}

@InputType({ description: 'An order to be cancelled.' })
export class CancelOrderInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The order.' })
  orderId: string;

  @Field(() => String, { description: 'Why.' })
  reason: string;
}

@InputType({ description: 'A step of what a place does for an order.' })
export class AdvanceFulfilmentInput {
  @Field(() => ID, { description: 'The fulfilment.' })
  fulfilmentId: string;

  @Field(() => FulfilmentState, { description: 'READY, SHIPPED or HANDED_OVER.' })
  to: FulfilmentState;

  @Field(() => ID, { description: 'The place that does it.' })
  storeId: string;
}
