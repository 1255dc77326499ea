import { sql, type Tx } from '@trenza/database';
import { event } from '@trenza/events';
import { tell } from '../tell.ts';
import { DomainError } from '@trenza/values';
import { invite } from '../invitations/invite.ts';
import { type CaseStatus, isLive, isRecovered, MAX_ESCALATIONS, mayMove, nextEscalation, SEVERITIES } from './case.ts';
import { CASE_COLUMNS, type CaseRow } from './case-row.ts';
import { writeNote } from './case-notes.ts';

/** The case, locked: one change after the other. */
export async function needCase(tx: Tx, id: string): Promise<CaseRow> {
  const [row] = await sql<CaseRow>(tx, `select ${CASE_COLUMNS} from feedback_case where id = $1 for update`, [id]);
  if (!row) throw new DomainError('CASE_NOT_FOUND', `There is no case ${id}.`, ['input', 'caseId']);
  return row;
}

/** Somebody is now responsible; a case that nobody had begun is begun with it. */
export async function assignCase(tx: Tx, caseId: string, owner: string, by: string, now: Date): Promise<CaseRow> {
  const before = await needCase(tx, caseId);
  if (!isLive(before.status))
    throw new DomainError('CASE_NOT_LIVE', `The case is ${before.status}. Take it up again before assigning it.`, [
      'input',
      'caseId',
    ]);
  await writeNote(tx, { caseId, author: by, kind: 'assigned', text: owner }, now);
  return change(tx, before, { owner, status: 'in-progress' }, now);
}

export async function noteCase(tx: Tx, caseId: string, text: string, by: string, now: Date): Promise<CaseRow> {
  const found = await needCase(tx, caseId);
  await writeNote(tx, { caseId, author: by, kind: 'note', text }, now);
  return found;
}

/** Takes a case up, closes it or reopens it; resolving needs a root cause and has its own door. */
export async function moveCase(
  tx: Tx,
  caseId: string,
  status: Exclude<CaseStatus, 'resolved'>,
  by: string,
  now: Date,
): Promise<CaseRow> {
  const before = await needCase(tx, caseId);
  checkMove(before, status);
  await writeNote(tx, { caseId, author: by, kind: 'status', text: status }, now);
  return change(tx, before, { status }, now);
}

export interface ResolveCase {
  caseId: string;
  rootCause: string | null;
  note: string | null;
  by: string;
}

/** It is put right: why it had happened is written down, and she is asked whether it is. */
export async function resolveCase(tx: Tx, { caseId, rootCause, note, by }: ResolveCase, now: Date): Promise<CaseRow> {
  const before = await needCase(tx, caseId);
  checkMove(before, 'resolved');
  await writeNote(tx, { caseId, author: by, kind: 'resolved', text: note }, now);
  const after = await change(tx, before, { status: 'resolved', rootCause, resolvedBy: by }, now);
  await askAgain(tx, after, now);
  return after;
}

async function askAgain(tx: Tx, { id, profileId, channel, storeId, orderId }: CaseRow, now: Date): Promise<void> {
  if (!profileId) return;
  // The instant is part of the moment: a case that is taken up and resolved again is asked about again.
  const moment = `case:${id}:${now.getTime()}`;
  await invite(
    tx,
    [{ profileId, moment, channel, storeId, orderId, caseId: id, occurredAt: now }],
    { trigger: 'case-resolved' },
    now,
  );
}

function checkMove({ status, id }: CaseRow, to: CaseStatus): void {
  if (!mayMove(status, to))
    throw new DomainError('CASE_STATUS', `Case ${id} is ${status} and can't become ${to}.`, ['input', 'caseId']);
}

interface Change {
  status?: CaseStatus;
  owner?: string;
  rootCause?: string | null;
  resolvedBy?: string;
  taskId?: string;
}

const CHANGE = `
  update feedback_case set
    status = coalesce($2, status), owner = coalesce($3, owner), root_cause = coalesce($4, root_cause), task_id = coalesce($7, task_id),
    resolved_at = case when $2 = 'resolved' then $6::timestamptz when $2 in ('open', 'in-progress') then null else resolved_at end,
    resolved_by = case when $2 = 'resolved' then $5 when $2 in ('open', 'in-progress') then null else resolved_by end,
    changed_at = $6
   where id = $1
  returning ${CASE_COLUMNS}`;

