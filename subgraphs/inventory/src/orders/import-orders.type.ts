import { Channel, GraphQLDateTimeISO, SafeInt } from '@trenza/values';
import { Field, ID, InputType, Int } from 'type-graphql';
import { OrderFulfilment } from './order.type.ts';

@InputType({ description: 'A line of a document as a till or shop wrote it.' })
export class ImportOrderLineInput {
  @Field(() => String, { description: 'The sku; it need not be a known product.' })
  sku: string;

  @Field(() => String, { nullable: true, description: 'Name on the receipt; that of the product where not given.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Category; that of the product where not given.' })
  category?: string | null;

  @Field(() => Int, { description: 'Units sold; negative where they came back. Zero is refused.' })
  quantity: number;

  @Field(() => SafeInt, {
    description: 'What the whole line cost after discounts, in minor units; of a return zero or negative.',
  })
  netAmount: number;

  @Field(() => SafeInt, { defaultValue: 0, description: 'Discounts already taken off, in minor units.' })
  discountAmount: number;
}

@InputType({ description: 'A document of another system: an order, a receipt, a cancellation, or a mix.' })
export class ImportOrderInput {
  @Field(() => String, { description: 'Its number; with the source it says which document it is.' })
  number: string;

  @Field(() => ID, { nullable: true, description: 'Who bought; null where nobody knows.' })
  profileId?: string | null;

  @Field(() => Channel, { description: 'Where it was bought.' })
  channel: Channel;

  @Field(() => String, { nullable: true, description: 'Code of the store.' })
  storeCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Who sold it.' })
  associateId?: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it happened.' })
  occurredAt: Date;

  @Field(() => String, { description: 'ISO 4217 code.' })
  currency: string;

  @Field(() => OrderFulfilment, { nullable: true, description: 'How it reached the customer.' })
  fulfilment?: OrderFulfilment | null;

  @Field(() => SafeInt, {
    defaultValue: 0,
    description: 'What was paid for shipping, in minor units; it is not counted as spend.',
  })
  shippingAmount: number;

  @Field(() => String, {
    nullable: true,
    description: 'Of a return: the number of the order it belongs to, where it is known.',
  })
  originalNumber?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'True for an order that was cancelled: kept, but no revenue.',
  })
  cancelled: boolean;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'By when it was promised.' })
  promisedFor?: Date | null;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the customer had it; occurredAt where not given.',
  })
  fulfilledAt?: Date | null;

  @Field(() => [ImportOrderLineInput], { description: '1 to 2,000 lines.' })
  lines: ImportOrderLineInput[];
}

@InputType({ description: 'History of one other system.' })
export class ImportOrdersInput {
  @Field(() => String, { description: 'The system that numbered the documents.' })
  source: string;

  @Field(() => [ImportOrderInput], { description: 'At most 1,000, with at most 50,000 lines together.' })
  orders: ImportOrderInput[];
}
