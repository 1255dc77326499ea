import type { Keys } from '@trenza/auth';
import { profilesOf } from '@trenza/customers';
import type { Tx } from '@trenza/database';
import { DomainError, type Channel } from '@trenza/values';
import { cartLines, join, openCarts } from '../carts/carts.sql.ts';
import { cartEmpty, currencyOf, productsOfLines, sold } from '../orders/draft-order.ts';
import { checkTender, voucherRules } from '../payments/tender.ts';
import { requirePlace } from '../places/require-place.ts';
import { wantedById, type WantedProduct } from '../products/wanted-products.sql.ts';
import { promotionsById, type StoredPromotion } from './promotions.sql.ts';
import { reckonBaskets, type ReckonedBasket } from './reckon-baskets.ts';

export interface QuoteCommand {
  profileId: string | null;
  channel: Channel;
  storeId: string | null;
  /** Null: her cart. */
  lines: readonly { sku: string; quantity: number }[] | null;
  vouchers: readonly string[];
  /** Promotions that do not run, to be tried as if they did. */
  tryPromotionIds: readonly string[];
  at: Date;
}

export type QuotedBasket = ReckonedBasket & { products: WantedProduct[] };

/** What a checkout of this basket would cost: the same checks and the same sums, without writing or locking anything. */
export async function quoteBasket(tx: Tx, command: QuoteCommand, keys: Keys, now: Date): Promise<QuotedBasket> {
  const { profileId, channel, storeId, vouchers, at } = command;
  if (storeId) await requirePlace(tx, storeId);
  const products = command.lines ? await productsOfLines(tx, command.lines) : sold(await productsInCart(tx, profileId));
  const currency = currencyOf(products);
  const tender = await checkTender(tx, keys, { profileId, vouchers, currency }, now);
  const trial = await triedPromotions(tx, command.tryPromotionIds);
  const basket = { profileId, channel, storeId, lines: products, vouchers: voucherRules(tender) };
  const [priced] = await reckonBaskets(tx, [basket], at, { trial });
  return { ...priced!, products };
}

async function productsInCart(tx: Tx, profileId: string | null): Promise<WantedProduct[]> {
  if (!profileId) throw cartEmpty();
  const [profiles] = await profilesOf(tx, [profileId]);
  const carts = await openCarts(tx, [...new Set([...profiles!, profileId])]);
  const cart = join(carts, await cartLines(tx, carts));
  if (!cart || cart.lines.length === 0) throw cartEmpty();
  return wantedById(tx, cart.lines);
}

async function triedPromotions(tx: Tx, ids: readonly string[]): Promise<StoredPromotion[]> {
  if (ids.length === 0) return [];
  const found = await promotionsById(tx, ids);
  return found.map((promotion, i) => {
    if (promotion) return promotion;
    throw new DomainError('UNKNOWN_PROMOTION', `No promotion has the id ${ids[i]}.`, [
      'input',
      'tryPromotionIds',
      String(i),
    ]);
  });
}
