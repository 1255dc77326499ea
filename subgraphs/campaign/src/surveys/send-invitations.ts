import type { Tx } from '@trenza/database';
import type { Channel, EventOf } from '@trenza/events';
import { queueMessages, type NewMessage } from '../messages/queue-messages.ts';

/** The template that a migration brings; its words are the marketers' to change. */
const TEMPLATE = { templateId: '0191a000-0000-7000-8000-00000000c001', template: 'survey-invitation' };

/** Where a message can be put. A question about what happened elsewhere (a call, a marketplace) is sent by e-mail. */
const CHANNELS_WITH_MESSAGES: readonly Channel[] = ['email', 'sms', 'push', 'social', 'app', 'web', 'store'];

/** After what somebody waits for, before what campaigns put in line: a question is about something that has just happened. */
const PRIORITY = 500;

/** Where the retailer's page is that takes `?token=…` and shows the survey. */
const surveyPage = (): string => process.env['SURVEY_URL'] ?? 'http://localhost:4000/survey';

/** Feedback decides who is asked what; whether she may be reached with it is for the contact policy to say, as with every message. */
export async function sendInvitations(
  tx: Tx,
  events: readonly EventOf<'feedback.survey.invited.v1'>[],
  now: Date,
): Promise<void> {
  const messages = events.flatMap((invited) => messageFor(invited, now) ?? []);
  if (messages.length > 0) await queueMessages(tx, messages, now);
}

/** Nothing for somebody whom we do not know, or where no link leads to her questions. */
function messageFor({ profileId, data }: EventOf<'feedback.survey.invited.v1'>, now: Date): NewMessage | undefined {
  const { invitationId, channel, token, expiresAt } = data;
  if (!profileId || !token) return undefined;
  return {
    ...TEMPLATE,
    profileId,
    channel: CHANNELS_WITH_MESSAGES.includes(channel) ? channel : 'email',
    purpose: 'survey',
    variables: { surveyUrl: `${surveyPage()}?token=${encodeURIComponent(token)}` },
    idempotencyKey: `survey:${invitationId}`,
    priority: PRIORITY,
    notBefore: now,
    ...(expiresAt && { notAfter: new Date(expiresAt) }),
  };
}
