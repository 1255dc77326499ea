import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Draft } from './task.ts';

const INSERT = `
  insert into task (id, cause, kind, profile_id, store_id, state, priority, reason, script, due_at, case_id, cart_id, created_at)
  values ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11, $12)
  on conflict (cause) do nothing returning id`;

/** Returns the id of the task, or null where its cause has one already. */
export async function createTask(tx: Tx, draft: Draft, customerId: string, now: Date): Promise<string | null> {
  const { cause, kind, profileId, storeId, priority, reason, script, dueAt, caseId, cartId } = draft;
  const id = newId();
  const created = await sql(tx, INSERT, [
    id,
    cause,
    kind,
    profileId,
    storeId,
    priority,
    reason,
    script,
    dueAt,
    caseId ?? null,
    cartId ?? null,
    now,
  ]);
  if (created.length === 0) return null;
  await publish(tx, [
    event('campaign.task.created.v1', {
      profileId,
      customerId,
      occurredAt: now,
      data: { taskId: id, kind, storeId, assignee: null, reason, dueAt: dueAt.toISOString(), caseId: caseId ?? null },
    }),
  ]);
  return id;
}
