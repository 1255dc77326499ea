import { resolveCustomers } from '@trenza/customers';
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
    .map((engagement): OccasionCommand => ({ orderId: null, ...engagement, lines: [] }));
  if (commands.length === 0) return [];
  await checkReferrals(tx, commands);
  const now = deps.clock.now();
  const decided = await decide(tx, commands, reference, now);
  post(
    tx,
    decided.flatMap((d) => d.postings),
    now,
  );
  const qualifications = qualificationsOf(decided).filter((row) => row.points > 0);
  qualify(tx, qualifications);
  await refreshStandings(
    tx,
    qualifications.map((row) => row.profileId),
    now,
  );
  await publish(tx, earnedEvents(decided));
  return decided;
}

/** Who brings a friend names her; nobody brings herself under another name, and a friend is brought once, by whoever comes first. */
async function checkReferrals(tx: Tx, commands: OccasionCommand[]): Promise<void> {
  const referrals = commands.filter((command) => command.trigger === 'referral');
  if (referrals.length === 0) return;
  const friendOf = ({ facts }: OccasionCommand): string | null => {
    const friend = facts['referredProfileId'];
    return typeof friend === 'string' && UUID.test(friend) ? friend.toLowerCase() : null;
  };
  const customers = await resolveCustomers(
    tx,
    referrals.map((command) => command.profileId),
  );
  const friends = await resolveCustomers(
    tx,
    referrals.map((command) => friendOf(command) ?? command.profileId),
  );
  referrals.forEach((command, i) => {
    if (friends[i] === customers[i]) command.refused = 'self-referral';
    else command.source = `referral:${friends[i]}`;
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
