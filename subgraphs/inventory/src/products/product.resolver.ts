import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { mutate, type Context } from '@trenza/subgraph';
import { Channel, GeoPointInput, Money } from '@trenza/values';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { recordDemand } from '../demand/record-demand.ts';
import { InventoryImportPayload } from '../imports/import.type.ts';
import { importProducts } from './import-products.ts';
import { pricesFor, type PriceQuestion } from './prices.sql.ts';
import {
  ImportProductsInput,
  Product,
  ProductConnection,
  ProductFacets,
  ProductFilter,
  ProductSort,
} from './product.type.ts';
import { countProducts, facetsOf, PRODUCT_COLUMNS, productsById, searchProducts } from './search-products.ts';

export const loadProducts = (ids: readonly string[], ctx: Context): Promise<(Product | null)[]> =>
  productsById(ctx.database, ids);

const loadPrices = (questions: readonly PriceQuestion[], ctx: Context): Promise<(Money | null)[]> =>
  pricesFor(ctx.database, questions, ctx.now());

/** Variants that are shown of one model. */
const MAX_VARIANTS = 100;

async function loadVariants(models: readonly string[], ctx: Context): Promise<Product[][]> {
  const rows = await sql<Product>(
    ctx.database,
    `select ${PRODUCT_COLUMNS} from unnest($1::text[]) m(model)
      cross join lateral (select * from product p where p.model = m.model and p.active order by sku limit ${MAX_VARIANTS}) p`,
    [models],
  );
  return models.map((model) => rows.filter((row) => row.model === model));
}

@Resolver(() => Product)
export class ProductResolver {
  @Query(() => Product, { nullable: true, description: 'A product by its id or its sku.' })
  @Allow('anyone')
  async product(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
    @Arg('sku', () => String, { nullable: true, description: 'Its sku.' }) sku: string | null,
  ): Promise<Product | null> {
    if (id) return ctx.load(loadProducts, id);
    const [row] = await sql<Product>(ctx.database, `select ${PRODUCT_COLUMNS} from product p where p.sku = $1`, [sku]);
    return row ?? null;
  }

  @Query(() => ProductConnection, { description: 'Products found by words and conditions, with facets.' })
  @Directive('@cacheControl(maxAge: 60)')
  @Allow('anyone')
  async products(
    @Ctx() ctx: Context,
    @Arg('filter', () => ProductFilter, { nullable: true, description: 'Which ones.' }) filter: ProductFilter | null,
    @Arg('near', () => GeoPointInput, {
      nullable: true,
      description: 'Where she is. What is looked for is counted by area, without her.',
    })
    near: GeoPointInput | null,
    @Arg('sort', () => ProductSort, { defaultValue: ProductSort.RELEVANCE, description: 'Order.' }) sort: ProductSort,
    @Arg('first', () => Int, { nullable: true, description: 'How many; 20 where not given.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor after which to go on.' }) after: string | null,
  ): Promise<ProductConnection> {
    // With a place she adds to the demand there, and what a store can promise changes with every sale.
    if (near || filter?.availableAt) ctx.keeping.atMost(0);
    const asked = filter ?? new ProductFilter();
    const page = await searchProducts(ctx.database, asked, { sort, first, after }, ctx.now());
    if (near && asked.search && !after) {
      const { latitude, longitude } = near;
      await recordDemand(ctx, {
        latitude,
        longitude,
        term: asked.search,
        productId: null,
        found: page.edges.length > 0,
      });
    }
    return { ...page, filter: asked };
  }

  @Mutation(() => InventoryImportPayload, {
    description: 'Make or change products with their prices, recognised by their sku. The same again changes nothing.',
  })
  @Allow({ roles: ['admin', 'service'] })
  importProducts(
    @Arg('input', () => ImportProductsInput) input: ImportProductsInput,
    @Ctx() ctx: Context,
  ): Promise<InventoryImportPayload> {
    return mutate(ctx, InventoryImportPayload, async (tx) =>
      InventoryImportPayload.of(await importProducts(tx, input.products, ctx.now())),
    );
  }

  @FieldResolver(() => Money, { description: 'What it costs, in a channel and a store where they are given.' })
  @Directive('@cacheControl(maxAge: 60)')
  async price(
    @Root() { id, amount, currency }: Product,
    @Ctx() ctx: Context,
    @Arg('channel', () => Channel, { nullable: true, description: 'In this channel; the web where not given.' })
    channel: Channel | null,
    @Arg('storeId', () => ID, { nullable: true, description: 'In this store.' }) storeId: string | null,
  ): Promise<Money> {
    const question = { productId: id, channel: channel ?? Channel.WEB, placeId: storeId ?? null };
    return (await ctx.load(loadPrices, question)) ?? { amount, currency };
  }

  @FieldResolver(() => [Product], {
    description: 'All products of the same model, this one too; itself where it has none.',
  })
  variants(@Root() product: Product, @Ctx() ctx: Context): Promise<Product[]> | Product[] {
    return product.model ? ctx.load(loadVariants, product.model) : [product];
  }
}

@Resolver(() => ProductConnection)
export class ProductConnectionResolver {
  @FieldResolver(() => Int, { description: 'How many were found in all.' })
  totalCount(@Root() { filter }: ProductConnection, @Ctx() ctx: Context): Promise<number> {
    return countProducts(ctx.database, filter, ctx.now());
  }

  @FieldResolver(() => ProductFacets, { description: 'How all that were found divide.' })
  facets(@Root() { filter }: ProductConnection, @Ctx() ctx: Context): Promise<ProductFacets> {
    return facetsOf(ctx.database, filter, ctx.now());
  }
}
