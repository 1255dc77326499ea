import type { Channel } from '@trenza/events';
import type { CaseStatus, Severity } from './case.ts';

export interface CaseRow {
  id: string;
  answerId: string | null;
  reviewId: string | null;
  profileId: string | null;
  storeId: string | null;
  channel: Channel;
  orderId: string | null;
  reason: string;
  severity: Severity;
  status: CaseStatus;
  owner: string | null;
  taskId: string | null;
  openedAt: Date;
  dueAt: Date;
  escalations: number;
  resolvedAt: Date | null;
  resolvedBy: string | null;
  rootCause: string | null;
  changedAt: Date;
}

export const CASE_COLUMNS = `id, answer_id as "answerId", review_id as "reviewId", profile_id as "profileId", store_id as "storeId", channel, order_id as "orderId",
  reason, severity, status, owner, task_id as "taskId", opened_at as "openedAt", due_at as "dueAt", escalations, resolved_at as "resolvedAt",
  resolved_by as "resolvedBy", root_cause as "rootCause", changed_at as "changedAt"`;
