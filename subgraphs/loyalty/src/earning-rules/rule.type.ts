import { Channel, connection, GraphQLDateTimeISO, JSONScalar, Money, SafeInt, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum EarningEffect {
  PER_AMOUNT = 'per-amount',
  FIXED = 'fixed',
  MULTIPLIER = 'multiplier',
}
registerEnumType(EarningEffect, {
  name: 'EarningEffect',
  description:
    'PER_AMOUNT: points per 100 minor units. FIXED: points. MULTIPLIER: by how much the points per amount grow, 1 doubles them.',
});

export enum EarningRuleStatus {
  DRAFT = 'draft',
  LIVE = 'live',
  PAUSED = 'paused',
  RETIRED = 'retired',
}
registerEnumType(EarningRuleStatus, {
  name: 'EarningRuleStatus',
  description: 'Where a version of an earning rule stands.',
});

export enum CapPeriod {
  DAY = 'day',
  WEEK = 'week',
  MONTH = 'month',
  YEAR = 'year',
  EVER = 'ever',
}
registerEnumType(CapPeriod, {
  name: 'EarningCapPeriod',
  description: 'The period over which a cap per customer counts, in the time zone of the programme.',
});

@ObjectType({ description: 'A version of an earning rule.' })
export class EarningRuleVersion {
  @Field(() => ID, { description: 'Id of this version.' })
  id: string;

  @Field(() => String, { description: 'The same over all versions.' })
  code: string;

  @Field(() => Int, { description: 'Counts up with every draft.' })
  version: number;

  @Field(() => String, { description: 'What it is for.' })
  name: string;

  @Field(() => EarningRuleStatus, { description: 'Where it stands.' })
  status: EarningRuleStatus;

  @Field(() => String, { description: 'What it looks at: order, answer, review, store_visit …' })
  trigger: string;

  @Field(() => String, { description: 'CEL; empty for always.' })
  condition: string;

  @Field(() => EarningEffect, { description: 'How `value` is meant.' })
  effect: EarningEffect;

  @Field(() => Float, { description: 'How much it gives.' })
  value: number;

  @Field(() => String, { description: 'Code of the point currency.' })
  currency: string;

  @Field(() => Int, { description: 'Higher first.' })
  priority: number;

  @Field(() => Boolean, { description: 'Of exclusive rules only the first that applies counts.' })
  exclusive: boolean;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From when.' })
  startsAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when.' })
  endsAt: Date | null;

  @Field(() => [ID], { description: 'Only in these stores; empty for everywhere.' })
  storeIds: string[];

  @Field(() => [String], { description: 'Only in these channels, as events name them; empty for all.' })
  channels: string[];

  @Field(() => [String], { description: 'Only for these tiers; empty for all.' })
  tiers: string[];

  @Field(() => Int, { description: 'Days that the points stay pending.' })
  pendingDays: number;

  @Field(() => Int, { nullable: true, description: 'Days that the points live; null for what the currency says.' })
  livesDays: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Cap of points per customer and period.' })
  capPerCustomer: number | null;

  @Field(() => CapPeriod, { nullable: true, description: 'The period of the cap.' })
  capPeriod: CapPeriod | null;

  @Field(() => SafeInt, { nullable: true, description: 'Cap of points over all customers.' })
  capTotal: number | null;

  @Field(() => Boolean, { description: 'Counts towards the tier.' })
  qualifies: boolean;

  @Field(() => ID, { nullable: true, description: 'The store whose budget bears it; null for the programme.' })
  budgetStoreId: string | null;
}

@InputType({ description: 'An earning rule as it is to be.' })
export class EarningRuleDraft {
  @Field(() => String, {
    description:
      'Its code: lower-case letters, digits and dashes. The code of a rule that exists makes a new version of it.',
  })
  code: string;

  @Field(() => String, { description: 'What it is for. Up to 200 characters.' })
  name: string;

  @Field(() => String, {
    description:
      'What it looks at: order, answer, review, profile-completed, or a kind of tracked event such as store_visit.',
  })
  trigger: string;

  @Field(() => String, {
    defaultValue: '',
    description:
      'CEL, for example line.category == "shoes" && customer.tier in ["gold"]. On orders it is asked line by line and knows order, line, customer and at; on anything else facts, customer and at.',
  })
  condition: string;

  @Field(() => EarningEffect, { description: 'How `value` is meant.' })
  effect: EarningEffect;

  @Field(() => Float, { description: 'How much it gives; more than zero.' })
  value: number;

  @Field(() => String, { defaultValue: 'points', description: 'Code of the point currency.' })
  currency: string;

  @Field(() => Int, { defaultValue: 0, description: 'Higher first.' })
  priority: number;

  @Field(() => Boolean, { defaultValue: false, description: 'Of exclusive rules only the first that applies counts.' })
  exclusive: boolean;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From when.' })
  startsAt?: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when.' })
  endsAt?: Date | null;

  @Field(() => [ID], { defaultValue: [], description: 'Only in these stores.' })
  storeIds: string[];

  @Field(() => [Channel], { defaultValue: [], description: 'Only in these channels.' })
  channels: Channel[];

  @Field(() => [String], { defaultValue: [], description: 'Only for these tiers.' })
  tiers: string[];

  @Field(() => Int, { defaultValue: 0, description: 'Days that the points stay pending: 0 to 365.' })
  pendingDays: number;

  @Field(() => Int, { nullable: true, description: 'Days that the points live; else what the currency says.' })
  livesDays?: number | null;

  @Field(() => SafeInt, { nullable: true, description: 'Cap of points per customer and period; needs `capPeriod`.' })
  capPerCustomer?: number | null;

  @Field(() => CapPeriod, { nullable: true, description: 'The period of the cap.' })
  capPeriod?: CapPeriod | null;

  @Field(() => SafeInt, { nullable: true, description: 'Cap of points over all customers.' })
  capTotal?: number | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Counts towards the tier.' })
  qualifies: boolean;
}

@InputType({ description: 'A rule to draft: nothing is earned by it until it goes live.' })
export class DraftEarningRuleInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => EarningRuleDraft, { description: 'The rule.' })
  rule: EarningRuleDraft;
}

