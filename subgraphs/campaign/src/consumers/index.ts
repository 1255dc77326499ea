import { afterErasure } from '@trenza/customers';
import { batch, defineConsumers, each } from '@trenza/subgraph';
import { recordConversions, recordTouches, touchesOfTracked } from '../attribution/record-touches.ts';
import { creditOrders } from '../decisions/record-outcome.ts';
import { projectProducts, projectStock, projectStores } from '../facts/catalogue.ts';
import { projectCarts, projectOrders, projectSeen } from '../facts/commerce.ts';
import { changeComplaint, openComplaint } from '../facts/complaints.ts';
import { projectAttitude, projectConsents, projectContacts, projectTier } from '../facts/reachability.ts';
import { onOccasion } from '../flows/run-flow.ts';
import { detectSpikes } from '../intent/detect-spikes.ts';
import { intentsOfCarts, intentsOfOrders, intentsOfTracked } from '../intent/intent-projection.ts';
import { eraseCustomer } from '../privacy/erase-customer.ts';
import { exportCustomer } from '../privacy/export-customer.ts';
import { sendInvitations } from '../surveys/send-invitations.ts';
import { callAfterCart, followCarts, followCase, recoverDetractor } from '../tasks/follow-events.ts';

const DAY_MS = 86_400_000;

interface Happened {
  id: string;
  profileId?: string;
  occurredAt: string;
}

/** What begins or ends a flow, of those whom we know by any profile. */
const occasions = (events: readonly Happened[]): { profileId: string; cause: string }[] =>
  events.flatMap(({ id, profileId }) => (profileId ? [{ profileId, cause: id }] : []));

/** History that is imported begins no flow. */
const recent = (events: readonly Happened[], now: Date): { profileId: string; cause: string }[] =>
  occasions(events.filter((e) => now.getTime() - Date.parse(e.occurredAt) < DAY_MS));

const handlers = defineConsumers({
  'identity.customer.contact-changed.v1': batch(projectContacts),
  'identity.consent.changed.v1': batch(async (tx, events, { clock }) => {
    await projectConsents(tx, events);
    const granted = events.filter((e) => e.data.granted && e.data.purpose === 'marketing');
    await onOccasion(tx, 'consent-granted', recent(granted, clock.now()), clock.now());
  }),
  'identity.event.tracked.v1': batch(async (tx, events, { clock }) => {
    const signals = await intentsOfTracked(tx, events, clock.now());
    await projectSeen(tx, events);
    await recordTouches(tx, touchesOfTracked(events));
    const visits = events.filter((e) => e.data.kind === 'store_visit');
    await onOccasion(tx, 'store-visited', recent(visits, clock.now()), clock.now());
    await detectSpikes(tx, signals, clock.now());
  }),
  'identity.customer.erasure-requested.v1': each((tx, event, { clock }) => eraseCustomer(tx, event, clock.now())),
  'identity.customer.export-requested.v1': each((tx, event, { clock }) => exportCustomer(tx, event, clock.now())),
  'inventory.product.changed.v1': batch(projectProducts),
  'inventory.store.changed.v1': batch(projectStores),
  'inventory.stock.availability-changed.v1': batch(projectStock),
  'inventory.cart.changed.v1': batch(async (tx, events, { clock }) => {
    await projectCarts(tx, events);
    await followCarts(tx, events, clock.now());
    const signals = await intentsOfCarts(tx, events, clock.now());
    await detectSpikes(tx, signals, clock.now());
  }),
  'inventory.order.completed.v1': batch(async (tx, events, { clock }) => {
    await intentsOfOrders(tx, events, clock.now());
    await projectOrders(tx, events);
    await recordConversions(tx, events);
    // What was bought before we were there was not suggested by us.
    const live = events.filter((e) => !e.data.imported);
    if (live.length > 0) await creditOrders(tx, live, clock.now());
    await onOccasion(tx, 'order-completed', recent(live, clock.now()), clock.now());
  }),
  'loyalty.tier.changed.v1': each(async (tx, event, { clock }) => {
    await projectTier(tx, event);
    await onOccasion(tx, 'tier-changed', recent([event], clock.now()), clock.now());
  }),
  'feedback.answer.submitted.v1': each(projectAttitude),
  'feedback.survey.invited.v1': batch((tx, events, { clock }) => sendInvitations(tx, events, clock.now())),
  'inventory.cart.abandoned.v1': each(async (tx, event, { clock }) => {
    await callAfterCart(tx, event, clock.now());
    await onOccasion(tx, 'cart-abandoned', recent([event], clock.now()), clock.now());
  }),
  'feedback.case.opened.v1': each(async (tx, event, { clock }) => {
    await openComplaint(tx, event);
    await recoverDetractor(tx, event, clock.now());
    await onOccasion(tx, 'case-opened', recent([event], clock.now()), clock.now());
  }),
  'feedback.case.changed.v1': each(async (tx, event, { clock }) => {
    await changeComplaint(tx, event);
    await followCase(tx, event, clock.now());
  }),
});

export const consumers = afterErasure(handlers, () => null);
