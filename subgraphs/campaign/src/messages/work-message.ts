import { erasedAmong, profileErased, resolveCustomer } from '@trenza/customers';
import { verifyPromise } from '@trenza/auth';
import { sql, type Tx } from '@trenza/database';
import type { Channel } from '@trenza/events';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import type { Purpose } from '../policy/contact-policy.ts';
import { recordMessageOutcome } from './message-outcome.ts';
import type { SendMessageInput } from './message.type.ts';
import { queueMessages } from './queue-messages.ts';
import { findMessage, type MessageRead } from './read-messages.ts';

const MAX_VARIABLES_LENGTH = 20_000;
/** What somebody asks for now goes before what a campaign put in line. */
const SINGLE_PRIORITY = 1_000;

/** A message to one customer; the job sends it within a second. Returns its id. */
export async function sendMessage(tx: Tx, input: SendMessageInput, now: Date): Promise<string> {
  const { idempotencyKey, templateId, channel, purpose, decisionId, notBefore } = input;
  const variables = input.variables ?? {};
  if (typeof variables !== 'object' || Array.isArray(variables))
    throw new DomainError('INVALID_VARIABLES', 'Variables are an object of names and values.', ['input', 'variables']);
  const length = JSON.stringify(variables).length;
  if (length > MAX_VARIABLES_LENGTH)
    throw new DomainError(
      'VARIABLES_TOO_LARGE',
      `The variables take ${length} characters, at most ${MAX_VARIABLES_LENGTH} are allowed.`,
      ['input', 'variables'],
    );
  const [template] = await sql<{ name: string }>(
    tx,
    'select name from template t where id = $1 and exists (select 1 from template_variant v where v.template_id = t.id and v.channel = $2)',
    [templateId, channel],
  );
  if (!template)
    throw new DomainError(
      'TEMPLATE_NOT_FOUND',
      `There is no template ${templateId} with a text for ${channel}. Save one first.`,
      ['input', 'templateId'],
    );
  const profileId = await resolveCustomer(tx, input.customerId);
  const [id] = await queueMessages(
    tx,
    [
      {
        profileId,
        channel: channel as Channel,
        purpose: purpose as Purpose,
        templateId,
        template: template.name,
        variables,
        idempotencyKey: `send:${idempotencyKey}`,
        priority: SINGLE_PRIORITY,
        notBefore: notBefore ?? now,
        ...(decisionId && { decisionId }),
      },
    ],
    now,
  );
  if (!id) throw await refusalOf(tx, profileId, idempotencyKey);
  return id;
}

/** Why a message was not written down. */
async function refusalOf(tx: Tx, profileId: string, idempotencyKey: string): Promise<DomainError> {
  return (await erasedAmong(tx, [profileId])).size > 0
    ? profileErased(profileId, ['input', 'customerId'])
    : new DomainError('IDEMPOTENCY_CONFLICT', `The key "${idempotencyKey}" was used for another message.`, [
        'input',
        'idempotencyKey',
      ]);
}

async function mustFind(tx: Tx, id: string): Promise<MessageRead> {
  const message = await findMessage(tx, id);
  if (!message) throw new DomainError('MESSAGE_NOT_FOUND', `There is no message ${id}.`, ['input', 'messageId']);
  return message;
}

const RETRY = `
  update message set state = 'queued', attempts = 0, not_before = $2, reason = 'A person had it tried again.'
   where id = $1 and state in ('failed', 'unknown', 'not-configured', 'denied')
  returning id`;

/** What did not get through is tried again because a person says so; the contact policy is asked again like the first time. */
export async function retryMessage(tx: Tx, id: string, now: Date): Promise<MessageRead> {
  const { state } = await mustFind(tx, id);
  const [retried] = await sql(tx, RETRY, [id, now]);
  if (!retried && state !== 'queued')
    throw new DomainError(
      'MESSAGE_NOT_RETRIABLE',
      `The message is ${state}; only what failed, was denied or is unknown can be retried.`,
      ['input', 'messageId'],
    );
  await sql(tx, 'update contact_attempt set reached = false where message_id = $1 and reached', [id]);
  return mustFind(tx, id);
}

/** She saw it in our own channel. */
export async function readMessage(tx: Tx, id: string, now: Date): Promise<MessageRead> {
  const message = await mustFind(tx, id);
  if (message.state !== 'sent')
    throw new DomainError('MESSAGE_NOT_SENT', `The message is ${message.state}; only what was sent can be read.`, [
      'input',
      'messageId',
    ]);
  await recordMessageOutcome(tx, id, 'opened', null, now);
  return mustFind(tx, id);
}

/** The token in the link is enough: nobody must sign in to be left alone. */
export async function unsubscribe(
  tx: Tx,
  token: string,
  { keys, now }: Pick<Context, 'keys' | 'now'>,
): Promise<string> {
  const { messageId } = await verifyPromise<{ messageId: string }>(keys, 'campaign', 'unsubscribe', token, now()).catch(
    () => {
      throw new DomainError(
        'INVALID_TOKEN',
        'This link is not one of ours or has run out. Use the link of a newer message.',
        ['input', 'token'],
      );
    },
  );
  const message = await mustFind(tx, messageId);
  await recordMessageOutcome(tx, messageId, 'unsubscribed', null, now());
  return message.channel;
}
