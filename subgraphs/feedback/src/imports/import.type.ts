import { UserError } from '@trenza/values';
import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Why one item of an import was not taken.' })
export class FeedbackImportRefusal {
  @Field(() => Int, { description: 'Where the item stood in the input, from 0.' })
  index: number;

  @Field(() => String, { description: 'Its externalId.' })
  key: string;

  @Field(() => String, { description: 'The field that was not accepted.' })
  field: string;

  @Field(() => String, { description: 'Stable code.' })
  code: string;

  @Field(() => String, { description: 'What is wrong, with the value.' })
  message: string;
}

@ObjectType({ description: 'What an import did. The same items again count as existing and change nothing.' })
export class FeedbackImportPayload {
  @Field(() => Int, { nullable: true, description: 'Items that are new.' })
  created: number | null;

  @Field(() => Int, { nullable: true, description: 'Items that were there already; they stay as they are.' })
  existing: number | null;

  @Field(() => [FeedbackImportRefusal], { description: 'Items that were not taken, in the order of the input.' })
  refusals: FeedbackImportRefusal[] = [];

  @Field(() => [UserError], { description: 'Why nothing was taken at all.' })
  errors: UserError[];
}
