import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { mutate, once, type Context } from '@trenza/subgraph';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { loadStores } from '../places/place.resolver.ts';
import { Store } from '../places/place.type.ts';
import { receiveTransfer, sendTransfer } from './transfer-stock.ts';
import { ReceiveTransferInput, SendTransferInput, StockTransfer, StockTransferPayload } from './transfer.type.ts';

const TRANSFERS = `
  select t.id, t.state, t.sent_at as "sentAt", t.received_at as "receivedAt", t.from_place_id as "fromPlaceId", t.to_place_id as "toPlaceId",
         (select json_agg(json_build_object('sku', p.sku, 'sent', l.sent, 'received', l.received) order by p.sku)
            from transfer_line l join product p on p.id = l.product_id where l.transfer_id = t.id) as lines
    from transfer t`;
/** On their way to one place; more than this is a warehouse that nobody unloads. */
const MAX_OPEN = 200;

const loadTransfers = async (ids: readonly string[], ctx: Context): Promise<(StockTransfer | null)[]> => {
  const rows = await sql<StockTransfer>(ctx.database, `${TRANSFERS} where t.id = any($1::uuid[])`, [ids]);
  return ids.map((id) => rows.find((row) => row.id === id) ?? null);
};

@Resolver(() => StockTransfer)
export class TransferResolver {
  @Query(() => [StockTransfer], { description: 'Transfers that are on their way to a place, the oldest first.' })
  @Allow<unknown, { storeId: string }>({ roles: ['admin', 'service', 'analyst'], store: (_, { storeId }) => storeId })
  openTransfers(
    @Ctx() ctx: Context,
    @Arg('storeId', () => ID, { description: 'The place.' }) storeId: string,
  ): Promise<StockTransfer[]> {
    return sql<StockTransfer>(
      ctx.database,
      `${TRANSFERS} where t.to_place_id = $1 and t.state = 'sent' order by t.sent_at limit ${MAX_OPEN}`,
      [storeId],
    );
  }

  @Mutation(() => StockTransferPayload, {
    description: 'Send units to another place. They are in transit until they are received.',
  })
  @Allow<unknown, { input: SendTransferInput }>({
    roles: ['admin', 'service'],
    store: (_, { input }) => input.fromStoreId,
  })
  sendTransfer(
    @Arg('input', () => SendTransferInput) input: SendTransferInput,
    @Ctx() ctx: Context,
  ): Promise<StockTransferPayload> {
    const { fromStoreId: fromPlaceId, toStoreId: toPlaceId, lines } = input;
    const command = { fromPlaceId, toPlaceId, lines, actor: ctx.caller.subject };
    return mutate(ctx, StockTransferPayload, (tx) =>
      once(tx, 'sendTransfer', input, () => sendTransfer(tx, command, ctx.now()) as Promise<StockTransferPayload>),
    );
  }

  @Mutation(() => StockTransferPayload, { description: 'Take what arrived onto the shelf.' })
  @Allow<unknown, { input: ReceiveTransferInput }>({
    roles: ['admin', 'service'],
    store: (_, { input }) => input.storeId,
  })
  receiveTransfer(
    @Arg('input', () => ReceiveTransferInput) input: ReceiveTransferInput,
    @Ctx() ctx: Context,
  ): Promise<StockTransferPayload> {
    const { transferId, storeId: placeId, lines } = input;
    const command = { transferId, placeId, lines: lines ?? null, actor: ctx.caller.subject };
    return mutate(ctx, StockTransferPayload, (tx) =>
      once(
        tx,
        'receiveTransfer',
        input,
        () => receiveTransfer(tx, command, ctx.now()) as Promise<StockTransferPayload>,
      ),
    );
  }

  @FieldResolver(() => Store, { description: 'From where.' })
  from(@Root() { fromPlaceId }: StockTransfer, @Ctx() ctx: Context): Promise<Store | null> {
    return ctx.load(loadStores, fromPlaceId);
  }

  @FieldResolver(() => Store, { description: 'To where.' })
  to(@Root() { toPlaceId }: StockTransfer, @Ctx() ctx: Context): Promise<Store | null> {
    return ctx.load(loadStores, toPlaceId);
  }
}

@Resolver(() => StockTransferPayload)
export class TransferPayloadResolver {
  @FieldResolver(() => StockTransfer, { nullable: true, description: 'The transfer.' })
  transfer(@Root() { transferId }: StockTransferPayload, @Ctx() ctx: Context): Promise<StockTransfer | null> | null {
    return transferId ? ctx.load(loadTransfers, transferId) : null;
  }
}
