import { sql, type Tx } from '@trenza/database';
import type { AnyEvent } from '@trenza/events';
import type { Consumers } from '@trenza/outbox';
import { DomainError } from '@trenza/values';

/** The lock of `is_erased`, for an erasure alone. */
const ALONE = `select pg_advisory_xact_lock(hashtextextended('erasure', 0))`;

/**
 * The first step of an erasure: from here on nothing is stored under these profiles, whichever way it comes. What others were writing of
 * them at this moment has been committed when it returns, and is there to be erased.
 */
export async function keepOut(tx: Tx, profileIds: readonly string[], now: Date): Promise<void> {
  await sql(tx, ALONE);
  await sql(
    tx,
    'insert into erased_profile (profile_id, erased_at) select unnest($1::uuid[]), $2 on conflict do nothing',
    [profileIds, now],
  );
}

/** Those of the profiles that were erased. Until this transaction ends none of the others can be. */
export async function erasedAmong(tx: Tx, profileIds: readonly string[]): Promise<Set<string>> {
  if (profileIds.length === 0) return new Set();
  const rows = await sql<{ id: string }>(tx, {
    name: 'erased-among',
    text: 'select id from unnest($1::uuid[]) as asked (id) where is_erased(id)',
    values: [[...new Set(profileIds)]],
  });
  return new Set(rows.map((row) => row.id));
}

export const profileErased = (profileId: string, path = ['input', 'profileId']): DomainError =>
  new DomainError(
    'PROFILE_ERASED',
    `Whom ${profileId} meant was erased at her request. Identify her anew if she came back, and use the profile you are given.`,
    path,
  );

/** Before something is written under a profile that was named by hand. Throws `PROFILE_ERASED`. */
export async function refuseErased(tx: Tx, profileId: string): Promise<void> {
  if ((await erasedAmong(tx, [profileId])).size > 0) throw profileErased(profileId);
}

type Handler = (tx: Tx, events: AnyEvent[], deps: never) => Promise<unknown>;

/** These are about the erasure itself: a request that comes twice is answered twice. */
const ALWAYS = new Set(['identity.customer.erasure-requested.v1', 'identity.customer.export-requested.v1']);

/**
 * The same consumers, for whom `left` says what is left of an event about somebody who was erased: null is nothing. Another subgraph's event may
 * arrive after her request did.
 */
export function afterErasure<Deps>(
  consumers: Consumers<Deps>,
  left: (event: AnyEvent) => AnyEvent | null,
): Consumers<Deps> {
  const guard =
    (handle: Handler): Handler =>
    async (tx, events, deps) => {
      const erased = await erasedAmong(
        tx,
        events.flatMap(({ profileId }) => profileId ?? []),
      );
      const known = events.flatMap((event) => (erased.has(event.profileId ?? '') ? (left(event) ?? []) : event));
      if (known.length > 0) await handle(tx, known, deps);
    };
  const guarded = Object.entries(consumers).map(([type, handle]) => [
    type,
    ALWAYS.has(type) ? handle : guard(handle as Handler),
  ]);
  return Object.fromEntries(guarded) as Consumers<Deps>;
}
