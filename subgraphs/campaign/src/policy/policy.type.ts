import { Channel, connection, GraphQLDateTimeISO, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { MessagePurpose } from '../messages/message.type.ts';

@ObjectType({ description: 'How much room a cap leaves for one customer.' })
export class CapUsage {
  @Field(() => Channel, { nullable: true, description: 'The channel; empty for all push channels together.' })
  channel: string | null;

  @Field(() => Int, { description: 'Marketing contacts that reached her within the days.' })
  used: number;

  @Field(() => Int, { description: 'At most this many.' })
  max: number;

  @Field(() => Int, { description: 'In this many days.' })
  days: number;
}

@ObjectType({ description: 'How full she is of us.' })
export class ContactSaturation {
  @Field(() => Float, {
    description: '0 not at all, 1 as much as the caps allow; contacts fade with a half-life of three days.',
  })
  score: number;

  @Field(() => [CapUsage], { description: 'Each cap, and how much of it is used up.' })
  caps: CapUsage[];
}

@ObjectType({
  description:
    'One time that somebody asked whether she may be contacted, with the answer: the reason for a message, and for a silence.',
})
export class ContactAttempt {
  @Field(() => ID, { description: 'Id of the attempt.' })
  id: string;

  @Field(() => Channel, { description: 'Where.' })
  channel: string;

  @Field(() => MessagePurpose, { description: 'Why.' })
  purpose: string;

  @Field(() => String, { description: 'allow, defer or deny.' })
  decision: string;

  @Field(() => String, {
    description:
      'The rule that decided: allowed, address, suppressed, consent, open-case, cap, quiet-hours, repeat or expired.',
  })
  rule: string;

  @Field(() => String, { description: 'The answer in a sentence.' })
  reason: string;

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When it will be asked again, where it was put off.',
  })
  notBefore: Date | null;

  @Field(() => String, { description: 'Who wanted to contact her.' })
  actor: string;

  @Field(() => ID, { nullable: true, description: 'The message.' })
  messageId: string | null;

  @Field(() => ID, { nullable: true, description: 'The campaign.' })
  campaignId: string | null;

  @Field(() => Boolean, { description: 'It reached her, so it counts for the caps.' })
  reached: boolean;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  at: Date;
}

@ObjectType({ description: 'A page of contact attempts.' })
export class ContactAttemptConnection extends connection('ContactAttempt', () => ContactAttempt) {}

@InputType({ description: 'A cap on marketing contacts.' })
export class SetContactCapInput {
  @Field(() => Channel, { nullable: true, description: 'The channel; empty for all push channels together.' })
  channel?: string | null;

  @Field(() => Int, { description: 'At most this many; 0 forbids marketing there.' })
  max: number;

  @Field(() => Int, { description: 'In this many days, 1 to 90.' })
  days: number;
}

@ObjectType({ description: 'A cap on marketing contacts.' })
export class ContactCap {
  @Field(() => Channel, { nullable: true, description: 'The channel; empty for all push channels together.' })
  channel: string | null;

  @Field(() => Int, { description: 'At most this many.' })
  max: number;

  @Field(() => Int, { description: 'In this many days.' })
  days: number;
}

@ObjectType({ description: 'Result of setContactCap.' })
export class ContactCapPayload {
  @Field(() => [ContactCap], { nullable: true, description: 'All caps as they stand now.' })
  caps: ContactCap[] | null;

  @Field(() => [UserError], { description: 'What the caller can put right.' })
  errors: UserError[];
}
