import type { Tx } from '@trenza/database';
import type { AnyEvent, EventOf } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { engage, type Engagement } from '../engagement/engage.ts';

/** What somebody unknown did is not hers to earn from yet. */
const known = <E extends AnyEvent>(events: readonly E[]): (E & { profileId: string })[] =>
  events.filter((event): event is E & { profileId: string } => event.profileId !== undefined);

/** One answer may be sent in parts; it earns once, when it is complete. */
export async function onAnswersSubmitted(
  tx: Tx,
  events: EventOf<'feedback.answer.submitted.v1'>[],
  deps: Deps,
): Promise<void> {
  const complete = known(events).filter(({ data }) => data.complete);
  await engage(
    tx,
    complete.map(({ profileId, occurredAt, data }): Engagement => ({
      source: `answer:${data.answerId}`,
      trigger: 'answer',
      profileId,
      occurredAt: new Date(occurredAt),
      channel: data.channel,
      storeId: data.storeId ?? null,
      orderId: data.orderId,
      facts: { metric: data.metric, complete: data.complete, topics: data.topics },
    })),
    deps,
  );
}

/** A review earns once it is approved; word of it may come before and after. Imported ones are other shops' or long past. */
export async function onReviewsReceived(
  tx: Tx,
  events: EventOf<'feedback.review.received.v1'>[],
  deps: Deps,
): Promise<void> {
  const approved = known(events).filter(({ data }) => data.approved && !data.imported);
  await engage(
    tx,
    approved.map(({ profileId, occurredAt, data }): Engagement => ({
      source: `review:${data.reviewId}`,
      trigger: 'review',
      profileId,
      occurredAt: new Date(occurredAt),
      channel: null,
      storeId: null,
      orderId: data.orderId,
      facts: { source: data.source, rating: data.rating, approved: data.approved, topics: data.topics },
    })),
    deps,
  );
}

export async function onEventsTracked(
  tx: Tx,
  events: EventOf<'identity.event.tracked.v1'>[],
  deps: Deps,
): Promise<void> {
  const signedIn = known(events).filter(({ data }) => !data.anonymous);
  await engage(
    tx,
    signedIn.map(({ profileId, occurredAt, data }): Engagement => ({
      source: `event:${data.eventId}`,
      trigger: data.kind,
      profileId,
      occurredAt: new Date(occurredAt),
      channel: data.channel,
      storeId: data.storeId ?? null,
      facts: { ...data.properties, category: data.category ?? '', productId: data.productId ?? '' },
    })),
    deps,
  );
}

/** The profile may become complete, less complete and complete again: it earns the first time it passes the mark that the rule sets. */
export async function onProfilesCompleted(
  tx: Tx,
  events: EventOf<'identity.profile.completed.v1'>[],
  deps: Deps,
): Promise<void> {
  await engage(
    tx,
    known(events).map(({ id, profileId, occurredAt, data }): Engagement => ({
      source: `profile-completed:${id}`,
      trigger: 'profile-completed',
      profileId,
      occurredAt: new Date(occurredAt),
      channel: null,
      storeId: null,
      facts: { completeness: data.completeness, field: data.field },
    })),
    deps,
  );
}
