import { Allow } from '@trenza/auth';
import type { Context } from '@trenza/subgraph';
import { Channel, decodeCursor, GeoPointInput, pageOf, pageSize } from '@trenza/values';
import { Arg, Ctx, Directive, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { loadOpenCarts } from '../carts/cart.resolver.ts';
import { Cart } from '../carts/cart.type.ts';
import { customerOrders, type CustomerOrdersQuestion } from '../orders/order-views.sql.ts';
import { OrderConnection, type Order } from '../orders/order.type.ts';
import { Store } from '../places/place.type.ts';
import { circleOf, placesNear } from '../places/places.sql.ts';

@ObjectType({ description: 'A customer: a set of profiles that are one person.' })
@Directive('@key(fields: "id")')
export class Customer {
  @Field(() => ID, { description: 'Any id she ever had leads to her.' })
  id: string;
}

/** Whoever serves her may see what she bought and what she is about to buy. */
const SERVES_HER = ['associate', 'care', 'marketer', 'analyst', 'admin', 'service'] as const;
const DEFAULT_RADIUS_KM = 50;
const DEFAULT_STORES = 3;
const MAX_STORES = 20;

const loadOrders = (questions: readonly CustomerOrdersQuestion[], ctx: Context): Promise<Order[][]> =>
  customerOrders(ctx.database, questions);

@Resolver(() => Customer)
export class CustomerReference {
  @FieldResolver(() => Cart, {
    nullable: true,
    description: 'Her one open cart, whatever the channel; null while it is empty.',
  })
  @Allow<Customer>({ roles: SERVES_HER, self: (root) => root.id })
  openCart(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<Cart | null> {
    return ctx.load(loadOpenCarts, id);
  }

  @FieldResolver(() => OrderConnection, { description: 'Her orders in every channel, the latest first.' })
  @Allow<Customer>({ roles: SERVES_HER, self: (root) => root.id })
  async orders(
    @Root() { id }: Customer,
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { nullable: true, description: 'How many; 20 where not given.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor after which to go on.' }) after: string | null,
    @Arg('channels', () => [Channel], { nullable: true, description: 'Only from these.' }) channels: Channel[] | null,
  ): Promise<OrderConnection> {
    const size = pageSize(first);
    const cursor = decodeCursor<[string, string]>(after);
    const rows = await ctx.load(loadOrders, {
      customerId: id,
      limit: size + 1,
      channels: channels ?? null,
      after: cursor,
    });
    return pageOf(
      rows,
      size,
      (row) => row,
      (row) => [row.placedAt.toISOString(), row.id],
      cursor !== null,
    );
  }

  @FieldResolver(() => [Store], { description: 'The stores nearest to where she is, with their distance.' })
  @Allow<Customer>({ roles: SERVES_HER, self: (root) => root.id })
  nearestStores(
    @Ctx() ctx: Context,
    @Arg('near', () => GeoPointInput, { description: 'Where she is.' }) near: GeoPointInput,
    @Arg('withinKm', () => Float, { defaultValue: DEFAULT_RADIUS_KM, description: 'How far.' }) withinKm: number,
    @Arg('first', () => Int, { defaultValue: DEFAULT_STORES, description: 'How many, at most 20.' }) first: number,
  ): Promise<Store[]> {
    const limit = Math.min(Math.max(1, first), MAX_STORES);
    return placesNear(ctx.database, circleOf(near, withinKm), { kind: 'store', limit });
  }
}
