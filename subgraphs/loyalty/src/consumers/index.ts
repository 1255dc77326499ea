import { batch, defineConsumers, each } from '@trenza/subgraph';
import { completeOrders } from '../orders/complete-orders.ts';
import { returnOrder } from '../orders/return-orders.ts';
import { eraseCustomer } from '../privacy/erase-customer.ts';
import { exportCustomer } from '../privacy/export-customer.ts';
import { onAnswersSubmitted, onEventsTracked, onProfilesCompleted, onReviewsReceived } from './on-engagement.ts';
import { onMembershipChanged } from './on-membership-changed.ts';
import { onOrderCancelled } from './on-order-cancelled.ts';

/** Event type → what loyalty does about it. */
export const consumers = defineConsumers({
  'identity.customer.membership-changed.v1': batch(onMembershipChanged),
  'identity.customer.erasure-requested.v1': each(eraseCustomer),
  'identity.customer.export-requested.v1': each(exportCustomer),
  'identity.event.tracked.v1': batch(onEventsTracked),
  'identity.profile.completed.v1': batch(onProfilesCompleted),
  'inventory.order.completed.v1': batch(completeOrders),
  'inventory.order.cancelled.v1': each(onOrderCancelled),
  'inventory.order.returned.v1': each(returnOrder),
  'feedback.answer.submitted.v1': batch(onAnswersSubmitted),
  'feedback.review.received.v1': batch(onReviewsReceived),
});
