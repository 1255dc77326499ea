import { profilesOf } from '@trenza/customers';
import type { Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import { announceCart } from './change-cart.ts';
import { cartLines, join, openCarts } from './carts.sql.ts';

/** Says that a guest's cart became part of a customer's. The joining itself is how carts are read: nothing is written. */
export async function announceJoined(
  tx: Tx,
  events: readonly EventOf<'identity.customer.membership-changed.v1'>[],
  now: Date,
): Promise<void> {
  const linked = events
    .filter(({ data }) => data.cause === 'linked' || data.cause === 'merged')
    .flatMap(({ data }) => data.customers)
    .filter(({ profileIds }) => profileIds.length > 1);
  const customers = [...new Set(linked.map((c) => c.customerId))];
  if (customers.length === 0) return;
  const profiles = await profilesOf(tx, customers);
  const carts = await openCarts(tx, profiles.flat());
  for (const own of profiles) {
    const hers = carts.filter((cart) => own.includes(cart.profileId));
    if (hers.length < 2) continue;
    const cart = join(hers, await cartLines(tx, hers))!;
    if (cart.lines.length === 0) continue;
    await announceCart(tx, cart, { profileId: hers[0]!.profileId, channel: cart.channel, action: 'joined' }, now);
  }
}
