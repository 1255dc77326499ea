import type { Context } from '@trenza/subgraph';
import { Money } from '@trenza/values';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { loadOrders } from '../orders/order.resolver.ts';
import { linesByReturn } from '../orders/order-views.sql.ts';
import { Order, OrderReturn, OrderReturnLine } from '../orders/order.type.ts';
import { loadStores } from '../places/place.resolver.ts';
import { Store } from '../places/place.type.ts';
import { loadProducts } from '../products/product.resolver.ts';
import { Product } from '../products/product.type.ts';
import { explainReturn } from './explain-return.ts';

const loadReturnLines = (ids: readonly string[], ctx: Context): Promise<OrderReturnLine[][]> =>
  linesByReturn(ctx.database, ids);

@Resolver(() => OrderReturn)
export class OrderReturnResolver {
  @FieldResolver(() => Order, { nullable: true, description: 'The order; null without a receipt.' })
  order(@Root() { orderId }: OrderReturn, @Ctx() ctx: Context): Promise<Order | null> | null {
    return orderId ? ctx.load(loadOrders, orderId) : null;
  }

  @FieldResolver(() => Store, { nullable: true, description: 'Where it was taken back.' })
  store(@Root() { placeId }: OrderReturn, @Ctx() ctx: Context): Promise<Store | null> | null {
    return placeId ? ctx.load(loadStores, placeId) : null;
  }

  @FieldResolver(() => Money, { description: 'What it was worth when it was sold.' })
  value(@Root() { valueAmount, currency }: OrderReturn): Money {
    return { amount: valueAmount, currency };
  }

  @FieldResolver(() => Money, { description: 'What was given back in money; the rest had been paid by points.' })
  refund(@Root() { refundAmount, currency }: OrderReturn): Money {
    return { amount: refundAmount, currency };
  }

  @FieldResolver(() => [OrderReturnLine], { description: 'What came back, line by line.' })
  lines(@Root() { id }: OrderReturn, @Ctx() ctx: Context): Promise<OrderReturnLine[]> {
    return ctx.load(loadReturnLines, id);
  }
}

@Resolver(() => OrderReturnLine)
export class OrderReturnLineResolver {
  @FieldResolver(() => Product, { nullable: true, description: 'The product, where it is one of ours.' })
  product(@Root() { productId }: OrderReturnLine, @Ctx() ctx: Context): Promise<Product | null> | null {
    return productId ? ctx.load(loadProducts, productId) : null;
  }

  @FieldResolver(() => Money, { description: 'What it is worth: its share of what the line cost after discounts.' })
  value(@Root() { valueAmount, currency }: OrderReturnLine): Money {
    return { amount: valueAmount, currency };
  }

  @FieldResolver(() => String, { description: 'Why it is worth that, in words.' })
  explanation(@Root() line: OrderReturnLine): string {
    return explainReturn(line, line.currency);
  }
}
