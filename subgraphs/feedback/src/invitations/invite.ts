import { resolveCustomers } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { type Channel, event, type EventOf, newId } from '@trenza/events';
import { tell } from '../tell.ts';
import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Trigger } from '../surveys/survey.ts';

/** A moment of the journey about which she might be asked. */
export interface Moment {
  profileId: string;
  /** Names what it is about, for ever: `order:…`. One survey asks about one moment once. */
  moment: string;
  channel: Channel;
  occurredAt: Date;
  storeId?: string | null;
  orderId?: string | null;
  caseId?: string | null;
}

export interface Invitation {
  id: string;
  surveyId: string;
  profileId: string;
  channel: Channel;
  storeId: string | null;
  orderId: string | null;
  caseId: string | null;
  token: string;
  status: 'waiting' | 'asked' | 'answered' | 'dismissed' | 'expired' | 'withdrawn';
  dueAt: Date;
  askedAt: Date | null;
  expiresAt: Date;
}

export const INVITATION_COLUMNS = `id, survey_id as "surveyId", profile_id as "profileId", channel, store_id as "storeId", order_id as "orderId",
  case_id as "caseId", token, status, due_at as "dueAt", asked_at as "askedAt", expires_at as "expiresAt"`;

/** 128 bits: nobody guesses a link. */
const TOKEN_BYTES = 16;

/**
 * One statement decides for all moments. She is not asked if
 * - this survey asked about this moment before (unique key),
 * - she was asked it, or answered it unasked, within its days of rest (under any of her profiles),
 * - she said no to surveys on this channel or on all, with any of her profiles: the most restrictive word counts,
 * - she was erased, or the moment is so long ago that the invitation would have run out.
 * Of two moments of one customer in one call the earlier is asked about.
 */
const INVITE = `
  with moment as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[], $8::uuid[], $9::uuid[], $10::uuid[], $11::text[])
      as m (id, survey_id, profile_id, customer_id, moment, channel, occurred_at, store_id, order_id, case_id, token)
  ), candidate as (
    select distinct on (s.id, m.customer_id, case when s.rest_days = 0 then m.moment end)
           m.*, s.rest_days, m.occurred_at + s.delay_minutes * interval '1 minute' as due_at, s.valid_days
      from moment m join survey s on s.id = m.survey_id
     order by s.id, m.customer_id, case when s.rest_days = 0 then m.moment end, m.occurred_at, m.id
  )
  insert into invitation (id, survey_id, profile_id, moment, channel, store_id, order_id, case_id, token, status, due_at, asked_at, expires_at, created_at)
  select c.id, c.survey_id, c.profile_id, c.moment, c.channel, c.store_id, c.order_id, c.case_id, c.token,
         case when c.due_at <= $12 then 'asked' else 'waiting' end, c.due_at, case when c.due_at <= $12 then $12::timestamptz end,
         c.due_at + c.valid_days * interval '1 day', $12
    from candidate c
    cross join lateral (select array(select profile_id from customer_profile where customer_id = c.customer_id union select c.customer_id union select c.profile_id) as profiles) hers
   where c.due_at + c.valid_days * interval '1 day' > $12
     and not exists (select 1 from erased_profile e where e.profile_id = any(hers.profiles))
     and not exists (select 1 from survey_consent r where r.profile_id = any(hers.profiles) and r.channel in ('', c.channel) and not r.granted)
     and not exists (select 1 from invitation i where i.profile_id = any(hers.profiles) and i.survey_id = c.survey_id
                        and i.status <> 'withdrawn' and i.created_at > $12 - c.rest_days * interval '1 day')
     and not exists (select 1 from answer a where a.profile_id = any(hers.profiles) and a.survey_id = c.survey_id
                        and a.occurred_at > $12 - c.rest_days * interval '1 day')
  on conflict (survey_id, moment) do nothing
  returning ${INVITATION_COLUMNS}`;

