import { Channel, connection, GraphQLDateTimeISO, Money, MoneyInput, SafeInt, UserError } from '@trenza/values';
import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum RewardKind {
  DISCOUNT = 'discount',
  VOUCHER = 'voucher',
  PRODUCT = 'product',
  EXPERIENCE = 'experience',
}
registerEnumType(RewardKind, {
  name: 'RewardKind',
  description: 'What a reward is: a percentage or money off, something to take home, or a time to be somewhere.',
});

export enum RewardStatus {
  DRAFT = 'draft',
  LIVE = 'live',
  PAUSED = 'paused',
  RETIRED = 'retired',
}
registerEnumType(RewardStatus, { name: 'RewardStatus', description: 'Where a reward stands.' });

@ObjectType({ description: 'A time and place of an experience.' })
export class RewardSlot {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => ID, { description: 'The store in which it takes place.' })
  storeId: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it begins.' })
  startsAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'When it ends.' })
  endsAt: Date;

  @Field(() => Int, { description: 'Places that are left.' })
  placesLeft: number;
}

@ObjectType({ description: 'Something that points are exchanged for.' })
export class LoyaltyReward {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, { description: 'Its name, as customers read it.' })
  name: string;

  @Field(() => String, { description: 'What it is.' })
  description: string;

  @Field(() => RewardKind, { description: 'Its kind.' })
  kind: RewardKind;

  @Field(() => RewardStatus, { description: 'Where it stands.' })
  status: RewardStatus;

  @Field(() => String, { description: 'Code of the point currency.' })
  currency: string;

  @Field(() => SafeInt, { description: 'Points it costs; 0 for what is given.' })
  points: number;

  @Field(() => Float, { nullable: true, description: 'Per cent it takes off an order.' })
  discountPercent: number | null;

  discountAmount: number | null;
  moneyCurrency: string | null;

  @Field(() => ID, { nullable: true, description: 'The product that is handed over.' })
  productId: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From when it is to be had.' })
  startsAt: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when it is to be had.' })
  endsAt: Date | null;

  @Field(() => [ID], { description: 'Only in these stores; empty for everywhere.' })
  storeIds: string[];

  @Field(() => [String], { description: 'Only for these tiers; empty for all.' })
  tiers: string[];

  @Field(() => SafeInt, { nullable: true, description: 'How many are left; null without end.' })
  stockLeft: number | null;

  @Field(() => Int, { nullable: true, description: 'How often one customer can have it; null without limit.' })
  perCustomer: number | null;

  @Field(() => Int, { description: 'Days for which its code is valid.' })
  validDays: number;
}

@ObjectType({ description: 'A code that proves a reward.' })
export class LoyaltyVoucher {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, { description: 'The code, as it is printed.' })
  code: string;

  @Field(() => LoyaltyReward, { description: 'The reward that it proves.' })
  reward: LoyaltyReward;

  @Field(() => String, { description: 'active, used, expired or cancelled.' })
  state: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when it is valid.' })
  expiresAt: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Signed: pass it to a checkout, which verifies it without asking here. Null where it takes nothing off an order or is not valid.',
  })
  promise: string | null;
}

@ObjectType({ description: 'A page of vouchers, the newest first.' })
export class LoyaltyVoucherConnection extends connection('LoyaltyVoucher', () => LoyaltyVoucher) {}

@InputType({ description: 'A reward, to begin with as a draft.' })
export class CreateRewardInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => String, { description: 'Its name, as customers read it.' })
  name: string;

  @Field(() => String, { defaultValue: '', description: 'What it is.' })
  description: string;

  @Field(() => RewardKind, { description: 'Its kind.' })
  kind: RewardKind;

  @Field(() => String, { defaultValue: 'points', description: 'Code of the point currency.' })
  currency: string;

  @Field(() => SafeInt, { description: 'Points it costs; 0 for what is given.' })
  points: number;

  @Field(() => Float, { nullable: true, description: 'Per cent it takes off an order.' })
  discountPercent?: number | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Money it takes off an order.' })
  discount?: MoneyInput | null;

  @Field(() => ID, { nullable: true, description: 'The product that is handed over.' })
  productId?: string | null;

  @Field(() => SafeInt, { defaultValue: 0, description: 'What one costs the retailer, in minor units.' })
  costMinor: number;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'From when it is to be had.' })
  startsAt?: Date | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when it is to be had.' })
  endsAt?: Date | null;

  @Field(() => [ID], { defaultValue: [], description: 'Only in these stores.' })
  storeIds: string[];

  @Field(() => [String], { defaultValue: [], description: 'Only for these tiers.' })
  tiers: string[];

  @Field(() => SafeInt, { nullable: true, description: 'How many there are; without end if you say nothing.' })
  stock?: number | null;

  @Field(() => Int, { nullable: true, description: 'How often one customer can have it, or use a shared code.' })
  perCustomer?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'One code for all who know it, such as SPRING10; else every one gets her own.',
  })
  sharedCode?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How often one code can be used: once if you say nothing, without end for a shared one.',
  })
  maxUses?: number | null;

  @Field(() => Int, { defaultValue: 90, description: 'Days for which its code is valid: 1 to 1100.' })
  validDays: number;
}

