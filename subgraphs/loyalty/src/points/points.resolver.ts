import { Allow } from '@trenza/auth';
import { refuseErased } from '@trenza/customers';
import { mutate, once, type Context } from '@trenza/subgraph';
import { Money, MoneyInput } from '@trenza/values';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { currencyOf, DEFAULT_CURRENCY, referenceOf } from '../programme/reference.ts';
import { loadBalances } from './balances.ts';
import { quote } from './quote.ts';
import { adjustPoints } from './adjust-points.ts';
import { cancelRedemption } from './cancel-redemption.ts';
import { captureHold } from './capture-hold.ts';
import { earnPoints } from './earn-points.ts';
import { holdPoints } from './hold-points.ts';
import {
  AdjustPointsInput,
  AdjustPointsPayload,
  CancelRedemptionInput,
  CancelRedemptionPayload,
  CaptureHoldInput,
  CloseHoldPayload,
  EarnPointsInput,
  EarnPointsPayload,
  HoldPointsInput,
  HoldPointsPayload,
  PointsQuote,
  RedeemPointsInput,
  RedeemPointsPayload,
  VoidHoldInput,
} from './points.type.ts';
import { redeemPoints } from './redeem-points.ts';
import { voidHold } from './release-holds.ts';

type OfProfile = { input: { profileId: string } };
const herself = (_: unknown, { input }: OfProfile): string => input.profileId;

@Resolver()
export class PointsResolver {
  @Query(() => PointsQuote, { description: 'How far her points pay for an order: part points, part money.' })
  @Allow({
    roles: ['service', 'care', 'associate', 'admin'],
    self: (_: unknown, { profileId }: { profileId: string }) => profileId,
  })
  async quotePoints(
    @Arg('profileId', () => ID, { description: 'Any id of the customer.' }) profileId: string,
    @Arg('total', () => MoneyInput, { description: 'What the order costs.' }) total: MoneyInput,
    @Arg('currency', () => String, { defaultValue: DEFAULT_CURRENCY, description: 'Code of the point currency.' })
    code: string,
    @Ctx() ctx: Context,
  ): Promise<PointsQuote> {
    const currency = currencyOf(await referenceOf(ctx.database), code);
    const rows = await ctx.load(loadBalances, profileId);
    const available = rows.find((row) => row.currency === code)?.available ?? 0;
    return quote(currency, available, total);
  }

  @Mutation(() => EarnPointsPayload, { description: 'Gives points for a reason that no rule knows.' })
  @Allow({ roles: ['service', 'care', 'admin'] })
  earnPoints(
    @Arg('input', () => EarnPointsInput) input: EarnPointsInput,
    @Ctx() ctx: Context,
  ): Promise<EarnPointsPayload> {
    return mutate(ctx, EarnPointsPayload, (tx) =>
      once(tx, 'earnPoints', input, async () => {
        await refuseErased(tx, input.profileId);
        return earnPoints(tx, input, ctx);
      }),
    );
  }

  @Mutation(() => HoldPointsPayload, {
    description:
      'Sets points aside for an order that is being paid, and returns a signed promise for the checkout. They are let go when it runs out.',
  })
  @Allow({ roles: ['service', 'care', 'associate', 'admin'], self: herself })
  holdPoints(
    @Arg('input', () => HoldPointsInput) input: HoldPointsInput,
    @Ctx() ctx: Context,
  ): Promise<HoldPointsPayload> {
    return mutate(ctx, HoldPointsPayload, (tx) =>
      once(tx, 'holdPoints', input, async () => {
        const { valueMinor, moneyCurrency, ...held } = await holdPoints(tx, input, ctx);
        return { ...held, value: Object.assign(new Money(), { amount: valueMinor, currency: moneyCurrency }) };
      }),
    );
  }

  @Mutation(() => CloseHoldPayload, {
    description: 'Held points are spent, all or some. A completed order does this by itself.',
  })
  @Allow({ roles: ['service', 'admin'] })
  captureHold(
    @Arg('input', () => CaptureHoldInput) input: CaptureHoldInput,
    @Ctx() ctx: Context,
  ): Promise<CloseHoldPayload> {
    return mutate(ctx, CloseHoldPayload, (tx) => once(tx, 'captureHold', input, () => captureHold(tx, input, ctx)));
  }

  @Mutation(() => CloseHoldPayload, {
    description: 'Held points go back to the lots they came from. A cancelled order does this by itself.',
  })
  @Allow({ roles: ['service', 'care', 'associate', 'admin'] })
  voidHold(@Arg('input', () => VoidHoldInput) input: VoidHoldInput, @Ctx() ctx: Context): Promise<CloseHoldPayload> {
    return mutate(ctx, CloseHoldPayload, (tx) => once(tx, 'voidHold', input, () => voidHold(tx, input, ctx)));
  }

  @Mutation(() => RedeemPointsPayload, {
    description: 'Spends points at once: oldest expiry first, across all profiles of the customer, never below zero.',
  })
  @Allow({ roles: ['service', 'care', 'associate', 'admin'], self: herself })
  redeemPoints(
    @Arg('input', () => RedeemPointsInput) input: RedeemPointsInput,
    @Ctx() ctx: Context,
  ): Promise<RedeemPointsPayload> {
    return mutate(ctx, RedeemPointsPayload, (tx) =>
      once(tx, 'redeemPoints', input, () => redeemPoints(tx, input, ctx)),
    );
  }

  @Mutation(() => CancelRedemptionPayload, { description: 'Spent points go back to their original lots and expiry.' })
  @Allow({ roles: ['service', 'care', 'admin'] })
  cancelRedemption(
    @Arg('input', () => CancelRedemptionInput) input: CancelRedemptionInput,
    @Ctx() ctx: Context,
  ): Promise<CancelRedemptionPayload> {
    return mutate(ctx, CancelRedemptionPayload, (tx) =>
      once(tx, 'cancelRedemption', input, () => cancelRedemption(tx, input, ctx)),
    );
  }

  @Mutation(() => AdjustPointsPayload, {
    description: 'Corrects a balance, up or down, with a reason. What was stays in the ledger.',
  })
  @Allow({ roles: ['care', 'admin'] })
  adjustPoints(
    @Arg('input', () => AdjustPointsInput) input: AdjustPointsInput,
    @Ctx() ctx: Context,
  ): Promise<AdjustPointsPayload> {
    return mutate(ctx, AdjustPointsPayload, (tx) =>
      once(tx, 'adjustPoints', input, async () => {
        await refuseErased(tx, input.profileId);
        return adjustPoints(tx, input, ctx);
      }),
    );
  }
}
