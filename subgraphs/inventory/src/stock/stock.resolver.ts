import { Allow } from '@trenza/auth';
import { sql, type Tx } from '@trenza/database';
import { mutate, once, type Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { Arg, Ctx, Directive, FieldResolver, Float, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { recordDemand } from '../demand/record-demand.ts';
import { InventoryImportPayload } from '../imports/import.type.ts';
import { loadStores } from '../places/place.resolver.ts';
import { isOpen } from '../places/opening-hours.ts';
import { Store } from '../places/place.type.ts';
import { MAX_RADIUS_KM } from '../places/places.sql.ts';
import { loadProducts } from '../products/product.resolver.ts';
import { Product } from '../products/product.type.ts';
import { setStock } from './import-stock.ts';
import { wrongFigures } from './integrity.ts';
import { moveStock } from './move-stock.ts';
import { atpLines, availableNear, stockOf, type NearbyQuestion } from './stock-views.sql.ts';
import { availableOf, type StockRow } from './stock.sql.ts';
import {
  AdjustStockInput,
  CountStockInput,
  ImportStockInput,
  NearbyStock,
  StockExplanation,
  StockIntegrity,
  StockLevel,
  StockPayload,
} from './stock.type.ts';

const STAFF = ['associate', 'care', 'marketer', 'analyst', 'admin', 'service'] as const;
const DEFAULT_RADIUS_KM = 50;
/** Stores named as near: nobody reads on. */
const MAX_NEARBY = 50;

const toLevel = ({ safety, ...row }: StockRow): StockLevel =>
  Object.assign(new StockLevel(), row, { safetyStock: safety, available: availableOf({ ...row, safety }) });

async function loadLevels(productIds: readonly string[], ctx: Context): Promise<StockLevel[][]> {
  const rows = await stockOf(ctx.database, productIds, null, ctx.now());
  const byProduct = Map.groupBy(rows, (row) => row.productId);
  return productIds.map((id) => (byProduct.get(id) ?? []).map(toLevel));
}

export async function nearby(ctx: Context, question: NearbyQuestion): Promise<NearbyStock[]> {
  const rows = await availableNear(ctx.database, question, ctx.now());
  return rows.map(({ store, available }) => ({
    store,
    available,
    distanceKm: store.distanceKm!,
    openNow: isOpen(store.opening, store.timeZone, ctx.now()),
  }));
}

@Resolver(() => StockLevel)
export class StockLevelResolver {
  @FieldResolver(() => Store, { description: 'The place.' })
  store(@Root() { placeId }: StockLevel, @Ctx() ctx: Context): Promise<Store | null> {
    return ctx.load(loadStores, placeId);
  }

  @FieldResolver(() => Product, { description: 'The product.' })
  product(@Root() { productId }: StockLevel, @Ctx() ctx: Context): Promise<Product | null> {
    return ctx.load(loadProducts, productId);
  }
}

@Resolver(() => Product)
export class ProductStockResolver {
  @FieldResolver(() => Int, { description: 'How many can be promised in all places together.' })
  @Directive('@cacheControl(maxAge: 0)')
  async available(@Root() { id }: Product, @Ctx() ctx: Context): Promise<number> {
    const levels = await ctx.load(loadLevels, id);
    return levels.reduce((sum, level) => sum + level.available, 0);
  }

  @FieldResolver(() => [StockLevel], { description: 'The figures of every place that keeps it.' })
  @Allow({ roles: STAFF })
  stock(@Root() { id }: Product, @Ctx() ctx: Context): Promise<StockLevel[]> {
    return ctx.load(loadLevels, id);
  }

  @FieldResolver(() => [NearbyStock], { description: 'The stores that have it, the nearest first.' })
  async availableNear(
    @Root() { id }: Product,
    @Ctx() ctx: Context,
    @Arg('latitude', () => Float, { description: 'Degrees north.' }) latitude: number,
    @Arg('longitude', () => Float, { description: 'Degrees east.' }) longitude: number,
    @Arg('withinKm', () => Float, { defaultValue: DEFAULT_RADIUS_KM, description: 'How far.' }) withinKm: number,
    @Arg('quantity', () => Int, { defaultValue: 1, description: 'How many she wants.' }) quantity: number,
    @Arg('openNow', () => Boolean, { defaultValue: false, description: 'Only stores that are open now.' })
    openNow: boolean,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many stores, at most 50.' }) first: number,
  ): Promise<NearbyStock[]> {
    const limit = Math.min(Math.max(1, first), MAX_NEARBY);
    const found = await nearby(ctx, {
      productId: id,
      latitude,
      longitude,
      withinKm: Math.min(withinKm, MAX_RADIUS_KM),
      quantity: Math.max(1, quantity),
      limit: openNow ? MAX_NEARBY : limit,
    });
    await recordDemand(ctx, { latitude, longitude, term: null, productId: id, found: found.length > 0 });
    return found.filter((f) => f.openNow || !openNow).slice(0, limit);
  }
}

@Resolver()
export class StockResolver {
  @Query(() => StockExplanation, {
    nullable: true,
    description: 'Why so many of a product and no more can be promised at a place.',
  })
  @Allow({ roles: STAFF })
  async whyAvailable(
    @Ctx() ctx: Context,
    @Arg('sku', () => String, { description: 'The sku.' }) sku: string,
    @Arg('storeId', () => ID, { description: 'The place.' }) storeId: string,
  ): Promise<StockExplanation | null> {
    const [product] = await sql<{ id: string }>(ctx.database, 'select id from product where sku = $1', [sku]);
    if (!product) return null;
    const [row] = await stockOf(ctx.database, [product.id], [storeId], ctx.now());
    if (!row) return null;
    const lines = await atpLines(ctx.database, product.id, storeId, ctx.now());
    if (row.safety > 0)
      lines.push({
        kind: 'safety-stock',
        quantity: -row.safety,
        reference: null,
        at: null,
        detail: 'kept for those who come in',
      });
    return {
      level: toLevel(row),
      lines,
      sentence: `${row.onHand} on hand − ${row.allocated} allocated − ${row.held} held − ${row.safety} safety stock = ${availableOf(row)} available.`,
    };
  }

  @Query(() => StockIntegrity, {
    description: 'Proves on the live data that every counter is the sum of its movements, reservations and transfers.',
  })
  @Allow({ roles: ['admin'] })
  async stockIntegrity(@Ctx() ctx: Context): Promise<StockIntegrity> {
    const wrong = await wrongFigures(ctx.database);
    const [row] = await sql<{ n: number }>(ctx.database, 'select count(*) as n from stock');
    return { ok: wrong.length === 0, checked: row!.n, wrong };
  }

  @Mutation(() => InventoryImportPayload, {
    description:
      'Set what is on hand, as a file or another system says. A repeat of the same reference changes nothing.',
  })
  @Allow({ roles: ['admin', 'service'] })
  importStock(
    @Arg('input', () => ImportStockInput) { reference, stock }: ImportStockInput,
    @Ctx() ctx: Context,
  ): Promise<InventoryImportPayload> {
    const command = {
      rows: stock,
      kind: 'import',
      document: `import:${reference}`,
      actor: ctx.caller.subject,
    } as const;
    return mutate(ctx, InventoryImportPayload, async (tx) =>
      InventoryImportPayload.of(await setStock(tx, command, ctx.now())),
    );
  }

  @Mutation(() => InventoryImportPayload, {
    description: 'Tell what was counted in a place; the difference goes into the ledger.',
  })
  @Allow<unknown, { input: CountStockInput }>({ roles: ['admin'], store: (_, { input }) => input.storeId })
  countStock(
    @Arg('input', () => CountStockInput) input: CountStockInput,
    @Ctx() ctx: Context,
  ): Promise<InventoryImportPayload> {
    return mutate(ctx, InventoryImportPayload, (tx) =>
      once(tx, 'countStock', input, async () => {
        const { code } = await existingPlace(tx, input.storeId);
        const outcome = await setStock(
          tx,
          {
            rows: input.lines.map((line) => ({ sku: line.sku, storeCode: code, onHand: line.counted })),
            kind: 'count',
            document: `count:${input.idempotencyKey}`,
            reason: input.reason,
            actor: ctx.caller.subject,
          },
          ctx.now(),
        );
        return InventoryImportPayload.of(outcome);
      }),
    );
  }

  @Mutation(() => StockPayload, {
    description: 'Correct the stock of a product at a place: delivered, damaged, found, lost.',
  })
  @Allow<unknown, { input: AdjustStockInput }>({ roles: ['admin', 'service'], store: (_, { input }) => input.storeId })
  adjustStock(
    @Arg('input', () => AdjustStockInput) input: AdjustStockInput,
    @Ctx() ctx: Context,
  ): Promise<StockPayload> {
    const { storeId, sku, quantity, reason } = input;
    return mutate(ctx, StockPayload, (tx) =>
      once(tx, 'adjustStock', input, async () => {
        const productId = await existingProduct(tx, sku);
        await existingPlace(tx, storeId);
        if (quantity === 0)
          throw new DomainError('INVALID_QUANTITY', 'Zero units change nothing.', ['input', 'quantity']);
        const movement = {
          kind: 'adjustment',
          productId,
          placeId: storeId,
          quantity,
          reason,
          actor: ctx.caller.subject,
        } as const;
        await moveStock(tx, [movement], ctx.now());
        return { levels: (await stockOf(tx, [productId], [storeId], ctx.now())).map(toLevel) };
      }),
    );
  }
}

export async function existingPlace(tx: Tx, id: string): Promise<{ code: string }> {
  const [place] = await sql<{ code: string }>(tx, 'select code from place where id = $1', [id]);
  if (!place) throw new DomainError('UNKNOWN_STORE', `No store has the id ${id}.`, ['input', 'storeId']);
  return place;
}

export async function existingProduct(tx: Tx, sku: string): Promise<string> {
  const [product] = await sql<{ id: string }>(tx, 'select id from product where sku = $1', [sku]);
  if (!product) throw new DomainError('UNKNOWN_SKU', `No product has the sku "${sku}".`, ['input', 'sku']);
  return product.id;
}
