import { sql, type Tx } from '@trenza/database';
import type { Channel } from '@trenza/events';
import { isTimeZone } from '@trenza/values';
import type { DataSource } from 'typeorm';
import type { Consent } from './consent.ts';
import {
  CAPPED,
  DEFAULT_CAPS,
  judgeContact,
  MAX_CAP_DAYS,
  type Cap,
  type PastContact,
  type Purpose,
  type Verdict,
} from './contact-policy.ts';
import { isQuietHours, type QuietHours } from './quiet-hours.ts';

/** Where somebody never told her time zone, the retailer's holds. */
const DEFAULT_TIME_ZONE = process.env['DEFAULT_TIME_ZONE'] ?? 'Europe/Madrid';

/** All that the contact policy asks about one customer. */
export interface Standing {
  customerId: string;
  profiles: string[];
  email?: string;
  phone?: string;
  givenName?: string;
  language?: string;
  timeZone: string;
  quietHours?: QuietHours;
  consents: Consent[];
  past: PastContact[];
  suppressed: Map<Channel, Suppression>;
  openCases: OpenComplaint[];
  caps: readonly Cap[];
}

/** Why a channel must not be used any more. */
interface Suppression {
  cause: 'bounced' | 'complained' | 'unsubscribed';
  reason: string;
}

interface OpenComplaint {
  caseId: string;
  storeId: string | null;
  severity: string | null;
  reason: string | null;
}

/**
 * The ids asked for, each with her customer id of today and all profiles of hers; the beginning of every statement that reads by customer.
 * Profiles come as an array because `= any(profiles)` uses the indexes that lead with `profile_id`.
 */
export const CUSTOMERS = `
  customer as materialized (
    select asked.id, current.id as customer_id,
           array(select profile_id from customer_profile where customer_id = current.id union select current.id) as profiles
      from (select distinct unnest($1::uuid[]) as id) asked
      cross join lateral (select coalesce((select customer_id from customer_profile where profile_id = asked.id), asked.id) as id) current)`;

const STANDING = `
  with ${CUSTOMERS}
  select c.id, c.customer_id, c.profiles,
         (select jsonb_object_agg(f.field, f.value)
            from (select distinct on (field) field, value from contact_field
                   where profile_id = any(c.profiles) and value <> 'null' order by field, changed_at desc) f) as contact,
         (select jsonb_agg(jsonb_build_object('profileId', profile_id, 'purpose', purpose, 'channel', nullif(channel, ''),
                                              'granted', granted, 'changedAt', changed_at))
            from consent where profile_id = any(c.profiles)) as consents,
         (select jsonb_agg(jsonb_build_object('channel', channel, 'at', at))
            from contact_attempt where profile_id = any(c.profiles) and reached and purpose in (${CAPPED.map((purpose) => `'${purpose}'`).join(', ')})
             and at > $2::timestamptz - interval '${MAX_CAP_DAYS} days') as past,
         (select jsonb_object_agg(channel, jsonb_build_object('cause', cause, 'reason', reason) order by at) from suppression
           where profile_id = any(c.profiles)) as suppressed,
         (select jsonb_agg(jsonb_build_object('caseId', case_id, 'storeId', store_id, 'severity', severity, 'reason', reason) order by changed_at)
            from complaint where profile_id = any(c.profiles) and status in ('open', 'in-progress')) as cases,
         (select jsonb_agg(jsonb_build_object('channel', nullif(channel, ''), 'max', max, 'days', days)) from contact_cap) as caps
    from customer c`;

interface StandingRow {
  id: string;
  customer_id: string;
  profiles: string[];
  contact: {
    email?: string;
    phone?: string;
    givenName?: string;
    language?: string;
    timeZone?: string;
    quietHours?: QuietHours;
  } | null;
  consents: (Omit<Consent, 'changedAt'> & { changedAt: string })[] | null;
  past: { channel: Channel; at: string }[] | null;
  suppressed: Record<string, Suppression> | null;
  cases: OpenComplaint[] | null;
  caps: Cap[] | null;
}

/** One statement for all ids, which may be any ids that customers ever had; the map is keyed by the id asked for. */
export async function standingsOf(
  db: Tx | DataSource,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, Standing>> {
  const rows = await sql<StandingRow>(db, { name: 'standing', text: STANDING, values: [ids, now] });
  return new Map(rows.map((row) => [row.id, standingFrom(row)]));
}

function standingFrom(row: StandingRow): Standing {
  const { timeZone, quietHours, ...contact } = row.contact ?? {};
  return {
    customerId: row.customer_id,
    profiles: row.profiles,
    ...contact,
    timeZone: timeZone && isTimeZone(timeZone) ? timeZone : DEFAULT_TIME_ZONE,
    ...(quietHours && isQuietHours(quietHours) && { quietHours }),
    consents: (row.consents ?? []).map((c) => ({ ...c, changedAt: new Date(c.changedAt) })),
    past: (row.past ?? []).map((p) => ({ ...p, at: new Date(p.at) })),
    suppressed: new Map(Object.entries(row.suppressed ?? {}) as [Channel, Suppression][]),
    openCases: row.cases ?? [],
    caps: capsOf(row.caps ?? []),
  };
}

/** A cap that the retailer set takes the place of the built-in one for that channel; the others stay. */
export const capsOf = (set: readonly Cap[]): Cap[] => [
  ...DEFAULT_CAPS.filter((cap) => !set.some((s) => s.channel === cap.channel)),
  ...set,
];

export function addressOf(standing: Standing, channel: Channel): string | undefined {
  if (channel === 'email') return standing.email;
  if (channel === 'sms' || channel === 'call-centre') return standing.phone;
  return undefined;
}

export function judge(now: Date, standing: Standing, channel: Channel, purpose: Purpose): Verdict {
  const { timeZone, quietHours, consents, past, caps, openCases, suppressed } = standing;
  // Who unsubscribed does not want offers any more; she still wants to hear about her complaint.
  const stop = suppressed.get(channel);
  return judgeContact(now, {
    channel,
    purpose,
    address: addressOf(standing, channel),
    timeZone,
    quietHours,
    consents,
    past,
    caps,
    suppressed: purpose === 'service' && stop?.cause === 'unsubscribed' ? undefined : stop?.reason,
    openCases: openCases.length,
  });
}
