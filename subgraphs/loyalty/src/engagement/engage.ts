import type { Tx } from '@trenza/database';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { earnedEvents, qualificationsOf } from '../earning-rules/announce.ts';
import { decide, type Decided, type OccasionCommand } from '../earning-rules/award.ts';
import { post } from '../points/post.ts';
import { referenceOf } from '../programme/reference.ts';
import { qualify, refreshStandings } from '../tiers/standings.ts';

export type Engagement = Omit<OccasionCommand, 'lines' | 'orderId'> & { orderId?: string | null };

/**
 * What she does besides buying earns: an answer, a review, a visit, a friend brought along. Each once. Kinds that no rule has ever spoken
 * of are not kept: most of what is tracked are page views.
 */
export async function engage(
  tx: Tx,
  engagements: readonly Engagement[],
  deps: Pick<Deps, 'clock'>,
): Promise<Decided[]> {
  const reference = await referenceOf(tx);
  const commands = engagements
    .filter((engagement) => reference.triggers.has(engagement.trigger))
    .map((engagement) => ({ orderId: null, ...engagement, lines: [] }));
  if (commands.length === 0) return [];
  const now = deps.clock.now();
  const decided = await decide(tx, commands, reference, now);
  await post(
    tx,
    decided.flatMap((d) => d.postings),
    now,
  );
  const qualifications = qualificationsOf(decided).filter((row) => row.points > 0);
  await qualify(tx, qualifications);
  await refreshStandings(
    tx,
    qualifications.map((row) => row.profileId),
    now,
  );
  await publish(tx, earnedEvents(decided));
  return decided;
}
