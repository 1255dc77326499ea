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
