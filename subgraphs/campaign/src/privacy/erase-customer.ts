import { keepOut } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event, type EventOf } from '@trenza/events';
import { publish } from '@trenza/outbox';

/** What is hers alone goes. Outcomes of messages and of decisions go with them; what was learned from those (counts) names nobody. */
const REMOVED = [
  'contact_field',
  'consent',
  'suppression',
  'profile_facts',
  'purchase',
  'intent',
  'intent_signal',
  'intent_spike',
  'cart',
  'decision',
  'task',
  'contact_attempt',
  'campaign_member',
  'message',
  'touchpoint',
  'conversion',
  'complaint',
  'channel_answer',
  'flow_run',
] as const;

/** Removes everything about these profiles, keeps out what is still on its way, and says how much that was: the receipt. A repeat finds nothing left and says so. */
export async function eraseCustomer(
  tx: Tx,
  { data, profileId, customerId }: EventOf<'identity.customer.erasure-requested.v1'>,
  now: Date,
): Promise<void> {
  await keepOut(tx, data.profileIds, now);
  const removed: Record<string, number> = {};
  for (const table of REMOVED) {
    const [row] = await sql<{ count: number }>(
      tx,
      `with gone as (delete from ${table} where profile_id = any($1::uuid[]) returning 1) select count(*) as count from gone`,
      [data.profileIds],
    );
    removed[table] = row!.count;
  }
  await publish(tx, [
    event('campaign.customer.erased.v1', {
      ...((profileId ?? data.profileIds[0]) && { profileId: profileId ?? data.profileIds[0] }),
      ...(customerId && { customerId }),
      occurredAt: now,
      data: { requestId: data.requestId, removed, anonymised: {} },
    }),
  ]);
}
