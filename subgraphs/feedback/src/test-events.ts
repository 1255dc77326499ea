import { event, type EventOf, newId } from '@trenza/events';

/** Events of other subgraphs as tests need them; what a test is about it says itself. */
type Order = EventOf<'inventory.order.completed.v1'>;

export function orderCompleted(of: Partial<Order['data']> & { profileId?: string; occurredAt: Date }): Order {
  const { profileId, occurredAt, ...data } = of;
  const orderId = data.orderId ?? newId();
  return event('inventory.order.completed.v1', {
    occurredAt,
    ...(profileId && { profileId }),
    data: {
      orderId,
      number: `T-${orderId.slice(-6)}`,
      channel: 'store',
      total: { amount: 4_990, currency: 'EUR' },
      netAmount: 4_990,
      lines: [{ lineId: newId(), sku: 'ABR-01', quantity: 1, netAmount: 4_990 }],
      ...data,
    },
  });
}

/** These profiles are one customer: the oldest gives the id. */
export const membership = (
  profileIds: string[],
  version: number,
  occurredAt: Date,
): EventOf<'identity.customer.membership-changed.v1'> =>
  event('identity.customer.membership-changed.v1', {
    occurredAt,
    profileId: profileIds[0]!,
    data: { version, cause: 'linked', customers: [{ customerId: profileIds.toSorted()[0]!, profileIds }] },
  });

export const separated = (
  profileIds: string[],
  version: number,
  occurredAt: Date,
): EventOf<'identity.customer.membership-changed.v1'> =>
  event('identity.customer.membership-changed.v1', {
    occurredAt,
    profileId: profileIds[0]!,
    data: { version, cause: 'unmerged', customers: profileIds.map((id) => ({ customerId: id, profileIds: [id] })) },
  });
