import { GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum StockTransferState {
  SENT = 'sent',
  RECEIVED = 'received',
}
registerEnumType(StockTransferState, { name: 'StockTransferState', description: 'Where a transfer stands.' });

@InputType({ description: 'Units of a product.' })
export class StockTransferLineInput {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { description: 'How many.' })
  quantity: number;
}

@InputType({ description: 'Units to be sent to another place.' })
export class SendTransferInput {
  @Field(() => String, { description: 'A repeat with the same key does nothing again and returns the first result.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'From where.' })
  fromStoreId: string;

  @Field(() => ID, { description: 'To where.' })
  toStoreId: string;

  @Field(() => [StockTransferLineInput], { description: 'At most 500 products.' })
  lines: StockTransferLineInput[];
}

@InputType({ description: 'Units that arrived.' })
export class ReceiveTransferInput {
  @Field(() => String, { description: 'A repeat with the same key does nothing again and returns the first result.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The transfer.' })
  transferId: string;

  @Field(() => ID, { description: 'The place that received it.' })
  storeId: string;

  @Field(() => [StockTransferLineInput], { nullable: true, description: 'What arrived; all of it where not given.' })
  lines?: StockTransferLineInput[] | null;
}

@ObjectType({ description: 'A product of a transfer.' })
export class StockTransferLine {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { description: 'How many were sent.' })
  sent: number;

  @Field(() => Int, { nullable: true, description: 'How many arrived; null while it is on its way.' })
  received: number | null;
}

@ObjectType({ description: 'Units on their way from one place to another.' })
export class StockTransfer {
  @Field(() => ID, { description: 'Id.' })
  id: string;

  @Field(() => StockTransferState, { description: 'Where it stands.' })
  state: StockTransferState;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was sent.' })
  sentAt: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it was received.' })
  receivedAt: Date | null;

  @Field(() => [StockTransferLine], { description: 'What it holds.' })
  lines: StockTransferLine[];

  fromPlaceId: string;
  toPlaceId: string;
}

@ObjectType({ description: 'A transfer after a change.' })
export class StockTransferPayload {
  @Field(() => [UserError], { description: 'Why it was refused.' })
  errors: UserError[];

  transferId?: string | null;
}
