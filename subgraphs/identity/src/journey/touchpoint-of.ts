import type { AnyEvent, EventOf, EventType } from '@trenza/events';
import type { Touchpoint } from './touchpoint.ts';

type Part = Omit<Touchpoint, 'id' | 'profileId' | 'occurredAt' | 'subgraph'>;
type Mapping = { [T in EventType]?: (data: EventOf<T>['data']) => Part };

type Order = { channel: string; storeId?: string | null; orderId: string | null; number: string | null };
const order = (kind: string, o: Order) => ({ kind, channel: o.channel, storeId: o.storeId, subjectId: o.orderId });
const points = (kind: string, p: { points: number; currency: string }) => ({
  kind,
  channel: 'other',
  details: { points: p.points, pointCurrency: p.currency },
});

/**
 * What the events of the platform look like in a journey. An event that is not here is no contact with the customer. What identity
 * hears itself (tracked events, consents) is missing on purpose: it is written in the transaction that takes it.
 */
export const MAPPING: Mapping = {
  'inventory.cart.changed.v1': (d) => ({
    kind: 'cart_changed',
    channel: d.channel,
    productId: d.productId,
    subjectId: d.cartId,
    amount: d.total.amount,
    currency: d.total.currency,
    details: { action: d.action, items: d.items },
  }),
  'inventory.cart.abandoned.v1': (d) => ({
    kind: 'cart_abandoned',
    channel: d.channel,
    subjectId: d.cartId,
    amount: d.total.amount,
    currency: d.total.currency,
    details: { lines: d.lines.length },
  }),
  'inventory.order.placed.v1': (d) => ({
    ...order('order_placed', d),
    amount: d.total.amount,
    currency: d.total.currency,
    details: { number: d.number, fulfilment: d.fulfilment },
  }),
  'inventory.order.completed.v1': (d) => ({
    ...order('order_completed', d),
    amount: d.total.amount,
    currency: d.total.currency,
    category: d.lines[0]?.category,
    details: { number: d.number, lines: d.lines.length, netAmount: d.netAmount },
  }),
  'inventory.order.cancelled.v1': (d) => ({
    ...order('order_cancelled', d),
    details: { number: d.number, reason: d.reason },
  }),
  'inventory.order.fulfilled.v1': (d) => ({
    ...order('order_fulfilled', d),
    details: { number: d.number, fulfilment: d.fulfilment },
  }),
  'inventory.order.returned.v1': (d) => ({
    ...order('order_returned', d),
    amount: -d.refund.amount,
    currency: d.refund.currency,
    details: { number: d.number, returnId: d.returnId, lines: d.lines.length },
  }),
  'inventory.promise.broken.v1': (d) => ({
    ...order('promise_broken', d),
    details: { number: d.number, promisedFor: d.promisedFor },
  }),
  'loyalty.points.earned.v1': (d) => ({
    ...points('points_earned', d),
    channel: d.channel ?? 'other',
    storeId: d.storeId,
    subjectId: d.orderId ?? d.transferId,
    details: { points: d.points, pointCurrency: d.currency, reason: d.reason, state: d.state },
  }),
  'loyalty.points.redeemed.v1': (d) => ({
    ...points('points_redeemed', d),
    channel: d.channel ?? 'other',
    storeId: d.storeId,
    subjectId: d.orderId ?? d.transferId,
  }),
  'loyalty.points.reversed.v1': (d) => ({
    kind: 'points_reversed',
    channel: 'other',
    subjectId: d.orderId ?? d.transferId,
    details: { earnedTakenBack: d.earnedTakenBack, redeemedGivenBack: d.redeemedGivenBack, pointCurrency: d.currency },
  }),
  'loyalty.points.expired.v1': (d) => ({ ...points('points_expired', d), subjectId: d.transferId }),
  'loyalty.tier.changed.v1': (d) => ({
    kind: 'tier_changed',
    channel: 'other',
    details: { from: d.from, to: d.to, reason: d.reason },
  }),
  'loyalty.reward.issued.v1': (d) => ({
    kind: 'reward_issued',
    channel: 'other',
    subjectId: d.issueId,
    details: { name: d.name, kind: d.kind },
  }),
  'loyalty.voucher.redeemed.v1': (d) => ({
    kind: 'voucher_redeemed',
    channel: 'other',
    subjectId: d.orderId ?? d.voucherId,
    amount: d.discount?.amount,
    currency: d.discount?.currency,
  }),
  'campaign.message.sent.v1': (d) => ({
    kind: 'message_sent',
    channel: d.channel,
    subjectId: d.messageId,
    details: { purpose: d.purpose, template: d.template, campaignId: d.campaignId ?? null },
  }),
  'campaign.message.outcome.v1': (d) => ({ kind: `message_${d.outcome}`, channel: d.channel, subjectId: d.messageId }),
  'campaign.intent.spiked.v1': (d) => ({
    kind: 'intent_spiked',
    channel: 'other',
    category: d.topic,
    details: { strength: d.strength, baseline: d.baseline },
  }),
  'campaign.task.created.v1': (d) => ({
    kind: 'task_created',
    channel: d.storeId ? 'store' : 'call-centre',
    storeId: d.storeId,
    subjectId: d.taskId,
    details: { kind: d.kind },
  }),
  'campaign.task.completed.v1': (d) => ({
    kind: 'task_completed',
    channel: d.storeId ? 'store' : 'call-centre',
    storeId: d.storeId,
    subjectId: d.taskId,
    details: { kind: d.kind, outcome: d.outcome },
  }),
  'feedback.survey.invited.v1': (d) => ({ kind: 'survey_invited', channel: d.channel, subjectId: d.invitationId }),
  'feedback.answer.submitted.v1': (d) => ({
    kind: 'survey_answered',
    channel: d.channel,
    storeId: d.storeId,
    subjectId: d.answerId,
    // Scores of all scales on one of ten, so that they can be read side by side.
    score: d.score === null ? null : (d.score * 10) / d.scaleMax,
    details: { metric: d.metric, score: d.score, attitude: d.attitude, topics: d.topics },
  }),
  'feedback.review.received.v1': (d) => ({
    kind: 'review_received',
    channel: 'other',
    productId: d.productId,
    subjectId: d.reviewId,
    score: d.rating === null ? null : d.rating * 2,
    details: { source: d.source, rating: d.rating, topics: d.topics },
  }),
  'feedback.case.opened.v1': (d) => ({
    kind: 'case_opened',
    channel: 'other',
    storeId: d.storeId,
    subjectId: d.caseId,
    details: { reason: d.reason, severity: d.severity },
  }),
  'feedback.case.changed.v1': (d) => ({
    kind: 'case_changed',
    channel: 'other',
    storeId: d.storeId,
    subjectId: d.caseId,
    details: { status: d.status },
  }),
};

/** The touchpoint that an event is, or null where it is no contact with anybody. */
export function touchpointOf(e: AnyEvent): Touchpoint | null {
  const map = MAPPING[e.type] as ((data: unknown) => Part) | undefined;
  if (!map || !e.profileId) return null;
  const subgraph = e.type.slice(0, e.type.indexOf('.'));
  return { id: e.id, profileId: e.profileId, occurredAt: e.occurredAt, subgraph, ...map(e.data) };
}
