import { GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { CustomerIdentifierType } from './identifier.type.ts';

@ObjectType({ description: 'How identifiers of one type are weighed when it is decided who was seen.' })
export class IdentifierRule {
  @Field(() => CustomerIdentifierType, { description: 'The type it is about.' })
  type: string;

  @Field(() => Int, { description: '1 is the strongest: the strongest known identifier says whose sighting it is.' })
  priority: number;

  @Field(() => Int, { description: 'How many one customer may have within the window; more do not link.' })
  limit: number;

  @Field(() => Int, { nullable: true, description: 'The days in which they are counted; null counts all of them.' })
  windowDays: number | null;

  @Field(() => String, { description: 'Who said so; `trenza` for what ships.' })
  setBy: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When that was said.' })
  setAt: Date;
}

@InputType({ description: 'How identifiers of one type are weighed from now on.' })
export class SetIdentifierRuleInput {
  @Field(() => CustomerIdentifierType, { description: 'The type it is about.' })
  type: CustomerIdentifierType;

  @Field(() => Int, {
    description: '1 (the strongest) to 99. Where two types have the same, the order of the types decides.',
  })
  priority: number;

  @Field(() => Int, { description: 'How many one customer may have within the window: 1 to 1,000.' })
  limit: number;

  @Field(() => Int, { nullable: true, description: '1 to 3,650 days; left out, all of them count.' })
  windowDays?: number | null;

  @Field(() => String, { description: 'Why; kept in the audit log. 1 to 500 characters.' })
  reason: string;
}

@ObjectType({ description: 'The rules after the change.' })
export class SetIdentifierRulePayload {
  @Field(() => [IdentifierRule], { nullable: true, description: 'All rules, the strongest first.' })
  rules?: IdentifierRule[] | null;

  @Field(() => [UserError], { description: 'Why the rule was not set.' })
  errors: UserError[];
}

@ObjectType({ description: 'A value that identifies nobody, such as the mailbox of the shop.' })
export class BlockedIdentifier {
  @Field(() => CustomerIdentifierType, { description: 'What kind it is.' })
  type: string;

  @Field(() => String, { description: 'Its normal form.' })
  value: string;

  @Field(() => String, { description: 'Why it is blocked.' })
  reason: string;

  @Field(() => String, { description: 'Who blocked it.' })
  setBy: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was blocked.' })
  setAt: Date;
}

@InputType({ description: 'A value that is blocked, or not any more.' })
export class BlockIdentifierInput {
  @Field(() => CustomerIdentifierType, { description: 'What kind it is.' })
  type: CustomerIdentifierType;

  @Field(() => String, { description: 'The value as it was given; it is normalised.' })
  value: string;

  @Field(() => String, { description: 'Why; kept in the audit log. 1 to 500 characters.' })
  reason: string;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 3166 country in which telephone numbers without +code are read.',
  })
  country?: string | null;
}

@ObjectType({ description: 'The value after the change.' })
export class BlockIdentifierPayload {
  @Field(() => BlockedIdentifier, { nullable: true, description: 'The value.' })
  blocked?: BlockedIdentifier | null;

  @Field(() => [UserError], { description: 'Why nothing was changed.' })
  errors: UserError[];
}
