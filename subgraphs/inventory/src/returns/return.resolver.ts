import { Allow } from '@trenza/auth';
import { mutate, once, type Context } from '@trenza/subgraph';
import { Channel } from '@trenza/values';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { channelOf } from '../acting-for.ts';
import { returnsById } from '../orders/order-views.sql.ts';
import { OrderReturn, OrderReturnPayload } from '../orders/order.type.ts';
import { returnOrder } from './return-order.ts';
import { returnWithoutReceipt } from './return-without-receipt.ts';
import { ReturnOrderInput, ReturnWithoutReceiptInput } from './return.type.ts';

const loadReturns = (ids: readonly string[], ctx: Context): Promise<(OrderReturn | null)[]> =>
  returnsById(ctx.database, ids);

@Resolver(() => OrderReturnPayload)
export class ReturnResolver {
  @Mutation(() => OrderReturnPayload, {
    description:
      'Take back lines of an order, at any place, whatever the channel of the purchase. Money goes back to where it came from.',
  })
  @Allow<unknown, { input: ReturnOrderInput }>({
    roles: ['service', 'care', 'admin'],
    store: (_, { input }) => input.storeId,
  })
  returnOrder(
    @Arg('input', () => ReturnOrderInput) input: ReturnOrderInput,
    @Ctx() ctx: Context,
  ): Promise<OrderReturnPayload> {
    return mutate(ctx, OrderReturnPayload, (tx) =>
      once(tx, 'returnOrder', input, async () => {
        const command = {
          orderId: input.orderId,
          channel: input.channel ?? (input.storeId ? Channel.STORE : channelOf(ctx, input)),
          placeId: input.storeId ?? null,
          associateId: ctx.caller.role === 'associate' ? ctx.caller.subject : null,
          reason: input.reason ?? null,
          lines: input.lines,
        };
        return { returnId: (await returnOrder(tx, command, ctx.now())).id } as OrderReturnPayload;
      }),
    );
  }

  @Mutation(() => OrderReturnPayload, {
    description: 'Take back without a receipt: at the lowest price of the last 90 days, in cash, within limits.',
  })
  @Allow<unknown, { input: ReturnWithoutReceiptInput }>({ roles: ['admin'], store: (_, { input }) => input.storeId })
  returnWithoutReceipt(
    @Arg('input', () => ReturnWithoutReceiptInput) input: ReturnWithoutReceiptInput,
    @Ctx() ctx: Context,
  ): Promise<OrderReturnPayload> {
    return mutate(ctx, OrderReturnPayload, (tx) =>
      once(tx, 'returnWithoutReceipt', input, async () => {
        const command = {
          profileId: input.profileId ?? null,
          channel: Channel.STORE,
          placeId: input.storeId,
          associateId: ctx.caller.subject,
          reason: input.reason ?? null,
          lines: input.lines,
        };
        return { returnId: (await returnWithoutReceipt(tx, command, ctx.now())).id } as OrderReturnPayload;
      }),
    );
  }

  @FieldResolver(() => OrderReturn, { nullable: true, description: 'The return.' })
  orderReturn(@Root() { returnId }: OrderReturnPayload, @Ctx() ctx: Context): Promise<OrderReturn | null> | null {
    return returnId ? ctx.load(loadReturns, returnId) : null;
  }
}
