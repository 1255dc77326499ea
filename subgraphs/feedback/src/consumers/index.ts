import { sql, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import { batch, defineConsumers, each } from '@trenza/subgraph';
import { onTaskCompleted, onTaskCreated } from '../cases/change-case.ts';
import { invite } from '../invitations/invite.ts';
import { erase } from '../privacy/erase.ts';
import { exportFor } from '../privacy/export.ts';

export const consumers = defineConsumers({
  'inventory.order.completed.v1': each(async (tx, { data, profileId, occurredAt }, { clock }) => {
    if (!profileId || data.imported) return;
    const { orderId, channel, storeId } = data;
    const moment = {
      profileId,
      moment: `order:${orderId}`,
      channel,
      storeId,
      orderId,
      occurredAt: new Date(occurredAt),
    };
    await invite(tx, [moment], { trigger: 'order-completed' }, clock.now());
  }),
  'inventory.order.returned.v1': each(async (tx, { data, profileId, occurredAt }, { clock }) => {
    if (!profileId || data.imported) return;
    const { returnId, orderId, channel, storeId } = data;
    const moment = {
      profileId,
      moment: `return:${returnId}`,
      channel,
      storeId,
      orderId,
      occurredAt: new Date(occurredAt),
    };
    await invite(tx, [moment], { trigger: 'order-returned' }, clock.now());
  }),
  'campaign.survey.due.v1': each(async (tx, { id, data, profileId, occurredAt }, { clock }) => {
    if (!profileId) return;
    const moment = { profileId, moment: `campaign:${id}`, channel: data.channel, occurredAt: new Date(occurredAt) };
    await invite(tx, [moment], { surveyId: data.surveyId }, clock.now());
  }),
  'campaign.task.created.v1': each(async (tx, { data }, { clock }) => {
    const { caseId, taskId, assignee = null } = data;
    if (caseId) await onTaskCreated(tx, { caseId, taskId, assignee }, clock.now());
  }),
  'campaign.task.completed.v1': each(async (tx, { data }, { clock }) => {
    const { caseId, taskId, outcome, completedBy } = data;
    if (caseId) await onTaskCompleted(tx, { caseId, taskId, outcome, completedBy }, clock.now());
  }),
  'identity.consent.changed.v1': batch((tx, events) => keepConsents(tx, events)),
  'inventory.store.changed.v1': batch((tx, events) => keepStores(tx, events)),
  'inventory.product.changed.v1': batch((tx, events) => keepProducts(tx, events)),
  'identity.customer.erasure-requested.v1': each((tx, event, { clock }) => erase(tx, event, clock.now())),
  'identity.customer.export-requested.v1': each((tx, event, { clock }) => exportFor(tx, event, clock.now())),
});

/** The latest word per profile and channel, whatever order they arrive in. */
async function keepConsents(tx: Tx, events: EventOf<'identity.consent.changed.v1'>[]): Promise<void> {
  const said = events.filter(({ data, profileId }) => data.purpose === 'survey' && profileId);
  await sql(
    tx,
    `insert into survey_consent as known (profile_id, channel, granted, said_at)
     select distinct on (p, c) p, c, g, t from unnest($1::uuid[], $2::text[], $3::boolean[], $4::timestamptz[]) as said (p, c, g, t) order by p, c, t desc
     on conflict (profile_id, channel) do update set granted = excluded.granted, said_at = excluded.said_at where known.said_at < excluded.said_at`,
    [
      said.map((e) => e.profileId),
      said.map((e) => e.data.channel ?? ''),
      said.map((e) => e.data.granted),
      said.map((e) => e.occurredAt),
    ],
  );
}

async function keepStores(tx: Tx, events: EventOf<'inventory.store.changed.v1'>[]): Promise<void> {
  await sql(
    tx,
    `insert into store as known (id, name, time_zone, changed_at)
     select distinct on (i) i, n, z, t from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) as said (i, n, z, t) order by i, t desc
     on conflict (id) do update set name = excluded.name, time_zone = excluded.time_zone, changed_at = excluded.changed_at
      where known.changed_at < excluded.changed_at`,
    [
      events.map((e) => e.data.storeId),
      events.map((e) => e.data.name),
      events.map((e) => e.data.timeZone),
      events.map((e) => e.occurredAt),
    ],
  );
}

/** A unit's product never changes; reviews that came before their product find it now. */
async function keepProducts(tx: Tx, events: EventOf<'inventory.product.changed.v1'>[]): Promise<void> {
  const values = [events.map((e) => e.data.sku), events.map((e) => e.data.productId)];
  await sql(
    tx,
    `insert into product (sku, id) select distinct on (s) s, i from unnest($1::text[], $2::uuid[]) as said (s, i) order by s on conflict do nothing`,
    values,
  );
  await sql(
    tx,
    `update review set product_id = said.i from unnest($1::text[], $2::uuid[]) as said (s, i) where product_sku = said.s and product_id is null`,
    values,
  );
}
