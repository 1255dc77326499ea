import { Allow } from '@trenza/auth';
import { profilesOf } from '@trenza/customers';
import { once, type Context } from '@trenza/subgraph';
import { Money } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Float, Int, Mutation, Resolver, Root } from 'type-graphql';
import { mutateFor, type ActingInput } from '../acting-for.ts';
import { loadProducts } from '../products/product.resolver.ts';
import { Product } from '../products/product.type.ts';
import { appliedViews, discountViews, missedViews } from '../promotions/promotion-views.ts';
import { AppliedPromotion, LineDiscount, MissedPromotion } from '../promotions/promotion.type.ts';
import { nearby } from '../stock/stock.resolver.ts';
import { NearbyStock } from '../stock/stock.type.ts';
import { AddToCartInput, Cart, CartLine, CartPayload, ChangeCartLineInput } from './cart.type.ts';
import { cartLines, itemsOf, join, openCarts } from './carts.sql.ts';
import { changeCart, type ChangeCartCommand } from './change-cart.ts';
import { priceCarts, type PriceableCart, type PricedCart } from './price-carts.ts';

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

const loadPricedCarts = (carts: readonly PriceableCart[], ctx: Context): Promise<PricedCart[]> =>
  priceCarts(ctx.database, carts, ctx.now());

const pricedOf = (cart: Cart, ctx: Context): Promise<PricedCart> =>
  (cart.priced ??= ctx.load(loadPricedCarts, cart.priceable));

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

  @FieldResolver(() => Money, { description: 'What it costs before promotions.' })
  async subtotal(@Root() cart: Cart, @Ctx() ctx: Context): Promise<Money> {
    return { amount: (await pricedOf(cart, ctx)).grossAmount, currency: cart.currency };
  }

  @FieldResolver(() => Money, { description: 'What promotions take off.' })
  async discount(@Root() cart: Cart, @Ctx() ctx: Context): Promise<Money> {
    const { grossAmount, netAmount } = await pricedOf(cart, ctx);
    return { amount: grossAmount - netAmount, currency: cart.currency };
  }

  @FieldResolver(() => Money, { description: 'What it would cost now, after promotions: what a checkout expects.' })
  async total(@Root() cart: Cart, @Ctx() ctx: Context): Promise<Money> {
    return { amount: (await pricedOf(cart, ctx)).netAmount, currency: cart.currency };
  }

  @FieldResolver(() => [AppliedPromotion], { description: 'What takes something off, in this order.' })
  async promotions(@Root() cart: Cart, @Ctx() ctx: Context): Promise<AppliedPromotion[]> {
    return appliedViews(await pricedOf(cart, ctx));
  }

  @FieldResolver(() => [MissedPromotion], {
    description: 'What is within reach: promotions that would take something off if there were a little more.',
  })
  async missedPromotions(@Root() cart: Cart, @Ctx() ctx: Context): Promise<MissedPromotion[]> {
    return missedViews(await pricedOf(cart, ctx), false);
  }
}

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

  @FieldResolver(() => Money, {
    description: 'What one of it costs now, in the channel of the cart, before promotions.',
  })
  async unitPrice(@Root() { cart, place }: CartLine, @Ctx() ctx: Context): Promise<Money> {
    return { amount: (await pricedOf(cart, ctx)).unitAmounts[place]!, currency: cart.currency };
  }

  @FieldResolver(() => Money, { description: 'What they cost together, before promotions.' })
  async amount(@Root() { cart, place }: CartLine, @Ctx() ctx: Context): Promise<Money> {
    return { amount: (await pricedOf(cart, ctx)).lines[place]!.grossAmount, currency: cart.currency };
  }

  @FieldResolver(() => Money, { description: 'What they cost together, after promotions.' })
  async net(@Root() { cart, place }: CartLine, @Ctx() ctx: Context): Promise<Money> {
    return { amount: (await pricedOf(cart, ctx)).lines[place]!.netAmount, currency: cart.currency };
  }

  @FieldResolver(() => [LineDiscount], { description: 'What promotions take off them.' })
  async discounts(@Root() { cart, place }: CartLine, @Ctx() ctx: Context): Promise<LineDiscount[]> {
    return discountViews((await pricedOf(cart, ctx)).lines[place]!.discounts, cart.currency);
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
