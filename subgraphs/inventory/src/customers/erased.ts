import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';

/** An order that was being written while its customer was erased is found within this time; no transaction lasts as long. */
const STRAGGLERS_MS = 3_600_000;

/** Carts are hers and go. */
export const removeFrom = async (tx: Tx, profileIds: readonly string[]): Promise<Record<string, number>> => ({
  carts: await count(tx, 'delete from cart where profile_id = any($1::uuid[])', profileIds),
});

/** Orders and returns are books of account: they stay, and nobody is named in them. */
export const anonymiseIn = async (tx: Tx, profileIds: readonly string[]): Promise<Record<string, number>> => ({
  orders: await count(
    tx,
    'update orders set profile_id = null, latitude = null, longitude = null where profile_id = any($1::uuid[])',
    profileIds,
  ),
  returns: await count(
    tx,
    'update order_return set profile_id = null, reason = null where profile_id = any($1::uuid[])',
    profileIds,
  ),
  promotionUses: await count(
    tx,
    'update promotion_use set profile_id = null where profile_id = any($1::uuid[])',
    profileIds,
  ),
  holds: await count(
    tx,
    'update stock_hold set profile_id = null, reason = null where profile_id = any($1::uuid[])',
    profileIds,
  ),
});

const count = async (tx: Tx, statement: string, profileIds: readonly string[]): Promise<number> =>
  (await sql(tx, `${statement} returning 1`, [profileIds])).length;

/** From now on nothing is stored under these profiles, whichever way it comes (see the trigger `leave_out_erased`). */
export const keepOut = (tx: Tx, profileIds: readonly string[], now: Date): Promise<unknown> =>
  sql(tx, 'insert into erased_profile (profile_id, erased_at) select unnest($1::uuid[]), $2 on conflict do nothing', [
    profileIds,
    now,
  ]);

/** Those of the profiles that were erased. */
export async function erasedAmong(tx: Tx, profileIds: readonly string[]): Promise<Set<string>> {
  if (profileIds.length === 0) return new Set();
  const rows = await sql<{ id: string }>(tx, {
    name: 'erased-among',
    text: 'select profile_id as id from erased_profile where profile_id = any($1::uuid[])',
    values: [[...new Set(profileIds)]],
  });
  return new Set(rows.map((row) => row.id));
}

/** What was written by transactions that did not know yet of an erasure that committed before them. */
export async function sweepStragglers(tx: Tx, now: Date): Promise<void> {
  const rows = await sql<{ id: string }>(tx, 'select profile_id as id from erased_profile where erased_at > $1', [
    new Date(now.getTime() - STRAGGLERS_MS),
  ]);
  if (rows.length === 0) return;
  const profileIds = rows.map((row) => row.id);
  await removeFrom(tx, profileIds);
  await anonymiseIn(tx, profileIds);
}

export const profileErased = (profileId: string): DomainError =>
  new DomainError(
    'PROFILE_ERASED',
    `Whom the profile ${profileId} meant was erased at her request. Identify her anew and use the profile you are given.`,
    ['input', 'profileId'],
  );
