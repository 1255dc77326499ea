import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { isSameCustomer, mutate, once, type Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { GraphQLError } from 'graphql';
import { mutateFor } from '../acting-for.ts';
import { shortagesOf, withShortages } from '../stock/shortages.ts';
import { StockShortage } from '../stock/stock.type.ts';
import { advanceFulfilment } from './advance-fulfilment.ts';
import { cancelOrder } from './cancel-order.ts';
import { loadOrders } from './order.resolver.ts';
import {
  AdvanceFulfilmentInput,
  CancelOrderInput,
  CheckoutInput,
  PayOrderInput,
  RecordOrderInput,
  TillSaleInput,
} from './order.input.ts';
import { FulfilmentState, Order, OrderPayload, PaymentMeans } from './order.type.ts';
import { payOrder } from './pay-order.ts';
import { placeOrder, type PlacedOrder } from './place-order.ts';
import { recordOrder } from './record-order.ts';
import { tillSale } from './till-sale.ts';

const BUYERS = ['customer', 'service', 'associate', 'care'] as const;

@Resolver(() => OrderPayload)
export class OrderActionsResolver {
  @Mutation(() => OrderPayload, {
    description:
      'Order the cart, or the lines named. The stock is held while she pays; with a paymentToken it is paid at once.',
  })
  @Allow({ roles: BUYERS })
  async checkout(@Arg('input', () => CheckoutInput) input: CheckoutInput, @Ctx() ctx: Context): Promise<OrderPayload> {
    const { paymentToken, ...basket } = input;
    // Stays empty for a repeat: then the order may have gone on, and paying looks first.
    let begun: PlacedOrder | undefined;
    const placed = await withShortages((noting) =>
      mutateFor(ctx, input, OrderPayload, (tx, acting) =>
        once(tx, 'checkout', basket, async () => {
          const command = {
            ...acting,
            lines: input.lines ?? null,
            fulfilment: input.fulfilment,
            placeId: input.storeId ?? null,
            destination: input.destination ?? null,
            pointsHold: input.pointsHold,
            vouchers: input.vouchers,
            expectedTotal: input.expectedTotal,
            stockHoldId: input.stockHoldId,
            payNow: !!paymentToken,
          };
          begun = await noting(placeOrder(tx, command, ctx, ctx.now()));
          return { orderId: begun.order.id } as OrderPayload;
        }),
      ),
    );
    if (placed.errors.length > 0 || !paymentToken) return placed;
    return this.pay(ctx, placed.orderId!, paymentToken, begun);
  }

  @Mutation(() => OrderPayload, { description: 'Pay an order that waits for it. A repeat never pays twice.' })
  @Allow({ roles: BUYERS })
  async payOrder(@Arg('input', () => PayOrderInput) input: PayOrderInput, @Ctx() ctx: Context): Promise<OrderPayload> {
    await ownOrder(ctx, input.orderId);
    return this.pay(ctx, input.orderId, input.paymentToken ?? null);
  }

  private async pay(ctx: Context, orderId: string, token: string | null, begun?: PlacedOrder): Promise<OrderPayload> {
    const payload = Object.assign(new OrderPayload(), { orderId, errors: [] });
    try {
      await payOrder(ctx, orderId, token, ctx.now(), begun);
      return payload;
    } catch (error) {
      if (error instanceof DomainError) return Object.assign(payload, { errors: [error.toUserError()] });
      throw error;
    }
  }

  @Mutation(() => OrderPayload, { description: 'Sell at the till: paid and handed over at once.' })
  @Allow<unknown, { input: TillSaleInput }>({ roles: ['service'], store: (_, { input }) => input.storeId })
  tillSale(@Arg('input', () => TillSaleInput) input: TillSaleInput, @Ctx() ctx: Context): Promise<OrderPayload> {
    const { caller } = ctx;
    return withShortages((noting) =>
      mutate(ctx, OrderPayload, (tx) =>
        once(tx, 'tillSale', input, async () => {
          const command = {
            profileId: input.profileId ?? null,
            placeId: input.storeId,
            associateId: input.associateId ?? (caller.role === 'associate' ? caller.subject : null),
            lines: input.lines ?? null,
            pointsHold: input.pointsHold,
            vouchers: input.vouchers,
            expectedTotal: input.expectedTotal,
            stockHoldId: input.stockHoldId,
            payments: input.payments?.map(tillPayment) ?? null,
          };
          const order = await noting(tillSale(tx, command, ctx, ctx.now()));
          return { orderId: order.id } as OrderPayload;
        }),
      ),
    );
  }

  @Mutation(() => OrderPayload, {
    description: 'Take over an order that was sold and paid elsewhere. The same number again is the same order.',
  })
  @Allow({ roles: ['service', 'admin'] })
  recordOrder(
    @Arg('input', () => RecordOrderInput) input: RecordOrderInput,
    @Ctx() ctx: Context,
  ): Promise<OrderPayload> {
    const now = ctx.now();
    const { source, number, channel, currency, fulfilment, shippingAmount, lines } = input;
    const command = {
      source,
      number,
      channel,
      currency,
      fulfilment,
      shippingAmount,
      lines,
      profileId: input.profileId ?? null,
      placeId: input.storeId ?? null,
      destination: input.destination ?? null,
      placedAt: input.placedAt ?? now,
    };
    return withShortages((noting) =>
      mutate(ctx, OrderPayload, async (tx) => (await noting(recordOrder(tx, command, now))) as OrderPayload),
    );
  }

  @Mutation(() => OrderPayload, { description: 'Cancel an order of which nothing has left yet.' })
  @Allow({ roles: ['customer', 'service', 'care', 'admin'] })
  async cancelOrder(
    @Arg('input', () => CancelOrderInput) input: CancelOrderInput,
    @Ctx() ctx: Context,
  ): Promise<OrderPayload> {
    await ownOrder(ctx, input.orderId);
    return mutate(ctx, OrderPayload, (tx) =>
      once(tx, 'cancelOrder', input, async () => {
        await cancelOrder(tx, input, ctx.now());
        return { orderId: input.orderId } as OrderPayload;
      }),
    );
  }

  @Mutation(() => OrderPayload, {
    description: 'Move what a place does for an order a step on. The same step again changes nothing.',
  })
  @Allow<unknown, { input: AdvanceFulfilmentInput }>({
    roles: ['service', 'admin'],
    store: (_, { input }) => input.storeId,
  })
  advanceFulfilment(
    @Arg('input', () => AdvanceFulfilmentInput) input: AdvanceFulfilmentInput,
    @Ctx() ctx: Context,
  ): Promise<OrderPayload> {
    const { fulfilmentId, storeId, to } = input;
    return mutate(ctx, OrderPayload, async (tx) => {
      if (to === FulfilmentState.CANCELLED || to === FulfilmentState.WAITING)
        throw new DomainError('CANNOT_ADVANCE', `${to} is no step forward. To cancel, cancel the order.`, [
          'input',
          'to',
        ]);
      const command = { fulfilmentId, placeId: storeId, to, actor: ctx.caller.subject };
      return (await advanceFulfilment(tx, command, ctx.now())) as OrderPayload;
    });
  }

  @FieldResolver(() => Order, { nullable: true, description: 'The order as it is now.' })
  order(@Root() { orderId }: OrderPayload, @Ctx() ctx: Context): Promise<Order | null> | null {
    return orderId ? ctx.load(loadOrders, orderId) : null;
  }

  @FieldResolver(() => [StockShortage])
  shortages(@Root() { short }: OrderPayload, @Ctx() ctx: Context): Promise<StockShortage[]> {
    return shortagesOf(ctx, short);
  }
}

function tillPayment({ means, amount }: { means: PaymentMeans; amount: number }): {
  means: 'card' | 'cash';
  amount: number;
} {
  if (means === PaymentMeans.CARD || means === PaymentMeans.CASH) return { means, amount };
  throw new DomainError('INVALID_MEANS', `A till takes CARD and CASH; ${means} comes in another field.`, [
    'input',
    'payments',
  ]);
}

/** A customer touches her own orders only; whether another one exists she does not learn. */
async function ownOrder(ctx: Context, orderId: string): Promise<void> {
  if (ctx.caller.role !== 'customer') return;
  // Not through the loader of orders: it would remember how the order stood before the change.
  const [order] = await sql<{ owner: string | null }>(
    ctx.database,
    'select profile_id as owner from orders where id = $1',
    [orderId],
  );
  if (!order?.owner || !(await isSameCustomer(ctx, order.owner, ctx.caller.profileId!)))
    throw new GraphQLError('This is no order of yours.', { extensions: { code: 'FORBIDDEN' } });
}
