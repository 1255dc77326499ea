import { z } from 'zod';

/** UUIDs of any version: ours are v7, imported references may be older kinds. */
export const id = z.uuid();
/** Every instant crosses a border as UTC, ISO 8601, with milliseconds. */
export const instant = z.iso.datetime();

/**
 * What every event carries, whoever made it. `data` is the part that its contract defines.
 * `occurredAt` is when it happened in the world; the order of arrival says nothing about it.
 */
export interface Envelope<Type extends string = string, Data = unknown> {
  /** UUIDv7; the key by which every consumer recognises a repeat. */
  id: string;
  type: Type;
  occurredAt: string;
  /** The profile under which it happened. Facts are stored against it for ever. */
  profileId?: string;
  /** The customer to whom that profile belonged when it happened: a hint for ordering and live updates, never a key. */
  customerId?: string;
  /** What made it happen: the id of the event or of the request. */
  causationId?: string;
  /** The request at the beginning of the chain. */
  correlationId?: string;
  /** W3C trace context. */
  traceparent?: string;
  data: Data;
}

export const envelope = z.object({
  id,
  type: z.string().regex(/^[a-z]+(\.[a-z-]+)+\.v\d+$/),
  occurredAt: instant,
  profileId: id.optional(),
  customerId: id.optional(),
  causationId: z.string().max(200).optional(),
  correlationId: z.string().max(200).optional(),
  traceparent: z.string().max(100).optional(),
  data: z.unknown(),
});
