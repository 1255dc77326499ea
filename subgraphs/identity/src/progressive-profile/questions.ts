import { sql, type Tx } from '@trenza/database';
import { event, type AnyEvent } from '@trenza/events';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { lockCustomers } from '../customers/lock-customers.ts';
import { completenessOf, type Question } from './next-question.ts';

/** The questions that are asked at present. */
export const activeQuestions = (db: Tx | DataSource): Promise<Question[]> =>
  sql(db, 'select field, reason, value, es, en, pt from profile_question where active order by value desc, field');

const HELD = `
  select distinct p.customer_id as "customerId", x.field
    from profile p
    cross join lateral (
      select name as field from attribute where profile_id = p.id
      union all select type from identifier where profile_id = p.id and not shared
    ) x
   where p.customer_id = any($1::uuid[])`;

/** The names of what is known of each of these customers. */
export async function heldFields(
  db: Tx | DataSource,
  customerIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const rows = await sql<{ customerId: string; field: string }>(db, HELD, [customerIds]);
  const lists = Map.groupBy(rows, (row) => row.customerId);
  return new Map(customerIds.map((id) => [id, new Set((lists.get(id) ?? []).map((row) => row.field))]));
}

const ASK = `
  insert into asked_question as had (profile_id, field, asked_at, refused_at) values ($1, $2, $3, $4)
  on conflict (profile_id, field) do update
     set asked_at = greatest(had.asked_at, excluded.asked_at), refused_at = coalesce(had.refused_at, excluded.refused_at)`;

/** She was asked, or would not say: it is not asked again for a while, or ever. */
export async function recordAsked(
  tx: Tx,
  { customerId, field, refused }: { customerId: string; field: string; refused: boolean },
  now: Date,
): Promise<string> {
  const [customer] = await lockCustomers(tx, [customerId]);
  const [known] = await sql(tx, 'select 1 from profile_question where field = $1', [field]);
  if (!known) {
    const fields = (await activeQuestions(tx)).map((q) => q.field).join(', ');
    throw new DomainError('UNKNOWN_QUESTION', `Nobody is asked for "${field}". Use one of ${fields}.`, [
      'input',
      'field',
    ]);
  }
  await sql(tx, ASK, [customerId.toLowerCase(), field, now, refused ? now : null]);
  return customer!.customerId;
}

const ANSWER = `
  update asked_question q set answered_at = $3
    from unnest($1::uuid[], $2::text[]) as said (profile_id, field)
    join profile p on p.id = said.profile_id
    join profile m on m.customer_id = p.customer_id
   where q.profile_id = m.id and q.field = said.field and q.answered_at is null
  returning said.profile_id as "profileId", p.customer_id as "customerId", q.field`;

/** Of what was just learnt, that for which she was asked. Each question is answered once. */
export async function answeredEvents(
  tx: Tx,
  learnt: readonly { profileId: string; field: string }[],
  now: Date,
): Promise<AnyEvent[]> {
  if (learnt.length === 0) return [];
  const rows = await sql<{ profileId: string; customerId: string; field: string }>(tx, {
    name: 'identity-answer',
    text: ANSWER,
    values: [learnt.map((l) => l.profileId), learnt.map((l) => l.field), now],
  });
  if (rows.length === 0) return [];
  const [questions, held] = [
    await activeQuestions(tx),
    await heldFields(
      tx,
      rows.map((row) => row.customerId),
    ),
  ];
  // Two profiles of hers may have been asked the same: it is one answer.
  const once = new Map(rows.map((row) => [`${row.customerId}|${row.field}`, row]));
  return [...once.values()].map(({ profileId, customerId, field }) =>
    event('identity.profile.completed.v1', {
      profileId,
      customerId,
      occurredAt: now,
      data: { completeness: completenessOf(questions, held.get(customerId)!), field },
    }),
  );
}
