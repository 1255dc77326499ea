import { customerMap } from '@trenza/customers';
import type { Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { refreshStandings } from '../tiers/standings.ts';

type MembershipChanged = EventOf<'identity.customer.membership-changed.v1'>;

/**
 * Points stay where they were earned, and a customer is the sum of her profiles, so there is nothing to move. Only the standings are by
 * customer: they are reckoned anew.
 */
export async function onMembershipChanged(tx: Tx, events: MembershipChanged[], deps: Deps): Promise<void> {
  await customerMap['identity.customer.membership-changed.v1']!(tx, events, deps);
  // A customer that has just appeared has no history; an import brings thousands of them.
  const changed = events.filter(({ data }) => data.cause !== 'created' && data.cause !== 'erased');
  const customers = changed.flatMap(({ data }) => data.customers.map((customer) => customer.customerId));
  await refreshStandings(tx, [...new Set(customers)], deps.clock.now());
}
