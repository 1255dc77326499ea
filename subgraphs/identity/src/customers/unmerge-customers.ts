import { sql, type Tx } from '@trenza/database';
import { event, type AnyEvent } from '@trenza/events';
import { publish } from '@trenza/outbox';
import { DomainError } from '@trenza/values';
import { consentEvents, consentsOf } from '../consent/set-consent.ts';
import { componentsOf, edgesToCut, type Edge } from '../resolution/components.ts';
import type { Clock } from '../resolution/resolve-sightings.ts';
import { moveProfiles, nextVersion } from '../resolution/write.ts';
import { forbidLink } from './forbid-link.ts';
import { lockCustomers } from './lock-customers.ts';
import type { CustomerRow } from './load.ts';

export interface UnmergeCustomers {
  customerId: string;
  restore: readonly string[];
  reason: string;
  by: string;
}

interface MergeLog {
  id: string;
  merged_customer: string;
  into_profiles: string[];
  merged_profiles: string[];
}

/** A customer of more parts than this was welded by a mistake that is undone part by part. */
const MAX_RESTORE = 50;

/** Takes customers apart again: ends the links between them and forbids new ones. Every fact lies with its profile, so each has her own back. */
export async function unmergeCustomers(
  tx: Tx,
  { customerId, restore, reason, by }: UnmergeCustomers,
  { clock }: Clock,
): Promise<{ customerId: string; restored: string[] }> {
  if (restore.length === 0 || restore.length > MAX_RESTORE) {
    const message = `1 to ${MAX_RESTORE} customers or profiles can be taken out at once, ${restore.length} were given.`;
    throw new DomainError('NOTHING_TO_UNMERGE', message, ['input', 'restore']);
  }
  const [customer] = await lockCustomers(tx, [customerId]);
  const now = clock.now();
  const edges = await activeEdges(tx, customer!.profileIds);
  let left = edges;
  const restored: string[] = [];
  for (const id of restore) {
    const { rest, apart, mergeId } = await sides(tx, customer!, id.toLowerCase());
    const cut = edgesToCut(left, rest, apart);
    const ids = new Set(cut.map((edge) => edge.id));
    left = left.filter((edge) => !ids.has(edge.id));
    await end(tx, [...ids], reason, now);
    await forbidLink(tx, rest[0]!, apart[0]!, { by, reason }, now);
    if (mergeId) await sql(tx, 'update merge set undone_at = $2 where id = $1', [mergeId, now]);
    restored.push(apart[0]!);
  }
  const customers = Map.groupBy(componentsOf(customer!.profileIds, left), ([, root]) => root);
  const members = new Map(
    [...customers].map(([root, entries]) => [root, entries.map(([profile]) => profile).toSorted()]),
  );
  await tell(tx, customer!.customerId, members, reason, now);
  const rootOf = componentsOf(customer!.profileIds, left);
  return { customerId: rootOf.get(customer!.customerId)!, restored: restored.map((id) => rootOf.get(id)!) };
}

/** Who goes and who stays. An id that was a customer of its own goes with all the profiles it had; a profile goes alone. */
async function sides(
  tx: Tx,
  customer: CustomerRow,
  id: string,
): Promise<{ rest: string[]; apart: string[]; mergeId: string | null }> {
  if (!customer.profileIds.includes(id)) {
    throw new DomainError(
      'NOT_A_PART',
      `${id} is no part of customer ${customer.customerId}, so it cannot be taken out.`,
      ['input', 'restore'],
    );
  }
  if (customer.profileIds.length === 1) {
    throw new DomainError('NOTHING_TO_UNMERGE', `Customer ${customer.customerId} has one profile only.`, [
      'input',
      'restore',
    ]);
  }
  const [log] = await sql<MergeLog>(
    tx,
    `select id, merged_customer, into_profiles, merged_profiles from merge
      where undone_at is null and merged_customer = $1 and into_profiles && $2::uuid[] order by id desc limit 1`,
    [id, customer.profileIds],
  );
  const here = (profiles: readonly string[]): string[] =>
    profiles.filter((p) => customer.profileIds.includes(p)).toSorted();
  if (log) return { rest: here(log.into_profiles), apart: here(log.merged_profiles), mergeId: log.id };
  const rest = customer.profileIds.filter((p) => p !== id);
  return { rest, apart: [id], mergeId: null };
}

const activeEdges = (tx: Tx, profileIds: readonly string[]): Promise<Edge[]> =>
  sql<Edge>(tx, 'select id, a, b from edge where active and a = any($1::uuid[]) and b = any($1::uuid[]) order by id', [
    profileIds,
  ]);

const end = (tx: Tx, ids: readonly string[], reason: string, now: Date): Promise<unknown> =>
  sql(tx, 'update edge set active = false, ended_at = $2, ended_because = $3 where id = any($1::uuid[])', [
    ids,
    now,
    reason,
  ]);

async function tell(
  tx: Tx,
  from: string,
  members: ReadonlyMap<string, string[]>,
  reason: string,
  now: Date,
): Promise<void> {
  const version = await nextVersion(tx);
  moveProfiles(tx, members, version);
  const customers = [...members].map(([customerId, profileIds]) => ({ customerId, profileIds }));
  const consents: AnyEvent[] = [];
  for (const { customerId, profileIds } of customers) {
    consents.push(...consentEvents(customerId, profileIds, await consentsOf(tx, profileIds), now));
  }
  const restored = customers.map((c) => c.customerId).filter((id) => id !== from);
  await publish(tx, [
    event('identity.customer.membership-changed.v1', {
      customerId: from,
      occurredAt: now,
      data: { version, cause: 'unmerged', customers },
    }),
    event('identity.customer.unmerged.v1', {
      customerId: from,
      occurredAt: now,
      data: { from, restored, reason: reason.slice(0, 500) },
    }),
    ...consents,
  ]);
}
