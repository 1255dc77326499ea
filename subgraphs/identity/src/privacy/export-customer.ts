import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { lockCustomers } from '../customers/lock-customers.ts';
import type { Clock } from '../resolution/resolve-sightings.ts';
import { REQUEST, type PrivacyCommand } from './erase-customer.ts';
import { keepReceipts } from './receipts.ts';

/**
 * Everything identity holds on these profiles, who of the staff looked at it by role, and why they are one person. One statement, so
 * that it is one moment. Links to profiles of others are theirs as well, and stay out.
 */
const DOCUMENT = `
  select
    (select coalesce(jsonb_agg(to_jsonb(p) - 'version'), '[]') from profile p where id = any($1::uuid[])) as profiles,
    (select coalesce(jsonb_agg(to_jsonb(i) - 'shared_profile_id'), '[]') from identifier i where profile_id = any($1::uuid[])) as identifiers,
    (select coalesce(jsonb_agg(to_jsonb(a) - 'value_hash' - 'folded'), '[]') from attribute a where profile_id = any($1::uuid[])) as attributes,
    (select coalesce(jsonb_agg(to_jsonb(r) - 'content_hash' order by occurred_at), '[]') from source_record r where profile_id = any($1::uuid[])) as "sourceRecords",
    (select coalesce(jsonb_agg(to_jsonb(q) order by asked_at), '[]') from asked_question q where profile_id = any($1::uuid[])) as "askedQuestions",
    (select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'between', array[e.a, e.b], 'evidence', e.evidence, 'from', e.created_at, 'to', e.ended_at) order by e.id), '[]')
       from edge e where e.a = any($1::uuid[]) and e.b = any($1::uuid[])) as links,
    (select coalesce(jsonb_agg(jsonb_build_object('at', l.at, 'role', l.role, 'action', l.action, 'fields', l.fields) order by l.at, l.id), '[]')
       from audit l where l.customer_id = any($1::uuid[])) as "accessLog",
    (select coalesce(jsonb_agg(to_jsonb(c) order by occurred_at), '[]') from consent c where profile_id = any($1::uuid[])) as consents,
    (select coalesce(jsonb_agg(to_jsonb(t) order by occurred_at, id), '[]') from touchpoint t where profile_id = any($1::uuid[])) as journey`;

/** Collects everything that all subgraphs hold on a customer; they answer by event, and the document grows until it is complete. */
export async function requestExport(
  tx: Tx,
  { customerId, reason, by }: PrivacyCommand,
  { clock }: Clock,
): Promise<string> {
  const [customer] = await lockCustomers(tx, [customerId]);
  const { profileIds } = customer!;
  const now = clock.now();
  const requestId = newId();
  await sql(tx, REQUEST, [requestId, 'export', customer!.customerId, profileIds, by, reason, now]);
  const [document] = await sql(tx, DOCUMENT, [profileIds]);
  await keepReceipts(tx, [{ requestId, subgraph: 'identity', document: document! }], now);
  const data = { requestId, profileIds };
  await publish(tx, [
    event('identity.customer.export-requested.v1', { customerId: customer!.customerId, occurredAt: now, data }),
  ]);
  return requestId;
}
