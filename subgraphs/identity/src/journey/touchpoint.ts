import { sql, type Tx } from '@trenza/database';
import { OURS } from './ours.ts';

/** One contact between a customer and the retailer, as the journey shows it. */
export interface Touchpoint {
  /** The id of the event it comes from: a repeat is the same touchpoint. */
  id: string;
  profileId: string;
  occurredAt: Date | string;
  kind: string;
  channel: string;
  subgraph: string;
  storeId?: string | null;
  productId?: string | null;
  subjectId?: string | null;
  category?: string | null;
  amount?: number | null;
  currency?: string | null;
  score?: number | null;
  details?: object;
}

/** Inserted set-wise; what was there already is left alone, and only what is new counts. */
const RECORD = `
  with fresh as (
    insert into touchpoint (id, profile_id, occurred_at, kind, channel, subgraph, store_id, product_id, subject_id, category, amount, currency, score, details)
    select id, profile_id, occurred_at, kind, channel, subgraph, store_id, product_id, subject_id, category, amount, currency, score, coalesce(details, '{}')
      from jsonb_to_recordset($1) as x (id uuid, profile_id uuid, occurred_at timestamptz, kind text, channel text, subgraph text, store_id uuid,
             product_id uuid, subject_id text, category text, amount bigint, currency text, score real, details jsonb)
     where not exists (select from profile p where p.id = x.profile_id and p.erased_at is not null)
     order by id
    on conflict (id) do nothing
    returning id, profile_id, occurred_at, kind
  ), by_profile as (
    select profile_id, min(occurred_at) filter (where kind <> all($2)) as first_at, max(occurred_at) filter (where kind <> all($2)) as last_at,
           count(*) filter (where kind = 'order_completed') as orders
      from fresh group by profile_id order by profile_id
  ), seen as (
    update profile p
       set first_seen_at = least(p.first_seen_at, b.first_at), last_seen_at = greatest(p.last_seen_at, b.last_at), orders = p.orders + b.orders
      from by_profile b
     where p.id = b.profile_id
       and (b.orders > 0 or b.first_at < p.first_seen_at or b.last_at > p.last_seen_at + interval '1 minute')
  )
  select id from fresh`;

/** Puts touchpoints into the journeys; returns the ids of those that were not there yet. */
export async function recordTouchpoints(tx: Tx, touchpoints: readonly Touchpoint[]): Promise<Set<string>> {
  if (touchpoints.length === 0) return new Set();
  const rows = touchpoints.map((t) => ({
    id: t.id,
    profile_id: t.profileId,
    occurred_at: t.occurredAt,
    kind: t.kind,
    channel: t.channel,
    subgraph: t.subgraph,
    store_id: t.storeId,
    product_id: t.productId,
    subject_id: t.subjectId,
    category: t.category,
    amount: t.amount,
    currency: t.currency,
    score: t.score,
    details: t.details,
  }));
  const fresh = await sql<{ id: string }>(tx, {
    name: 'identity-touch',
    text: RECORD,
    values: [JSON.stringify(rows), OURS],
  });
  return new Set(fresh.map((row) => row.id));
}
