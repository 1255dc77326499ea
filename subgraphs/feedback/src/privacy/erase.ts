import { one, sql, type Tx } from '@trenza/database';
import { event, type EventOf } from '@trenza/events';
import { tell } from '../tell.ts';

type Requested = EventOf<'identity.customer.erasure-requested.v1'>;

/** What others write meanwhile is either there to be found, or sees that she is erased (the trigger `leave_out_erased`). */
const ALONE = `select pg_advisory_xact_lock(hashtextextended('erasure', 0))`;

/**
 * Takes the person out and leaves the number: a score without a name still counts for the store that earned it. What she wrote, chose and was
 * asked goes; notes about her go; what arrives later under her profiles is stored without a name (`erased_profile`).
 */
export async function erase(tx: Tx, { data, profileId, customerId }: Requested, now: Date): Promise<void> {
  const { requestId, profileIds } = data;
  const count = async (statement: string): Promise<number> =>
    (
      await one<{ n: number }>(tx, `with done as (${statement} returning 1) select count(*) as n from done`, [
        profileIds,
      ])
    ).n;
  await sql(tx, ALONE);
  await sql(
    tx,
    'insert into erased_profile (profile_id, erased_at) select unnest($1::uuid[]), $2 on conflict do nothing',
    [profileIds, now],
  );
  const notes = await count(
    `update case_note set text = null where text is not null and case_id in (select id from feedback_case where profile_id = any($1::uuid[]))`,
  );
  const cases = await count(
    `update feedback_case set profile_id = null, status = case when status in ('open', 'in-progress') then 'closed' else status end where profile_id = any($1::uuid[])`,
  );
  const answers = await count(
    `update answer set profile_id = null, comment = null, responses = '{}', complete = true where profile_id = any($1::uuid[])`,
  );
  const reviews = await count(
    `update review set profile_id = null, title = null, body = null where profile_id = any($1::uuid[])`,
  );
  const invitations = await count(
    `update invitation set profile_id = null, token = id::text, status = case when status in ('waiting', 'asked') then 'withdrawn' else status end where profile_id = any($1::uuid[])`,
  );
  const consents = await count(`delete from survey_consent where profile_id = any($1::uuid[])`);
  await tell(tx, [
    event('feedback.customer.erased.v1', {
      occurredAt: now,
      ...(profileId && { profileId }),
      ...(customerId && { customerId }),
      data: { requestId, removed: { consents }, anonymised: { answers, reviews, cases, notes, invitations } },
    }),
  ]);
}
