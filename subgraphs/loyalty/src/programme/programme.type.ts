import { SafeInt, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

@ObjectType({ description: 'A point currency of the programme.' })
export class LoyaltyCurrency {
  @Field(() => String, { description: 'Its code, as inputs name it.' })
  code: string;

  @Field(() => String, { description: 'Its name, as customers read it.' })
  name: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Minor units of money that one point pays for; null where it pays for nothing.',
  })
  valueMinor: number | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217 code of that money.' })
  moneyCurrency: string | null;

  @Field(() => Int, { nullable: true, description: 'Days that points live; null for ever.' })
  livesDays: number | null;

  @Field(() => Int, { description: 'Days that points live which come back after their lot expired.' })
  graceDays: number;

  @Field(() => String, {
    description: 'How far earned points are taken back on a return: pending-only, within-balance or allow-negative.',
  })
  clawBack: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How often one customer may spend within an hour; null without limit.',
  })
  spendingsPerHour: number | null;
}

@ObjectType({ description: 'A tier of the programme.' })
export class LoyaltyTier {
  @Field(() => ID, { description: 'Its code.' })
  code: string;

  @Field(() => String, { description: 'Its name, as customers read it.' })
  name: string;

  @Field(() => Int, { description: '0 is the lowest.' })
  rank: number;

  @Field(() => SafeInt, { description: 'Qualifying points needed within the window.' })
  threshold: number;

  @Field(() => [String], { description: 'What it brings.' })
  benefits: string[];
}

@ObjectType({ description: 'The loyalty programme: its currencies, tiers and live rules.' })
export class LoyaltyProgramme {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, { description: 'Its name, as customers read it.' })
  name: string;

  @Field(() => [LoyaltyCurrency], { description: 'Its point currencies.' })
  currencies: LoyaltyCurrency[];

  @Field(() => [LoyaltyTier], { description: 'Its tiers, the lowest first.' })
  tiers: LoyaltyTier[];
}

@ObjectType({ description: 'An account that contradicts its transfers or its lots.' })
export class BrokenLedgerAccount {
  @Field(() => ID, { nullable: true, description: 'The profile or the store it belongs to.' })
  ownerId: string | null;

  @Field(() => String, { description: 'Code of the point currency.' })
  currency: string;

  @Field(() => String, { description: 'Kind of the account.' })
  account: string;

  @Field(() => SafeInt, { description: 'What the account says.' })
  balance: number;

  @Field(() => SafeInt, { description: 'What its transfers sum to.' })
  transfers: number;

  @Field(() => SafeInt, { nullable: true, description: 'What its lots or open holds sum to.' })
  lots: number | null;
}

@ObjectType({ description: 'The proof of the ledger, on the live data.' })
export class LedgerIntegrity {
  @Field(() => Boolean, { description: 'Postings sum to zero, accounts to their transfers, and lots to accounts.' })
  sound: boolean;

  @Field(() => SafeInt, { description: 'Accounts looked at.' })
  accounts: number;

  @Field(() => SafeInt, { description: 'Transfers looked at.' })
  transfers: number;

  @Field(() => SafeInt, { description: 'Lots looked at.' })
  lots: number;

  @Field(() => SafeInt, { description: 'The sum of all postings: zero.' })
  sumOfPostings: number;

  @Field(() => [BrokenLedgerAccount], { description: 'Accounts that are not sound: up to 100.' })
  broken: BrokenLedgerAccount[];
}

export enum ClawBack {
  PENDING_ONLY = 'pending-only',
  WITHIN_BALANCE = 'within-balance',
  ALLOW_NEGATIVE = 'allow-negative',
}
registerEnumType(ClawBack, {
  name: 'LoyaltyClawBack',
  description: 'How far earned points are taken back when goods are returned.',
});

export enum TierWindow {
  ROLLING = 'rolling',
  CALENDAR = 'calendar',
  ANNIVERSARY = 'anniversary',
}
registerEnumType(TierWindow, { name: 'LoyaltyTierWindow', description: 'Over which time qualifying points count.' });

export enum TierDowngrade {
  TO_EARNED = 'to-earned',
  ONE_STEP = 'one-step',
}
registerEnumType(TierDowngrade, {
  name: 'LoyaltyTierDowngrade',
  description: 'How far a customer falls when her grace period is over.',
});

@InputType({ description: 'A point currency, new or changed.' })
export class ConfigurePointCurrencyInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => String, { description: 'Its code: lower-case letters, digits and dashes.' })
  code: string;

  @Field(() => String, { description: 'Its name, as customers read it.' })
  name: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Minor units of money that one point pays for; nothing if you say nothing.',
  })
  valueMinor?: number | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217 code of that money.' })
  moneyCurrency?: string | null;

  @Field(() => Int, { nullable: true, description: 'Days that points live; for ever if you say nothing.' })
  livesDays?: number | null;

  @Field(() => Int, { defaultValue: 30, description: 'Days that points live which come back after their lot expired.' })
  graceDays: number;

  @Field(() => ClawBack, {
    defaultValue: ClawBack.WITHIN_BALANCE,
    description: 'How far earned points are taken back on a return.',
  })
  clawBack: ClawBack;

  @Field(() => Int, {
    nullable: true,
    description: 'How often one customer may spend within an hour; without limit if you say nothing.',
  })
  spendingsPerHour?: number | null;
}

@InputType({ description: 'A tier of the ladder.' })
export class LoyaltyTierInput {
  @Field(() => String, { description: 'Its code.' })
  code: string;

  @Field(() => String, { description: 'Its name, as customers read it.' })
  name: string;

  @Field(() => SafeInt, { description: 'Qualifying points needed within the window; 0 for the first.' })
  threshold: number;

  @Field(() => [String], { defaultValue: [], description: 'What it brings.' })
  benefits: string[];
}

@InputType({ description: 'The ladder of tiers and how one climbs and falls.' })
export class ConfigureTiersInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => [LoyaltyTierInput], { description: 'The tiers, the lowest first.' })
  tiers: LoyaltyTierInput[];

  @Field(() => TierWindow, { description: 'Over which time qualifying points count.' })
  windowKind: TierWindow;

  @Field(() => Int, { defaultValue: 365, description: 'Days of a rolling window.' })
  windowDays: number;

  @Field(() => Int, { defaultValue: 30, description: 'Days for which a tier that is no longer earned is kept.' })
  graceDays: number;

  @Field(() => TierDowngrade, { defaultValue: TierDowngrade.ONE_STEP, description: 'How far she falls then.' })
  downgrade: TierDowngrade;

  @Field(() => String, { defaultValue: 'Europe/Madrid', description: 'Time zone of the calendar, IANA name.' })
  timeZone: string;
}

@ObjectType({ description: 'The programme as it is now.' })
export class LoyaltyProgrammePayload {
  @Field(() => LoyaltyProgramme, { nullable: true, description: 'The programme.' })
  programme: LoyaltyProgramme | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}
