import { apportion } from '@trenza/values';

export type OrderStatus = 'awaiting-payment' | 'paid' | 'fulfilled' | 'cancelled';
export type OrderAction = 'pay' | 'fulfil' | 'cancel';

/**
 * awaiting-payment ─pay─► paid ─fulfil─► fulfilled
 *        └────cancel───────┴─► cancelled
 * Goods that were handed over come back by a return, not by a cancellation.
 */
const TRANSITIONS: Record<OrderStatus, Partial<Record<OrderAction, OrderStatus>>> = {
  'awaiting-payment': { pay: 'paid', cancel: 'cancelled' },
  paid: { fulfil: 'fulfilled', cancel: 'cancelled' },
  fulfilled: {},
  cancelled: {},
};

/** The status after an action, or null where it is not allowed. */
export const after = (status: OrderStatus, action: OrderAction): OrderStatus | null =>
  TRANSITIONS[status][action] ?? null;

export type FulfilmentStatus = 'waiting' | 'ready' | 'shipped' | 'handed-over' | 'cancelled';

/** Steps forward only; a pick-up is never shipped, and every kind ends with the customer holding it. */
export function mayAdvance(kind: string, from: FulfilmentStatus, to: FulfilmentStatus): boolean {
  if (to === 'shipped' && (kind === 'pick-up' || kind === 'store')) return false;
  const order: FulfilmentStatus[] = ['waiting', 'ready', 'shipped', 'handed-over'];
  const [a, b] = [order.indexOf(from), order.indexOf(to)];
  return a >= 0 && b > a;
}

/** The units leave the stock of the place when they leave the place. */
export const leavesThePlace = (from: FulfilmentStatus, to: FulfilmentStatus): boolean =>
  to === 'shipped' || (to === 'handed-over' && from !== 'shipped');

export interface PricedLine {
  productId: string;
  quantity: number;
  unitAmount: number;
}

export type Discount = { code: string } & ({ percent: number } | { amount: number });

export interface DiscountedLine extends PricedLine {
  netAmount: number;
  discountAmount: number;
}

/**
 * Takes discounts off the lines, one after the other on what the former left, never below zero. An amount for the whole order is
 * spread over the lines in proportion to what they cost, to the cent, because returns are reckoned by line.
 */
export function applyDiscounts(lines: readonly PricedLine[], discounts: readonly Discount[]): DiscountedLine[] {
  const gross = lines.map((line) => line.unitAmount * line.quantity);
  const net = discounts.reduce((current, discount) => {
    const total = current.reduce((sum, n) => sum + n, 0);
    const off = 'percent' in discount ? Math.round((total * discount.percent) / 100) : discount.amount;
    const parts = apportion(Math.min(off, total), current);
    return current.map((n, i) => n - parts[i]!);
  }, gross);
  return lines.map((line, i) => ({ ...line, netAmount: net[i]!, discountAmount: gross[i]! - net[i]! }));
}
