import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { DomainError, GeoPointInput, GraphQLDateTimeISO } from '@trenza/values';
import { Arg, Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { CheckoutLineInput } from '../orders/order.input.ts';
import { OrderFulfilment } from '../orders/order.type.ts';
import { loadStores } from '../places/place.resolver.ts';
import { Store } from '../places/place.type.ts';
import { shortagesOf } from '../stock/shortages.ts';
import { StockShortage } from '../stock/stock.type.ts';
import { optionsFor, type Option, type OptionPart } from './options.ts';

@ObjectType({ description: 'Units of one product in a part.' })
export class FulfilmentOptionLine {
  @Field(() => String, { description: 'The sku.' })
  sku: string;

  @Field(() => Int, { description: 'How many.' })
  quantity: number;
}

@ObjectType({ description: 'What one place would do.' })
export class FulfilmentOptionPart {
  @Field(() => GraphQLDateTimeISO, { description: 'By when.' })
  promisedFor: Date;

  @Field(() => Float, { nullable: true, description: 'How far it is; null where the destination is not known.' })
  distanceKm: number | null;

  @Field(() => String, { description: 'Why by then.' })
  reason: string;

  @Field(() => [FulfilmentOptionLine], { description: 'What it would give.' })
  lines: FulfilmentOptionLine[];

  placeId: string;
}

@ObjectType({ description: 'A place that cannot do it.' })
export class FulfilmentExclusion {
  @Field(() => String, { description: 'Why not.' })
  reason: string;

  placeId: string;
}

@ObjectType({ description: 'A way in which a basket could reach her.' })
export class FulfilmentOption {
  @Field(() => OrderFulfilment, { description: 'How.' })
  kind: OrderFulfilment;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'By when all of it; null where it is not possible.' })
  promisedFor: Date | null;

  @Field(() => [FulfilmentOptionPart], { description: 'Which places would do what: as few as can be.' })
  parts: FulfilmentOptionPart[];

  @Field(() => [FulfilmentExclusion], { description: 'Places that have some of it and cannot do it, and why.' })
  excluded: FulfilmentExclusion[];

  @Field(() => String, { description: 'Why this choice, or why it is not possible.' })
  explanation: string;

  short: Option['short'];
}

const ALL_KINDS = [
  OrderFulfilment.DELIVERY,
  OrderFulfilment.PICK_UP,
  OrderFulfilment.SHIP_FROM_STORE,
  OrderFulfilment.SAME_DAY,
];

@Resolver(() => FulfilmentOption)
export class PromiseResolver {
  @Query(() => [FulfilmentOption], {
    description: 'How a basket could reach her, by when, from where and why. The soonest first. Nothing is held.',
  })
  @Allow('anyone')
  fulfilmentOptions(
    @Ctx() ctx: Context,
    @Arg('lines', () => [CheckoutLineInput], { description: 'The basket.' }) lines: CheckoutLineInput[],
    @Arg('destination', () => GeoPointInput, { nullable: true, description: 'Where she wants it.' })
    destination: GeoPointInput | null,
    @Arg('storeId', () => ID, { nullable: true, description: 'The only place that may serve.' }) storeId: string | null,
    @Arg('kinds', () => [OrderFulfilment], { defaultValue: ALL_KINDS, description: 'Which ways.' })
    kinds: OrderFulfilment[],
  ): Promise<FulfilmentOption[]> {
    if (lines.some((line) => line.quantity < 1))
      throw new DomainError('INVALID_LINES', 'A line has at least one unit.', ['lines']);
    const question = { lines, kinds: [...new Set(kinds)], placeId: storeId ?? null, destination: destination ?? null };
    return optionsFor(ctx.database, question, ctx.now());
  }

  @FieldResolver(() => [StockShortage], { description: 'What there is not enough of.' })
  shortages(@Root() { short }: FulfilmentOption, @Ctx() ctx: Context): Promise<StockShortage[]> {
    return shortagesOf(ctx, short);
  }
}

@Resolver(() => FulfilmentOptionPart)
export class FulfilmentOptionPartResolver {
  @FieldResolver(() => Store, { description: 'The place.' })
  store(@Root() { placeId }: OptionPart, @Ctx() ctx: Context): Promise<Store | null> {
    return ctx.load(loadStores, placeId);
  }
}

@Resolver(() => FulfilmentExclusion)
export class FulfilmentExclusionResolver {
  @FieldResolver(() => Store, { description: 'The place.' })
  store(@Root() { placeId }: FulfilmentExclusion, @Ctx() ctx: Context): Promise<Store | null> {
    return ctx.load(loadStores, placeId);
  }
}
