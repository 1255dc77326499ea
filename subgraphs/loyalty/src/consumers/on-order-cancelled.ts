import { sql, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { releaseVouchers } from '../rewards/redeem-voucher.ts';
import { voidHold } from '../points/release-holds.ts';
import { reverseWholeOrder } from '../orders/return-orders.ts';

/** Before it was completed only points were held for it: they go back. After, it is a return of everything. */
export async function onOrderCancelled(
  tx: Tx,
  { data, occurredAt }: EventOf<'inventory.order.cancelled.v1'>,
  deps: Deps,
): Promise<void> {
  const { orderId, pointsHoldId: holdId } = data;
  await reverseWholeOrder(tx, orderId, new Date(occurredAt), deps);
  releaseVouchers(tx, orderId, deps.clock.now());
  if (!holdId) return;
  const open = await sql(tx, `select 1 from points_hold where id = $1 and state = 'open'`, [holdId]);
  if (open.length > 0) await voidHold(tx, { holdId, reason: 'order cancelled' }, deps);
}
