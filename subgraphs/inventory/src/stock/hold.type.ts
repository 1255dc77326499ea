import { Channel, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Shortage } from './allocation.ts';

@InputType({ description: 'Units of a product to be kept aside.' })
export class StockHoldLineInput {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { defaultValue: 1, description: 'How many.' })
  quantity: number;
}

@InputType({ description: 'Units to be kept aside for somebody for a while.' })
export class HoldStockInput {
  @Field(() => String, { description: 'A repeat with the same key does nothing again and returns the first result.' })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'For whom; null for somebody whom nobody knows.' })
  profileId?: string | null;

  @Field(() => Channel, { nullable: true, description: 'Where; what the token says, where not given.' })
  channel?: Channel | null;

  @Field(() => ID, { description: 'The store that keeps it.' })
  storeId: string;

  @Field(() => [ID], { defaultValue: [], description: 'Other places that may, in the order of preference.' })
  alternativeStoreIds: string[];

  @Field(() => [StockHoldLineInput], { description: 'What.' })
  lines: StockHoldLineInput[];

  @Field(() => Int, { defaultValue: 120, description: 'For how long, at most three days.' })
  minutes: number;

  @Field(() => String, { nullable: true, description: 'Why, for example "fitting room".' })
  reason?: string | null;
}

@InputType({ description: 'A hold to be given back.' })
export class ReleaseHoldInput {
  @Field(() => ID, { description: 'The hold.' })
  holdId: string;

  @Field(() => ID, { description: 'The store that keeps it.' })
  storeId: string;
}

@ObjectType({ description: 'Units that are kept aside.' })
export class StockHoldPayload {
  @Field(() => ID, { nullable: true, description: 'The hold.' })
  holdId?: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when they are kept.' })
  expiresAt?: string | Date | null;

  @Field(() => String, { nullable: true, description: 'The same, signed: others can check it offline..' })
  promise?: string | null;

  @Field(() => [UserError], { description: 'Why it was refused.' })
  errors: UserError[];

  short?: readonly (Shortage & { sku: string })[];
}
