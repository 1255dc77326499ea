import { profilesOf } from '@trenza/customers';
import type { Tx } from '@trenza/database';
import type { Channel } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { amountOf } from '../products/prices.sql.ts';
import type { WantedProduct } from '../products/wanted-products.sql.ts';
import { priceBasket, type BasketContext, type PricedBasket, type VoucherRule } from './price-basket.ts';
import type { Promotion } from './promotion.ts';
import { livePromotions, usesByProfile, type LivePromotion } from './promotions.sql.ts';

type Db = Tx | DataSource;

export interface Basket {
  channel: `${Channel}`;
  /** The store whose prices and promotions are valid. */
  storeId: string | null;
  /** Who buys; null where nobody knows. */
  profileId: string | null;
  lines: readonly WantedProduct[];
  vouchers: readonly VoucherRule[];
}

export interface ReckonedBasket extends PricedBasket {
  currency: string;
  /** In the order of the lines. */
  unitAmounts: number[];
}

/**
 * What each basket costs at an instant, with the promotions that run then (`running`, where the caller has asked already); `trial` are drafts to
 * be tried as if they did.
 */
export async function reckonBaskets(
  db: Db,
  baskets: readonly Basket[],
  now: Date,
  { trial = [], running }: { trial?: readonly Promotion[]; running?: readonly LivePromotion[] } = {},
): Promise<ReckonedBasket[]> {
  const live = running ?? (await livePromotions(db, now));
  const hers = await usesOfCustomers(db, live, baskets);
  const promotions = [...live, ...trial.filter((t) => !live.some((p) => p.id === t.id))];
  return baskets.map((basket) => {
    const { channel, storeId, profileId } = basket;
    const currency = basket.lines[0]?.currency ?? '';
    const lines = basket.lines.map((line) => ({
      ...line,
      unitAmount: line.agreedAmount ?? amountOf(line, { channel, placeId: storeId }, now),
      agreed: line.agreedAmount !== null,
    }));
    const uses: BasketContext['uses'] = new Map(
      live.map((p) => [p.id, { total: p.used, hers: (profileId && hers.get(profileId)?.get(p.id)) || 0 }]),
    );
    const context = { channel, storeId, currency, knownCustomer: profileId !== null, uses };
    const priced = priceBasket(lines, promotions, basket.vouchers, context);
    return { ...priced, currency, unitAmounts: lines.map((line) => line.unitAmount) };
  });
}

/** By any profile that asks: how often its customer, with all her profiles, used each promotion that counts it. */
async function usesOfCustomers(
  db: Db,
  live: readonly LivePromotion[],
  baskets: readonly Basket[],
): Promise<Map<string, Map<string, number>>> {
  const limited = live.filter((p) => p.customerLimit !== null).map((p) => p.id);
  const asking = [...new Set(baskets.flatMap(({ profileId }) => (profileId ? [profileId] : [])))];
  if (limited.length === 0 || asking.length === 0) return new Map();
  const profiles = await profilesOf(db, asking);
  const rows = await usesByProfile(db, limited, [...new Set([...profiles.flat(), ...asking])]);
  return new Map(
    asking.map((profileId, i) => {
      const own = new Set([...profiles[i]!, profileId]);
      const uses = new Map<string, number>();
      for (const row of rows)
        if (own.has(row.profileId)) uses.set(row.promotionId, (uses.get(row.promotionId) ?? 0) + row.uses);
      return [profileId, uses];
    }),
  );
}
