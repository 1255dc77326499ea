import { GraphQLDateTimeISO, SafeInt, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { EarningRuleDraft } from '../earning-rules/rule.type.ts';
import { RewardKind } from '../rewards/reward.type.ts';

export enum LocalProgrammeStatus {
  PROPOSED = 'proposed',
  LIVE = 'live',
  REJECTED = 'rejected',
  ENDED = 'ended',
}
registerEnumType(LocalProgrammeStatus, {
  name: 'LocalProgrammeStatus',
  description: 'Where a local programme stands.',
});

@ObjectType({
  description:
    'A programme that a store runs by itself: a rule or a reward, within the guard-rails, out of its budget.',
})
export class LocalProgramme {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => ID, { description: 'The store.' })
  storeId: string;

  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => ID, { nullable: true, description: 'Its earning rule.' })
  ruleId: string | null;

  @Field(() => ID, { nullable: true, description: 'Its reward.' })
  rewardId: string | null;

  @Field(() => SafeInt, { description: 'Points that it may give.' })
  budget: number;

  @Field(() => SafeInt, { description: 'Points that it has given.' })
  spent: number;

  @Field(() => LocalProgrammeStatus, { description: 'Where it stands.' })
  status: LocalProgrammeStatus;

  @Field(() => GraphQLDateTimeISO, { description: 'From when.' })
  startsAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'Until when.' })
  endsAt: Date;

  @Field(() => String, { nullable: true, description: 'Why it was agreed to, or not.' })
  decisionReason: string | null;
}

@ObjectType({ description: 'What a store may give away, in points.' })
export class StoreLoyaltyBudget {
  @Field(() => ID, { description: 'The store.' })
  storeId: string;

  @Field(() => SafeInt, { description: 'Not promised yet.' })
  available: number;

  @Field(() => SafeInt, { description: 'Promised by programmes that run, and not given yet.' })
  reserved: number;
}

@ObjectType({ description: 'Days on which nothing local runs.' })
export class ClosedSeason {
  @Field(() => String, { description: 'First day, for example 2026-11-23.' })
  from: string;

  @Field(() => String, { description: 'Last day.' })
  to: string;

  @Field(() => String, { description: 'Why.' })
  why: string;
}

@ObjectType({ description: 'What is set centrally for the programmes of stores.' })
export class LoyaltyGuardRails {
  @Field(() => [String], { description: 'What local rules may look at.' })
  triggers: string[];

  @Field(() => [RewardKind], { description: 'Kinds of local rewards.' })
  rewardKinds: RewardKind[];

  @Field(() => SafeInt, { description: 'The most a fixed rule gives.' })
  maxFixed: number;

  @Field(() => Float, { description: 'The most a rule gives per 100 minor units, or by which it multiplies.' })
  maxPerAmount: number;

  @Field(() => SafeInt, { description: 'The most a reward costs.' })
  maxRewardPoints: number;

  @Field(() => Int, { description: 'The longest it runs.' })
  maxDays: number;

  @Field(() => SafeInt, { description: 'The largest budget.' })
  maxBudget: number;

  @Field(() => [ClosedSeason], { description: 'Days on which nothing local runs.' })
  closed: ClosedSeason[];

  @Field(() => [String], { description: 'Words that the brand does not use.' })
  bannedWords: string[];
}

@InputType({ description: 'Days on which nothing local runs.' })
export class ClosedSeasonInput {
  @Field(() => String, { description: 'First day, for example 2026-11-23.' })
  from: string;

  @Field(() => String, { description: 'Last day.' })
  to: string;

  @Field(() => String, { description: 'Why.' })
  why: string;
}

