import { event, type AnyEvent, type Channel } from '@trenza/events';
import { DEFAULT_CURRENCY } from '../programme/reference.ts';
import type { QualificationRow } from '../tiers/standings.ts';
import type { Decided } from './award.ts';

/** One event for every transfer that came of the decisions. */
export const earnedEvents = (decided: readonly Decided[]): AnyEvent[] =>
  decided.flatMap(({ command, customerId, postings }) =>
    postings.map(({ entry, currency, ruleId, reason }) => {
      const [transfer] = entry.transfers;
      const [lot] = entry.newLots;
      return event('loyalty.points.earned.v1', {
        profileId: command.profileId,
        customerId,
        occurredAt: command.occurredAt,
        data: {
          transferId: transfer!.id,
          points: transfer!.amount,
          currency,
          state: lot!.pending ? 'pending' : 'active',
          reason: reason ?? command.trigger,
          ruleId,
          orderId: command.orderId,
          storeId: command.storeId,
          channel: command.channel as Channel | null,
          expiresAt: lot!.expiresAt?.toISOString(),
        },
      });
    }),
  );

/** What the decisions count towards the tier: the main currency, and of it what the rules call qualifying. */
export const qualificationsOf = (decided: readonly Decided[]): QualificationRow[] =>
  decided.map(({ command, awards }) => ({
    source: command.source,
    profileId: command.profileId,
    occurredAt: command.occurredAt,
    points: awards
      .filter(({ rule }) => rule.qualifies && rule.currency === DEFAULT_CURRENCY)
      .reduce((sum, award) => sum + award.points, 0),
  }));
