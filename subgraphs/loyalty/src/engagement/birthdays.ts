import { resolveCustomers } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { localTime, referenceOf } from '../programme/reference.ts';
import { engage, type Engagement } from './engage.ts';

type ContactChanged = EventOf<'identity.customer.contact-changed.v1'>;

/** Keeps the day and month of birthdays; the last word about a profile counts. */
export async function keepBirthdays(tx: Tx, events: readonly ContactChanged[]): Promise<void> {
  const said = new Map<string, string | null>();
  for (const { profileId, data } of events)
    if (profileId && data.birthDate !== undefined) said.set(profileId, data.birthDate);
  const forgotten = [...said].filter(([, date]) => date === null).map(([profileId]) => profileId);
  const known = [...said].flatMap(([profileId, date]) => {
    const [, month, day] = /^\d{4}-(\d\d)-(\d\d)/.exec(date ?? '') ?? [];
    return month && day ? [{ profileId, month: Number(month), day: Number(day) }] : [];
  });
  if (forgotten.length > 0) await sql(tx, 'delete from birthday where profile_id = any($1)', [forgotten]);
  if (known.length === 0) return;
  await sql(
    tx,
    `insert into birthday (profile_id, month, day) select * from unnest($1::uuid[], $2::smallint[], $3::smallint[])
     on conflict (profile_id) do update set month = excluded.month, day = excluded.day`,
    [known.map((b) => b.profileId), known.map((b) => b.month), known.map((b) => b.day)],
  );
}

/** Bounds one transaction; the job comes again, and who was congratulated already is passed over. */
const AT_ONCE = 500;

/**
 * Congratulates those whose birthday it is in the programme's calendar: once a year and customer, whatever her profiles say. Who was born on
 * 29 February is congratulated on 1 March where there is none.
 */
export async function congratulate(tx: Tx, deps: Pick<Deps, 'clock'>): Promise<number> {
  const { tierPolicy } = await referenceOf(tx);
  const now = deps.clock.now();
  const { year, month, day } = localTime(now, tierPolicy.timeZone);
  const isLeap = new Date(Date.UTC(year, 1, 29)).getUTCDate() === 29;
  const days = [month * 100 + day, ...(month === 3 && day === 1 && !isLeap ? [229] : [])];
  const rows = await sql<{ profileId: string }>(
    tx,
    `select profile_id as "profileId" from birthday b
      where month * 100 + day = any($1)
        and not exists (select from occasion o where o.source = 'birthday:' || coalesce(
          (select customer_id from customer_profile p where p.profile_id = b.profile_id), b.profile_id) || ':' || $2)
      limit ${AT_ONCE}`,
    [days, String(year)],
  );
  const profiles = rows.map((row) => row.profileId);
  const customers = await resolveCustomers(tx, profiles);
  const engagements = profiles.map((profileId, i): Engagement => ({
    source: `birthday:${customers[i]}:${year}`,
    trigger: 'birthday',
    profileId,
    occurredAt: now,
    channel: null,
    storeId: null,
    facts: {},
  }));
  await engage(tx, engagements, deps);
  return rows.length;
}
