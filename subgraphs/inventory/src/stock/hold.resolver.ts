import { Allow } from '@trenza/auth';
import { mutate, once, type Context } from '@trenza/subgraph';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { channelOf } from '../acting-for.ts';
import { holdStock, releaseHold } from './hold-stock.ts';
import { HoldStockInput, ReleaseHoldInput, StockHoldPayload } from './hold.type.ts';
import { shortagesOf, withShortages } from './shortages.ts';
import { StockShortage } from './stock.type.ts';

@Resolver(() => StockHoldPayload)
export class HoldResolver {
  @Mutation(() => StockHoldPayload, {
    description: 'Keep units aside for a while, without an order. Returns a signed promise.',
  })
  @Allow<unknown, { input: HoldStockInput }>({
    roles: ['service', 'care', 'admin'],
    store: (_, { input }) => input.storeId,
  })
  holdStock(@Arg('input', () => HoldStockInput) input: HoldStockInput, @Ctx() ctx: Context): Promise<StockHoldPayload> {
    const command = {
      profileId: input.profileId ?? null,
      channel: channelOf(ctx, input),
      placeIds: [...new Set([input.storeId, ...input.alternativeStoreIds])],
      lines: input.lines,
      minutes: input.minutes,
      reason: input.reason ?? null,
    };
    return withShortages((noting) =>
      mutate(ctx, StockHoldPayload, (tx) =>
        once(tx, 'holdStock', input, () => noting(holdStock(tx, command, ctx.keys, ctx.now()))),
      ),
    );
  }

  @Mutation(() => StockHoldPayload, { description: 'Give back what is kept aside. A repeat changes nothing.' })
  @Allow<unknown, { input: ReleaseHoldInput }>({
    roles: ['service', 'care', 'admin'],
    store: (_, { input }) => input.storeId,
  })
  releaseHold(
    @Arg('input', () => ReleaseHoldInput) input: ReleaseHoldInput,
    @Ctx() ctx: Context,
  ): Promise<StockHoldPayload> {
    return mutate(ctx, StockHoldPayload, (tx) => releaseHold(tx, input.holdId, ctx.now()));
  }

  @FieldResolver(() => [StockShortage], {
    description: 'With OUT_OF_STOCK: what there is not enough of, and where there still is some.',
  })
  shortages(@Root() { short }: StockHoldPayload, @Ctx() ctx: Context): Promise<StockShortage[]> {
    return shortagesOf(ctx, short);
  }
}
