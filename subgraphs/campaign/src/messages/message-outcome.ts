import { resolveCustomer } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import { recordTouches } from '../attribution/record-touches.ts';
import { recordOutcomes } from '../decisions/record-outcome.ts';
import type { MessageRow } from './message.ts';

export type MessageOutcome =
  'delivered' | 'opened' | 'clicked' | 'converted' | 'bounced' | 'complained' | 'unsubscribed' | 'failed';

const SUPPRESSING: Partial<Record<MessageOutcome, string>> = {
  bounced: 'Her mailbox does not take mail. Ask her for another address.',
  complained: 'She complained about a message in this channel.',
  unsubscribed: 'She unsubscribed from this channel.',
};

const RECORD = `insert into message_outcome (message_id, outcome, at, detail) values ($1, $2, $3, $4) on conflict do nothing returning outcome`;
const SUPPRESS = `
  insert into suppression as known (profile_id, channel, cause, reason, at) values ($1, $2, $3, $4, $5)
  on conflict (profile_id, channel) do update set cause = excluded.cause, reason = excluded.reason, at = excluded.at where known.cause = 'bounced'`;

/** Each outcome of a message counts once, however often the provider tells it. Returns whether it was new. */
export async function recordMessageOutcome(
  tx: Tx,
  messageId: string,
  outcome: MessageOutcome,
  detail: string | null,
  now: Date,
): Promise<boolean> {
  const [message] = await sql<MessageRow>(tx, 'select * from message where id = $1', [messageId]);
  if (!message) throw new DomainError('MESSAGE_NOT_FOUND', `There is no message ${messageId}.`, ['input', 'messageId']);
  const fresh = await sql(tx, RECORD, [messageId, outcome, now, detail?.slice(0, 500) ?? null]);
  if (fresh.length === 0) return false;
  const { profile_id: profileId, channel, decision_id: decisionId } = message;
  const reason = SUPPRESSING[outcome];
  if (reason) await sql(tx, SUPPRESS, [profileId, channel, outcome, reason, now]);
  if (outcome === 'opened')
    await sql(tx, 'update message set read_at = coalesce(read_at, $2) where id = $1', [messageId, now]);
  if (decisionId && (outcome === 'clicked' || outcome === 'converted'))
    await recordOutcomes(tx, [{ decisionId, taken: true, value: 0, source: `message ${outcome}` }], now);
  if (outcome === 'opened' || outcome === 'clicked')
    await recordTouches(tx, [{ profileId, channel, at: now.toISOString(), kind: `message ${outcome}` }]);
  const customerId = await resolveCustomer(tx, profileId);
  await publish(tx, [
    event('campaign.message.outcome.v1', {
      profileId,
      customerId,
      occurredAt: now,
      data: { messageId, outcome, channel },
    }),
  ]);
  return true;
}
