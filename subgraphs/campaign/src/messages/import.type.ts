import { Channel, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { MessageOutcomeKind, MessagePurpose } from './message.type.ts';

@InputType({ description: 'Something that became of an imported message.' })
export class ImportedMessageOutcomeInput {
  @Field(() => MessageOutcomeKind, { description: 'What.' })
  outcome: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  at: Date;
}

@InputType({ description: 'A message that another system sent.' })
export class ImportedMessageInput {
  @Field(() => String, { description: 'Its id there; the same one again changes nothing.' })
  sourceId: string;

  @Field(() => ID, { description: 'The profile it was sent to.' })
  profileId: string;

  @Field(() => Channel, { description: 'Where.' })
  channel: string;

  @Field(() => MessagePurpose, { nullable: true, description: 'Why; MARKETING if empty.' })
  purpose?: string | null;

  @Field(() => String, { description: 'What it was called there.' })
  template: string;

  @Field(() => String, { nullable: true, description: 'Its subject.' })
  subject?: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was sent.' })
  sentAt: Date;

  @Field(() => [ImportedMessageOutcomeInput], { nullable: true, description: 'What became of it.' })
  outcomes?: ImportedMessageOutcomeInput[] | null;
}

@InputType({ description: 'Messages that another system sent.' })
export class ImportMessagesInput {
  @Field(() => String, { description: 'The system.' })
  source: string;

  @Field(() => [ImportedMessageInput], { description: 'Up to 1,000.' })
  messages: ImportedMessageInput[];
}

@ObjectType({ description: 'An item that was not imported.' })
export class MessageImportRefusal {
  @Field(() => Int, { description: 'Its place in the batch, from 0.' })
  index: number;

  @Field(() => String, { description: 'The field that is wrong.' })
  field: string;

  @Field(() => String, { description: 'What is wrong with it.' })
  message: string;
}

@ObjectType({ description: 'Result of importMessages.' })
export class ImportMessagesPayload {
  @Field(() => Int, { nullable: true, description: 'Messages that are new.' })
  created: number | null;

  @Field(() => Int, { nullable: true, description: 'Messages that were here already.' })
  unchanged: number | null;

  @Field(() => [MessageImportRefusal], { nullable: true, description: 'Messages that were refused.' })
  refusals: MessageImportRefusal[] | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}
