import { sql, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';

const CONTACT = `
  insert into contact_field as known (profile_id, field, value, changed_at)
  select distinct on (profile_id, field) *
    from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::timestamptz[]) as said (profile_id, field, value, changed_at)
   order by profile_id, field, changed_at desc
  on conflict (profile_id, field) do update set value = excluded.value, changed_at = excluded.changed_at
   where known.changed_at <= excluded.changed_at`;

/** Field by field, because a change names only the fields that it changes; null is a value too: it was taken away. */
export async function projectContacts(
  tx: Tx,
  events: readonly EventOf<'identity.customer.contact-changed.v1'>[],
): Promise<void> {
  const rows = events.flatMap(({ profileId, occurredAt, data }) =>
    profileId
      ? Object.entries(data)
          .filter(([, value]) => value !== undefined)
          .map(([field, value]) => ({ profileId, field, value: JSON.stringify(value), occurredAt }))
      : [],
  );
  await sql(tx, {
    name: 'project-contacts',
    text: CONTACT,
    values: [
      rows.map((r) => r.profileId),
      rows.map((r) => r.field),
      rows.map((r) => r.value),
      rows.map((r) => r.occurredAt),
    ],
  });
  const addressed = rows.filter((r) => r.field === 'email' || r.field === 'phone');
  if (addressed.length > 0)
    await sql(tx, NEW_ADDRESS, [addressed.map((r) => r.profileId), addressed.map((r) => r.field)]);
}

/** A bounce is about an address: with a new one it is void. */
const NEW_ADDRESS = `
  delete from suppression s using unnest($1::uuid[], $2::text[]) as a (profile_id, field)
   where s.profile_id = a.profile_id and s.cause = 'bounced' and s.channel = any(case a.field when 'email' then array['email'] else array['sms', 'call-centre'] end)`;

/** Who unsubscribed and later grants marketing in that channel anew is back. */
const SUBSCRIBED_ANEW = `
  delete from suppression s using consent c
   where s.profile_id = any($1::uuid[]) and s.cause = 'unsubscribed' and c.profile_id = s.profile_id and c.purpose = 'marketing'
     and c.channel in ('', s.channel) and c.granted and c.changed_at > s.at`;

/** At the same instant a refusal counts, whichever arrives first. */
const CONSENT = `
  insert into consent as known (profile_id, purpose, channel, granted, wording, source, changed_at)
  select distinct on (profile_id, purpose, channel) *
    from unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[], $5::text[], $6::text[], $7::timestamptz[])
      as said (profile_id, purpose, channel, granted, wording, source, changed_at)
   order by profile_id, purpose, channel, changed_at desc, granted
  on conflict (profile_id, purpose, channel) do update
     set granted = excluded.granted, wording = excluded.wording, source = excluded.source, changed_at = excluded.changed_at
   where known.changed_at < excluded.changed_at or (known.changed_at = excluded.changed_at and not excluded.granted)`;

export async function projectConsents(
  tx: Tx,
  events: readonly EventOf<'identity.consent.changed.v1'>[],
): Promise<void> {
  const rows = events.filter((e) => e.profileId);
  await sql(tx, {
    name: 'project-consents',
    text: CONSENT,
    values: [
      rows.map((e) => e.profileId),
      rows.map((e) => e.data.purpose),
      rows.map((e) => e.data.channel ?? ''),
      rows.map((e) => e.data.granted),
      rows.map((e) => e.data.wordingVersion),
      rows.map((e) => e.data.source),
      rows.map((e) => e.occurredAt),
    ],
  });
  const granted = rows.filter((e) => e.data.granted && e.data.purpose === 'marketing');
  if (granted.length > 0) await sql(tx, SUBSCRIBED_ANEW, [granted.map((e) => e.profileId)]);
}

const TIER = `
  insert into profile_facts as known (profile_id, tier, tier_at) values ($1, $2, $3)
  on conflict (profile_id) do update set tier = excluded.tier, tier_at = excluded.tier_at
   where known.tier_at is null or known.tier_at <= excluded.tier_at`;

export async function projectTier(tx: Tx, event: EventOf<'loyalty.tier.changed.v1'>): Promise<void> {
  if (event.profileId) await sql(tx, TIER, [event.profileId, event.data.to, event.occurredAt]);
}

const CHANNEL_ANSWER = `
  insert into channel_answer (answer_id, profile_id, channel, attitude, at) values ($1, $2, $3, $4, $5) on conflict do nothing`;

const ATTITUDE = `
  insert into profile_facts as known (profile_id, attitude, attitude_at) values ($1, $2, $3)
  on conflict (profile_id) do update set attitude = excluded.attitude, attitude_at = excluded.attitude_at
   where known.attitude_at is null or known.attitude_at <= excluded.attitude_at`;

export async function projectAttitude(tx: Tx, event: EventOf<'feedback.answer.submitted.v1'>): Promise<void> {
  const { attitude, answerId, channel } = event.data;
  if (!attitude) return;
  await sql(tx, CHANNEL_ANSWER, [answerId, event.profileId ?? null, channel, attitude, event.occurredAt]);
  if (event.profileId) await sql(tx, ATTITUDE, [event.profileId, attitude, event.occurredAt]);
}
