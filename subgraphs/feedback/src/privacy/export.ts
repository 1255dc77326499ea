import { sql, type Tx } from '@trenza/database';
import { event, type EventOf } from '@trenza/events';
import { tell } from '../tell.ts';

type Requested = EventOf<'identity.customer.export-requested.v1'>;

/** All that is held on these profiles, in her words: the one event that carries them, because it is hers. */
export async function exportFor(tx: Tx, { data, profileId, customerId }: Requested, now: Date): Promise<void> {
  const { requestId, profileIds } = data;
  const rows = (statement: string): Promise<Record<string, unknown>[]> => sql(tx, statement, [profileIds]);
  const document = {
    answers: await rows(
      `select a.id, s.key as survey, a.occurred_at as "occurredAt", a.channel, a.score, a.responses, a.comment, a.language, a.sentiment, a.themes, a.complete
         from answer a join survey s on s.id = a.survey_id where a.profile_id = any($1::uuid[]) order by a.occurred_at`,
    ),
    reviews: await rows(
      `select id, source, kind, occurred_at as "occurredAt", rating, title, body as text, language, sentiment, themes, status
         from review where profile_id = any($1::uuid[]) order by occurred_at`,
    ),
    cases: await rows(
      `select id, reason, severity, status, opened_at as "openedAt", resolved_at as "resolvedAt", root_cause as "rootCause"
         from feedback_case where profile_id = any($1::uuid[]) order by opened_at`,
    ),
    invitations: await rows(
      `select i.id, s.key as survey, i.channel, i.status, i.due_at as "dueAt", i.asked_at as "askedAt"
         from invitation i join survey s on s.id = i.survey_id where i.profile_id = any($1::uuid[]) order by i.due_at`,
    ),
    surveyConsents: await rows(
      `select channel, granted, said_at as "saidAt" from survey_consent where profile_id = any($1::uuid[]) order by said_at`,
    ),
  };
  await tell(tx, [
    event('feedback.customer.exported.v1', {
      occurredAt: now,
      ...(profileId && { profileId }),
      ...(customerId && { customerId }),
      // Dates become what JSON makes of them.
      data: { requestId, document: JSON.parse(JSON.stringify(document)) as Record<string, unknown> },
    }),
  ]);
}
