import { inTransaction, sql, type Tx } from '@trenza/database';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { newAttempt } from '../payments/begin-attempt.ts';
import { PaymentTimedOut, paymentProvider } from '../payments/payment-provider.ts';
import { allocateHolds, HoldsGone } from '../stock/reserve-stock.ts';
import { cancelLocked } from './cancel-order.ts';
import { after } from './order.ts';
import { orderCompleted } from './order-events.ts';
import type { PlacedOrder } from './place-order.ts';
import { insertPayment, lockOrder, markPaid, moneyOf, type OrderRow, type Payment } from './orders.sql.ts';

/**
 * Pays an order that waits for it. The provider is asked between two transactions, never inside one: while it thinks, nobody waits for our
 * locks. Whatever breaks in between, asking again with the same order goes on with the same payment.
 */
export async function payOrder(
  deps: Pick<Deps, 'database'>,
  orderId: string,
  token: string | null,
  now: Date,
  begun?: PlacedOrder,
): Promise<void> {
  const { order, paymentId } =
    begun ?? (await inTransaction(deps.database, (tx) => beginPayment(tx, orderId, token, now)));
  if (order.status === 'paid' || order.status === 'fulfilled') return;
  const reference = paymentId ? await authorise(deps, order, paymentId, token!) : null;
  const to = after(order.status, 'pay');
  const payment = { orderId, from: order.status, paymentId, reference };
  if (to && (await confirm(deps, { ...payment, to }, now))) return;
  if (!(await inTransaction(deps.database, (tx) => tooLate(tx, payment, now))))
    throw new DomainError(
      'HOLD_EXPIRED',
      `Order ${order.number} was not paid in time and its stock was given back. Nothing is charged; order again.`,
      ['input', 'orderId'],
    );
}

async function beginPayment(tx: Tx, orderId: string, token: string | null, now: Date): Promise<PlacedOrder> {
  const order = await lockOrder(tx, orderId);
  if (order.status === 'cancelled')
    throw new DomainError('ORDER_CANCELLED', `Order ${order.number} is cancelled: ${order.cancelReason}.`, [
      'input',
      'orderId',
    ]);
  const amount = moneyOf(order);
  if (order.status !== 'awaiting-payment' || amount === 0) return { order, paymentId: null };
  if (!token)
    throw new DomainError('PAYMENT_REQUIRED', `${amount} (minor units) are to be paid. Send a paymentToken.`, [
      'input',
      'paymentToken',
    ]);
  // An attempt whose answer never came is asked about again: the provider may have taken the money.
  const [open] = await sql<{ id: string }>(tx, `select id from payment where order_id = $1 and state = 'pending'`, [
    orderId,
  ]);
  if (open) return { order, paymentId: open.id };
  const attempt = newAttempt(order)!;
  await insertPayment(tx, orderId, attempt, now);
  return { order, paymentId: attempt.id };
}

async function authorise(
  { database }: Pick<Deps, 'database'>,
  order: OrderRow,
  paymentId: string,
  token: string,
): Promise<string> {
  const { currency } = order;
  try {
    const answer = await paymentProvider().authorise({ paymentId, amount: moneyOf(order), currency, token });
    if ('reference' in answer) return answer.reference;
    await sql(database, `update payment set state = 'declined' where id = $1 and state = 'pending'`, [paymentId]);
    throw new DomainError('PAYMENT_DECLINED', `${answer.declined} The order waits for another means of payment.`, [
      'input',
      'paymentToken',
    ]);
  } catch (error) {
    if (!(error instanceof PaymentTimedOut)) throw error;
    throw new DomainError(
      'PAYMENT_TIMED_OUT',
      'The payment provider did not answer. Ask again for the same order; it is paid once.',
      ['input', 'paymentToken'],
    );
  }
}

/** True if the order is paid now; false, and nothing is changed, if it is no longer where it was or its stock was given back. */
const confirm = ({ database }: Pick<Deps, 'database'>, payment: Payment, now: Date): Promise<boolean> =>
  inTransaction(database, async (tx) => {
    const paid = await markPaid(tx, payment, now);
    if (!paid) return false;
    await publish(tx, [orderCompleted(paid, paid.lines, paid.owner, now)]);
    // Last, because from here to the commit others wait for the same stock.
    allocateHolds(tx, payment.orderId);
    return true;
  }).catch((error: unknown) => {
    if (error instanceof HoldsGone) return false;
    throw error;
  });

/** True if somebody else has paid it meanwhile. Otherwise it is cancelled, and the job lets the money go. */
async function tooLate(tx: Tx, { orderId, paymentId, reference }: Omit<Payment, 'to'>, now: Date): Promise<boolean> {
  const order = await lockOrder(tx, orderId);
  if (order.status === 'paid' || order.status === 'fulfilled') return true;
  await sql(tx, `update payment set state = 'authorised', provider_reference = $2 where id = $1`, [
    paymentId,
    reference,
  ]);
  if (order.status !== 'cancelled') await cancelLocked(tx, order, 'not paid in time', now);
  return false;
}
