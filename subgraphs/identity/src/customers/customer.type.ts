import { Channel, connection, GraphQLDateTimeISO, JSONScalar, UserError } from '@trenza/values';
import { Directive, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum CustomerState {
  VISITOR = 'visitor',
  PROSPECT = 'prospect',
  ONE_TIME_BUYER = 'one-time-buyer',
  CUSTOMER = 'customer',
}
registerEnumType(CustomerState, {
  name: 'CustomerState',
  description: 'How far somebody has come with us.',
  valuesConfig: {
    VISITOR: { description: 'Seen, but not known by name, address or card.' },
    PROSPECT: { description: 'Known, without a purchase.' },
    ONE_TIME_BUYER: { description: 'One purchase.' },
    CUSTOMER: { description: 'Two purchases or more.' },
  },
});

export enum CustomerContact {
  EMAIL = 'email',
  PHONE = 'phone',
  ADDRESS = 'address',
}
registerEnumType(CustomerContact, { name: 'CustomerContact', description: 'A way to reach a customer.' });

@ObjectType({ description: 'A value of an attribute and where it comes from.' })
export class AttributeValue {
  @Field(() => JSONScalar, { description: 'The value.' })
  value: unknown;

  @Field(() => String, { description: 'The system that said so.' })
  source: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was first said.' })
  firstAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was last said.' })
  lastAt: Date;

  @Field(() => Float, { description: 'How sure the source was, 0 to 1.' })
  confidence: number;

  @Field(() => Int, { description: 'How often it was said.' })
  times: number;
}

@ObjectType({
  description: 'What is known of one property of a customer: the value that counts, and the ones that lost.',
})
export class CustomerAttribute {
  @Field(() => String, { description: 'The property, such as city.' })
  name: string;

  @Field(() => JSONScalar, { description: 'The value that counts.' })
  value: unknown;

  @Field(() => String, { description: 'The rule by which it won: recent, frequent, trusted or confident.' })
  rule: string;

  @Field(() => AttributeValue, { description: 'The value that counts, with its source, time and confidence.' })
  winner: AttributeValue;

  @Field(() => [AttributeValue], { description: 'Values that lost, the best first. Nothing is thrown away.' })
  losers: AttributeValue[];
}

@ObjectType({ description: 'From when to when she does not want to be disturbed, in her own time zone.' })
export class QuietHours {
  @Field(() => String, { description: 'HH:MM' })
  from: string;

  @Field(() => String, { description: 'HH:MM; earlier than `from` means the next day.' })
  to: string;
}

@ObjectType({ description: 'How a customer likes to be spoken to.' })
export class CustomerPreferences {
  @Field(() => Channel, { nullable: true, description: 'The channel she prefers.' })
  preferredChannel: string | null;

  @Field(() => String, { nullable: true, description: 'Her language, such as es or pt-BR.' })
  language: string | null;

  @Field(() => String, { nullable: true, description: 'Her time zone, such as Europe/Madrid.' })
  timeZone: string | null;

  @Field(() => QuietHours, { nullable: true, description: 'When she does not want to be disturbed.' })
  quietHours: QuietHours | null;
}

@ObjectType({
  description:
    'Somebody whom the retailer meets: visitor, prospect, buyer or member. She is made of the profiles under which she was seen.',
})
@Directive('@key(fields: "id")')
export class Customer {
  @Field(() => ID, { description: 'The id of her oldest profile. Every id she ever had leads to her.' })
  id: string;
}

@ObjectType({ description: 'A page of customers.' })
export class CustomerConnection extends connection('Customer', () => Customer) {}

@ObjectType({ description: 'How many people there are of each state.' })
export class CustomerCount {
  @Field(() => CustomerState, { description: 'The state.' })
  state: string;

  @Field(() => Int, { description: 'How many people are in it.' })
  count: number;
}

@InputType({ description: 'Several customers that are one person.' })
export class MergeCustomersInput {
  @Field(() => ID, { description: 'One of them. The oldest keeps its id, whichever is named here.' })
  into: string;

  @Field(() => [ID], { description: 'The others, up to 50.' })
  merge: string[];

  @Field(() => String, { description: 'Why this is one person; kept with the merge.' })
  reason: string;
}

@InputType({ description: 'A customer who is several people.' })
export class UnmergeCustomersInput {
  @Field(() => ID, { description: 'The customer as she is now.' })
  customerId: string;

  @Field(() => [ID], {
    description: 'Who comes out: the id of a customer that was merged (with everything she had), or of a profile.',
  })
  restore: string[];

  @Field(() => String, { description: 'Why these are several people; kept with the decision.' })
  reason: string;
}

@ObjectType({ description: 'The customer after the merge.' })
export class MergeCustomersPayload {
  @Field(() => Customer, { nullable: true, description: 'The one customer.' })
  customer?: Customer | null;

  @Field(() => [UserError], { description: 'Why they were not merged.' })
  errors: UserError[];
}

@ObjectType({ description: 'The customers after they were taken apart.' })
export class UnmergeCustomersPayload {
  @Field(() => Customer, { nullable: true, description: 'The customer out of whom the others came.' })
  customer?: Customer | null;

  @Field(() => [Customer], { nullable: true, description: 'The customers who came out, as they were before.' })
  restored?: Customer[] | null;

  @Field(() => [UserError], { description: 'Why they were not taken apart.' })
  errors: UserError[];
}

@InputType({ description: 'Which value of an attribute counts.' })
export class SurvivorshipRuleInput {
  @Field(() => String, { description: 'The attribute, such as city.' })
  attribute: string;

  @Field(() => String, {
    description:
      'recent (last said), frequent (most often said), trusted (by the order of sources) or confident (surest source).',
  })
  strategy: string;

  @Field(() => [String], { nullable: true, description: 'For trusted: the sources, the most trusted first.' })
  sources?: string[] | null;
}

@ObjectType({ description: 'Which value of an attribute counts.' })
export class CustomerSurvivorshipRule {
  @Field(() => String, { description: 'The attribute.' })
  attribute: string;

  @Field(() => String, { description: 'recent, frequent, trusted or confident.' })
  strategy: string;

  @Field(() => [String], { description: 'For trusted: the sources, the most trusted first.' })
  sources: string[];
}

@ObjectType({ description: 'The rules after the change.' })
export class SurvivorshipRulePayload {
  @Field(() => [CustomerSurvivorshipRule], {
    nullable: true,
    description: 'All rules in force; attributes that are not here follow `recent`.',
  })
  rules?: CustomerSurvivorshipRule[] | null;

  @Field(() => [UserError], { description: 'Why the rule was not set.' })
  errors: UserError[];
}
