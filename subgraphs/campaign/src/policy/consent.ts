import type { Channel } from '@trenza/events';

/** One answer of one profile to one question; `channel` null means whichever channel. */
export interface Consent {
  profileId: string;
  purpose: string;
  channel: Channel | null;
  granted: boolean;
  changedAt: Date;
}

export type Answer = 'granted' | 'refused' | 'unasked';

/**
 * What she answered for a purpose in a channel. Within a profile the latest answer counts, be it for the channel or for all of them.
 * Across the profiles of a customer the most restrictive one wins: a merge must not lend one person's consent to another.
 */
export function consentFor(consents: readonly Consent[], purpose: string, channel: Channel): Answer {
  const latest = new Map<string, Consent>();
  for (const consent of consents) {
    if (consent.purpose !== purpose || (consent.channel !== null && consent.channel !== channel)) continue;
    const known = latest.get(consent.profileId);
    if (!known || isLater(consent, known)) latest.set(consent.profileId, consent);
  }
  if (latest.size === 0) return 'unasked';
  return [...latest.values()].every((c) => c.granted) ? 'granted' : 'refused';
}

/** Of two answers given at the same instant a refusal counts. */
const isLater = (a: Consent, b: Consent): boolean =>
  a.changedAt.getTime() === b.changedAt.getTime() ? !a.granted : a.changedAt > b.changedAt;
