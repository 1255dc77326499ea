import { sql, type Tx } from '@trenza/database';
import { resolveCustomer } from '@trenza/customers';
import { event } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { createTask } from './create-task.ts';
import { findTask, taskFrom, type TaskRow } from './read-tasks.ts';
import type { CampaignTask, CompleteTaskInput, CreateTaskInput } from './task.type.ts';
import type { TaskKind } from './task.ts';

const MAX_NOTE_LENGTH = 2_000;
const MAX_REASON_LENGTH = 500;
const MAX_SCRIPT_LENGTH = 5_000;
const NORMAL_PRIORITY = 40;

type Who = Pick<Context, 'caller' | 'now'>;

/** The task, if it is there and this person may work on it: associates see to those of their stores. */
async function workable(tx: Tx, taskId: string, { caller }: Who): Promise<TaskRow> {
  await sql(tx, 'select 1 from task where id = $1 for update', [taskId]);
  const task = await findTask(tx, taskId);
  if (!task) throw new DomainError('TASK_NOT_FOUND', `There is no task ${taskId}.`, ['input', 'taskId']);
  if (caller.role === 'associate' && !caller.stores.includes(task.store_id ?? ''))
    throw new DomainError(
      'TASK_OF_ANOTHER_STORE',
      'This task belongs to another store. Ask customer care to move it.',
      ['input', 'taskId'],
    );
  return task;
}

const closed = (task: TaskRow): DomainError =>
  new DomainError('TASK_CLOSED', `The task is ${task.state} already (${task.outcome ?? 'no outcome'}).`, [
    'input',
    'taskId',
  ]);

/** Taking what one has already changes nothing. */
export async function claimTask(tx: Tx, taskId: string, who: Who): Promise<CampaignTask> {
  const task = await workable(tx, taskId, who);
  const { subject } = who.caller;
  if (task.state !== 'open' && task.state !== 'claimed') throw closed(task);
  if (task.state === 'claimed' && task.assignee !== subject)
    throw new DomainError('TASK_TAKEN', `${task.assignee} has taken this task already.`, ['input', 'taskId']);
  await sql(
    tx,
    `update task set state = 'claimed', assignee = $2, claimed_at = coalesce(claimed_at, $3) where id = $1`,
    [taskId, subject, who.now()],
  );
  return taskFrom((await findTask(tx, taskId))!, who.now());
}

const COMPLETE = `
  update task set state = 'done', outcome = $2, note = $3, completed_by = $4, completed_at = $5, assignee = coalesce(assignee, $4) where id = $1`;
/** A call that was made counts for the caps, answered or not. */
const CALLED = `update contact_attempt set reached = true, at = $2 where task_id = $1`;

export async function completeTask(tx: Tx, input: CompleteTaskInput, who: Who): Promise<CampaignTask> {
  const { taskId, outcome, note } = input;
  if ((note?.length ?? 0) > MAX_NOTE_LENGTH)
    throw new DomainError(
      'NOTE_TOO_LONG',
      `A note has up to ${MAX_NOTE_LENGTH} characters, this one has ${note!.length}.`,
      ['input', 'note'],
    );
  const task = await workable(tx, taskId, who);
  const { subject } = who.caller;
  const now = who.now();
  if (task.state === 'done' && task.completed_by === subject && task.outcome === outcome) return taskFrom(task, now);
  if (task.state !== 'open' && task.state !== 'claimed') throw closed(task);
  await sql(tx, COMPLETE, [taskId, outcome, note ?? null, subject, now]);
  await sql(tx, CALLED, [taskId, now]);
  await publish(tx, [
    event('campaign.task.completed.v1', {
      profileId: await profileOf(tx, taskId),
      customerId: task.customer_id,
      occurredAt: now,
      data: { taskId, kind: task.kind, outcome, storeId: task.store_id, completedBy: subject, caseId: task.case_id },
    }),
  ]);
  return taskFrom((await findTask(tx, taskId))!, now);
}

async function profileOf(tx: Tx, taskId: string): Promise<string | undefined> {
  return (await sql<{ profile_id: string }>(tx, 'select profile_id from task where id = $1', [taskId]))[0]?.profile_id;
}

export async function askForTask(tx: Tx, input: CreateTaskInput, who: Who): Promise<string> {
  const { kind, reason, script, dueAt, storeId, idempotencyKey } = input;
  const now = who.now();
  const checks: [boolean, string, string][] = [
    [
      reason.length > 0 && reason.length <= MAX_REASON_LENGTH,
      `A reason has 1 to ${MAX_REASON_LENGTH} characters, this one has ${reason.length}.`,
      'reason',
    ],
    [
      script.length > 0 && script.length <= MAX_SCRIPT_LENGTH,
      `A script has 1 to ${MAX_SCRIPT_LENGTH} characters, this one has ${script.length}.`,
      'script',
    ],
    [dueAt > now, `It would be due at ${dueAt.toISOString()}, which has passed.`, 'dueAt'],
  ];
  for (const [fine, message, field] of checks)
    if (!fine) throw new DomainError('INVALID_TASK', message, ['input', field]);
  const customerId = await resolveCustomer(tx, input.customerId);
  const draft = {
    cause: `asked:${who.caller.subject}:${idempotencyKey}`,
    kind: kind as TaskKind,
    profileId: customerId,
    storeId: storeId ?? null,
    priority: NORMAL_PRIORITY,
    reason,
    script,
    dueAt,
  };
  const id = await createTask(tx, draft, customerId, now);
  if (!id)
    throw new DomainError('IDEMPOTENCY_CONFLICT', `The key "${idempotencyKey}" was used for another task.`, [
      'input',
      'idempotencyKey',
    ]);
  return id;
}
