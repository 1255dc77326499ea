import { connection, GraphQLDateTimeISO, JSONScalar, UserError } from '@trenza/values';
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';

export enum AbuseFlagStatus {
  OPEN = 'open',
  CONFIRMED = 'confirmed',
  DISMISSED = 'dismissed',
}
registerEnumType(AbuseFlagStatus, { name: 'AbuseFlagStatus', description: 'What a person decided about a flag.' });

@ObjectType({ description: 'Something that looks like abuse, for a person to decide on.' })
export class AbuseFlag {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, {
    description: 'split-purchases, return-churn, many-engagements, many-redemptions or staff-anomaly.',
  })
  kind: string;

  @Field(() => ID, { description: 'The profile, or the associate, it is about.' })
  profileId: string;

  @Field(() => JSONScalar, { description: 'What was seen.' })
  evidence: unknown;

  @Field(() => AbuseFlagStatus, { description: 'What was decided.' })
  status: AbuseFlagStatus;

  @Field(() => GraphQLDateTimeISO, { description: 'When it was raised.' })
  raisedAt: Date;
}

@ObjectType({ description: 'A page of flags, the newest first.' })
export class AbuseFlagConnection extends connection('AbuseFlag', () => AbuseFlag) {}

@InputType({ description: 'An account to freeze or to thaw.' })
export class FreezeAccountInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Any id of the customer.' })
  profileId: string;

  @Field(() => Boolean, { description: 'True freezes, false thaws.' })
  frozen: boolean;

  @Field(() => String, { description: 'Why. 1 to 200 characters.' })
  reason: string;
}

@ObjectType({ description: 'Whether the account is frozen.' })
export class FreezeAccountPayload {
  @Field(() => Boolean, { nullable: true, description: 'True where nothing can be spent.' })
  frozen: boolean | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'A decision about a flag.' })
export class DecideAbuseFlagInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the flag.' })
  flagId: string;

  @Field(() => AbuseFlagStatus, { description: 'CONFIRMED or DISMISSED.' })
  status: AbuseFlagStatus;
}

@ObjectType({ description: 'The flag.' })
export class DecideAbuseFlagPayload {
  @Field(() => AbuseFlag, { nullable: true, description: 'As it stands now.' })
  flag: AbuseFlag | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}
