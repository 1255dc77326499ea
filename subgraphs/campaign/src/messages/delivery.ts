import type { Channel } from '@trenza/events';

export interface Outgoing {
  messageId: string;
  channel: Channel;
  address: string;
  subject: string | null;
  body: string;
  /** Where she can unsubscribe with one click; only marketing carries it. */
  unsubscribeUrl?: string;
}

/**
 * `unknown`: it may have been delivered and nobody can tell, for example because the connection broke before the answer. Such a message is
 * never sent again by itself.
 */
export type Delivery =
  | { kind: 'sent'; providerId: string }
  | { kind: 'refused'; retry: boolean; bounced: boolean; reason: string }
  | { kind: 'unknown'; reason: string }
  | { kind: 'not-configured'; reason: string };

export type Deliver = (message: Outgoing) => Promise<Delivery>;
