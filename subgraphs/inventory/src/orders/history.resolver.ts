import { Allow } from '@trenza/auth';
import { mutate, type Context } from '@trenza/subgraph';
import { Channel, DomainError, GraphQLDateTimeISO, SafeInt } from '@trenza/values';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, registerEnumType, Root } from 'type-graphql';
import { InventoryImportPayload } from '../imports/import.type.ts';
import { loadStores } from '../places/place.resolver.ts';
import { Store } from '../places/place.type.ts';
import { importOrders } from './import-orders.ts';
import { ImportOrdersInput } from './import-orders.type.ts';
import { SalesTotal } from './order.type.ts';
import { SalesDimension, salesTotals } from './sales-totals.ts';

registerEnumType(SalesDimension, { name: 'SalesDimension', description: 'By what revenue is divided.' });

@Resolver(() => SalesTotal)
export class HistoryResolver {
  @Mutation(() => InventoryImportPayload, {
    description:
      'Bring in documents of another system, each once per source and number. Moves no stock; the events carry imported: true.',
  })
  @Allow({ roles: ['admin', 'service'] })
  importOrders(
    @Arg('input', () => ImportOrdersInput) input: ImportOrdersInput,
    @Ctx() ctx: Context,
  ): Promise<InventoryImportPayload> {
    return mutate(ctx, InventoryImportPayload, async (tx) => {
      if (input.source.trim() === '' || input.source.length > 100)
        throw new DomainError('INVALID_SOURCE', 'A source has 1 to 100 characters.', ['input', 'source']);
      return InventoryImportPayload.of(await importOrders(tx, input, ctx.now()));
    });
  }

  @Query(() => [SalesTotal], {
    description: 'Orders, returns and net revenue of a time, in groups. Cancelled orders do not count.',
  })
  @Allow({ roles: ['analyst', 'marketer', 'care', 'admin', 'service'] })
  salesTotals(
    @Ctx() ctx: Context,
    @Arg('from', () => GraphQLDateTimeISO, { nullable: true, description: 'From this instant.' }) from: Date | null,
    @Arg('to', () => GraphQLDateTimeISO, { nullable: true, description: 'Before this instant.' }) to: Date | null,
    @Arg('by', () => [SalesDimension], {
      defaultValue: [],
      description: 'At most one period, and channel, store, source.',
    })
    by: SalesDimension[],
    @Arg('timeZone', () => String, { defaultValue: 'UTC', description: 'Whose days are meant.' }) timeZone: string,
    @Arg('source', () => String, { nullable: true, description: 'Only from this system.' }) source: string | null,
    @Arg('channel', () => Channel, { nullable: true, description: 'Only from this channel.' }) channel: Channel | null,
    @Arg('storeId', () => ID, { nullable: true, description: 'Only of this store.' }) storeId: string | null,
  ): Promise<SalesTotal[]> {
    return salesTotals(ctx.database, {
      from: from ?? null,
      to: to ?? null,
      by,
      timeZone,
      source: source ?? null,
      channel: channel ?? null,
      storeId: storeId ?? null,
    });
  }

  @FieldResolver(() => SafeInt, { description: 'Sales less returns.' })
  netRevenue(@Root() { sales, returned }: SalesTotal): number {
    return sales - returned;
  }

  @FieldResolver(() => Store, { nullable: true, description: 'The store, where asked by store.' })
  store(@Root() { storeId }: SalesTotal, @Ctx() ctx: Context): Promise<Store | null> | null {
    return storeId ? ctx.load(loadStores, storeId) : null;
  }
}
