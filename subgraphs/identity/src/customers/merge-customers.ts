import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import { consentEvents, consentsOf } from '../consent/set-consent.ts';
import type { Clock } from '../resolution/resolve-sightings.ts';
import { logMerges, moveProfiles, nextVersion } from '../resolution/write.ts';
import { lockCustomers } from './lock-customers.ts';

export interface MergeCustomers {
  into: string;
  merge: readonly string[];
  reason: string;
  by: string;
  /** Where a match of names and dates says so, its score and fields. */
  match?: { weight: number; evidence: object };
}

/** A person who merges more than this at once has the wrong list. */
const MAX_MERGE = 50;

/** Makes one customer of several: a link between their oldest profiles. Nothing moves but the map. Returns the id she has from now on. */
export async function mergeCustomers(
  tx: Tx,
  { into, merge, reason, by, match }: MergeCustomers,
  { clock }: Clock,
): Promise<{ customerId: string }> {
  if (merge.length === 0 || merge.length > MAX_MERGE) {
    throw new DomainError(
      'NOTHING_TO_MERGE',
      `1 to ${MAX_MERGE} customers can be merged into another, ${merge.length} were given.`,
      ['input', 'merge'],
    );
  }
  const [target, ...others] = await lockCustomers(tx, [into, ...merge]);
  if (others.some((o) => o.customerId === target!.customerId)) {
    throw new DomainError('SELF_MERGE', `${into} and one of the others are the same customer already. Leave it out.`, [
      'input',
      'merge',
    ]);
  }
  const distinct = [...new Map(others.map((o) => [o.customerId, o])).values()];
  const all = [target!, ...distinct].toSorted((x, y) => (x.customerId < y.customerId ? -1 : 1));
  const survivor = all[0]!;
  const now = clock.now();
  await allow(
    tx,
    all.flatMap((c) => c.profileIds),
  );
  await link(
    tx,
    target!.customerId,
    distinct.map((o) => o.customerId),
    { by, reason, match },
    now,
  );

  const profileIds = all.flatMap((c) => c.profileIds).toSorted();
  const version = await nextVersion(tx);
  moveProfiles(tx, new Map([[survivor.customerId, profileIds]]), version);
  const merges = mergesOf(all, { kind: match ? 'match' : 'must-link', by, reason });
  logMerges(tx, merges, now);
  const about = { customerId: survivor.customerId, occurredAt: now };
  await publish(tx, [
    event('identity.customer.membership-changed.v1', {
      ...about,
      data: { version, cause: 'merged', customers: [{ customerId: survivor.customerId, profileIds }] },
    }),
    event('identity.customer.merged.v1', {
      ...about,
      data: { into: survivor.customerId, merged: merges.map((m) => m.merged), reason: reason.slice(0, 500) },
    }),
    ...consentEvents(survivor.customerId, profileIds, await consentsOf(tx, profileIds), now),
  ]);
  return { customerId: survivor.customerId };
}

/** Each is merged into what the ones before it already make up, so that each merge can be undone by itself. */
function mergesOf(
  all: readonly { customerId: string; profileIds: string[] }[],
  why: { kind: string; by: string; reason: string },
) {
  const [survivor, ...others] = all;
  let intoProfiles = survivor!.profileIds;
  return others.map((other) => {
    const row = {
      id: newId(),
      into: survivor!.customerId,
      merged: other.customerId,
      intoProfiles,
      mergedProfiles: other.profileIds,
      ...why,
    };
    intoProfiles = [...intoProfiles, ...other.profileIds];
    return row;
  });
}

/** Merging is the newer decision: what said that these are two people ends. */
async function allow(tx: Tx, profileIds: readonly string[]): Promise<void> {
  await sql(
    tx,
    `update override set active = false where active and kind = 'cannot-link' and a = any($1::uuid[]) and b = any($1::uuid[])`,
    [profileIds],
  );
}

async function link(
  tx: Tx,
  target: string,
  others: readonly string[],
  { by, reason, match }: Pick<MergeCustomers, 'by' | 'reason' | 'match'>,
  now: Date,
): Promise<void> {
  for (const other of others) {
    const [a, b] = [target, other].toSorted();
    const evidence = JSON.stringify(match?.evidence ?? { by, reason });
    await sql(
      tx,
      `insert into edge (id, a, b, kind, weight, evidence, created_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [newId(), a, b, match ? 'match' : 'must-link', match?.weight ?? 1, evidence, now],
    );
    if (match) continue;
    await sql(
      tx,
      `insert into override (id, kind, a, b, made_by, reason, made_at) values ($1, 'must-link', $2, $3, $4, $5, $6)`,
      [newId(), a, b, by, reason, now],
    );
  }
}
