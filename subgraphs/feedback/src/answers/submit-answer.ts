import { erasedAmong, profilesOf } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { type Channel, event, newId } from '@trenza/events';
import { tell } from '../tell.ts';
import { DomainError } from '@trenza/values';
import { openCaseFor } from '../cases/open-case.ts';
import { findInvitation, type Invitation, INVITATION_COLUMNS } from '../invitations/invite.ts';
import { watch } from '../alerts/watch.ts';
import { needSurvey, needVersion } from '../surveys/load-survey.ts';
import {
  acceptResponses,
  commentOf,
  type Definition,
  pathOf,
  type Question,
  type Responses,
  SCALES,
  scoredQuestion,
  scoreOf,
  type Survey,
} from '../surveys/survey.ts';
import { understand } from '../understanding/understand.ts';
import { attitudeOf, type Scale } from './attitude.ts';
import { ANSWER_COLUMNS, type AnswerRow } from './answer-row.ts';

export interface SubmitAnswer {
  /** One of these says what is answered. */
  token?: string | null;
  surveyId?: string | null;
  surveyKey?: string | null;
  answerId?: string | null;
  profileId: string | null;
  channel?: Channel | null;
  storeId?: string | null;
  associateId?: string | null;
  orderId?: string | null;
  language?: string | null;
  responses: Responses;
  /** Short cuts for a till: the scored question, and the first question for text on the way. */
  score?: number | null;
  comment?: string | null;
  complete: boolean;
}

export interface Submitted {
  answerId: string;
  /** The survey had been completed before; this submission changed nothing. */
  alreadyAnswered: boolean;
}

/** Keeps an answer, whole or in part; a later call with the same token or answer id completes it. A completed one never changes. */
export async function submitAnswer(tx: Tx, command: SubmitAnswer, now: Date): Promise<Submitted> {
  const invitation = await invitationOf(tx, command);
  const earlier = await earlierAnswer(tx, command, invitation);
  if (earlier?.complete) return { answerId: earlier.id, alreadyAnswered: true };
  if (invitation) checkOpen(invitation, now);
  const survey = earlier
    ? await needVersion(tx, earlier.surveyId, earlier.surveyVersion)
    : await needSurvey(tx, { id: invitation?.surveyId ?? command.surveyId, key: command.surveyKey });
  if (!earlier && !invitation && survey.status === 'archived')
    throw new DomainError('SURVEY_ARCHIVED', `The survey "${survey.key}" takes no more answers.`, [
      'input',
      'surveyId',
    ]);
  const responses = acceptResponses(
    survey.definition,
    { ...earlier?.responses, ...command.responses, ...shortCuts(survey.definition, command) },
    command.complete,
  );
  if (Object.keys(responses).length === 0)
    throw new DomainError('ANSWER_EMPTY', 'Nothing is answered yet. Send responses, a score or a comment.', [
      'input',
      'responses',
    ]);
  const row = await store(tx, command, { survey, invitation, earlier, responses }, now);
  await follow(tx, row, now);
  return { answerId: row.id, alreadyAnswered: false };
}

/** The invitation named by the token, else an open one of hers for this survey (and order): who was asked and answers elsewhere is not asked again. */
async function invitationOf(tx: Tx, command: SubmitAnswer): Promise<Invitation | null> {
  if (command.token) {
    const invitation = await findInvitation(tx, command.token, true);
    if (!invitation)
      throw new DomainError(
        'INVITATION_NOT_FOUND',
        'No invitation has this token. Open the link again, or answer by surveyId.',
        ['input', 'token'],
      );
    return invitation;
  }
  if (!command.profileId || command.answerId) return null;
  const [profiles] = await profilesOf(tx, [command.profileId]);
  const [open] = await sql<Invitation>(
    tx,
    `select ${INVITATION_COLUMNS} from invitation
      where profile_id = any($1::uuid[]) and survey_id in (select id from survey where id = $2::uuid or key = $3)
        and status in ('waiting', 'asked') and ($4::uuid is null or order_id = $4)
      order by created_at desc limit 1 for update`,
    [profiles, command.surveyId ?? null, command.surveyKey ?? null, command.orderId ?? null],
  );
  return open ?? null;
}

async function earlierAnswer(tx: Tx, command: SubmitAnswer, invitation: Invitation | null): Promise<AnswerRow | null> {
  if (!command.answerId && !invitation) return null;
  const [row] = await sql<AnswerRow>(
    tx,
    `select ${ANSWER_COLUMNS} from answer where id = $1::uuid or invitation_id = $2::uuid limit 1 for update`,
    [command.answerId ?? null, invitation?.id ?? null],
  );
  if (command.answerId && !row)
    throw new DomainError(
      'ANSWER_NOT_FOUND',
      `There is no answer ${command.answerId} to go on with. Begin a new one.`,
      ['input', 'answerId'],
    );
  return row ?? null;
}

