import { sql, type Tx } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { pageOf, type Connection } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { loadCustomerPages, type PageKey } from '../customers/customer-pages.ts';
import { customer } from '../customers/customer.type.ts';
import type { ExplanationStep } from '../decisions/decision.type.ts';
import type { MessageRow } from './message.ts';
import type { CampaignMessage, CampaignMessageOutcome } from './message.type.ts';

/** Messages with the customer to whom their profile belongs today. */
const MESSAGES = `(select t.*, coalesce(m.customer_id, t.profile_id) as customer_id from message t left join customer_profile m on m.profile_id = t.profile_id)`;

export type MessageRead = MessageRow & { customer_id: string };

/** `outcomes` and `why` have loaders of their own. */
export const messageFrom = (row: MessageRead): CampaignMessage => ({
  id: row.id,
  customer: customer(row.customer_id),
  channel: row.channel,
  purpose: row.purpose,
  state: row.state,
  reason: row.reason,
  template: row.template,
  language: row.language,
  subject: row.subject,
  body: row.body,
  campaignId: row.campaign_id,
  decisionId: row.decision_id,
  attempts: row.attempts,
  createdAt: row.created_at,
  notBefore: row.not_before,
  sentAt: row.sent_at,
  readAt: row.read_at,
});

export async function findMessage(db: Tx | DataSource, id: string): Promise<MessageRead | undefined> {
  return (await sql<MessageRead>(db, `select * from ${MESSAGES} t where id = $1`, [id]))[0];
}

export interface MessagePageKey extends PageKey {
  channel: string | null;
  unread: boolean;
  /** She sees what she got, staff also what she did not get. */
  sentOnly: boolean;
}

export async function loadMessagePages(
  keys: readonly MessagePageKey[],
  ctx: Context,
): Promise<Connection<CampaignMessage>[]> {
  const pages: Connection<CampaignMessage>[] = [];
  const alike = Map.groupBy(
    keys.map((key, i) => ({ key, i })),
    ({ key }) => `${key.channel} ${key.unread} ${key.sentOnly}`,
  );
  for (const group of alike.values()) {
    const { channel, unread, sentOnly } = group[0]!.key;
    // Both are ours: the channel is an enum of the schema.
    const where = [
      channel && `x.channel = '${channel}'`,
      unread && 'x.read_at is null',
      (sentOnly || unread) && `x.state = 'sent'`,
    ];
    const rows = await loadCustomerPages<MessageRead>(
      ctx,
      group.map((g) => g.key),
      {
        source: MESSAGES,
        time: 'created_at',
        where: where.filter(Boolean).join(' and ') || 'true',
      },
    );
    group.forEach(({ key, i }, n) => {
      pages[i] = pageOf(rows[n]!, key.first, messageFrom, (row) => [row.created_at, row.id], key.after !== null);
    });
  }
  return pages;
}

const OUTCOMES =
  'select message_id, outcome, at from message_outcome where message_id = any($1::uuid[]) order by at, outcome';

export async function loadOutcomes(ids: readonly string[], ctx: Context): Promise<CampaignMessageOutcome[][]> {
  const rows = await sql<CampaignMessageOutcome & { message_id: string }>(ctx.database, OUTCOMES, [ids]);
  const byMessage = Map.groupBy(rows, (row) => row.message_id);
  return ids.map((id) => byMessage.get(id) ?? []);
}

/** The whole way of a message in the order of time: audience, every word of the contact policy, delivery, outcomes. */
const WHY = `
  select m.id as message_id, 'signal' as stage, m.created_at as at,
         case when c.id is not null then format('She was in the audience of the campaign “%s”: %s', c.name, c.audience)
              when f.id is not null then format('She came to step %s of the flow “%s” (%s)', split_part(m.idempotency_key, ':', 3), f.name, r.cause)
              when m.decision_id is not null then format('It springs from the decision %s, which can be explained by itself.', m.decision_id)
              else 'Somebody or some system asked for this very message.' end as text
    from message m left join campaign c on c.id = m.campaign_id
    left join flow_run r on m.idempotency_key like 'flow:%' and r.id::text = split_part(m.idempotency_key, ':', 2)
    left join flow f on f.id = r.flow_id where m.id = any($1::uuid[])
  union all
  select message_id, 'policy', at, format('%s (%s): %s', decision, rule, reason) from contact_attempt where message_id = any($1::uuid[])
  union all
  select id, 'delivery', coalesce(sent_at, claimed_at, not_before), format('%s: %s', state, reason) from message where id = any($1::uuid[])
  union all
  select message_id, 'outcome', at, outcome from message_outcome where message_id = any($1::uuid[])`;
const STAGES = ['signal', 'policy', 'delivery', 'outcome'];

export async function loadWhy(ids: readonly string[], ctx: Context): Promise<ExplanationStep[][]> {
  const rows = await sql<ExplanationStep & { message_id: string; at: Date }>(ctx.database, WHY, [ids]);
  rows.sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage) || a.at.getTime() - b.at.getTime());
  const byMessage = Map.groupBy(rows, (row) => row.message_id);
  return ids.map((id) => byMessage.get(id) ?? []);
}
