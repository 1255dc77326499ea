import type { Channel } from '@trenza/events';
import type { Purpose } from '../policy/contact-policy.ts';

export interface MessageRow {
  id: string;
  profile_id: string;
  campaign_id: string | null;
  decision_id: string | null;
  channel: Channel;
  purpose: Purpose;
  priority: number;
  template_id: string | null;
  template: string;
  language: string | null;
  subject: string | null;
  body: string | null;
  variables: Record<string, unknown>;
  state: 'queued' | 'sending' | 'sent' | 'failed' | 'denied' | 'not-configured' | 'unknown' | 'cancelled';
  reason: string;
  not_before: Date;
  not_after: Date | null;
  attempts: number;
  claimed_at: Date | null;
  sent_at: Date | null;
  provider_id: string | null;
  read_at: Date | null;
  created_at: Date;
}

/** Channels of our own: a message is there as soon as it is written, and waits until she looks. */
export const INBOX_CHANNELS: readonly Channel[] = ['app', 'web', 'store'];

/** What does not get through after this many tries is not going to. */
export const MAX_ATTEMPTS = 5;
/** A message that could not be sent in two weeks (caps, quiet hours) has become pointless. */
export const MAX_WAIT_DAYS = 14;
/** A claim this old belongs to a process that died; nobody knows whether the message went out. */
export const CLAIM_TIMEOUT_MINUTES = 10;
const FIRST_BACKOFF_MINUTES = 1;
const BACKOFF_FACTOR = 5;

/** 1, 5, 25, 125 minutes: a mail server that is restarted is back at once, one that greylists after some minutes. */
export const retryAt = (now: Date, attempts: number): Date =>
  new Date(now.getTime() + FIRST_BACKOFF_MINUTES * BACKOFF_FACTOR ** (attempts - 1) * 60_000);
