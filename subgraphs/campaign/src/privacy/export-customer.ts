import { sql, type Tx } from '@trenza/database';
import { event, type EventOf } from '@trenza/events';
import { publish } from '@trenza/outbox';

/** More rows of one kind than this are summed up by the newest ones: an event has a size limit, and the request says how many there were. */
const MAX_ROWS = 1_000;

/** What she may have a copy of, by the name she will read it under. Ids of rows and learned numbers tell her nothing. */
const PARTS: Record<string, { table: string; columns: string; newest: string }> = {
  contact: { table: 'contact_field', columns: 'profile_id, field, value, changed_at', newest: 'changed_at' },
  consents: {
    table: 'consent',
    columns: 'profile_id, purpose, channel, granted, wording, source, changed_at',
    newest: 'changed_at',
  },
  intents: { table: 'intent', columns: 'profile_id, kind, topic, strength, last_at', newest: 'last_at' },
  spikes: { table: 'intent_spike', columns: 'profile_id, topic, signals, spiked_at', newest: 'spiked_at' },
  decisions: {
    table: 'decision',
    columns: 'profile_id, channel, action, reason, probability, decided_at',
    newest: 'decided_at',
  },
  messages: {
    table: 'message',
    columns: 'profile_id, channel, purpose, state, reason, subject, body, created_at, sent_at, read_at',
    newest: 'created_at',
  },
  contactAttempts: {
    table: 'contact_attempt',
    columns: 'profile_id, channel, purpose, decision, reason, at',
    newest: 'at',
  },
  unsubscribed: { table: 'suppression', columns: 'profile_id, channel, cause, reason, at', newest: 'at' },
  tasks: {
    table: 'task',
    columns: 'profile_id, kind, reason, state, outcome, note, created_at, completed_at',
    newest: 'created_at',
  },
  campaigns: { table: 'campaign_member', columns: 'profile_id, campaign_id, held_out, at', newest: 'at' },
  flows: { table: 'flow_run', columns: 'profile_id, state, step, reason, entered_at, ended_at', newest: 'entered_at' },
  touchpoints: { table: 'touchpoint', columns: 'profile_id, channel, kind, at', newest: 'at' },
};

export async function exportCustomer(
  tx: Tx,
  { data, profileId, customerId }: EventOf<'identity.customer.export-requested.v1'>,
  now: Date,
): Promise<void> {
  const document: Record<string, unknown> = {};
  for (const [part, { table, columns, newest }] of Object.entries(PARTS)) {
    const [row] = await sql<{ rows: unknown[]; total: number }>(
      tx,
      `select coalesce((select jsonb_agg(r) from (select ${columns} from ${table} where profile_id = any($1::uuid[]) order by ${newest} desc limit ${MAX_ROWS}) r), '[]') as rows,
              (select count(*) from ${table} where profile_id = any($1::uuid[])) as total`,
      [data.profileIds],
    );
    document[part] = row!.rows;
    if (row!.total > MAX_ROWS) document[`${part}Total`] = row!.total;
  }
  await publish(tx, [
    event('campaign.customer.exported.v1', {
      ...((profileId ?? data.profileIds[0]) && { profileId: profileId ?? data.profileIds[0] }),
      ...(customerId && { customerId }),
      occurredAt: now,
      data: { requestId: data.requestId, document },
    }),
  ]);
}
