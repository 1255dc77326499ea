import type { Channel } from '@trenza/events';
import { consentFor, type Consent } from './consent.ts';
import { quietUntil, type QuietHours } from './quiet-hours.ts';

/** Why somebody is contacted. Only marketing needs her consent; she may refuse surveys. Both are capped, together; only what she waits for may come at night. */
export type Purpose = 'marketing' | 'transactional' | 'service' | 'survey';

/** What counts towards the caps and is held back by them. */
export const CAPPED: readonly Purpose[] = ['marketing', 'survey'];

/** Channels in which we go to her; in all others she comes to us. */
const PUSH_CHANNELS: readonly Channel[] = ['email', 'sms', 'push', 'call-centre', 'social'];
export const isPush = (channel: Channel): boolean => PUSH_CHANNELS.includes(channel);

/** At most `max` contacts of marketing and surveys in `days`; `channel` null means all push channels together. No row, no cap. */
export interface Cap {
  channel: Channel | null;
  max: number;
  days: number;
}

/** What holds until the retailer sets caps of her own. */
export const DEFAULT_CAPS: readonly Cap[] = [
  { channel: null, max: 5, days: 7 },
  { channel: 'email', max: 3, days: 7 },
  { channel: 'sms', max: 2, days: 7 },
  { channel: 'push', max: 4, days: 7 },
  { channel: 'call-centre', max: 1, days: 14 },
];

/** Nobody is written to at night, also those who never said when. */
const DEFAULT_QUIET_HOURS: QuietHours = { from: '22:00', to: '08:00' };

/** The longest span that a cap may look back on; the ledger is read no further. */
export const MAX_CAP_DAYS = 90;
const DAY_MS = 86_400_000;

export interface PastContact {
  channel: Channel;
  at: Date;
}

export interface ContactRequest {
  channel: Channel;
  purpose: Purpose;
  /** Where the channel leads to; undefined where we don't know it. */
  address?: string;
  timeZone: string;
  quietHours?: QuietHours;
  consents: readonly Consent[];
  /** Contacts that reached her and count towards the caps. */
  past: readonly PastContact[];
  caps: readonly Cap[];
  /** Why this channel must not be used any more (unsubscribed, bounced), if so. */
  suppressed?: string;
  /** The number of complaints of hers that wait for an answer. */
  openCases: number;
}

export type Verdict =
  | { decision: 'allow'; rule: 'allowed'; reason: string }
  | { decision: 'defer'; rule: 'quiet-hours' | 'cap'; reason: string; notBefore: Date }
  | {
      decision: 'deny';
      rule: 'address' | 'suppressed' | 'consent' | 'open-case' | 'cap' | 'repeat' | 'expired';
      reason: string;
    };

/**
 * May she be contacted now? Asked when a message is queued and again when it is sent, for campaigns, surveys, calls and staff alike.
 * Rules are tried from the one that can never pass later to the one that passes by waiting.
 */
export function judgeContact(now: Date, r: ContactRequest): Verdict {
  if (isPush(r.channel) && !r.address)
    return deny('address', `We know no address of hers for ${r.channel}. Ask her for one.`);
  if (r.suppressed && r.purpose !== 'transactional') return deny('suppressed', r.suppressed);
  const refusal =
    r.purpose === 'marketing' ? refusedMarketing(now, r) : r.purpose === 'survey' ? refusedSurvey(now, r) : undefined;
  if (refusal) return refusal;
  const until = r.purpose === 'transactional' || !isPush(r.channel) ? undefined : quiet(now, r);
  if (until)
    return {
      decision: 'defer',
      rule: 'quiet-hours',
      reason: `It is quiet time for her (${r.timeZone}) until ${until.toISOString()}.`,
      notBefore: until,
    };
  return { decision: 'allow', rule: 'allowed', reason: allowed(r) };
}

const deny = (rule: 'address' | 'suppressed' | 'consent' | 'open-case' | 'cap', reason: string): Verdict => ({
  decision: 'deny',
  rule,
  reason,
});

const quiet = (now: Date, r: ContactRequest): Date | undefined =>
  quietUntil(now, r.timeZone, r.quietHours ?? DEFAULT_QUIET_HOURS);

function refusedMarketing(now: Date, r: ContactRequest): Verdict | undefined {
  if (isPush(r.channel)) {
    const answer = consentFor(r.consents, 'marketing', r.channel);
    if (answer !== 'granted')
      return deny(
        'consent',
        answer === 'refused'
          ? `She refused marketing by ${r.channel}.`
          : `She was never asked whether she wants marketing by ${r.channel}.`,
      );
  }
  if (r.openCases > 0) return deny('open-case', 'A complaint of hers is still open: first that, then offers.');
  return isPush(r.channel) ? capped(now, r) : undefined;
}

/** To be asked needs no consent of its own; whoever said no to questions, in this channel or at all, is not asked. */
function refusedSurvey(now: Date, r: ContactRequest): Verdict | undefined {
  if (consentFor(r.consents, 'survey', r.channel) === 'refused')
    return deny('consent', `She refused surveys by ${r.channel}.`);
  return isPush(r.channel) ? capped(now, r) : undefined;
}

/** The cap that is used up, if any, and when it has room again. */
function capped(now: Date, { channel, past, caps }: ContactRequest): Verdict | undefined {
  for (const cap of caps) {
    if (cap.channel !== null && cap.channel !== channel) continue;
    const span = Math.min(cap.days, MAX_CAP_DAYS) * DAY_MS;
    const counted = past
      .filter((p) => (cap.channel === null || p.channel === cap.channel) && now.getTime() - p.at.getTime() < span)
      .sort((a, b) => a.at.getTime() - b.at.getTime());
    if (counted.length < cap.max) continue;
    const reason = `She had ${counted.length} contacts of marketing and surveys ${cap.channel ? `by ${cap.channel} ` : ''}in ${cap.days} days; the cap is ${cap.max}.`;
    // With a cap of nought nothing ever makes room; else the oldest that must leave the window does.
    const leaving = counted[counted.length - cap.max];
    if (cap.max <= 0 || !leaving) return deny('cap', reason);
    return { decision: 'defer', rule: 'cap', reason, notBefore: new Date(leaving.at.getTime() + span) };
  }
  return undefined;
}

function allowed(r: ContactRequest): string {
  if (r.purpose === 'transactional')
    return 'It belongs to something she bought or asked for: neither consent, caps nor quiet hours apply.';
  if (r.purpose === 'service') return 'It is service, not marketing: consent and caps do not apply.';
  if (r.purpose === 'survey') return 'She did not refuse surveys, and no cap is used up.';
  return isPush(r.channel)
    ? `She wants marketing by ${r.channel}, and no cap is used up.`
    : `She comes to us in ${r.channel}; that needs no consent to contact.`;
}

/** How full she is of us: 0 not at all, 1 as much as the caps allow. Contacts fade with a half-life of three days. */
export function saturation(now: Date, past: readonly PastContact[], caps: readonly Cap[]): number {
  const overall = caps.find((c) => c.channel === null) ?? DEFAULT_CAPS[0]!;
  const felt = past.reduce((sum, { at }) => sum + 2 ** (-(now.getTime() - at.getTime()) / (3 * DAY_MS)), 0);
  return overall.max <= 0 ? 1 : Math.min(1, felt / overall.max);
}
