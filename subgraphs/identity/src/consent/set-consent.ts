import { sql, type Tx } from '@trenza/database';
import { event, newId, type AnyEvent, type Channel } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import type { Clock } from '../resolution/resolve-sightings.ts';
import { recordTouchpoints, type Touchpoint } from '../journey/touchpoint.ts';
import { findCustomers } from '../customers/load.ts';
import { readInstant } from '../ingest/observation.ts';
import { checkProofText } from './proof.ts';
import { effectiveConsents, type Effective, type Purpose, type Statement } from './consent.ts';

export interface SetConsent {
  customerId: string;
  purpose: Purpose;
  channel?: Channel | null;
  granted: boolean;
  wordingVersion: string;
  source: string;
  occurredAt?: Date | null;
}

const INSERT = `
  insert into consent (id, profile_id, scope, purpose, channel, granted, wording_version, source, given_via, recorded_by, occurred_at, recorded_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  on conflict (profile_id, purpose, coalesce(channel, ''), occurred_at, granted) do nothing
  returning id`;

/** Records what she said, with the proof of it, and tells what holds from now on. */
export async function setConsent(
  tx: Tx,
  command: SetConsent,
  by: { subject: string; role: string; profileId?: string },
  { clock }: Clock,
): Promise<{ customerId: string; consents: Effective[] }> {
  const { purpose, channel = null, granted, wordingVersion, source } = command;
  const [customer] = await findCustomers(tx, [command.customerId]);
  if (!customer || customer.erased) {
    throw new DomainError('CUSTOMER_UNKNOWN', `No customer has or had the id ${command.customerId}.`, [
      'input',
      'customerId',
    ]);
  }
  checkProofText('wordingVersion', wordingVersion);
  checkProofText('source', source);
  const now = clock.now();
  const occurredAt = readInstant(command.occurredAt ?? now, now, ['input', 'occurredAt']);
  // The statement belongs to the profile that was named: after an unmerge it stays with her who made it.
  const profileId =
    by.profileId && customer.profileIds.includes(by.profileId) ? by.profileId : command.customerId.toLowerCase();
  const id = newId();
  const values = [
    id,
    profileId,
    customer.profileIds,
    purpose,
    channel,
    granted,
    wordingVersion,
    source,
    by.role,
    by.subject,
    occurredAt,
    now,
  ];
  const said = await sql(tx, INSERT, values);
  if (said.length > 0) await recordTouchpoints(tx, [touchpointOf(command, { id, profileId, occurredAt })]);
  const consents = await consentsOf(tx, customer.profileIds);
  await publish(
    tx,
    consentEvents(
      customer.customerId,
      customer.profileIds,
      consents.filter((c) => c.purpose === purpose && c.channel === channel),
      now,
    ),
  );
  return { customerId: customer.customerId, consents };
}

const touchpointOf = (
  { granted, channel = null, purpose, source }: SetConsent,
  at: Pick<Touchpoint, 'id' | 'profileId' | 'occurredAt'>,
): Touchpoint => ({
  ...at,
  kind: granted ? 'consent_granted' : 'consent_withdrawn',
  channel: channel ?? 'other',
  subgraph: 'identity',
  details: { purpose, channel, source },
});

const STATEMENTS = `
  select id, profile_id as "profileId", scope, purpose, channel, granted, wording_version as "wordingVersion", source,
         given_via as "givenVia", recorded_by as "recordedBy", occurred_at as "occurredAt", recorded_at as "recordedAt"
    from consent where profile_id = any($1::uuid[])
   order by occurred_at desc, id desc`;

export const statementsOf = (db: Parameters<typeof sql>[0], profileIds: readonly string[]): Promise<Statement[]> =>
  sql<Statement>(db, { name: 'identity-consents', text: STATEMENTS, values: [profileIds] });

export const consentsOf = async (tx: Tx, profileIds: readonly string[]): Promise<Effective[]> =>
  effectiveConsents(await statementsOf(tx, profileIds), profileIds);

/** What holds for a customer is told for each of her profiles, so that nobody has to know the others to ask for leave. */
export const consentEvents = (
  customerId: string,
  profileIds: readonly string[],
  consents: readonly Effective[],
  now: Date,
): AnyEvent[] =>
  profileIds.flatMap((profileId) =>
    consents.map(({ purpose, channel, granted, decidedBy }) =>
      event('identity.consent.changed.v1', {
        profileId,
        customerId,
        occurredAt: now,
        data: {
          purpose,
          channel: channel as Channel | null,
          granted,
          wordingVersion: decidedBy.wordingVersion,
          source: decidedBy.source,
        },
      }),
    ),
  );
