import { isSameCustomer, type Context } from '@trenza/subgraph';
import { Money } from '@trenza/values';
import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Customer } from '../customers/customer.reference.ts';
import { loadStores } from '../places/place.resolver.ts';
import { Store } from '../places/place.type.ts';
import { loadProducts } from '../products/product.resolver.ts';
import { Product } from '../products/product.type.ts';
import { discountViews } from '../promotions/promotion-views.ts';
import { loadPromotions } from '../promotions/promotion.resolver.ts';
import { LineDiscount, Promotion } from '../promotions/promotion.type.ts';
import {
  discountsByOrder,
  fulfilmentsByOrder,
  linesByOrder,
  ordersById,
  paymentsByOrder,
  returnsByOrder,
  type LineDiscountRow,
} from './order-views.sql.ts';
import { Order, OrderDiscount, OrderFulfilmentPart, OrderLine, OrderPayment, OrderReturn } from './order.type.ts';

export const loadOrders = (ids: readonly string[], ctx: Context): Promise<(Order | null)[]> =>
  ordersById(ctx.database, ids);
const loadLines = (ids: readonly string[], ctx: Context): Promise<OrderLine[][]> => linesByOrder(ctx.database, ids);
const loadParts = (ids: readonly string[], ctx: Context): Promise<OrderFulfilmentPart[][]> =>
  fulfilmentsByOrder(ctx.database, ids);
const loadPayments = (ids: readonly string[], ctx: Context): Promise<OrderPayment[][]> =>
  paymentsByOrder(ctx.database, ids);
const loadReturns = (ids: readonly string[], ctx: Context): Promise<OrderReturn[][]> =>
  returnsByOrder(ctx.database, ids);
const loadDiscounts = (ids: readonly string[], ctx: Context): Promise<LineDiscountRow[][]> =>
  discountsByOrder(ctx.database, ids);

const STAFF = ['associate', 'care', 'marketer', 'analyst', 'admin', 'service'];

@Resolver(() => Order)
export class OrderResolver {
  @Query(() => Order, { nullable: true, description: 'An order by its id or number. A customer finds her own.' })
  @Allow({ roles: ['customer', 'associate', 'care', 'marketer', 'analyst', 'admin', 'service'] })
  async order(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
    @Arg('number', () => String, { nullable: true, description: 'Its number.' }) number: string | null,
    @Arg('source', () => String, { defaultValue: 'trenza', description: 'The system that numbered it.' })
    source: string,
  ): Promise<Order | null> {
    const [byNumber] = id
      ? []
      : await sql<{ id: string }>(ctx.database, 'select id from orders where source = $1 and number = $2', [
          source,
          number,
        ]);
    const orderId = id ?? byNumber?.id;
    const order = orderId ? await ctx.load(loadOrders, orderId) : null;
    if (!order || STAFF.includes(ctx.caller.role)) return order;
    return order.profileId && (await isSameCustomer(ctx, order.profileId, ctx.caller.profileId!)) ? order : null;
  }

  @FieldResolver(() => Customer, { nullable: true, description: 'Who bought; null where nobody knows.' })
  customer(@Root() { profileId }: Order): Customer | null {
    return profileId ? { id: profileId } : null;
  }

  @FieldResolver(() => Store, { nullable: true, description: 'The store of the sale or of the pick-up.' })
  store(@Root() { placeId }: Order, @Ctx() ctx: Context): Promise<Store | null> | null {
    return placeId ? ctx.load(loadStores, placeId) : null;
  }

  @FieldResolver(() => Money, { description: 'What she pays in all: lines and shipping.' })
  total(@Root() { netAmount, shippingAmount, currency }: Order): Money {
    return { amount: netAmount + shippingAmount, currency };
  }

  @FieldResolver(() => Money, { description: 'The lines after discounts: what counts as spend.' })
  net(@Root() { netAmount, currency }: Order): Money {
    return { amount: netAmount, currency };
  }

  @FieldResolver(() => Money, { description: 'What was taken off by promotions and vouchers.' })
  discount(@Root() { discountAmount, currency }: Order): Money {
    return { amount: discountAmount, currency };
  }

