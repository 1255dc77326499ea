import { Allow } from '@trenza/auth';
import { profilesOf } from '@trenza/customers';
import { once, type Context } from '@trenza/subgraph';
import { Money } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Float, Int, Mutation, Resolver, Root } from 'type-graphql';
import { mutateFor, type ActingInput } from '../acting-for.ts';
import { loadProducts } from '../products/product.resolver.ts';
import { pricesFor, type PriceQuestion } from '../products/prices.sql.ts';
import { Product } from '../products/product.type.ts';
import { nearby } from '../stock/stock.resolver.ts';
import { NearbyStock } from '../stock/stock.type.ts';
import { AddToCartInput, Cart, CartLine, CartPayload, ChangeCartLineInput } from './cart.type.ts';
import { cartLines, itemsOf, join, openCarts } from './carts.sql.ts';
import { changeCart, type ChangeCartCommand } from './change-cart.ts';

const BUYERS = ['customer', 'service', 'associate', 'care'] as const;
const DEFAULT_RADIUS_KM = 50;
const NEARBY_STORES = 3;

/** The open cart of each customer (any id of hers), in three statements for all of them. */
export async function loadOpenCarts(ids: readonly string[], ctx: Context): Promise<(Cart | null)[]> {
  const profiles = await profilesOf(ctx.database, ids);
  const carts = await openCarts(ctx.database, [...new Set(profiles.flat())]);
  const lines = Map.groupBy(carts.length > 0 ? await cartLines(ctx.database, carts) : [], (line) => line.cartId);
  return profiles.map((own) => {
    const hers = carts.filter((cart) => own.includes(cart.profileId));
    const joined = join(
      hers,
      hers.flatMap((cart) => lines.get(cart.id) ?? []),
    );
    return joined && joined.lines.length > 0 ? Cart.of(joined) : null;
  });
}

const loadUnitPrices = (questions: readonly PriceQuestion[], ctx: Context): Promise<(Money | null)[]> =>
  pricesFor(ctx.database, questions, ctx.now());

@Resolver(() => Cart)
export class CartResolver {
  @Mutation(() => CartPayload, { description: 'Put a product into the cart. There is one cart in all channels.' })
  @Allow({ roles: BUYERS })
  addToCart(@Arg('input', () => AddToCartInput) input: AddToCartInput, @Ctx() ctx: Context): Promise<CartPayload> {
    return this.change(ctx, 'addToCart', input, { sku: input.sku, quantity: input.quantity, mode: 'add' });
  }

  @Mutation(() => CartPayload, { description: 'Say how many of a product shall be in the cart; 0 takes it out.' })
  @Allow({ roles: BUYERS })
  changeCartLine(
    @Arg('input', () => ChangeCartLineInput) input: ChangeCartLineInput,
    @Ctx() ctx: Context,
  ): Promise<CartPayload> {
    return this.change(ctx, 'changeCartLine', input, { sku: input.sku, quantity: input.quantity, mode: 'set' });
  }

  private change(
    ctx: Context,
    operation: string,
    input: ActingInput & { idempotencyKey: string },
    change: Pick<ChangeCartCommand, 'sku' | 'quantity' | 'mode'>,
  ): Promise<CartPayload> {
    return mutateFor(ctx, input, CartPayload, async (tx, acting) => {
      await once(tx, operation, input, () => changeCart(tx, { ...acting, ...change }, ctx.now()));
      return { profileId: acting.profileId };
    });
  }

  @FieldResolver(() => Int, { description: 'How many items are in it.' })
  items(@Root() cart: Cart): number {
    return itemsOf(cart as never);
  }

  @FieldResolver(() => Money, { description: 'What it would cost now.' })
  async total(@Root() { lines, currency }: Cart, @Ctx() ctx: Context): Promise<Money> {
    const prices = await Promise.all(lines.map((line) => unitPrice(line, ctx)));
    return { amount: lines.reduce((sum, line, i) => sum + line.quantity * prices[i]!.amount, 0), currency };
  }
}

const unitPrice = async ({ productId, cartChannel, currency }: CartLine, ctx: Context): Promise<Money> =>
  (await ctx.load(loadUnitPrices, { productId, channel: cartChannel, placeId: null })) ?? { amount: 0, currency };

@Resolver(() => CartPayload)
export class CartPayloadResolver {
  @FieldResolver(() => Cart, { nullable: true, description: 'The cart as it is now; null while it is empty.' })
  cart(@Root() { profileId }: CartPayload, @Ctx() ctx: Context): Promise<Cart | null> | null {
    return profileId ? ctx.load(loadOpenCarts, profileId) : null;
  }
}

@Resolver(() => CartLine)
export class CartLineResolver {
  @FieldResolver(() => Product, { description: 'The product.' })
  product(@Root() { productId }: CartLine, @Ctx() ctx: Context): Promise<Product | null> {
    return ctx.load(loadProducts, productId);
  }

  @FieldResolver(() => Money, { description: 'What one of it costs now, in the channel of the cart.' })
  unitPrice(@Root() line: CartLine, @Ctx() ctx: Context): Promise<Money> {
    return unitPrice(line, ctx);
  }

  @FieldResolver(() => Money, { description: 'What they cost together.' })
  async amount(@Root() line: CartLine, @Ctx() ctx: Context): Promise<Money> {
    const { amount, currency } = await unitPrice(line, ctx);
    return { amount: amount * line.quantity, currency };
  }

  @FieldResolver(() => [NearbyStock], { description: 'The stores near a point that have as many, the nearest first.' })
  availableNear(
    @Root() { productId, quantity }: CartLine,
    @Ctx() ctx: Context,
    @Arg('latitude', () => Float, { description: 'Degrees north.' }) latitude: number,
    @Arg('longitude', () => Float, { description: 'Degrees east.' }) longitude: number,
    @Arg('withinKm', () => Float, { defaultValue: DEFAULT_RADIUS_KM, description: 'How far.' }) withinKm: number,
  ): Promise<NearbyStock[]> {
    return nearby(ctx, { productId, quantity, latitude, longitude, withinKm, limit: NEARBY_STORES });
  }
}
