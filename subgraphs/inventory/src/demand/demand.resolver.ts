import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { DomainError, GeoPoint, GeoPointInput, Money } from '@trenza/values';
import { Arg, Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { loadStores } from '../places/place.resolver.ts';
import { circleOf } from '../places/places.sql.ts';
import { loadProducts } from '../products/product.resolver.ts';
import { Product } from '../products/product.type.ts';
import { expectedUnits, explainEvidence, MIN_SEARCHES } from './demand.ts';
import { assortmentEvidence, demandIn, popularAround } from './demand.sql.ts';

@ObjectType({
  description:
    'What was looked for in an area, and how often in vain. Nobody is named, and rare questions are not shown.',
})
export class AreaDemand {
  @Field(() => GeoPoint, { description: 'Middle of the area, a tenth of a degree wide.' })
  area: GeoPoint;

  @Field(() => String, { nullable: true, description: 'The words; null where a product itself was looked for.' })
  term: string | null;

  @Field(() => Int, { description: 'How often.' })
  searches: number;

  @Field(() => Int, { description: 'How often it was found nowhere near.' })
  unmet: number;

  productId: string | null;
}

@ObjectType({ description: 'A product that a store does not keep and should.' })
export class AssortmentSuggestion {
  @Field(() => Float, { description: 'Units it would sell in as many days as the evidence covers.' })
  expectedUnits: number;

  @Field(() => Money, { description: 'What they would bring at its price.' })
  expectedRevenue: Money;

  @Field(() => Int, { description: 'Units that other stores sold.' })
  peerUnits: number;

  @Field(() => Int, { description: 'Other stores that sold it.' })
  peerStores: number;

  @Field(() => Int, { description: 'Searches for it around the store.' })
  searches: number;

  @Field(() => Int, { description: 'Searches that found it nowhere near.' })
  unmet: number;

  @Field(() => Int, { description: 'Units sent to addresses around the store.' })
  deliveredUnits: number;

  @Field(() => String, { description: 'The evidence in words.' })
  evidence: string;

  productId: string;
}

@ObjectType({ description: 'A product that people around a point want.' })
export class PopularProduct {
  @Field(() => Int, { description: 'Units sold in stores around and sent to addresses around.' })
  unitsSold: number;

  @Field(() => Int, { description: 'Searches around.' })
  searches: number;

  productId: string;
}

const DEFAULT_RADIUS_KM = 15;
const DEFAULT_DAYS = 28;
const MAX_DAYS = 400;
const MAX_ROWS = 200;
/** Evidence is read for this many times more products than are shown: the sum that ranks them is made afterwards. */
const CANDIDATES_PER_ROW = 5;
const DAY_MS = 86_400_000;

const since = (ctx: Context, days: number): string => {
  if (days < 1 || days > MAX_DAYS)
    throw new DomainError('INVALID_DAYS', `1 to ${MAX_DAYS} days can be looked at, not ${days}.`, ['days']);
  return new Date(ctx.now().getTime() - days * DAY_MS).toISOString().slice(0, 10);
};
const atMost = (first: number): number => Math.min(Math.max(1, first), MAX_ROWS);

@Resolver(() => AreaDemand)
export class DemandResolver {
  @Query(() => [AreaDemand], {
    description: `What people look for by area, the most frequent first; at least ${MIN_SEARCHES} searches each.`,
  })
  @Allow({ roles: ['marketer', 'analyst', 'admin', 'associate', 'service'] })
  async demandByArea(
    @Ctx() ctx: Context,
    @Arg('near', () => GeoPointInput, { nullable: true, description: 'Only around this point.' })
    near: GeoPointInput | null,
    @Arg('withinKm', () => Float, { defaultValue: DEFAULT_RADIUS_KM, description: 'How far around.' }) withinKm: number,
    @Arg('days', () => Int, { defaultValue: DEFAULT_DAYS, description: 'How many days back.' }) days: number,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, at most 200.' }) first: number,
  ): Promise<AreaDemand[]> {
    const rows = await demandIn(ctx.database, {
      near: near ? circleOf(near, withinKm) : null,
      from: since(ctx, days),
      to: ctx.now().toISOString().slice(0, 10),
      limit: atMost(first),
    });
    return rows.map(({ latitude, longitude, term, productId, searches, unmet }) => ({
      area: { latitude, longitude },
      term: term === '' ? null : term,
      productId,
      searches,
      unmet,
    }));
  }

  @FieldResolver(() => Product, {
    nullable: true,
    description: 'The product that was looked for; null where words were.',
  })
  product(@Root() { productId }: AreaDemand, @Ctx() ctx: Context): Promise<Product | null> | null {
    return productId ? ctx.load(loadProducts, productId) : null;
  }
}

@Resolver(() => AssortmentSuggestion)
export class AssortmentResolver {
  @Query(() => [AssortmentSuggestion], {
    description: 'What a store should keep and does not, the greatest gain first, with the evidence.',
  })
  @Allow<unknown, { storeId: string }>({ roles: ['marketer', 'analyst', 'admin'], store: (_, { storeId }) => storeId })
  async suggestedAssortment(
    @Ctx() ctx: Context,
    @Arg('storeId', () => ID, { description: 'The store.' }) storeId: string,
    @Arg('withinKm', () => Float, { defaultValue: DEFAULT_RADIUS_KM, description: 'How far around is "here".' })
    withinKm: number,
    @Arg('days', () => Int, { defaultValue: DEFAULT_DAYS, description: 'How many days of evidence.' }) days: number,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, at most 200.' }) first: number,
  ): Promise<AssortmentSuggestion[]> {
    const store = await ctx.load(loadStores, storeId);
    if (!store) throw new DomainError('UNKNOWN_STORE', `No store has the id ${storeId}.`, ['storeId']);
    const limit = atMost(first);
    const rows = await assortmentEvidence(ctx.database, {
      storeId,
      near: circleOf(store.location, withinKm),
      since: since(ctx, days),
      limit: limit * CANDIDATES_PER_ROW,
    });
    return rows
      .map((row): AssortmentSuggestion => {
        const units = expectedUnits(row);
        const { amount, currency, peerUnits, peerStores, searches, unmet, deliveredUnits, productId } = row;
        const expectedRevenue = { amount: Math.round(units * amount), currency };
        const evidence = explainEvidence(row, days);
        return {
          productId,
          expectedUnits: units,
          expectedRevenue,
          peerUnits,
          peerStores,
          searches,
          unmet,
          deliveredUnits,
          evidence,
        };
      })
      .filter((s) => s.expectedUnits > 0)
      .toSorted((a, b) => b.expectedRevenue.amount - a.expectedRevenue.amount || (a.productId < b.productId ? -1 : 1))
      .slice(0, limit);
  }

  @FieldResolver(() => Product, { description: 'The product.' })
  product(@Root() { productId }: AssortmentSuggestion, @Ctx() ctx: Context): Promise<Product | null> {
    return ctx.load(loadProducts, productId);
  }
}

@Resolver(() => PopularProduct)
export class PopularResolver {
  @Query(() => [PopularProduct], {
    description:
      'What people around a point buy and look for, of what can be promised: what the web should show there.',
  })
  @Allow('anyone')
  popularNear(
    @Ctx() ctx: Context,
    @Arg('near', () => GeoPointInput, { description: 'The point.' }) near: GeoPointInput,
    @Arg('withinKm', () => Float, { defaultValue: DEFAULT_RADIUS_KM, description: 'How far around.' }) withinKm: number,
    @Arg('days', () => Int, { defaultValue: DEFAULT_DAYS, description: 'How many days back.' }) days: number,
    @Arg('first', () => Int, { defaultValue: 12, description: 'How many, at most 200.' }) first: number,
  ): Promise<PopularProduct[]> {
    return popularAround(ctx.database, {
      near: circleOf(near, withinKm),
      since: since(ctx, days),
      limit: atMost(first),
    });
  }

  @FieldResolver(() => Product, { description: 'The product.' })
  product(@Root() { productId }: PopularProduct, @Ctx() ctx: Context): Promise<Product | null> {
    return ctx.load(loadProducts, productId);
  }
}
