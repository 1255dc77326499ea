import { sql, type Tx } from '@trenza/database';
import type { Channel } from '@trenza/events';
import type { Purpose, Verdict } from './contact-policy.ts';

export interface Attempt {
  id: string;
  profileId: string;
  channel: Channel;
  purpose: Purpose;
  verdict: Verdict;
  /** Who wanted to contact her: a campaign, a person, an automatism. */
  actor: string;
  storeId?: string | null;
  campaignId?: string | null;
  messageId?: string | null;
  taskId?: string | null;
  reached: boolean;
  at: Date;
}

const RECORD = `
  insert into contact_attempt (id, profile_id, channel, purpose, decision, rule, reason, not_before, actor, store_id, campaign_id, message_id, task_id, reached, at)
  select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::text[],
                       $10::uuid[], $11::uuid[], $12::uuid[], $13::uuid[], $14::boolean[], $15::timestamptz[])`;

/** The contact ledger: every time somebody asked whether she may be contacted, with the answer. */
export async function recordAttempts(tx: Tx, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const column = <T>(of: (a: Attempt) => T): T[] => attempts.map(of);
  await sql(tx, {
    name: 'contact-record',
    text: RECORD,
    values: [
      column((a) => a.id),
      column((a) => a.profileId),
      column((a) => a.channel),
      column((a) => a.purpose),
      column((a) => a.verdict.decision),
      column((a) => a.verdict.rule),
      column((a) => a.verdict.reason),
      column((a) => (a.verdict.decision === 'defer' ? a.verdict.notBefore : null)),
      column((a) => a.actor),
      column((a) => a.storeId ?? null),
      column((a) => a.campaignId ?? null),
      column((a) => a.messageId ?? null),
      column((a) => a.taskId ?? null),
      column((a) => a.reached),
      column((a) => a.at),
    ],
  });
}

export const recordAttempt = (tx: Tx, attempt: Attempt): Promise<void> => recordAttempts(tx, [attempt]);
