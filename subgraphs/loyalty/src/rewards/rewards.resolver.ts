import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { mutate, once, type Context } from '@trenza/subgraph';
import { Money } from '@trenza/values';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { cancelReward } from './cancel-reward.ts';
import { addSlot, changeReward, createReward } from './create-reward.ts';
import { redeemReward } from './redeem-reward.ts';
import { redeemVoucher } from './redeem-voucher.ts';
import { REWARD_COLUMNS } from './reward-rows.ts';
import {
  AddRewardSlotInput,
  AddRewardSlotPayload,
  CancelRewardInput,
  CancelRewardPayload,
  ChangeRewardInput,
  CreateRewardInput,
  LoyaltyReward,
  moneyOf,
  RedeemRewardInput,
  RedeemRewardPayload,
  RedeemVoucherInput,
  RedeemVoucherPayload,
  RewardPayload,
  RewardSlot,
  RewardStatus,
} from './reward.type.ts';

/** A catalogue that people still look through. */
const MAX_REWARDS = 200;
/** Slots of a quarter, one every hour of opening. */
const MAX_SLOTS = 1_000;

async function loadSlots(ids: readonly string[], ctx: Context): Promise<RewardSlot[][]> {
  const rows = await sql<RewardSlot & { rewardId: string }>(
    ctx.database,
    `select id, reward_id as "rewardId", store_id as "storeId", starts_at as "startsAt", ends_at as "endsAt", capacity - taken as "placesLeft"
       from reward_slot where reward_id = any($1) and starts_at > $2 order by starts_at limit ${MAX_SLOTS}`,
    [ids, ctx.now()],
  );
  const byReward = Map.groupBy(rows, (row) => row.rewardId);
  return ids.map((id) => byReward.get(id) ?? []);
}

@Resolver(() => LoyaltyReward)
export class RewardsResolver {
  @Query(() => [LoyaltyReward], { description: 'Rewards that can be had, the cheapest first: up to 200.' })
  @Allow('anyone')
  rewards(
    @Arg('storeId', () => ID, { nullable: true, description: 'Only what is to be had in this store.' })
    storeId: string | null,
    @Ctx() ctx: Context,
  ): Promise<LoyaltyReward[]> {
    return sql<LoyaltyReward>(
      ctx.database,
      `select ${REWARD_COLUMNS} from reward
        where status = 'live' and (starts_at is null or starts_at <= $1) and (ends_at is null or ends_at > $1)
          and (stock_left is null or stock_left > 0) and shared_code is null
          and ($2::uuid is null or store_ids = '{}' or $2 = any(store_ids))
        order by points, name limit ${MAX_REWARDS}`,
      [ctx.now(), storeId ?? null],
    );
  }

  @Query(() => [LoyaltyReward], { description: 'All rewards, whatever their status, the newest first: up to 200.' })
  @Allow({ roles: ['marketer', 'analyst', 'admin'] })
  rewardCatalogue(
    @Arg('status', () => RewardStatus, { nullable: true, description: 'Only those that stand so.' })
    status: RewardStatus | null,
    @Ctx() ctx: Context,
  ): Promise<LoyaltyReward[]> {
    return sql<LoyaltyReward>(
      ctx.database,
      `select ${REWARD_COLUMNS} from reward where $1::text is null or status = $1 order by id desc limit ${MAX_REWARDS}`,
      [status ?? null],
    );
  }

  @FieldResolver(() => Money, { nullable: true, description: 'Money it takes off an order.' })
  discount(@Root() reward: LoyaltyReward): Money | null {
    return moneyOf(reward.discountAmount, reward.moneyCurrency);
  }

  @FieldResolver(() => [RewardSlot], { description: 'Times to come, of an experience.' })
  slots(@Root() reward: LoyaltyReward, @Ctx() ctx: Context): Promise<RewardSlot[]> {
    return ctx.load(loadSlots, reward.id);
  }

  @Mutation(() => RewardPayload, { description: 'Keeps a reward as a draft.' })
  @Allow({ roles: ['marketer', 'admin'] })
  createReward(
    @Arg('input', () => CreateRewardInput) input: CreateRewardInput,
    @Ctx() ctx: Context,
  ): Promise<RewardPayload> {
    return mutate(ctx, RewardPayload, (tx) =>
      once(tx, 'createReward', input, async () => ({
        reward: (await createReward(tx, draftOf(input), ctx.caller.subject, ctx.now())) as unknown as LoyaltyReward,
      })),
    );
  }