@InputType({ description: 'A reward and where it is to stand.' })
export class ChangeRewardInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the reward.' })
  rewardId: string;

  @Field(() => RewardStatus, { description: 'Codes that are out stay valid whatever it is.' })
  status: RewardStatus;
}

@ObjectType({ description: 'The reward.' })
export class RewardPayload {
  @Field(() => LoyaltyReward, { nullable: true, description: 'As it stands now.' })
  reward: LoyaltyReward | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'A time and place of an experience.' })
export class AddRewardSlotInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the reward.' })
  rewardId: string;

  @Field(() => ID, { description: 'The store in which it takes place.' })
  storeId: string;

  @Field(() => GraphQLDateTimeISO, { description: 'When it begins.' })
  startsAt: Date;

  @Field(() => GraphQLDateTimeISO, { description: 'When it ends.' })
  endsAt: Date;

  @Field(() => Int, { description: 'How many places.' })
  capacity: number;
}

@ObjectType({ description: 'The slot that was added.' })
export class AddRewardSlotPayload {
  @Field(() => ID, { nullable: true, description: 'Its id.' })
  slotId: string | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'A reward that a customer chose.' })
export class RedeemRewardInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the reward.' })
  rewardId: string;

  @Field(() => ID, { description: 'Any id of the customer.' })
  profileId: string;

  @Field(() => ID, { nullable: true, description: 'The slot, for an experience.' })
  slotId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The store in which she is.' })
  storeId?: string | null;

  @Field(() => Channel, { nullable: true, description: 'The channel in which it happens.' })
  channel?: Channel | null;
}

@ObjectType({ description: 'The reward that was given.' })
export class RedeemRewardPayload {
  @Field(() => ID, { nullable: true, description: 'Names this reward when it is cancelled.' })
  issueId: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'Points that were spent.' })
  points: number | null;

  @Field(() => String, { nullable: true, description: 'The code that proves it.' })
  voucherCode: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Signed: pass it to a checkout, which verifies it without asking here.',
  })
  voucherPromise: string | null;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'Until when the code is valid.' })
  expiresAt: Date | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'A reward that is not wanted any more.' })
export class CancelRewardInput {
  @Field(() => String, { description: 'A key of your own for this request.' })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Id of the issue, from redeemReward.' })
  issueId: string;

  @Field(() => String, { description: 'Why. Up to 200 characters.' })
  reason: string;
}

@ObjectType({ description: 'The reward that was taken back.' })
export class CancelRewardPayload {
  @Field(() => ID, { nullable: true, description: 'Id of the issue.' })
  issueId: string | null;

  @Field(() => SafeInt, { nullable: true, description: 'Points that went back to their lots.' })
  points: number | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

@InputType({ description: 'A voucher that is used at a till.' })
export class RedeemVoucherInput {
  @Field(() => String, {
    description: 'A key of the till for this use: a repeat, also after the till was offline, is the same use.',
  })
  idempotencyKey: string;

  @Field(() => String, { description: 'The code as it was typed: dashes, blanks and capitals do not matter.' })
  code: string;

  @Field(() => ID, { nullable: true, description: 'Any id of the customer, where she is known.' })
  profileId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The order it pays.' })
  orderId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The store.' })
  storeId?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'What it took off.' })
  discount?: MoneyInput | null;
}

@ObjectType({ description: 'The voucher that was used.' })
export class RedeemVoucherPayload {
  @Field(() => ID, { nullable: true, description: 'Id of the voucher.' })
  voucherId: string | null;

  @Field(() => ID, { nullable: true, description: 'The reward that it proves.' })
  rewardId: string | null;

  @Field(() => Int, { nullable: true, description: 'How often it can still be used; null without end.' })
  usesLeft: number | null;

  @Field(() => [UserError], { description: 'What you can put right.' })
  errors: UserError[];
}

export const moneyOf = (amount: number | null, currency: string | null): Money | null =>
  amount === null || currency === null ? null : Object.assign(new Money(), { amount, currency });
