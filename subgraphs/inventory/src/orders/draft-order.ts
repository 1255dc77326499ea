import type { Keys } from '@trenza/auth';
import { profilesOf } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { DomainError, type Channel } from '@trenza/values';
import { MAX_CART_LINES, MAX_QUANTITY } from '../carts/cart.ts';
import { cartLines, join, lockCarts, type JoinedCart } from '../carts/carts.sql.ts';
import { checkTender, voucherRules, type Tender } from '../payments/tender.ts';
import { MAX_PRICE } from '../products/price.ts';
import { wantedById, wantedBySku, type WantedProduct } from '../products/wanted-products.sql.ts';
import type { Applied, LineDiscount } from '../promotions/price-basket.ts';
import { livePromotions } from '../promotions/promotions.sql.ts';
import { reckonBaskets } from '../promotions/reckon-baskets.ts';
import type { OrderLineRow } from './orders.sql.ts';

export interface WantedLine {
  sku: string;
  quantity: number;
  /** A price agreed with the customer at the till; otherwise the price that is valid there and then. */
  unitAmount?: number | null;
}

export interface DraftCommand {
  profileId: string | null;
  channel: Channel;
  /** The store whose prices are valid. */
  placeId: string | null;
  /** Null: everything in her cart. */
  lines: readonly WantedLine[] | null;
  pointsHold?: string | null;
  vouchers?: readonly string[] | null;
  /** What she was shown; another total is refused. */
  expectedTotal?: number | null;
}

/** Lines with the prices as they stand now, what was taken off them, and how points pay for them. */
export interface Draft {
  lines: (OrderLineRow & { productId: string })[];
  /** Of each line. */
  discounts: LineDiscount[][];
  applied: Applied[];
  currency: string;
  netAmount: number;
  pointsAmount: number | null;
  tender: Tender;
  /** Her cart, locked, where the order is made from it. */
  cart: JoinedCart | null;
}

export async function draftOrder(tx: Tx, command: DraftCommand, keys: Keys, now: Date): Promise<Draft> {
  const cart = command.lines ? null : await lockedCart(tx, command.profileId);
  const [products, running] = await Promise.all([
    cart ? wantedById(tx, cart.lines).then(sold) : productsOfLines(tx, command.lines!),
    livePromotions(tx, now),
  ]);
  const currency = currencyOf(products);
  const tender = await checkTender(tx, keys, { ...command, currency }, now);
  const { profileId, channel, placeId } = command;
  const vouchers = voucherRules(tender);
  const basket = { profileId, channel, storeId: placeId, lines: products, vouchers };
  const [priced] = await reckonBaskets(tx, [basket], now, { running });
  const lines = products.map(({ productId, sku, name, category, quantity }, i) => {
    const { netAmount, discountAmount } = priced!.lines[i]!;
    return {
      lineNo: i + 1,
      id: newId(),
      productId,
      sku,
      name,
      category,
      quantity,
      netAmount,
      discountAmount,
      returned: 0,
    };
  });
  const netAmount = lines.reduce((sum, line) => sum + line.netAmount, 0);
  checkTotal(command, priced!.vouchers, tender, netAmount);
  return {
    lines,
    discounts: priced!.lines.map((line) => line.discounts),
    applied: priced!.applied,
    currency,
    netAmount,
    pointsAmount: tender.points?.amount ?? null,
    tender,
    cart,
  };
}

export function currencyOf(products: readonly WantedProduct[]): string {
  const { currency } = products[0]!;
  const other = products.find((product) => product.currency !== currency);
  if (!other) return currency;
  throw new DomainError('CURRENCY_MISMATCH', `One order cannot be in ${currency} and ${other.currency}.`, [
    'input',
    'lines',
  ]);
}

/** Nobody pays what she was not shown, burns a voucher for nothing, or gives more points than it costs. */
function checkTotal(
  { expectedTotal }: DraftCommand,
  vouchers: readonly { code: string; amount: number }[],
  { points }: Tender,
  netAmount: number,
): void {
  const wasted = vouchers.findIndex((voucher) => voucher.amount === 0);
  if (wasted >= 0)
    throw new DomainError(
      'VOUCHER_TAKES_NOTHING_OFF',
      `The voucher ${vouchers[wasted]!.code} would take nothing off: what it could is already free or in a promotion that no voucher goes with. Keep it for another order.`,
      ['input', 'vouchers', String(wasted)],
    );
  if (expectedTotal != null && expectedTotal !== netAmount)
    throw new DomainError(
      'TOTAL_CHANGED',
      `It costs ${netAmount} (minor units) now and ${expectedTotal} were expected: a price or a promotion has changed. Show the new total and order again.`,
      ['input', 'expectedTotal'],
    );
  if (points && points.amount > netAmount)
    throw new DomainError(
      'POINTS_EXCEED_TOTAL',
      `The points pay ${points.amount} and the order costs ${netAmount} (minor units). Hold fewer points.`,
      ['input', 'pointsHold'],
    );
}

async function lockedCart(tx: Tx, profileId: string | null): Promise<JoinedCart> {
  const profiles = profileId ? (await profilesOf(tx, [profileId]))[0]! : [];
  const carts = await lockCarts(tx, profileId ? [...new Set([...profiles, profileId])] : []);
  const cart = carts.length > 0 ? join(carts, await cartLines(tx, carts)) : null;
  if (!cart || cart.lines.length === 0) throw cartEmpty();
  return cart;
}

export const cartEmpty = (): DomainError =>
  new DomainError('CART_EMPTY', 'There is nothing in the cart. Put something in, or name the lines.', [
    'input',
    'lines',
  ]);

/** The products of named lines, all of which must be known and sold. */
export async function productsOfLines(
  db: Parameters<typeof wantedBySku>[0],
  lines: readonly WantedLine[],
): Promise<WantedProduct[]> {
  if (lines.length === 0 || lines.length > MAX_CART_LINES)
    throw new DomainError('INVALID_LINES', `An order has 1 to ${MAX_CART_LINES} lines, this one has ${lines.length}.`, [
      'input',
      'lines',
    ]);
  const bad = lines.findIndex(
    (l) => l.quantity < 1 || l.quantity > MAX_QUANTITY || (l.unitAmount ?? 0) < 0 || (l.unitAmount ?? 0) > MAX_PRICE,
  );
  if (bad >= 0)
    throw new DomainError(
      'INVALID_LINES',
      `${lines[bad]!.quantity} of ${lines[bad]!.sku}: a line has 1 to ${MAX_QUANTITY} units, and a unit costs from 0 to ${MAX_PRICE} (minor units).`,
      ['input', 'lines', String(bad)],
    );
  const found = await wantedBySku(db, lines);
  const unknown = lines.findIndex((line) => !found.some((product) => product.sku === line.sku));
  if (unknown >= 0)
    throw new DomainError('UNKNOWN_SKU', `No product has the sku "${lines[unknown]!.sku}".`, [
      'input',
      'lines',
      String(unknown),
    ]);
  return sold(found);
}

export function sold(products: WantedProduct[]): WantedProduct[] {
  const gone = products.find((p) => !p.active);
  if (gone)
    throw new DomainError('NOT_SOLD', `${gone.sku} is no longer sold. Take it out of the order.`, ['input', 'lines']);
  return products;
}

/** Closes the carts that an order was made from. */
export async function checkOutCart(tx: Tx, cart: JoinedCart, orderId: string): Promise<void> {
  await sql(tx, `update cart set state = 'checked-out', order_id = $2 where id = any($1::uuid[])`, [
    cart.carts.map((c) => c.id),
    orderId,
  ]);
}