@InputType({ description: 'What is set centrally for the programmes of stores.' })
export class ConfigureGuardRailsInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => [String], { description: 'What local rules may look at.' })
  triggers: string[];

  @Field(() => [RewardKind], { description: 'Kinds of local rewards.' })
  rewardKinds: RewardKind[];

  @Field(() => SafeInt, { description: 'The most a fixed rule gives.' })
  maxFixed: number;

  @Field(() => Float, { description: 'The most a rule gives per 100 minor units, or by which it multiplies.' })
  maxPerAmount: number;

  @Field(() => SafeInt, { description: 'The most a reward costs.' })
  maxRewardPoints: number;

  @Field(() => Int, { description: 'The longest it runs: 1 to 366 days.' })
  maxDays: number;

  @Field(() => SafeInt, { description: 'The largest budget.' })
  maxBudget: number;

  @Field(() => [ClosedSeasonInput], { defaultValue: [], description: 'Days on which nothing local runs.' })
  closed: ClosedSeasonInput[];

  @Field(() => [String], { defaultValue: [], description: 'Words that the brand does not use.' })
  bannedWords: string[];
}

@ObjectType({ description: 'The guard-rails as they are now.' })
export class ConfigureGuardRailsPayload {
  @Field(() => LoyaltyGuardRails, { nullable: true, description: 'The guard-rails.' })
  guardRails: LoyaltyGuardRails | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'A reward that a store proposes.' })
export class LocalRewardInput {
  @Field(() => String, { description: 'Its name, as customers read it.' })
  name: string;

  @Field(() => String, { defaultValue: '', description: 'What it is.' })
  description: string;

  @Field(() => RewardKind, { description: 'PRODUCT or EXPERIENCE, or what the guard-rails allow.' })
  kind: RewardKind;

  @Field(() => SafeInt, { description: 'Points it costs, and takes from the budget.' })
  points: number;

  @Field(() => Float, { nullable: true, description: 'Per cent it takes off an order.' })
  discountPercent?: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'How many there are.' })
  stock?: number | null;

  @Field(() => Int, { nullable: true, description: 'How often one customer can have it.' })
  perCustomer?: number | null;
}

@InputType({ description: 'What a store wishes to run: a rule or a reward.' })
export class ProposeLocalProgrammeInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The store.' })
  storeId: string;

  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => GraphQLDateTimeISO, { description: 'From when.' })
  startsAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'Until when.' })
  endsAt: Date;

  @Field(() => SafeInt, { description: 'Points that it may give.' })
  budget: number;

  @Field(() => EarningRuleDraft, { nullable: true, description: 'The rule; store, dates and code are set for you.' })
  rule?: EarningRuleDraft | null;

  @Field(() => LocalRewardInput, { nullable: true, description: 'The reward.' })
  reward?: LocalRewardInput | null;
}

@InputType({ description: 'A decision about a proposal.' })
export class DecideLocalProgrammeInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the local programme.' })
  id: string;

  @Field(() => Boolean, { description: 'Whether it may run.' })
  approved: boolean;

  @Field(() => String, { description: 'Why, as the store will read it.' })
  reason: string;
}

@InputType({ description: 'A local programme to end now.' })
export class EndLocalProgrammeInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the local programme.' })
  id: string;

  @Field(() => ID, { description: 'The store that runs it.' })
  storeId: string;
}

@ObjectType({ description: 'The local programme.' })
export class LocalProgrammePayload {
  @Field(() => LocalProgramme, { nullable: true, description: 'As it stands now.' })
  localProgramme: LocalProgramme | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'A budget for a store.' })
export class AllocateStoreBudgetInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The store.' })
  storeId: string;

  @Field(() => SafeInt, { description: 'Points.' })
  points: number;

  @Field(() => String, { description: 'Why.' })
  reason: string;
}

@InputType({ description: 'Unspent budget for another store.' })
export class MoveStoreBudgetInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'The store that gives.' })
  fromStoreId: string;

  @Field(() => ID, { description: 'The store that gets.' })
  toStoreId: string;

  @Field(() => SafeInt, { description: 'Points.' })
  points: number;

  @Field(() => String, { description: 'Why.' })
  reason: string;
}

@ObjectType({ description: 'The budgets that changed.' })
export class StoreBudgetPayload {
  @Field(() => [StoreLoyaltyBudget], { nullable: true, description: 'As they are now.' })
  budgets: StoreLoyaltyBudget[] | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}