  @FieldResolver(() => [OrderDiscount], { description: 'What promotions and vouchers took off, in this order.' })
  async discounts(@Root() { id, currency }: Order, @Ctx() ctx: Context): Promise<OrderDiscount[]> {
    const groups = Map.groupBy(await ctx.load(loadDiscounts, id), (d) => d.promotionId ?? d.voucherCode);
    return [...groups.values()].map((own) => {
      const { name, promotionId, voucherCode } = own[0]!;
      const amount = own.reduce((sum, d) => sum + d.amount, 0);
      return Object.assign(new OrderDiscount(), { name, promotionId, voucherCode, amount: { amount, currency } });
    });
  }

  @FieldResolver(() => Money, { description: 'Shipping.' })
  shipping(@Root() { shippingAmount, currency }: Order): Money {
    return { amount: shippingAmount, currency };
  }

  @FieldResolver(() => Money, { description: 'What was paid by points.' })
  paidByPoints(@Root() { pointsAmount, currency }: Order): Money {
    return { amount: pointsAmount ?? 0, currency };
  }

  @FieldResolver(() => [OrderLine], { description: 'What was bought.' })
  lines(@Root() { id }: Order, @Ctx() ctx: Context): Promise<OrderLine[]> {
    return ctx.load(loadLines, id);
  }

  @FieldResolver(() => [OrderFulfilmentPart], {
    description: 'What each place does for it; several where it was split.',
  })
  fulfilments(@Root() { id }: Order, @Ctx() ctx: Context): Promise<OrderFulfilmentPart[]> {
    return ctx.load(loadParts, id);
  }

  @FieldResolver(() => [OrderPayment], { description: 'Payments in money.' })
  payments(@Root() { id }: Order, @Ctx() ctx: Context): Promise<OrderPayment[]> {
    return ctx.load(loadPayments, id);
  }

  @FieldResolver(() => [OrderReturn], { description: 'What came back.' })
  returns(@Root() { id }: Order, @Ctx() ctx: Context): Promise<OrderReturn[]> {
    return ctx.load(loadReturns, id);
  }
}

@Resolver(() => OrderLine)
export class OrderLineResolver {
  @FieldResolver(() => Product, {
    nullable: true,
    description: 'The product; null where the sku was never one of ours.',
  })
  product(@Root() { productId }: OrderLine, @Ctx() ctx: Context): Promise<Product | null> | null {
    return productId ? ctx.load(loadProducts, productId) : null;
  }

  @FieldResolver(() => Money, { description: 'What the line cost after discounts.' })
  net(@Root() { netAmount, currency }: OrderLine): Money {
    return { amount: netAmount, currency };
  }

  @FieldResolver(() => Money, { description: 'What was taken off.' })
  discount(@Root() { discountAmount, currency }: OrderLine): Money {
    return { amount: discountAmount, currency };
  }

  @FieldResolver(() => [LineDiscount], { description: 'By what it was taken off, in this order.' })
  async discounts(@Root() { orderId, lineNo, currency }: OrderLine, @Ctx() ctx: Context): Promise<LineDiscount[]> {
    const all = await ctx.load(loadDiscounts, orderId);
    return discountViews(
      all.filter((d) => d.lineNo === lineNo),
      currency,
    );
  }
}

@Resolver(() => OrderDiscount)
export class OrderDiscountResolver {
  @FieldResolver(() => Promotion, { nullable: true, description: 'The promotion; null for a voucher.' })
  async promotion(@Root() { promotionId }: OrderDiscount, @Ctx() ctx: Context): Promise<Promotion | null> {
    const stored = promotionId ? await ctx.load(loadPromotions, promotionId) : null;
    return stored ? Promotion.of(stored) : null;
  }
}

@Resolver(() => OrderFulfilmentPart)
export class OrderFulfilmentPartResolver {
  @FieldResolver(() => Store, { description: 'The place.' })
  store(@Root() { placeId }: OrderFulfilmentPart, @Ctx() ctx: Context): Promise<Store | null> {
    return ctx.load(loadStores, placeId);
  }
}

@Resolver(() => OrderPayment)
export class OrderPaymentResolver {
  @FieldResolver(() => Money, { description: 'How much.' })
  amount(@Root() payment: OrderPayment): Money {
    return { amount: payment.amount, currency: payment.currency };
  }

  @FieldResolver(() => Money, { description: 'How much of it was given back.' })
  refunded(@Root() payment: OrderPayment): Money {
    return { amount: payment.refunded, currency: payment.currency };
  }
}