@InputType({ description: 'A version of a rule and where it is to stand.' })
export class ChangeEarningRuleInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the version.' })
  ruleId: string;

  @Field(() => EarningRuleStatus, { description: 'LIVE retires the version that is live; DRAFT is not possible.' })
  status: EarningRuleStatus;

  @Field(() => String, { nullable: true, description: 'Why: up to 200 characters, kept with the change.' })
  reason?: string | null;
}

@ObjectType({ description: 'A version of a rule was put live, paused or retired.' })
export class EarningRuleChange {
  @Field(() => ID, { description: 'Id of the version.' })
  ruleId: string;

  @Field(() => Int, { description: 'Number of the version.' })
  version: number;

  @Field(() => EarningRuleStatus, { description: 'Where it stood before.' })
  from: EarningRuleStatus;

  @Field(() => EarningRuleStatus, { description: 'Where it stood from then on.' })
  to: EarningRuleStatus;

  @Field(() => String, { nullable: true, description: 'Why, if it was said.' })
  reason: string | null;

  @Field(() => String, { description: 'Subject of the token that did it; `trenza` for what time alone did.' })
  by: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When.' })
  at: Date;
}

@ObjectType({ description: 'The version of the rule.' })
export class EarningRulePayload {
  @Field(() => EarningRuleVersion, { nullable: true, description: 'As it stands now.' })
  rule: EarningRuleVersion | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@ObjectType({ description: 'What a rule would have given in one group of occasions.' })
export class EarningSimulationGroup {
  @Field(() => String, { description: 'The store, tier, channel or day.' })
  key: string;

  @Field(() => Int, { description: 'Occasions that would have earned.' })
  awards: number;

  @Field(() => SafeInt, { description: 'Points.' })
  points: number;
}

@ObjectType({ description: 'How often a rule would have said a reason.' })
export class EarningReasonCount {
  @Field(() => String, { description: 'The reason: awarded, capped, condition-false …' })
  reason: string;

  @Field(() => Int, { description: 'Occasions.' })
  occasions: number;
}

@ObjectType({ description: 'What a rule would have given over what really happened.' })
export class EarningSimulation {
  @Field(() => Int, { description: 'Occasions of its trigger in the period.' })
  occasions: number;

  @Field(() => Boolean, { description: 'There were more occasions than are looked at: the oldest are missing.' })
  truncated: boolean;

  @Field(() => Int, { description: 'Occasions that would have earned.' })
  awards: number;

  @Field(() => Int, { description: 'Customers who would have earned.' })
  customers: number;

  @Field(() => SafeInt, { description: 'Points.' })
  points: number;

  @Field(() => SafeInt, { description: 'Points that the live version of the same rule gave over the same occasions.' })
  pointsOfLiveVersion: number;

  @Field(() => Money, { nullable: true, description: 'What the points are worth; null where they pay for nothing.' })
  cost: Money | null;

  @Field(() => [EarningReasonCount], { description: 'Why it gave, or did not.' })
  reasons: EarningReasonCount[];

  @Field(() => [EarningSimulationGroup], { description: 'By store, the most points first: up to 20.' })
  byStore: EarningSimulationGroup[];

  @Field(() => [EarningSimulationGroup], { description: 'By tier at that time.' })
  byTier: EarningSimulationGroup[];

  @Field(() => [EarningSimulationGroup], { description: 'By day, the oldest first.' })
  byDay: EarningSimulationGroup[];

  @Field(() => [EarningSimulationGroup], { description: 'The customers who would have earned most: up to 20.' })
  topCustomers: EarningSimulationGroup[];
}

@ObjectType({ description: 'What one rule gave on one occasion, and why.' })
export class EarningOutcome {
  @Field(() => ID, { description: 'Id of the version of the rule.' })
  ruleId: string;

  @Field(() => String, { nullable: true, description: 'Code of the rule.' })
  ruleCode: string | null;

  @Field(() => SafeInt, { description: 'Points it gave.' })
  points: number;

  @Field(() => String, { description: 'Why it gave them, or none.' })
  reason: string;
}

@ObjectType({ description: 'Something that could earn, and what became of it.' })
export class EarningDecision {
  @Field(() => ID, { description: 'What it was, for example order:… or answer:…' })
  source: string;

  @Field(() => String, { description: 'Its kind.' })
  trigger: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it happened.' })
  occurredAt: Date;

  @Field(() => JSONScalar, { description: 'What the conditions could see.' })
  facts: unknown;

  @Field(() => [EarningOutcome], { description: 'Every rule of its trigger, in the order in which they were asked.' })
  outcomes: EarningOutcome[];
}

@ObjectType({ description: 'A page of earning decisions, the newest first.' })
export class EarningDecisionConnection extends connection('EarningDecision', () => EarningDecision) {}