async function change(tx: Tx, before: CaseRow, to: Change, now: Date): Promise<CaseRow> {
  const [after] = await sql<CaseRow>(tx, {
    name: 'case-change',
    text: CHANGE,
    values: [
      before.id,
      to.status ?? null,
      to.owner ?? null,
      to.rootCause ?? null,
      to.resolvedBy ?? null,
      now,
      to.taskId ?? null,
    ],
  });
  await tell(tx, [caseChanged(after!, now)]);
  return after!;
}

const caseChanged = (row: CaseRow, occurredAt: Date): ReturnType<typeof event<'feedback.case.changed.v1'>> =>
  event('feedback.case.changed.v1', {
    occurredAt,
    ...(row.profileId && { profileId: row.profileId }),
    data: {
      caseId: row.id,
      status: row.status,
      storeId: row.storeId,
      rootCause: row.rootCause,
      severity: row.severity,
      escalations: row.escalations,
    },
  });

/** A store was given the recovery as a task: who takes the case over sees it. */
export async function onTaskCreated(
  tx: Tx,
  task: { caseId: string; taskId: string; assignee: string | null },
  now: Date,
): Promise<void> {
  const found = await findCase(tx, task.caseId);
  if (!found || !isLive(found.status)) return;
  await writeNote(
    tx,
    { caseId: found.id, author: 'campaign', kind: 'task', text: `Task ${task.taskId} was created.` },
    now,
  );
  await change(tx, found, { taskId: task.taskId, ...(task.assignee && { owner: task.assignee }) }, now);
}

/** The store's recovery moves the case on: resolved if it reached her, else somebody has to take it up. */
export async function onTaskCompleted(
  tx: Tx,
  task: { caseId: string; taskId: string; outcome: string; completedBy: string },
  now: Date,
): Promise<void> {
  const found = await findCase(tx, task.caseId);
  if (!found || !isLive(found.status)) return;
  await writeNote(
    tx,
    { caseId: found.id, author: task.completedBy, kind: 'task', text: `Task ${task.taskId}: ${task.outcome}` },
    now,
  );
  if (isRecovered(task.outcome))
    await resolveCase(tx, { caseId: found.id, rootCause: found.rootCause, note: null, by: task.completedBy }, now);
  else if (found.status === 'open') await change(tx, found, { status: 'in-progress' }, now);
}

/** Events may name a case that was never ours (another installation's history): that is no error of theirs. */
async function findCase(tx: Tx, id: string): Promise<CaseRow | null> {
  const [row] = await sql<CaseRow>(tx, `select ${CASE_COLUMNS} from feedback_case where id = $1 for update`, [id]);
  return row ?? null;
}

/** One turn of the job takes at most so many. */
const TURN = 200;

/** What nobody saw to in time: one step more severe, told to everybody who watches cases, again every day. */
export async function escalateOverdue(tx: Tx, now: Date): Promise<number> {
  const overdue = await sql<CaseRow>(
    tx,
    `update feedback_case set escalations = escalations + 1, escalate_at = $2, changed_at = $1,
            severity = ($3::text[])[least(array_position($3::text[], severity) + 1, cardinality($3::text[]))]
      where id in (select id from feedback_case where status in ('open', 'in-progress') and escalate_at <= $1 and escalations < ${MAX_ESCALATIONS}
                    order by escalate_at limit ${TURN} for update skip locked)
      returning ${CASE_COLUMNS}`,
    [now, nextEscalation(now), [...SEVERITIES]],
  );
  for (const row of overdue)
    await writeNote(
      tx,
      {
        caseId: row.id,
        author: 'feedback',
        kind: 'escalated',
        text: `Due ${row.dueAt.toISOString()}, now ${row.severity}.`,
      },
      now,
    );
  await tell(
    tx,
    overdue.map((row) => caseChanged(row, now)),
  );
  return overdue.length;
}
