import { z } from 'zod';
import { id, instant } from './envelope.ts';
import { channel } from './shared.ts';

/** What identity says: who was seen, who is whose, what she allows, what she did. */
export const identity = {
  'identity.profile.created.v1': z.object({
    source: z.string(),
    kind: z.enum(['anonymous', 'known']),
  }),
  /**
   * Which profiles make up which customers. `version` grows with every change of the map; a consumer applies it to a profile only if
   * it is newer than what it has, so arrival order does not matter. Customers that ceased to exist are those whose profiles moved.
   */
  'identity.customer.membership-changed.v1': z.object({
    version: z.int().positive(),
    cause: z.enum(['created', 'linked', 'merged', 'unmerged', 'erased']),
    customers: z.array(z.object({ customerId: id, profileIds: z.array(id).min(1) })).min(1),
  }),
  'identity.customer.merged.v1': z.object({
    into: id,
    merged: z.array(id).min(1),
    reason: z.string().max(500),
  }),
  'identity.customer.unmerged.v1': z.object({
    from: id,
    restored: z.array(id).min(1),
    reason: z.string().max(500),
  }),
  /** How she can be reached and in which way she likes it; `null` takes a value away. Only what messaging needs. */
  'identity.customer.contact-changed.v1': z.object({
    email: z.string().max(320).nullable().optional(),
    phone: z.string().max(20).nullable().optional(),
    givenName: z.string().max(200).nullable().optional(),
    language: z.string().max(20).nullable().optional(),
    timeZone: z.string().max(60).nullable().optional(),
    preferredChannel: channel.nullable().optional(),
    /** Local times `HH:MM`; from 22:00 to 08:00 spans midnight. */
    quietHours: z.object({ from: z.string(), to: z.string() }).nullable().optional(),
    birthDate: z.string().nullable().optional(),
    postalCode: z.string().max(20).nullable().optional(),
    city: z.string().max(100).nullable().optional(),
  }),
  'identity.consent.changed.v1': z.object({
    purpose: z.enum(['marketing', 'personalisation', 'analytics', 'survey', 'loyalty']),
    channel: channel.nullable(),
    granted: z.boolean(),
    wordingVersion: z.string().max(100),
    source: z.string().max(100),
  }),
  /** Something she did, as a channel told us: page_view, product_viewed, search, store_visit, sign_in, review_written, share … */
  'identity.event.tracked.v1': z.object({
    eventId: z.string().max(200),
    kind: z.string().max(60),
    channel,
    storeId: id.nullable().optional(),
    productId: id.nullable().optional(),
    category: z.string().max(200).nullable().optional(),
    properties: z.record(z.string(), z.unknown()).default({}),
    /** True where she was not signed in. */
    anonymous: z.boolean().default(false),
  }),
  'identity.profile.completed.v1': z.object({ completeness: z.number().min(0).max(1), field: z.string() }),
  'identity.customer.erasure-requested.v1': z.object({ requestId: id, profileIds: z.array(id), requestedAt: instant }),
  'identity.customer.export-requested.v1': z.object({ requestId: id, profileIds: z.array(id) }),
};
