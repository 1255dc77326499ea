import { inTransaction, sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { publish } from '@trenza/outbox';
import { lockCustomers } from '../customers/lock-customers.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Clock } from '../resolution/resolve-sightings.ts';
import { tombstoneOf } from '../resolution/lookup.ts';
import { moveProfiles, nextVersion } from '../resolution/write.ts';
import { keepReceipts } from './receipts.ts';

export interface PrivacyCommand {
  customerId: string;
  reason: string;
  by: string;
}

export const REQUEST = `
  insert into privacy_request (id, kind, customer_id, profile_ids, requested_by, reason, requested_at) values ($1, $2, $3, $4, $5, $6, $7)`;

/**
 * Forgets a customer. Here at once, in the other subgraphs by event; each answers with a receipt. What stays are ids without a
 * person, and keyed traces of her identifiers, so that the next import does not bring her back.
 */
export async function requestErasure(
  tx: Tx,
  { customerId, reason, by }: PrivacyCommand,
  { clock }: Clock,
): Promise<string> {
  const [customer] = await lockCustomers(tx, [customerId]);
  const { profileIds } = customer!;
  const now = clock.now();
  const requestId = newId();
  await sql(tx, REQUEST, [requestId, 'erasure', customer!.customerId, profileIds, by, reason, now]);
  await forgetIdentifiers(tx, requestId, profileIds, now);
  const removed = await remove(tx, profileIds);
  const anonymised = await anonymise(tx, profileIds, now);
  await keepReceipts(tx, [{ requestId, subgraph: 'identity', removed, anonymised }], now);

  const version = await nextVersion(tx);
  const alone = new Map(profileIds.map((id) => [id, [id]]));
  moveProfiles(tx, alone, version);
  const customers = profileIds.map((id) => ({ customerId: id, profileIds: [id] }));
  const about = { customerId: customer!.customerId, occurredAt: now };
  await publish(tx, [
    event('identity.customer.erasure-requested.v1', {
      ...about,
      data: { requestId, profileIds, requestedAt: now.toISOString() },
    }),
    event('identity.customer.membership-changed.v1', { ...about, data: { version, cause: 'erased', customers } }),
  ]);
  return requestId;
}

/** A shared identifier is also somebody else's: it stays with the line, and leaves no trace of her. */
async function forgetIdentifiers(tx: Tx, requestId: string, profileIds: readonly string[], now: Date): Promise<void> {
  await sql(
    tx,
    `update identifier set profile_id = shared_profile_id where profile_id = any($1::uuid[]) and shared_profile_id is not null`,
    [profileIds],
  );
  const gone = await sql<Identifier & { shared: boolean }>(
    tx,
    'delete from identifier where profile_id = any($1::uuid[]) returning type, value, shared',
    [profileIds],
  );
  const hashes = gone.filter((i) => !i.shared).map(tombstoneOf);
  await sql(
    tx,
    `insert into tombstone (hash, request_id, erased_at) select unnest($1::text[]), $2, $3 on conflict do nothing`,
    [hashes, requestId, now],
  );
}

const REMOVE: Record<string, string> = {
  sharedSightings: 'delete from shared_sighting where profile_id = any($1::uuid[]) returning 1',
  attributes: 'delete from attribute where profile_id = any($1::uuid[]) returning 1',
  matchKeys: 'delete from match_key where profile_id = any($1::uuid[]) returning 1',
  matchCandidates: 'delete from match_candidate where a = any($1::uuid[]) or b = any($1::uuid[]) returning 1',
  askedQuestions: 'delete from asked_question where profile_id = any($1::uuid[]) returning 1',
  pendingMatches: 'delete from match_pending where profile_id = any($1::uuid[]) returning 1',
  sourceRecords: 'delete from source_record where profile_id = any($1::uuid[]) returning 1',
};

async function remove(tx: Tx, profileIds: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [kind, statement] of Object.entries(REMOVE))
    counts[kind] = (await sql(tx, statement, [profileIds])).length;
  return counts;
}

/** Counts over many customers stay right; who they were is gone. Consents are kept as proof that she gave and withdrew them. */
const ANONYMISE: Record<string, string> = {
  touchpoints: `update touchpoint set details = '{}', subject_id = null, category = null where profile_id = any($1::uuid[]) returning 1`,
  exports: `update privacy_receipt set document = null
             where document is not null and request_id in (select id from privacy_request where kind = 'export' and profile_ids && $1::uuid[]) returning 1`,
  links: `update edge set active = false, evidence = '{}', ended_at = coalesce(ended_at, $2), ended_because = 'erased'
           where a = any($1::uuid[]) or b = any($1::uuid[]) returning 1`,
  merges: `update merge set reason = 'erased' where into_customer = any($1::uuid[]) or merged_customer = any($1::uuid[]) returning 1`,
  decisions: `update override set reason = 'erased', active = false where $2::timestamptz is not null and (a = any($1::uuid[]) or b = any($1::uuid[])) returning 1`,
  profiles: `update profile set erased_at = $2, known = false where id = any($1::uuid[]) returning 1`,
};

async function anonymise(tx: Tx, profileIds: readonly string[], now: Date): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [kind, statement] of Object.entries(ANONYMISE)) {
    counts[kind] = (await sql(tx, statement, statement.includes('$2') ? [profileIds, now] : [profileIds])).length;
  }
  return counts;
}

/** Longer than any request or consumer takes, so that whatever had begun before the erasure is committed by then. */
const SWEEP_AFTER_MS = 5 * 60_000;
export const SWEEP_EVERY_SECONDS = 60;
const MAX_SWEPT = 100;

const UNSWEPT = `
  select id, profile_ids as "profileIds" from privacy_request
   where kind = 'erasure' and swept_at is null and requested_at < $1
   order by requested_at limit ${MAX_SWEPT}`;

/**
 * A sighting or an event that was being stored at the moment of the erasure does not see it and may leave a row behind. Locks that
 * prevented it would be paid by everybody at every sighting; so what slipped through is removed once nothing of that time can be running.
 */
export async function sweepErasures({ database, clock, log }: Deps): Promise<void> {
  const now = clock.now();
  const requests = await sql<{ id: string; profileIds: string[] }>(database, UNSWEPT, [
    new Date(now.getTime() - SWEEP_AFTER_MS),
  ]);
  for (const { id, profileIds } of requests) {
    const late = await inTransaction(database, async (tx) => {
      await forgetIdentifiers(tx, id, profileIds, now);
      const removed = await remove(tx, profileIds);
      await sql(tx, ANONYMISE['touchpoints']!, [profileIds]);
      await sql(tx, 'update privacy_request set swept_at = $2 where id = $1', [id, now]);
      return Object.values(removed).reduce((sum, count) => sum + count, 0);
    });
    if (late > 0) log.info({ requestId: id, late }, 'Removed what was stored while a customer was being erased.');
  }
}

/** She came back by her own will: her identifiers may be taken again. Returns how many were barred. */
export async function liftErasure(tx: Tx, identifiers: readonly Identifier[]): Promise<number> {
  const rows = await sql(tx, 'delete from tombstone where hash = any($1) returning 1', [identifiers.map(tombstoneOf)]);
  return rows.length;
}
