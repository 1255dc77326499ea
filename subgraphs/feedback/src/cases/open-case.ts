import { sql, type Tx } from '@trenza/database';
import { type Channel, event, newId } from '@trenza/events';
import { tell } from '../tell.ts';
import type { AnswerRow } from '../answers/answer-row.ts';
import { type Scale, STARS } from '../answers/attitude.ts';
import { dueAt, type Severity, severityOf } from './case.ts';
import { CASE_COLUMNS, type CaseRow } from './case-row.ts';
import { writeNote } from './case-notes.ts';

/** The clock of a store that inventory has not told of yet, and of cases without one. */
const DEFAULT_TIME_ZONE = 'Europe/Madrid';

export interface OpenCase {
  answerId?: string | null;
  reviewId?: string | null;
  profileId: string | null;
  storeId: string | null;
  channel: Channel;
  orderId: string | null;
  reason: string;
  severity: Severity;
  openedBy: string;
}

const OPEN = `
  insert into feedback_case (id, answer_id, review_id, profile_id, store_id, channel, order_id, reason, severity, status, opened_at, due_at, escalate_at, changed_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11, $11, $10)
  on conflict do nothing
  returning ${CASE_COLUMNS}`;

/** Opens a case, once per answer or review. Returns null where there is one already. */
export async function openCase(tx: Tx, command: OpenCase, now: Date): Promise<CaseRow | null> {
  const due = dueAt(now, command.severity, await timeZoneOf(tx, command.storeId));
  const { answerId = null, reviewId = null, profileId, storeId, channel, orderId, reason, severity } = command;
  const [row] = await sql<CaseRow>(tx, {
    name: 'case-open',
    text: OPEN,
    values: [newId(), answerId, reviewId, profileId, storeId, channel, orderId, reason, severity, now, due],
  });
  if (!row) return null;
  await writeNote(tx, { caseId: row.id, author: command.openedBy, kind: 'opened', text: reason }, now);
  await tell(tx, [
    event('feedback.case.opened.v1', {
      occurredAt: now,
      ...(profileId && { profileId }),
      data: { caseId: row.id, answerId, reviewId, storeId, reason, severity, dueAt: row.dueAt.toISOString() },
    }),
  ]);
  return row;
}

async function timeZoneOf(tx: Tx, storeId: string | null): Promise<string> {
  const [row] = await sql<{ time_zone: string }>(tx, 'select time_zone from store where id = $1', [storeId]);
  return row?.time_zone ?? DEFAULT_TIME_ZONE;
}

/** For a detractor's answer. The reason is made of what was understood, never of her words: it travels in events. */
export function openCaseFor(tx: Tx, answer: AnswerRow, now: Date): Promise<CaseRow | null> {
  const scale: Scale = { min: answer.scaleMin, max: answer.scaleMax };
  return openCase(
    tx,
    {
      answerId: answer.id,
      profileId: answer.profileId,
      storeId: answer.storeId,
      channel: answer.channel,
      orderId: answer.orderId,
      reason: reasonOf(`${answer.metric.toUpperCase()} ${answer.score}/${answer.scaleMax}`, answer.themes),
      severity: severityOf(answer.score!, scale, answer.sentiment),
      openedBy: 'feedback',
    },
    now,
  );
}

export interface BadReview {
  id: string;
  profileId: string | null;
  storeId: string | null;
  orderId: string | null;
  channel: Channel;
  rating: number | null;
  sentiment: number | null;
  themes: { topic: string; sentiment: number }[];
}

export function openCaseForReview(tx: Tx, review: BadReview, now: Date): Promise<CaseRow | null> {
  const { id, profileId, storeId, orderId, channel, rating, sentiment, themes } = review;
  return openCase(
    tx,
    {
      reviewId: id,
      profileId,
      storeId,
      orderId,
      channel,
      reason: reasonOf(rating === null ? 'Negative mention' : `Review ${rating}/5`, themes),
      severity: rating === null ? 'medium' : severityOf(rating, STARS, sentiment),
      openedBy: 'feedback',
    },
    now,
  );
}

/** "NPS 3/10: delivery, staff": the score, and what she was unhappy about. */
const reasonOf = (score: string, themes: { topic: string; sentiment: number }[]): string => {
  const sore = themes.filter((theme) => theme.sentiment < 0).map((theme) => theme.topic);
  return sore.length > 0 ? `${score}: ${sore.join(', ')}` : score;
};
