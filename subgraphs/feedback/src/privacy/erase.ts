import { keepOut } from '@trenza/customers';
import { one, type Tx } from '@trenza/database';
import { event, type EventOf } from '@trenza/events';
import { tell } from '../tell.ts';

type Requested = EventOf<'identity.customer.erasure-requested.v1'>;

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
  await keepOut(tx, profileIds, now);
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
