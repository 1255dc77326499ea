import { sql, type Tx } from '@trenza/database';
import { refund } from './budget.ts';

/** A local programme that gave points on an order, locked. */
export interface Funded {
  programmeId: string;
  /** What it gave on the order, and what of that it has had back. */
  given: number;
  refunded: number;
  /** What was taken back of the order by earlier returns, whoever gave it. */
  takenBefore: number;
}

/** The local programmes that gave points on an order. They are locked before purses are, as where they give. */
export const lockFunded = (tx: Tx, orderId: string, currency: string): Promise<Funded[]> =>
  sql<Funded>(tx, { name: 'order-funded', text: FUNDED, values: [orderId, currency] });

/**
 * Points that a return took back were not used in the end: the budget that gave them has them again, in its share of what the order earned.
 * Reckoned cumulatively, so that many small returns come to what one large one comes to; what could not be had from the customer stays
 * spent.
 */
export async function refundPoints(
  tx: Tx,
  funded: readonly Funded[],
  order: { orderId: string; returnId: string; earned: number; taken: number },
  now: Date,
): Promise<void> {
  const { orderId, returnId, earned, taken } = order;
  for (const { programmeId, given, refunded, takenBefore } of funded) {
    const due = Math.floor((given * Math.min(earned, takenBefore + taken)) / earned);
    const key = `${REFUND}${returnId}:${programmeId}`;
    await refund(tx, { programmeId, points: due - refunded, key, reason: 'taken back after a return', orderId }, now);
  }
}

const REFUND = 'local:return:';

const FUNDED = `
  select p.id as "programmeId",
         (select sum(t.amount) from transfer t join earning_rule r on r.id = t.rule_id
           where t.order_id = $1 and t.currency = $2 and t.debit = 'store.reserved' and r.local_programme_id = p.id)::bigint as given,
         (select coalesce(sum(t.amount), 0) from transfer t
           where t.order_id = $1 and t.currency = $2 and t.key like '${REFUND}%:' || p.id)::bigint as refunded,
         (select coalesce(sum(t.amount), 0) from transfer t
           where t.order_id = $1 and t.currency = $2 and t.code = 'claw-back')::bigint as "takenBefore"
    from local_programme p
   where p.id = any(array(select r.local_programme_id from transfer t join earning_rule r on r.id = t.rule_id
                           where t.order_id = $1 and t.currency = $2 and t.debit = 'store.reserved'))
   order by p.id
     for update of p`;
