import { newId } from '@trenza/events';
import { moneyOf, type NewPayment, type OrderRow } from '../orders/orders.sql.ts';
import { paymentProvider } from './payment-provider.ts';
import './sandbox-provider.ts';

/** That the provider is going to be asked, under an id that stays the same however often it is. Null where there is nothing to pay. */
export function newAttempt(
  order: Pick<OrderRow, 'netAmount' | 'shippingAmount' | 'pointsAmount' | 'currency'>,
): NewPayment | null {
  const amount = moneyOf(order);
  if (amount === 0) return null;
  const { currency } = order;
  return { id: newId(), means: 'card', state: 'pending', amount, currency, provider: paymentProvider().name };
}
