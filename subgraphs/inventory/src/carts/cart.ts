/** A line as one profile left it. Quantity 0 says "I took it out". */
export interface StoredLine {
  cartId: string;
  productId: string;
  quantity: number;
  channel: string;
  touchedAt: Date;
}

/** More of one product than this in a cart is a mistake or an attack; a retailer's bulk order comes by another door. */
export const MAX_QUANTITY = 999;
/** Different products in one cart. An order has as many lines at most, and its event carries them all. */
export const MAX_CART_LINES = 200;

/**
 * The cart of a customer, from the open carts of all her profiles. Rule: **of each product, the line touched last counts**. So the
 * guest's cart is there after sign-in; a product that is in both is not doubled; what she took out stays out. It is a way of reading,
 * nothing is written, so it holds for any number of profiles and undoing a link undoes it exactly.
 */
export function joinLines(lines: readonly StoredLine[]): StoredLine[] {
  const latest = new Map<string, StoredLine>();
  for (const line of lines) {
    const other = latest.get(line.productId);
    if (!other || isLater(line, other)) latest.set(line.productId, line);
  }
  return [...latest.values()]
    .filter((line) => line.quantity > 0)
    .toSorted((a, b) => a.touchedAt.getTime() - b.touchedAt.getTime() || (a.productId < b.productId ? -1 : 1));
}

/** Two touches in one millisecond: the greater cart id decides, so that the order of reading does not. */
const isLater = (a: StoredLine, b: StoredLine): boolean => {
  const difference = a.touchedAt.getTime() - b.touchedAt.getTime();
  return difference > 0 || (difference === 0 && a.cartId > b.cartId);
};

/** The cart of a customer is known by the id of the one begun first, whichever profile looks. */
export const leadingCart = <T extends { id: string; begunAt: Date }>(carts: readonly T[]): T | undefined =>
  carts.toSorted((a, b) => a.begunAt.getTime() - b.begunAt.getTime() || (a.id < b.id ? -1 : 1))[0];
