import type { Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { lockHolds } from '../points/hold.ts';
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
  if (!holdId) return;
  const [hold] = await lockHolds(tx, [holdId]);
  if (hold?.state === 'open') await voidHold(tx, { holdId, reason: 'order cancelled' }, deps);
}