/** Asks, now or later, about the moments for which a survey is due. Returns the invitations made; where she is to be left alone there is none. */
export async function invite(
  tx: Tx,
  moments: readonly Moment[],
  by: { trigger: Trigger } | { surveyId: string },
  now: Date,
): Promise<Invitation[]> {
  const surveyIds = moments.length === 0 ? [] : await surveysFor(tx, by);
  if (surveyIds.length === 0) return [];
  const customers = await resolveCustomers(
    tx,
    moments.map((m) => m.profileId),
  );
  await lockCustomers(tx, customers);
  const asks = moments.flatMap((m, at) =>
    surveyIds.map((surveyId) => ({ ...m, surveyId, customerId: customers[at]! })),
  );
  const invitations = await sql<Invitation>(tx, {
    name: 'invite',
    text: INVITE,
    values: [
      asks.map(() => newId()),
      asks.map((a) => a.surveyId),
      asks.map((a) => a.profileId),
      asks.map((a) => a.customerId),
      asks.map((a) => a.moment),
      asks.map((a) => a.channel),
      asks.map((a) => a.occurredAt),
      asks.map((a) => a.storeId ?? null),
      asks.map((a) => a.orderId ?? null),
      asks.map((a) => a.caseId ?? null),
      asks.map(() => randomBytes(TOKEN_BYTES).toString('base64url')),
      now,
    ],
  });
  await tell(
    tx,
    invitations.filter((i) => i.status === 'asked').map((i) => invited(i, now)),
  );
  return invitations;
}

async function surveysFor(tx: Tx, by: { trigger: Trigger } | { surveyId: string }): Promise<string[]> {
  const rows = await sql<{ id: string }>(tx, {
    name: 'surveys-for',
    text: `select id from survey where status = 'active' and (trigger = $1 or id = $2::uuid) order by id`,
    values: ['trigger' in by ? by.trigger : null, 'surveyId' in by ? by.surveyId : null],
  });
  return rows.map((row) => row.id);
}

/** Two doors at once (an order event, a campaign) must see each other's invitation: hers are made one after the other, in the order of ids. */
const lockCustomers = (tx: Tx, customers: string[]): Promise<unknown> =>
  sql(
    tx,
    `select pg_advisory_xact_lock(key) from (select distinct hashtextextended('invite:' || id, 0) as key from unnest($1::text[]) as id order by key) keys`,
    [customers],
  );

const invited = (i: Invitation, now: Date): EventOf<'feedback.survey.invited.v1'> =>
  event('feedback.survey.invited.v1', {
    occurredAt: now,
    profileId: i.profileId,
    data: {
      invitationId: i.id,
      surveyId: i.surveyId,
      channel: i.channel,
      orderId: i.orderId,
      storeId: i.storeId,
      token: i.token,
      expiresAt: i.expiresAt.toISOString(),
    },
  });

/** One turn of the job takes at most so many; it runs again within seconds. */
const TURN = 1_000;

/** Puts the questions whose time has come. */
export async function askWaiting(tx: Tx, now: Date): Promise<number> {
  const asked = await sql<Invitation>(
    tx,
    `update invitation set status = 'asked', asked_at = $1
      where id in (select id from invitation where status = 'waiting' and due_at <= $1 and expires_at > $1 order by due_at limit ${TURN} for update skip locked)
      returning ${INVITATION_COLUMNS}`,
    [now],
  );
  await tell(
    tx,
    asked.map((i) => invited(i, now)),
  );
  return asked.length;
}

/** Closes what ran out unanswered. */
export async function expireInvitations(tx: Tx, now: Date): Promise<number> {
  const rows = await sql(
    tx,
    `update invitation set status = 'expired', closed_at = $1
      where id in (select id from invitation where status in ('waiting', 'asked') and expires_at <= $1 order by expires_at limit ${TURN} for update skip locked)
      returning id`,
    [now],
  );
  return rows.length;
}

export async function findInvitation(tx: Tx | DataSource, token: string, lock = false): Promise<Invitation | null> {
  const [row] = await sql<Invitation>(
    tx,
    `select ${INVITATION_COLUMNS} from invitation where token = $1 ${lock ? 'for update' : ''}`,
    [token],
  );
  return row ?? null;
}

/** She waved it away: not asked again about this moment, and no part of any score. */
export async function dismiss(tx: Tx, token: string, now: Date): Promise<Invitation | null> {
  await sql(
    tx,
    `update invitation set status = 'dismissed', closed_at = $2 where token = $1 and status in ('waiting', 'asked')`,
    [token, now],
  );
  return findInvitation(tx, token);
}
