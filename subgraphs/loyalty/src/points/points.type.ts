import { Channel, connection, GraphQLDateTimeISO, Money, SafeInt, UserError } from '@trenza/values';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

const KEY =
  'A key of your own for this request. Repeating it returns the first result; the same key with another input is refused.';
const PROFILE = 'Any id of the customer: the profile under which it happened, or the customer id.';

@ObjectType({ description: 'What a customer holds in one point currency, by state.' })
export class PointBalance {
  @Field(() => String, { description: 'Code of the point currency.' })
  currency: string;

  @Field(() => SafeInt, {
    description:
      'Can be spent now. Negative while she owes more than she has, after returning goods whose points were spent.',
  })
  available: number;

  @Field(() => SafeInt, { description: 'Hers, but not to spend yet.' })
  pending: number;

  @Field(() => SafeInt, { description: 'Set aside for orders that are being paid.' })
  held: number;

  @Field(() => SafeInt, { description: 'Owed, and already taken off `available`.' })
  owed: number;

  /** Whose it is; loads the fields that need more. */
  customerId: string;
}

@ObjectType({ description: 'One movement of points. The three changes add up to the balances.' })
export class PointMovement {
  @Field(() => ID, { description: 'Id of the transfer.' })
  id: string;

  @Field(() => String, {
    description: 'earn, unlock, expire, hold, release, capture, redeem, claw-back, give-back, settle-debt or adjust.',
  })
  kind: string;

  @Field(() => String, { description: 'Code of the point currency.' })
  currency: string;

  @Field(() => SafeInt, { description: 'How many points moved.' })
  points: number;

  @Field(() => SafeInt, { description: 'Change of what can be spent.' })
  available: number;

  @Field(() => SafeInt, { description: 'Change of what is pending.' })
  pending: number;

  @Field(() => SafeInt, { description: 'Change of what is held.' })
  held: number;

  @Field(() => GraphQLDateTimeISO, {
    description: 'When it took effect: what could be spent before is not changed by it.',
  })
  occurredAt: Date;

  @Field(() => GraphQLDateTimeISO, {
    description: 'When what it is about happened: goods may have been returned days before word of it came.',
  })
  happenedAt: Date;

  @Field(() => ID, { nullable: true, description: 'The order it was about.' })
  orderId: string | null;

  @Field(() => ID, { nullable: true, description: 'The earning rule that gave it.' })
  ruleId: string | null;

  @Field(() => ID, { nullable: true, description: 'The store in which it happened.' })
  storeId: string | null;

  @Field(() => Channel, { nullable: true, description: 'The channel in which it happened.' })
  channel: Channel | null;

  @Field(() => String, { nullable: true, description: 'Why: the code of a rule, or the words of a person.' })
  reason: string | null;
}

@ObjectType({ description: 'A page of point movements, the newest first.' })
export class PointMovementConnection extends connection('PointMovement', () => PointMovement) {}

@ObjectType({ description: 'How far points pay for an order. Nothing is set aside by it: holdPoints does that.' })
export class PointsQuote {
  @Field(() => SafeInt, { description: 'Points that can be spent on it: as many as she has, and as it costs.' })
  points: number;

  @Field(() => Money, { description: 'What they pay.' })
  value: Money;

  @Field(() => Money, { description: 'What is left to pay in money.' })
  rest: Money;

  @Field(() => SafeInt, { description: 'Points that she has.' })
  available: number;
}

@InputType({ description: 'Points given for a reason that no rule knows.' })
export class EarnPointsInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: PROFILE })
  profileId: string;

  @Field(() => SafeInt, { description: 'How many, at least 1.' })
  points: number;

  @Field(() => String, { defaultValue: 'points', description: 'Code of the point currency.' })
  currency: string;

  @Field(() => String, { description: 'Why, as the customer will read it. Up to 200 characters.' })
  reason: string;

  @Field(() => Int, { nullable: true, description: 'They stay pending for so many days.' })
  pendingDays?: number | null;

  @Field(() => ID, { nullable: true, description: 'The store in which it happens.' })
  storeId?: string | null;

  @Field(() => Channel, { nullable: true, description: 'The channel in which it happens.' })
  channel?: Channel | null;
}

