import type { Tx } from '@trenza/database';
import { insertPayments, moneyOf, type OrderRow } from '../orders/orders.sql.ts';
import { paymentProvider } from './payment-provider.ts';
import './sandbox-provider.ts';

/** Writes down that the provider is going to be asked, under an id that stays the same however often it is. Null where there is nothing to pay. */
export async function beginAttempt(tx: Tx, order: OrderRow, now: Date): Promise<string | null> {
  const amount = moneyOf(order);
  if (amount === 0) return null;
  const { id: orderId, currency } = order;
  const provider = paymentProvider().name;
  const [id] = await insertPayments(
    tx,
    [{ orderId, means: 'card', state: 'pending', amount, currency, provider }],
    now,
  );
  return id!;
}
