import { sql, type Tx } from '@trenza/database';
import type { AnyEvent } from '@trenza/events';
import type { Consumers } from '@trenza/outbox';

type Handler = (tx: Tx, events: AnyEvent[], deps: never) => Promise<unknown>;

/** These are about the erasure itself: a request that comes twice is answered twice. */
const ALWAYS = new Set(['identity.customer.erasure-requested.v1', 'identity.customer.export-requested.v1']);

/** The same consumers, which hear nothing more about whom we erased: another subgraph's event may arrive after her request did. */
export function exceptErased<Deps>(consumers: Consumers<Deps>): Consumers<Deps> {
  const guarded = Object.entries(consumers).map(([type, handle]) => [
    type,
    ALWAYS.has(type) ? handle : guard(handle as Handler),
  ]);
  return Object.fromEntries(guarded) as Consumers<Deps>;
}

const guard =
  (handle: Handler): Handler =>
  async (tx, events, deps) => {
    const erased = await erasedAmong(tx, events);
    const left = events.filter((event) => !event.profileId || !erased.has(event.profileId));
    if (left.length > 0) await handle(tx, left, deps);
  };

async function erasedAmong(tx: Tx, events: readonly AnyEvent[]): Promise<Set<string>> {
  const profiles = new Set(events.flatMap(({ profileId }) => (profileId ? [profileId] : [])));
  if (profiles.size === 0) return new Set();
  const rows = await sql<{ profileId: string }>(tx, {
    name: 'erased-among',
    text: 'select profile_id as "profileId" from erased_profile where profile_id = any($1::uuid[])',
    values: [[...profiles]],
  });
  return new Set(rows.map((row) => row.profileId));
}
