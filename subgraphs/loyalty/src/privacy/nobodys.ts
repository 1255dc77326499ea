import type { AnyEvent } from '@trenza/events';

/**
 * What is left of an event about somebody who was erased. It is not dropped, because it is about others too: the voucher that an order was
 * paid with has been used, and the task that an associate did is done.
 */
export function nobodys(event: AnyEvent): AnyEvent {
  const { profileId: _, customerId: __, ...rest } = event;
  return rest;
}
