import type { Keys } from '@trenza/auth';
import { profilesOf } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { DomainError } from '@trenza/values';
import { MAX_CART_LINES, MAX_QUANTITY } from '../carts/cart.ts';
import { cartLines, join, lockCarts, type JoinedCart } from '../carts/carts.sql.ts';
import { checkTender, discountsOf, type Tender } from '../payments/tender.ts';
import { pricesFor } from '../products/prices.sql.ts';
import { applyDiscounts } from './order.ts';
import type { OrderLineRow } from './orders.sql.ts';

export interface WantedLine {
  sku: string;
  quantity: number;
  /** A price agreed with the customer at the till; otherwise the price that is valid there and then. */
  unitAmount?: number | null;
}

export interface DraftCommand {
  profileId: string | null;
  channel: string;
  /** The store whose prices are valid. */
  placeId: string | null;
  /** Null: everything in her cart. */
  lines: readonly WantedLine[] | null;
  pointsHold?: string | null;
  vouchers?: readonly string[] | null;
}

/** Lines with the prices as they stand now, and how points and vouchers pay for them. */
export interface Draft {
  lines: (OrderLineRow & { productId: string })[];
  currency: string;
  netAmount: number;
  pointsAmount: number | null;
  tender: Tender;
  /** Her cart, locked, where the order is made from it. */
  cart: JoinedCart | null;
}

interface KnownProduct {
  id: string;
  sku: string;
  name: string;
  category: string | null;
  active: boolean;
  quantity: number;
  unitAmount: number | null;
}

export async function draftOrder(tx: Tx, command: DraftCommand, keys: Keys, now: Date): Promise<Draft> {
  const cart = command.lines ? null : await lockedCart(tx, command.profileId);
  const products = cart ? await productsOfCart(tx, cart) : await productsOfLines(tx, command.lines!);
  const prices = await pricesFor(
    tx,
    products.map((p) => ({ productId: p.id, channel: command.channel, placeId: command.placeId })),
    now,
  );
  const currency = prices[0]!.currency;
  const other = prices.find((price) => price!.currency !== currency);
  if (other)
    throw new DomainError('CURRENCY_MISMATCH', `One order cannot be in ${currency} and ${other.currency}.`, [
      'input',
      'lines',
    ]);

  const tender = await checkTender(tx, keys, { ...command, currency }, now);
  const priced = products.map((p, i) => ({
    productId: p.id,
    quantity: p.quantity,
    unitAmount: p.unitAmount ?? prices[i]!.amount,
  }));
  const lines = applyDiscounts(priced, discountsOf(tender)).map((line, i) => {
    const { sku, name, category } = products[i]!;
    const { productId, quantity, netAmount, discountAmount } = line;
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
  if (tender.points && tender.points.amount > netAmount)
    throw new DomainError(
      'POINTS_EXCEED_TOTAL',
      `The points pay ${tender.points.amount} and the order costs ${netAmount} (minor units). Hold fewer points.`,
      ['input', 'pointsHold'],
    );
  return { lines, currency, netAmount, pointsAmount: tender.points?.amount ?? null, tender, cart };
}

async function lockedCart(tx: Tx, profileId: string | null): Promise<JoinedCart> {
  const profiles = profileId ? (await profilesOf(tx, [profileId]))[0]! : [];
  const carts = await lockCarts(tx, profileId ? [...new Set([...profiles, profileId])] : []);
  const cart = carts.length > 0 ? join(carts, await cartLines(tx, carts)) : null;
  if (!cart || cart.lines.length === 0)
    throw new DomainError('CART_EMPTY', 'There is nothing in the cart. Put something in, or name the lines.', [
      'input',
      'lines',
    ]);
  return cart;
}

const FIND = `
  select p.id, p.sku, p.name, p.category, p.active, l.quantity, l.unit_amount as "unitAmount"
    from unnest($1::text[], $2::int[], $3::bigint[]) with ordinality l(key, quantity, unit_amount, place)
    join product p on p.KEY = l.key::TYPE
   order by l.place`;
const FIND_BY_ID = FIND.replace('KEY', 'id').replace('TYPE', 'uuid');
const FIND_BY_SKU = FIND.replace('KEY', 'sku').replace('TYPE', 'text');

async function productsOfCart(tx: Tx, { lines }: JoinedCart): Promise<KnownProduct[]> {
  const found = await sql<KnownProduct>(tx, {
    name: 'draft-by-id',
    text: FIND_BY_ID,
    values: [lines.map((l) => l.productId), lines.map((l) => l.quantity), lines.map(() => null)],
  });
  return sold(found);
}

async function productsOfLines(tx: Tx, lines: readonly WantedLine[]): Promise<KnownProduct[]> {
  if (lines.length === 0 || lines.length > MAX_CART_LINES)
    throw new DomainError('INVALID_LINES', `An order has 1 to ${MAX_CART_LINES} lines, this one has ${lines.length}.`, [
      'input',
      'lines',
    ]);
  const bad = lines.findIndex((l) => l.quantity < 1 || l.quantity > MAX_QUANTITY || (l.unitAmount ?? 0) < 0);
  if (bad >= 0)
    throw new DomainError(
      'INVALID_LINES',
      `${lines[bad]!.quantity} of ${lines[bad]!.sku}: a line has 1 to ${MAX_QUANTITY} units and no price below zero.`,
      ['input', 'lines', String(bad)],
    );
  const found = await sql<KnownProduct>(tx, {
    name: 'draft-by-sku',
    text: FIND_BY_SKU,
    values: [lines.map((l) => l.sku), lines.map((l) => l.quantity), lines.map((l) => l.unitAmount ?? null)],
  });
  const unknown = lines.findIndex((line) => !found.some((product) => product.sku === line.sku));
  if (unknown >= 0)
    throw new DomainError('UNKNOWN_SKU', `No product has the sku "${lines[unknown]!.sku}".`, [
      'input',
      'lines',
      String(unknown),
    ]);
  return sold(found);
}

function sold(products: KnownProduct[]): KnownProduct[] {
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
