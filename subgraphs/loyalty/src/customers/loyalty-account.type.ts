import { GraphQLDateTimeISO, SafeInt } from '@trenza/values';
import { Field, ID, ObjectType } from 'type-graphql';
import { LoyaltyTier } from '../programme/programme.type.ts';

@ObjectType({ description: 'A change of tier.' })
export class LoyaltyTierChange {
  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  at: Date;

  @Field(() => String, { description: 'Code of the tier before.' })
  from: string;

  @Field(() => String, { description: 'Code of the tier after.' })
  to: string;

  @Field(() => String, { description: 'Why.' })
  reason: string;
}

@ObjectType({ description: 'Where a customer stands among the tiers, and why.' })
export class LoyaltyStanding {
  @Field(() => LoyaltyTier, { description: 'Her tier.' })
  tier: LoyaltyTier;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Since when; null where she never had another.' })
  since: Date | null;

  @Field(() => SafeInt, { description: 'What counts within the window now.' })
  qualifyingPoints: number;

  @Field(() => LoyaltyTier, {
    description: 'The tier that these points earn; lower than `tier` while she is in grace.',
  })
  earned: LoyaltyTier;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When she drops if nothing happens.' })
  graceUntil: Date | null;

  @Field(() => LoyaltyTier, { nullable: true, description: 'The next tier.' })
  next: LoyaltyTier | null;

  @Field(() => SafeInt, { nullable: true, description: 'Qualifying points to the next tier.' })
  pointsToNext: number | null;

  @Field(() => [LoyaltyTierChange], { description: 'How she came to where she is, the oldest change first.' })
  history: LoyaltyTierChange[];
}

@ObjectType({ description: 'Why an account is frozen.' })
export class LoyaltyFreeze {
  @Field(() => String, { description: 'The reason.' })
  reason: string;

  @Field(() => GraphQLDateTimeISO, { description: 'Since when.' })
  frozenAt: Date;
}

@ObjectType({ description: "A customer's loyalty: the sum over her profiles." })
export class LoyaltyAccount {
  @Field(() => ID, { description: 'Id of the customer.' })
  customerId: string;
}
