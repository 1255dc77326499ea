import { profileErased, profilesOf, resolveCustomer } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event, type DataOf } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError, type Channel } from '@trenza/values';
import { MAX_CART_LINES, MAX_QUANTITY } from './cart.ts';
import { cartLines, ensureCart, itemsOf, join, lockCarts, type JoinedCart, type StoredCart } from './carts.sql.ts';
import { priceCarts } from './price-carts.ts';

export interface ChangeCartCommand {
  profileId: string;
  channel: Channel;
  sku: string;
  quantity: number;
  /** `add` to what is there, or `set` it; zero takes it out. */
  mode: 'add' | 'set';
}

interface CartProduct {
  id: string;
  currency: string;
  active: boolean;
}

/** Puts something into the customer's one cart, changes how many, or takes it out. */
export async function changeCart(tx: Tx, command: ChangeCartCommand, now: Date): Promise<{ cartId: string }> {
  const { profileId, channel, quantity, mode } = command;
  const product = await productFor(tx, command);
  const [profiles] = await profilesOf(tx, [profileId]);
  const begun = await ensureCart(tx, { profileId, channel, currency: product.currency }, now);
  const carts = await lockCarts(tx, [...new Set([...profiles!, profileId])]);
  const mine = carts.find((cart) => cart.profileId === profileId);
  if (!mine) throw profileErased(profileId);
  const before = join(carts, await cartLines(tx, carts))!;
  const current = before.lines.find((line) => line.productId === product.id)?.quantity ?? 0;
  const target = mode === 'add' ? current + quantity : quantity;
  check(before, product, current, target);

  const touchedAt = laterThan(before, now);
  await touchLine(tx, mine, { productId: product.id, quantity: target, channel }, touchedAt);
  const touched = carts.map((cart) => (cart === mine ? { ...cart, channel, touchedAt, abandonedAt: null } : cart));
  const after = join(touched, await cartLines(tx, touched))!;
  const action = actionOf({ begun: begun && carts.length === 1, current, target, empty: after.lines.length === 0 });
  await announceCart(tx, after, { profileId, channel, action, productId: product.id }, now);
  return { cartId: after.id };
}

async function productFor(tx: Tx, { sku, quantity, mode }: ChangeCartCommand): Promise<CartProduct> {
  if (quantity < 0 || (mode === 'add' && quantity === 0))
    throw new DomainError('INVALID_QUANTITY', `${quantity} units cannot be put into a cart.`, ['input', 'quantity']);
  const [product] = await sql<CartProduct>(tx, {
    name: 'cart-product',
    text: 'select id, currency, active from product where sku = $1',
    values: [sku],
  });
  if (!product) throw new DomainError('UNKNOWN_SKU', `No product has the sku "${sku}".`, ['input', 'sku']);
  if (!product.active && quantity > 0) throw new DomainError('NOT_SOLD', `${sku} is no longer sold.`, ['input', 'sku']);
  return product;
}

function check(cart: JoinedCart, product: CartProduct, current: number, target: number): void {
  if (target > MAX_QUANTITY)
    throw new DomainError(
      'QUANTITY_TOO_LARGE',
      `There would be ${target} of it in the cart, at most ${MAX_QUANTITY} may be.`,
      ['input', 'quantity'],
    );
  if (current > 0 || target === 0) return;
  if (cart.lines.length >= MAX_CART_LINES)
    throw new DomainError('CART_FULL', `The cart holds ${MAX_CART_LINES} different products, which is the most.`, [
      'input',
    ]);
  if (cart.lines.length > 0 && cart.currency !== product.currency)
    throw new DomainError(
      'CURRENCY_MISMATCH',
      `It costs ${product.currency} and the cart is in ${cart.currency}. Check that one out first.`,
      ['input', 'sku'],
    );
}

/** Her latest word must win over all the others, also where two clocks or two clicks fall into one millisecond. */
function laterThan(cart: JoinedCart, now: Date): Date {
  const last = Math.max(...cart.lines.map((line) => line.touchedAt.getTime()), 0);
  return new Date(Math.max(now.getTime(), last + 1));
}

async function touchLine(
  tx: Tx,
  cart: StoredCart,
  line: { productId: string; quantity: number; channel: string },
  at: Date,
): Promise<void> {
  await sql(tx, {
    name: 'cart-touch',
    text: `
    with touched as (update cart set touched_at = $5, channel = $4, abandoned_at = null where id = $1)
    insert into cart_line (cart_id, product_id, quantity, channel, touched_at) values ($1, $2, $3, $4, $5)
    on conflict (cart_id, product_id) do update set quantity = $3, channel = $4, touched_at = $5`,
    values: [cart.id, line.productId, line.quantity, line.channel, at],
  });
}

type CartAction = DataOf<'inventory.cart.changed.v1'>['action'];

function actionOf(c: { begun: boolean; current: number; target: number; empty: boolean }): CartAction {
  if (c.begun && c.target > 0) return 'begun';
  if (c.empty) return 'emptied';
  if (c.target === 0) return 'line-removed';
  return c.current === 0 ? 'line-added' : 'line-changed';
}

export async function announceCart(
  tx: Tx,
  cart: JoinedCart,
  what: { profileId: string; channel: Channel; action: CartAction; productId?: string | null },
  now: Date,
): Promise<void> {
  const { profileId, ...rest } = what;
  const [priced] = await priceCarts(tx, [{ ...cart, profileId }], now);
  await publish(tx, [
    event('inventory.cart.changed.v1', {
      occurredAt: now,
      profileId,
      customerId: await resolveCustomer(tx, profileId),
      data: {
        ...rest,
        cartId: cart.id,
        items: itemsOf(cart),
        total: { amount: priced!.netAmount, currency: cart.currency },
      },
    }),
  ]);
}
