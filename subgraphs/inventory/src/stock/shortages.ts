import type { Context } from '@trenza/subgraph';
import { loadStores } from '../places/place.resolver.ts';
import { loadProducts } from '../products/product.resolver.ts';
import type { Shortage } from './allocation.ts';
import { OutOfStock } from './out-of-stock.ts';
import type { StockShortage } from './stock.type.ts';

type Short = readonly (Shortage & { sku: string })[];

/** What there is not enough of travels beside the error, which the payload of a rolled back transaction keeps. */
export async function withShortages<P extends { short?: Short }>(
  work: (noting: <T>(step: Promise<T>) => Promise<T>) => Promise<P>,
): Promise<P> {
  let short: Short | undefined;
  const payload = await work((step) =>
    step.catch((error: unknown) => {
      if (error instanceof OutOfStock) short = error.shortages;
      throw error;
    }),
  );
  return Object.assign(payload, { short });
}

export const shortagesOf = (ctx: Context, short: Short = []): Promise<StockShortage[]> =>
  Promise.all(
    short.map(async ({ productId, sku, asked, available, where }) => ({
      product: (await ctx.load(loadProducts, productId))!,
      sku,
      asked,
      available,
      where: await Promise.all(
        where.map(async (w) => ({ store: (await ctx.load(loadStores, w.placeId))!, available: w.available })),
      ),
    })),
  );