@ObjectType({ description: 'The points that were given.' })
export class EarnPointsPayload {
  @Field(() => ID, { nullable: true, description: 'Id of the transfer.' })
  transferId: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'How many.' })
  points: number | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When they expire.' })
  expiresAt: Date | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'Points to set aside for an order that is being paid.' })
export class HoldPointsInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: PROFILE })
  profileId: string;

  @Field(() => SafeInt, { description: 'How many, at least 1.' })
  points: number;

  @Field(() => String, { defaultValue: 'points', description: 'Code of the point currency.' })
  currency: string;

  @Field(() => ID, { nullable: true, description: 'The order, if it has an id already.' })
  orderId?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Minutes until they are let go: 15 if you say nothing, 1440 at most.',
  })
  minutes?: number | null;
}

@ObjectType({ description: 'Points set aside, and the promise of it.' })
export class HoldPointsPayload {
  @Field(() => ID, { nullable: true, description: 'Id of the hold.' })
  holdId: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'How many points are set aside.' })
  points: number | null;

  @Field(() => Money, { nullable: true, description: 'What they pay for.' })
  value: Money | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When they are let go.' })
  expiresAt: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Signed: pass it to the checkout, which verifies it without asking here.',
  })
  promise: string | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'Held points that have been spent.' })
export class CaptureHoldInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the hold.' })
  holdId: string;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'Fewer than were held: the rest goes back. All if you say nothing.',
  })
  points?: number | null;

  @Field(() => ID, { nullable: true, description: 'The order they paid.' })
  orderId?: string | null;
}

@InputType({ description: 'Held points that are not wanted.' })
export class VoidHoldInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the hold.' })
  holdId: string;

  @Field(() => String, { defaultValue: 'not needed', description: 'Why.' })
  reason: string;
}

@ObjectType({ description: 'What became of a hold.' })
export class CloseHoldPayload {
  @Field(() => ID, { nullable: true, description: 'Id of the hold.' })
  holdId: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'Points that were captured, or that went back.' })
  points: number | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'Points to spend at once.' })
export class RedeemPointsInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: PROFILE })
  profileId: string;

  @Field(() => SafeInt, { description: 'How many, at least 1.' })
  points: number;

  @Field(() => String, { defaultValue: 'points', description: 'Code of the point currency.' })
  currency: string;

  @Field(() => ID, { nullable: true, description: 'The order they pay.' })
  orderId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The store in which it happens.' })
  storeId?: string | null;

  @Field(() => Channel, { nullable: true, description: 'The channel in which it happens.' })
  channel?: Channel | null;

  @Field(() => String, { nullable: true, description: 'What for. Up to 200 characters.' })
  reason?: string | null;
}

@ObjectType({ description: 'The points that were spent.' })
export class RedeemPointsPayload {
  @Field(() => ID, { nullable: true, description: 'Names this redemption when it is cancelled.' })
  redemptionId: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'How many.' })
  points: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'What can still be spent.' })
  balance: number | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'A redemption to undo, in whole or in part.' })
export class CancelRedemptionInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the redemption.' })
  redemptionId: string;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'How many points go back; all that have not yet if you say nothing.',
  })
  points?: number | null;

  @Field(() => String, { description: 'Why. Up to 200 characters.' })
  reason: string;
}

@ObjectType({ description: 'The points that went back to their lots.' })
export class CancelRedemptionPayload {
  @Field(() => ID, { nullable: true, description: 'Id of the redemption.' })
  redemptionId: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'How many.' })
  points: number | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'A correction by a person.' })
export class AdjustPointsInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: PROFILE })
  profileId: string;

  @Field(() => SafeInt, { description: 'Positive gives, negative takes.' })
  points: number;

  @Field(() => String, { defaultValue: 'points', description: 'Code of the point currency.' })
  currency: string;

  @Field(() => String, { description: 'Why. Up to 200 characters.' })
  reason: string;
}

@ObjectType({ description: 'The correction that was made.' })
export class AdjustPointsPayload {
  @Field(() => ID, { nullable: true, description: 'Id of the transfer.' })
  transferId: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'What can be spent now.' })
  balance: number | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}
