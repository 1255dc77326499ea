import { resolveCustomers } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event, newId, type AnyEvent, type Channel } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import type { Purpose } from '../policy/contact-policy.ts';
import { recordAttempts } from '../policy/record-attempt.ts';
import type { MessageOutcome } from './message-outcome.ts';
import type { ImportedMessageInput, ImportMessagesInput, MessageImportRefusal } from './import.type.ts';

/** As in every bulk mutation: one transaction stays short and one request small. */
const MAX_MESSAGES = 1_000;
const MAX_TEXT = 300;

export interface ImportResult {
  created: number;
  unchanged: number;
  refusals: MessageImportRefusal[];
}

const INSERT = `
  insert into message (id, profile_id, channel, purpose, template, subject, state, reason, not_before, attempts, sent_at, read_at, idempotency_key, created_at)
  select id, profile_id, channel, purpose, template, subject, 'sent', 'Sent by another system, before us.', at, 1, at, read_at, key, at
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::text[])
      as new (id, profile_id, channel, purpose, template, subject, at, read_at, key)
  on conflict (idempotency_key) do nothing returning id`;

const OUTCOMES = `
  insert into message_outcome (message_id, outcome, at) select * from unnest($1::uuid[], $2::text[], $3::timestamptz[]) on conflict do nothing`;

/** History of another system: nothing is sent. The same (source, sourceId) again changes nothing. A few statements, however many messages. */
export async function importMessages(
  tx: Tx,
  { source, messages }: ImportMessagesInput,
  now: Date,
): Promise<ImportResult> {
  if (messages.length === 0 || messages.length > MAX_MESSAGES)
    throw new DomainError(
      'BATCH_SIZE',
      `A batch holds 1 to ${MAX_MESSAGES} messages, this one has ${messages.length}.`,
      ['input', 'messages'],
    );
  const refusals = messages.flatMap((m, index) => refusalsOf(m, index, now));
  const refused = new Set(refusals.map((r) => r.index));
  const rows = messages
    .filter((_, index) => !refused.has(index))
    .map((m) => ({ ...fields(m), id: newId(), key: `import:${source}:${m.sourceId}` }));
  const inserted = await sql<{ id: string }>(tx, INSERT, [
    rows.map((r) => r.id),
    rows.map((r) => r.profileId),
    rows.map((r) => r.channel),
    rows.map((r) => r.purpose),
    rows.map((r) => r.template),
    rows.map((r) => r.subject ?? null),
    rows.map((r) => r.sentAt),
    rows.map((r) => r.outcomes?.find((o) => o.outcome === 'opened')?.at ?? null),
    rows.map((r) => r.key),
  ]);
  const fresh = new Set(inserted.map((row) => row.id));
  await follow(
    tx,
    rows.filter((row) => fresh.has(row.id)),
  );
  return { created: fresh.size, unchanged: rows.length - fresh.size, refusals };
}

const fields = ({
  sourceId,
  profileId,
  channel,
  purpose,
  template,
  subject,
  sentAt,
  outcomes,
}: ImportedMessageInput) => ({
  sourceId,
  profileId,
  channel: channel as Channel,
  purpose: (purpose ?? 'marketing') as Purpose,
  template,
  subject,
  sentAt,
  outcomes,
});
type Row = ReturnType<typeof fields> & { id: string };

function refusalsOf(
  { sourceId, template, subject, sentAt }: ImportedMessageInput,
  index: number,
  now: Date,
): MessageImportRefusal[] {
  if (!sourceId || sourceId.length > MAX_TEXT)
    return [
      {
        index,
        field: 'sourceId',
        message: `A source id has 1 to ${MAX_TEXT} characters, this one has ${sourceId.length}.`,
      },
    ];
  if (!template || template.length > MAX_TEXT)
    return [
      {
        index,
        field: 'template',
        message: `A template's name has 1 to ${MAX_TEXT} characters, this one has ${template.length}.`,
      },
    ];
  if (subject && subject.length > MAX_TEXT)
    return [
      {
        index,
        field: 'subject',
        message: `A subject has at most ${MAX_TEXT} characters, this one has ${subject.length}. Cut it.`,
      },
    ];
  if (sentAt > now)
    return [{ index, field: 'sentAt', message: `It would be sent at ${sentAt.toISOString()}, which is to come.` }];
  return [];
}

/** What was sent counts for the caps, and its outcomes for what becomes of messages. */
async function follow(tx: Tx, rows: readonly Row[]): Promise<void> {
  const outcomes = rows.flatMap((row) =>
    (row.outcomes ?? []).map((o) => ({ row, outcome: o.outcome as MessageOutcome, at: o.at })),
  );
  await sql(tx, OUTCOMES, [outcomes.map((o) => o.row.id), outcomes.map((o) => o.outcome), outcomes.map((o) => o.at)]);
  await recordAttempts(
    tx,
    rows.map((row) => ({
      id: newId(),
      profileId: row.profileId,
      channel: row.channel,
      purpose: row.purpose,
      verdict: { decision: 'allow', rule: 'allowed', reason: 'Another system sent it.' },
      actor: 'import',
      messageId: row.id,
      reached: true,
      at: row.sentAt,
    })),
  );
  const customers = await resolveCustomers(
    tx,
    rows.map((row) => row.profileId),
  );
  const customerOf = new Map(rows.map((row, i) => [row.id, customers[i]!]));
  const about = (row: Row, at: Date) => ({
    profileId: row.profileId,
    customerId: customerOf.get(row.id)!,
    occurredAt: at,
  });
  const events: AnyEvent[] = [
    ...rows.map((row) =>
      event('campaign.message.sent.v1', {
        ...about(row, row.sentAt),
        data: {
          messageId: row.id,
          channel: row.channel,
          purpose: row.purpose,
          template: row.template,
          subject: row.subject ?? null,
        },
      }),
    ),
    ...outcomes.map(({ row, outcome, at }) =>
      event('campaign.message.outcome.v1', {
        ...about(row, at),
        data: { messageId: row.id, outcome, channel: row.channel },
      }),
    ),
  ];
  await publish(tx, events);
}
