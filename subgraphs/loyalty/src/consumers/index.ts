import { afterErasure } from '@trenza/customers';
import type { Tx } from '@trenza/database';
import { batch, defineConsumers, each, type Deps } from '@trenza/subgraph';
import { keepBirthdays } from '../engagement/birthdays.ts';
import { completeOrders } from '../orders/complete-orders.ts';
import { returnOrder } from '../orders/return-orders.ts';
import { eraseCustomer } from '../privacy/erase-customer.ts';
import { exportCustomer } from '../privacy/export-customer.ts';
import { nobodys } from '../privacy/nobodys.ts';
import { onAnswersSubmitted, onEventsTracked, onProfilesCompleted, onReviewsReceived } from './on-engagement.ts';
import { onMembershipChanged } from './on-membership-changed.ts';
import { onAnswersCollected, onCustomersRecognised, onDataCaptured, onTasksCompleted } from './on-staff-deeds.ts';
import { onOrderCancelled } from './on-order-cancelled.ts';

type Handler<Event> = (tx: Tx, events: Event[], deps: Deps) => Promise<void>;

/** What happened is news to the customer's points and to those of the associate who helped. */
const both =
  <Event>(first: Handler<Event>, second: Handler<Event>): Handler<Event> =>
  async (tx, events, deps) => {
    await first(tx, events, deps);
    await second(tx, events, deps);
  };

const handlers = defineConsumers({
  'identity.customer.membership-changed.v1': batch(onMembershipChanged),
  'identity.customer.contact-changed.v1': batch(keepBirthdays),
  'identity.customer.erasure-requested.v1': each(eraseCustomer),
  'identity.customer.export-requested.v1': each(exportCustomer),
  'identity.event.tracked.v1': batch(both(onEventsTracked, onDataCaptured)),
  'identity.profile.completed.v1': batch(onProfilesCompleted),
  'inventory.order.completed.v1': batch(both(completeOrders, onCustomersRecognised)),
  'inventory.order.cancelled.v1': each(onOrderCancelled),
  'inventory.order.returned.v1': each(returnOrder),
  'feedback.answer.submitted.v1': batch(both(onAnswersSubmitted, onAnswersCollected)),
  'campaign.task.completed.v1': batch(onTasksCompleted),
  'feedback.review.received.v1': batch(onReviewsReceived),
});

/** Event type → what loyalty does about it. */
export const consumers = afterErasure(handlers, nobodys);
