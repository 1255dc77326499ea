import { Channel } from '@trenza/values';
import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';

export enum ReturnDisposition {
  RESTOCK = 'restock',
  WRITE_OFF = 'write-off',
}
registerEnumType(ReturnDisposition, { name: 'ReturnDisposition', description: 'Back on the shelf, or thrown away.' });

@InputType({ description: 'What comes back of one line.' })
export class ReturnLineInput {
  @Field(() => ID, { nullable: true, description: 'The line of the order.' })
  lineId?: string | null;

  @Field(() => String, { nullable: true, description: 'Or its sku.' })
  sku?: string | null;

  @Field(() => Int, { description: 'How many.' })
  quantity: number;

  @Field(() => ReturnDisposition, { defaultValue: ReturnDisposition.RESTOCK, description: 'What becomes of it.' })
  disposition: ReturnDisposition;
}

@InputType({ description: 'Lines of an order that come back.' })
export class ReturnOrderInput {
  @Field(() => String, { description: 'A repeat with the same key does nothing again and returns the first result.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The order.' })
  orderId: string;

  @Field(() => ID, { nullable: true, description: 'Where it is taken back; without it nothing is put on a shelf yet.' })
  storeId?: string | null;

  @Field(() => Channel, { nullable: true, description: 'Where; STORE where a store is given.' })
  channel?: Channel | null;

  @Field(() => [ReturnLineInput], { description: 'What comes back.' })
  lines: ReturnLineInput[];

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason?: string | null;
}

@InputType({ description: 'Units of a product that come back without a receipt.' })
export class ReturnWithoutReceiptLineInput {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { defaultValue: 1, description: 'How many.' })
  quantity: number;

  @Field(() => ReturnDisposition, { defaultValue: ReturnDisposition.RESTOCK, description: 'What becomes of it.' })
  disposition: ReturnDisposition;
}

@InputType({ description: 'Something that comes back without a receipt.' })
export class ReturnWithoutReceiptInput {
  @Field(() => String, { description: 'A repeat with the same key does nothing again and returns the first result.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The store that takes it back and pays it out.' })
  storeId: string;

  @Field(() => ID, { nullable: true, description: 'Who brings it; null where nobody knows.' })
  profileId?: string | null;

  @Field(() => [ReturnWithoutReceiptLineInput], { description: 'At most 10 units in all.' })
  lines: ReturnWithoutReceiptLineInput[];

  @Field(() => String, { nullable: true, description: 'Why.' })
  reason?: string | null;
}