  @Mutation(() => RewardPayload, { description: 'Puts a reward live, pauses or retires it.' })
  @Allow({ roles: ['marketer', 'admin'] })
  changeReward(
    @Arg('input', () => ChangeRewardInput) input: ChangeRewardInput,
    @Ctx() ctx: Context,
  ): Promise<RewardPayload> {
    return mutate(ctx, RewardPayload, (tx) =>
      once(tx, 'changeReward', input, async () => ({
        reward: (await changeReward(tx, input, ctx.now())) as unknown as LoyaltyReward,
      })),
    );
  }

  @Mutation(() => AddRewardSlotPayload, { description: 'Adds a time and place to an experience.' })
  @Allow({
    roles: ['marketer', 'admin'],
    store: (_: unknown, { input }: { input: { storeId: string } }) => input.storeId,
  })
  addRewardSlot(
    @Arg('input', () => AddRewardSlotInput) input: AddRewardSlotInput,
    @Ctx() ctx: Context,
  ): Promise<AddRewardSlotPayload> {
    return mutate(ctx, AddRewardSlotPayload, (tx) => once(tx, 'addRewardSlot', input, () => addSlot(tx, input)));
  }

  @Mutation(() => RedeemRewardPayload, {
    description: 'Exchanges points for a reward. The last one goes to one customer only.',
  })
  @Allow({
    roles: ['service', 'care', 'associate', 'admin'],
    self: (_: unknown, { input }: { input: { profileId: string } }) => input.profileId,
  })
  redeemReward(
    @Arg('input', () => RedeemRewardInput) input: RedeemRewardInput,
    @Ctx() ctx: Context,
  ): Promise<RedeemRewardPayload> {
    return mutate(ctx, RedeemRewardPayload, (tx) =>
      once(tx, 'redeemReward', input, () => redeemReward(tx, input, ctx)),
    );
  }

  @Mutation(() => CancelRewardPayload, {
    description: 'Takes a reward back that has not been used: points, place and stock return.',
  })
  @Allow({ roles: ['service', 'care', 'admin'] })
  cancelReward(
    @Arg('input', () => CancelRewardInput) input: CancelRewardInput,
    @Ctx() ctx: Context,
  ): Promise<CancelRewardPayload> {
    return mutate(ctx, CancelRewardPayload, (tx) =>
      once(tx, 'cancelReward', input, () => cancelReward(tx, input, ctx)),
    );
  }

  @Mutation(() => RedeemVoucherPayload, { description: 'Uses a voucher at a till, once per key.' })
  @Allow({ roles: ['service', 'associate', 'care', 'admin'] })
  redeemVoucher(
    @Arg('input', () => RedeemVoucherInput) input: RedeemVoucherInput,
    @Ctx() ctx: Context,
  ): Promise<RedeemVoucherPayload> {
    const { idempotencyKey: useKey, discount, ...rest } = input;
    return mutate(ctx, RedeemVoucherPayload, (tx) =>
      once(tx, 'redeemVoucher', input, () =>
        redeemVoucher(tx, { ...rest, useKey, discount: discount?.amount, usedAt: ctx.now() }, ctx),
      ),
    );
  }
}

const draftOf = (input: CreateRewardInput): Parameters<typeof createReward>[1] => ({
  name: input.name,
  description: input.description,
  kind: input.kind,
  currency: input.currency,
  points: input.points,
  discountPercent: input.discountPercent ?? null,
  discountAmount: input.discount?.amount ?? null,
  moneyCurrency: input.discount?.currency ?? null,
  productId: input.productId ?? null,
  costMinor: input.costMinor,
  startsAt: input.startsAt ?? null,
  endsAt: input.endsAt ?? null,
  storeIds: input.storeIds,
  tiers: input.tiers,
  stockLeft: input.stock ?? null,
  perCustomer: input.perCustomer ?? null,
  sharedCode: input.sharedCode ?? null,
  maxUses: input.maxUses ?? (input.sharedCode ? null : 1),
  validDays: input.validDays,
});
