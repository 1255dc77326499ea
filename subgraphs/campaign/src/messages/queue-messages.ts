import { sql, type Tx } from '@trenza/database';
import { newId, type Channel } from '@trenza/events';
import type { Purpose } from '../policy/contact-policy.ts';

export interface NewMessage {
  profileId: string;
  channel: Channel;
  purpose: Purpose;
  templateId: string;
  template: string;
  variables: Record<string, unknown>;
  /** There is one message per key for ever. */
  idempotencyKey: string;
  priority: number;
  notBefore: Date;
  /** When it has become pointless. */
  notAfter?: Date;
  campaignId?: string;
  decisionId?: string;
}

const QUEUE = `
  insert into message (id, profile_id, campaign_id, decision_id, channel, purpose, priority, template_id, template, variables, state, reason, not_before, not_after, idempotency_key, created_at)
  select id, profile_id, campaign_id, decision_id, channel, purpose, priority, template_id, template, variables, 'queued', 'Waits to be sent.', not_before, not_after, key, $14::timestamptz
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::uuid[], $9::text[], $10::jsonb[], $11::timestamptz[], $12::timestamptz[], $13::text[])
      as new (id, profile_id, campaign_id, decision_id, channel, purpose, priority, template_id, template, variables, not_before, not_after, key)
  on conflict (idempotency_key) do nothing
  returning id`;

/** Writes messages down to be sent; whether they may is asked when they are. Returns the ids of those that are new. */
export async function queueMessages(tx: Tx, messages: readonly NewMessage[], now: Date): Promise<string[]> {
  const column = <T>(of: (m: NewMessage) => T): T[] => messages.map(of);
  const rows = await sql<{ id: string }>(tx, {
    name: 'message-queue',
    text: QUEUE,
    values: [
      column(() => newId()),
      column((m) => m.profileId),
      column((m) => m.campaignId ?? null),
      column((m) => m.decisionId ?? null),
      column((m) => m.channel),
      column((m) => m.purpose),
      column((m) => m.priority),
      column((m) => m.templateId),
      column((m) => m.template),
      column((m) => JSON.stringify(m.variables)),
      column((m) => m.notBefore),
      column((m) => m.notAfter ?? null),
      column((m) => m.idempotencyKey),
      now,
    ],
  });
  return rows.map((row) => row.id);
}
