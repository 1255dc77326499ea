import { sql, type Tx } from '@trenza/database';
import type { AnyEvent } from '@trenza/events';
import type { Consumers } from '@trenza/outbox';
import { DomainError } from '@trenza/values';

type Handler = (tx: Tx, events: AnyEvent[], deps: never) => Promise<unknown>;

/** These are about who is who, and about the erasure itself: a request that comes twice is answered twice. */
const WHOLE = new Set([
  'identity.customer.membership-changed.v1',
  'identity.customer.erasure-requested.v1',
  'identity.customer.export-requested.v1',
]);

/**
 * The same consumers, to whom whoever was erased is nobody: another subgraph's event may arrive after her request did. It is not left out,
 * because it is about others too: the voucher that the order was paid with has been used, and the task that an associate did is done.
 */
export function withoutErased<Deps>(consumers: Consumers<Deps>): Consumers<Deps> {
  const guarded = Object.entries(consumers).map(([type, handle]) => [
    type,
    WHOLE.has(type) ? handle : guard(handle as Handler),
  ]);
  return Object.fromEntries(guarded) as Consumers<Deps>;
}

const guard =
  (handle: Handler): Handler =>
  async (tx, events, deps) => {
    const profileIds = new Set(events.flatMap(({ profileId }) => (profileId ? [profileId] : [])));
    const erased = await erasedAmong(tx, [...profileIds]);
    await handle(
      tx,
      erased.size === 0 ? events : events.map((event) => (erased.has(event.profileId ?? '') ? nobodys(event) : event)),
      deps,
    );
  };

function nobodys<E extends AnyEvent>(event: E): E {
  const { profileId: _, customerId: __, ...rest } = event;
  return rest as E;
}

/** `key share` for the lock on the table that comes with it: an erasure waits until whoever looked here before it has committed. */
async function erasedAmong(tx: Tx, profileIds: readonly string[]): Promise<Set<string>> {
  if (profileIds.length === 0) return new Set();
  const rows = await sql<{ profileId: string }>(tx, {
    name: 'erased-among',
    text: 'select profile_id as "profileId" from erased_profile where profile_id = any($1::uuid[]) for key share',
    values: [profileIds],
  });
  return new Set(rows.map((row) => row.profileId));
}

/** Before something is written under a profile by hand. Throws `PROFILE_ERASED`. */
export async function refuseErased(tx: Tx, profileId: string): Promise<void> {
  if ((await erasedAmong(tx, [profileId])).size === 0) return;
  throw new DomainError(
    'PROFILE_ERASED',
    `Whom the profile ${profileId} meant was erased at her request. Identify her anew and use the profile you are given.`,
    ['input', 'profileId'],
  );
}

/** From here on they are nobody. Waits for those who are at work on what they did, so that it is there to be erased. */
export async function forget(tx: Tx, profileIds: readonly string[]): Promise<void> {
  await sql(tx, 'lock table erased_profile in exclusive mode');
  await sql(tx, 'insert into erased_profile select * from unnest($1::uuid[]) on conflict do nothing', [profileIds]);
}
