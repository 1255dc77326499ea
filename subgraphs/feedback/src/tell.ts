import { resolveCustomers } from '@trenza/customers';
import type { Tx } from '@trenza/database';
import type { AnyEvent } from '@trenza/events';
import { publish } from '@trenza/outbox';

/** Publishes events with the customer that each profile belongs to now: who follows a customer live hears of all her profiles. */
export async function tell(tx: Tx, events: readonly AnyEvent[]): Promise<void> {
  const profiles = [
    ...new Set(events.flatMap(({ profileId, customerId }) => (profileId && !customerId ? [profileId] : []))),
  ];
  if (profiles.length === 0) return publish(tx, events);
  const customers = await resolveCustomers(tx, profiles);
  const customerOf = new Map(profiles.map((profile, at) => [profile, customers[at]!]));
  await publish(
    tx,
    events.map((event) => {
      const customerId = event.customerId ?? customerOf.get(event.profileId ?? '');
      return customerId ? { ...event, customerId } : event;
    }),
  );
}
