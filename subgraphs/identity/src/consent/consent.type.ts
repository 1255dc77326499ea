import { Channel, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Customer } from '../customers/customer.type.ts';

export enum ConsentPurpose {
  MARKETING = 'marketing',
  PERSONALISATION = 'personalisation',
  ANALYTICS = 'analytics',
  SURVEY = 'survey',
  LOYALTY = 'loyalty',
}
registerEnumType(ConsentPurpose, { name: 'ConsentPurpose', description: 'What her data may be used for.' });

@ObjectType({ description: 'Something she said about the use of her data, with the proof of it.' })
export class ConsentStatement {
  @Field(() => ID, { description: 'The id of the statement.' })
  id: string;

  @Field(() => ConsentPurpose, { description: 'What it is about.' })
  purpose: string;

  @Field(() => Channel, { nullable: true, description: 'The channel it is about; null is all of them.' })
  channel: string | null;

  @Field(() => Boolean, { description: 'True if she agreed, false if she refused.' })
  granted: boolean;

  @Field(() => String, { description: 'The version of the wording she saw.' })
  wordingVersion: string;

  @Field(() => String, { description: 'Where she said it, such as `checkout`.' })
  source: string;

  @Field(() => String, { description: 'The role of who recorded it: she herself, a system, a member of staff.' })
  givenVia: string;

  @Field(() => String, { description: 'The account that recorded it.' })
  recordedBy: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When she said it.' })
  occurredAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was recorded.' })
  recordedAt: Date;
}

@ObjectType({ description: 'What holds for one purpose and channel today.' })
export class CustomerConsent {
  @Field(() => ConsentPurpose, { description: 'What it is about.' })
  purpose: string;

  @Field(() => Channel, { nullable: true, description: 'The channel; null is all of them.' })
  channel: string | null;

  @Field(() => Boolean, { description: 'Whether her data may be used so.' })
  granted: boolean;

  @Field(() => ConsentStatement, {
    description: 'The statement that decides it. Where several profiles disagree, the refusal does.',
  })
  decidedBy: ConsentStatement;
}

@InputType({ description: 'What she says about the use of her data.' })
export class SetConsentInput {
  @Field(() => ID, { description: 'Any id of hers.' })
  customerId: string;

  @Field(() => ConsentPurpose, { description: 'What it is about.' })
  purpose: ConsentPurpose;

  @Field(() => Channel, { nullable: true, description: 'The channel; all of them if left out.' })
  channel?: Channel | null;

  @Field(() => Boolean, { description: 'True if she agrees, false if she refuses.' })
  granted: boolean;

  @Field(() => String, { description: 'The version of the wording she saw.' })
  wordingVersion: string;

  @Field(() => String, { description: 'Where she says it, such as `preference-centre`.' })
  source: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When she said it; now if left out.' })
  occurredAt?: Date | null;
}

@ObjectType({ description: 'What holds after her statement.' })
export class SetConsentPayload {
  @Field(() => Customer, { nullable: true, description: 'The customer.' })
  customer?: Customer | null;

  @Field(() => [CustomerConsent], { nullable: true, description: 'Everything that holds for her now.' })
  consents?: CustomerConsent[] | null;

  @Field(() => [UserError], { description: 'Why it was not recorded.' })
  errors: UserError[];
}

@InputType({ description: 'What somebody said about the use of her data, in another system.' })
export class ImportConsentInput {
  @Field(() => String, { nullable: true, description: 'The number of her record in the source, as imported.' })
  sourceId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Her profile, instead of `sourceId`.' })
  profileId?: string | null;

  @Field(() => ConsentPurpose, { description: 'What it is about.' })
  purpose: ConsentPurpose;

  @Field(() => Channel, { nullable: true, description: 'The channel; all of them if left out.' })
  channel?: Channel | null;

  @Field(() => Boolean, { description: 'True if she agreed, false if she refused.' })
  granted: boolean;

  @Field(() => String, { description: 'The version of the wording she saw.' })
  wordingVersion: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When she said it.' })
  occurredAt: Date;
}

@InputType({ description: 'Statements from one source, up to 1,000.' })
export class ImportConsentsInput {
  @Field(() => String, { description: 'Which system they come from, such as `crm`.' })
  source: string;

  @Field(() => [ImportConsentInput], { description: 'The statements.' })
  rows: ImportConsentInput[];
}

@ObjectType({ description: 'A statement that was not taken.' })
export class ConsentRefusal {
  @Field(() => Int, { description: 'Its place in the input, from 0.' })
  index: number;

  @Field(() => String, { description: 'The field that is wrong.' })
  field: string;

  @Field(() => String, { description: 'What is wrong, and what to do.' })
  message: string;
}

@ObjectType({ description: 'What became of the statements.' })
export class ImportConsentsPayload {
  @Field(() => Int, { nullable: true, description: 'How many are new.' })
  created?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many were here already.' })
  unchanged?: number | null;

  @Field(() => [ConsentRefusal], { nullable: true, description: 'Those that were not taken.' })
  refusals?: ConsentRefusal[] | null;

  @Field(() => [UserError], { description: 'Why the whole batch was refused.' })
  errors: UserError[];
}
