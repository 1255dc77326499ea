import { createHash } from 'node:crypto';
import type { AnyEvent } from '@trenza/events';

/**
 * Events of one customer share a partition, so that work can be split by it without losing their order. More partitions than any
 * deployment will have workers; changing the number later would reorder what is in flight.
 */
export const PARTITIONS = 16;

/** `identity.customer.merged.v1.p07`: the type and the partition of the customer. */
export function subjectOf(event: Pick<AnyEvent, 'id' | 'type' | 'customerId' | 'profileId'>): string {
  const key = event.customerId ?? event.profileId ?? event.id;
  const partition = createHash('md5').update(key).digest()[0]! % PARTITIONS;
  return `${event.type}.p${String(partition).padStart(2, '0')}`;
}
