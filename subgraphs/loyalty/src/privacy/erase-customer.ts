import { sql, type Tx } from '@trenza/database';
import { event, type EventOf } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';

/**
 * Erasure. The ledger stays, because it is the retailer's books: it holds pseudonymous profile ids, numbers and dates. What could tell who
 * she was or what she did is removed: facts of occasions, order lines, free-text reasons.
 */
export async function eraseCustomer(
  tx: Tx,
  { data, profileId, customerId }: EventOf<'identity.customer.erasure-requested.v1'>,
  { clock }: Pick<Deps, 'clock'>,
): Promise<void> {
  const { requestId, profileIds } = data;
  const count = async (statement: string): Promise<number> =>
    (await sql(tx, `${statement} returning 1`, [profileIds])).length;
  const removed = {
    occasions: await count('delete from occasion where profile_id = any($1)'),
    orderSnapshots: await count('delete from order_points where profile_id = any($1)'),
    orderReturns: await count('delete from order_return where profile_id = any($1)'),
    qualifications: await count('delete from qualification where profile_id = any($1)'),
    standings: await count('delete from tier_standing where customer_id = any($1)'),
    freezes: await count('delete from account_freeze where profile_id = any($1)'),
    ruleUsage: await count('delete from rule_usage where profile_id = any($1)'),
  };
  const anonymised = {
    transfers: await count('update transfer set reason = null where profile_id = any($1) and reason is not null'),
  };
  await publish(tx, [
    event('loyalty.customer.erased.v1', {
      profileId,
      customerId,
      occurredAt: clock.now(),
      data: { requestId, removed, anonymised },
    }),
  ]);
}
