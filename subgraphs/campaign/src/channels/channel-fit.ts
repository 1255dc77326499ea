import type { Channel } from '@trenza/events';
import { isPush } from '../policy/contact-policy.ts';

/** What a channel and a customer have had to do with each other. Counts fade, so that it follows her habits. */
export interface ChannelUse {
  channel: Channel;
  /** Visits and contacts, faded with a half-life of a month. */
  visits: number;
  orders: number;
  /** Messages that reached her there, and those that she opened or clicked. */
  sent: number;
  answered: number;
}

export interface ChannelFit {
  channel: Channel;
  /** 0 to 1. */
  score: number;
  reason: string;
}

/** Where she comes by herself says most, where she buys as much as how she takes messages. */
const WEIGHTS = { visits: 0.4, orders: 0.3, response: 0.3 };
/** What she told us herself weighs as much as a habit. */
const PREFERRED = 0.3;
/** Until we know better, one message in ten is answered; that belief is worth ten messages. */
const RESPONSE_PRIOR = { sent: 10, answered: 1 };
/** A response that good counts in full. */
const FULL_RESPONSE = 0.5;

/** Which channels suit her, best first, with the reason: a sum that anybody can check. */
export function channelFits(uses: readonly ChannelUse[], preferred?: string): ChannelFit[] {
  const total = (of: (u: ChannelUse) => number) => uses.reduce((sum, u) => sum + of(u), 0);
  const visits = total((u) => u.visits);
  const orders = total((u) => u.orders);
  return uses
    .map((use) => {
      const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
      const response = (use.answered + RESPONSE_PRIOR.answered) / (use.sent + RESPONSE_PRIOR.sent);
      const score =
        WEIGHTS.visits * share(use.visits, visits) +
        WEIGHTS.orders * share(use.orders, orders) +
        (isPush(use.channel) ? WEIGHTS.response * Math.min(1, response / FULL_RESPONSE) : 0) +
        (use.channel === preferred ? PREFERRED : 0);
      return { channel: use.channel, score: Math.min(1, score), reason: reasonOf(use, use.channel === preferred) };
    })
    .sort((a, b) => b.score - a.score || (a.channel < b.channel ? -1 : 1));
}

function reasonOf({ visits, orders, sent, answered }: ChannelUse, preferred: boolean): string {
  const parts = [
    preferred && 'she prefers it',
    orders > 0 && (orders === 1 ? '1 order' : `${orders} orders`),
    visits >= 0.5 && `${visits.toFixed(1)} recent visits`,
    sent > 0 && `she took up ${answered} of ${sent} messages`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? `${parts.join(', ')}.` : 'Nothing is known of her there.';
}
