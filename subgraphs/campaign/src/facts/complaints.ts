import { sql, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';

/** What was told later counts for the status; what only the opening tells is filled in whenever it comes. */
const OPENED = `
  insert into complaint as known (case_id, profile_id, store_id, severity, reason, due_at, status, changed_at)
  values ($1, $2, $3, $4, $5, $6, 'open', $7)
  on conflict (case_id) do update
     set profile_id = coalesce(excluded.profile_id, known.profile_id), store_id = coalesce(known.store_id, excluded.store_id),
         severity = excluded.severity, reason = excluded.reason, due_at = excluded.due_at`;

export async function openComplaint(tx: Tx, event: EventOf<'feedback.case.opened.v1'>): Promise<void> {
  const { caseId, storeId, severity, reason, dueAt } = event.data;
  await sql(tx, OPENED, [caseId, event.profileId ?? null, storeId ?? null, severity, reason, dueAt, event.occurredAt]);
}

const CHANGED = `
  insert into complaint as known (case_id, profile_id, store_id, status, changed_at) values ($1, $2, $3, $4, $5)
  on conflict (case_id) do update
     set status = excluded.status, store_id = coalesce(excluded.store_id, known.store_id), changed_at = excluded.changed_at
   where known.changed_at <= excluded.changed_at`;

export async function changeComplaint(tx: Tx, event: EventOf<'feedback.case.changed.v1'>): Promise<void> {
  const { caseId, storeId, status } = event.data;
  await sql(tx, CHANGED, [caseId, event.profileId ?? null, storeId ?? null, status, event.occurredAt]);
}