function checkOpen(invitation: Invitation, now: Date): void {
  if (invitation.status === 'dismissed' || invitation.status === 'withdrawn' || invitation.expiresAt <= now)
    throw new DomainError(
      'INVITATION_CLOSED',
      `This invitation is ${invitation.status === 'asked' ? 'expired' : invitation.status} and takes no answer.`,
      ['input', 'token'],
    );
}

function shortCuts(definition: Definition, { score, comment }: SubmitAnswer): Responses {
  const found: Responses = {};
  const scored = scoredQuestion(definition);
  if (score != null) {
    if (!scored)
      throw new DomainError('NO_SCORE', 'This survey has no scored question. Send responses.', ['input', 'score']);
    found[scored.id] = score;
  }
  if (comment?.trim()) {
    const isText = (question: Question): boolean => question.kind === 'text';
    const text = pathOf(definition, found).find(isText) ?? definition.questions.find(isText);
    if (!text)
      throw new DomainError('NO_COMMENT', 'This survey asks for no text. Leave comment away.', ['input', 'comment']);
    found[text.id] = comment.trim();
  }
  return found;
}

export function scaleOf({ metric, definition }: Survey): Scale {
  if (metric !== 'custom') return SCALES[metric];
  const scored = scoredQuestion(definition);
  return { min: scored?.min ?? 0, max: scored?.max ?? 10 };
}

const STORE = `
  insert into answer as kept (id, survey_id, survey_version, metric, invitation_id, profile_id, channel, store_id, associate_id, order_id,
    score, scale_min, scale_max, attitude, responses, comment, language, sentiment, themes, complete, source, occurred_at, changed_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 'graph', $21, $21)
  on conflict (id) do update set
    score = excluded.score, attitude = excluded.attitude, responses = excluded.responses, comment = excluded.comment, language = excluded.language,
    sentiment = excluded.sentiment, themes = excluded.themes, complete = excluded.complete, changed_at = excluded.changed_at,
    profile_id = coalesce(kept.profile_id, excluded.profile_id)
  returning ${ANSWER_COLUMNS}`;

interface Found {
  survey: Survey;
  invitation: Invitation | null;
  earlier: AnswerRow | null;
  responses: Responses;
}

async function store(
  tx: Tx,
  command: SubmitAnswer,
  { survey, invitation, earlier, responses }: Found,
  now: Date,
): Promise<AnswerRow> {
  const scale = scaleOf(survey);
  const score = scoreOf(survey.definition, responses);
  const comment = commentOf(survey.definition, responses);
  const { sentiment, language, themes } = understand(comment, command.language);
  const given = invitation?.profileId ?? command.profileId;
  // Under an erased profile it is kept without a name and without words: the score counts, the person does not come back.
  const erased = given !== null && (await erasedAmong(tx, [given])).size > 0;
  const [row] = await sql<AnswerRow>(tx, {
    name: 'answer-store',
    text: STORE,
    values: [
      earlier?.id ?? newId(),
      survey.id,
      survey.version,
      survey.metric,
      invitation?.id ?? earlier?.invitationId ?? null,
      erased ? null : given,
      command.channel ?? earlier?.channel ?? invitation?.channel ?? 'other',
      command.storeId ?? invitation?.storeId ?? null,
      command.associateId ?? null,
      command.orderId ?? invitation?.orderId ?? null,
      score,
      scale.min,
      scale.max,
      attitudeOf(score, scale),
      JSON.stringify(erased ? {} : responses),
      erased ? null : comment,
      language ?? command.language?.slice(0, 2).toLowerCase() ?? null,
      sentiment,
      JSON.stringify(themes),
      command.complete,
      now,
    ],
  });
  if (invitation && command.complete)
    await sql(tx, `update invitation set status = 'answered', closed_at = $2 where id = $1`, [invitation.id, now]);
  return row!;
}

/** What an answer sets going: the event, a case for a detractor, the watch over the scores. */
async function follow(tx: Tx, row: AnswerRow, now: Date): Promise<void> {
  await tell(tx, [answerSubmitted(row, now)]);
  if (row.attitude === 'detractor') await openCaseFor(tx, row, now);
  if (row.score !== null) await watch(tx, [row], now);
}

/** What was understood of it; the words themselves stay here. */
export const answerSubmitted = (
  row: AnswerRow,
  occurredAt: Date,
): ReturnType<typeof event<'feedback.answer.submitted.v1'>> =>
  event('feedback.answer.submitted.v1', {
    occurredAt,
    ...(row.profileId && { profileId: row.profileId }),
    data: {
      answerId: row.id,
      surveyId: row.surveyId,
      metric: row.metric,
      score: row.score,
      scaleMax: row.scaleMax,
      attitude: row.attitude,
      sentiment: row.sentiment,
      topics: row.themes.map((theme) => theme.topic),
      channel: row.channel,
      storeId: row.storeId,
      associateId: row.associateId,
      orderId: row.orderId,
      complete: row.complete,
      imported: row.imported,
    },
  });
