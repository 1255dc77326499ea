import { sql, type Tx } from '@trenza/database';
import { event, newId, type AnyEvent } from '@trenza/events';
import { DomainError } from '@trenza/values';
import { apply, type Entry, type Holdings, type Lot } from './entry.ts';
import { settle } from './ledger.ts';
import type { Posting } from './post.ts';

/** What a customer holds in one currency, locked for this transaction and brought up to now. */
export interface Purse {
  customerId: string;
  currency: string;
  holdings: Holdings;
  /** Why nothing can be spent; null where it can. */
  frozen: string | null;
  /** How often points were spent within the last hour; 0 where the currency sets no limit. */
  spendings: number;
  /** What bringing it up to now takes: to be posted with whatever is decided. */
  settlement: Posting[];
}

/**
 * Locks the purses of these customers and reads them. The locks are taken by one statement in the order of their keys, so that two
 * transactions never wait for each other in a circle; the lots are read by a later statement, because a statement sees the data as they
 * were when it began, which may be before it got its lock.
 */
export async function openPurses(
  tx: Tx,
  ids: readonly string[],
  currency: string,
  now: Date,
): Promise<Map<string, Purse>> {
  const locked = await sql<LockedRow>(tx, { name: 'purse-lock', text: LOCK, values: [ids, currency] });
  const profiles = [...new Set(locked.map((row) => row.profile_id))];
  const rows = await sql<HeldRow>(tx, { name: 'purse-read', text: READ, values: [profiles, currency, now] });
  const purses = new Map<string, Purse>();
  for (const id of ids) {
    const members = locked.filter((row) => row.asked === id.toLowerCase());
    const own = new Set(members.map((row) => row.profile_id));
    const customerId = members[0]?.customer_id ?? id;
    purses.set(
      id,
      purseOf(
        customerId,
        currency,
        rows.filter((row) => own.has(row.profile_id)),
        now,
      ),
    );
  }
  return purses;
}

export async function openPurse(tx: Tx, id: string, currency: string, now: Date): Promise<Purse> {
  return (await openPurses(tx, [id], currency, now)).get(id)!;
}

/** Makes the row that is the lock of a profile, for decisions about somebody who never had points. */
export const ensureAccount = (tx: Tx, profileId: string, currency: string): Promise<unknown> =>
  sql(
    tx,
    `insert into account (owner_id, currency, kind) values ($1, $2, 'customer.available') on conflict do nothing`,
    [profileId, currency],
  );

/** Spending from a frozen account is refused whatever the balance, and so is spending more often than the currency allows. */
export function refuseSpending(
  { frozen, spendings }: Purse,
  { spendingsPerHour }: { spendingsPerHour: number | null },
): void {
  if (frozen !== null)
    throw new DomainError('ACCOUNT_FROZEN', `The account is frozen: ${frozen}. A care agent can unfreeze it.`);
  if (spendingsPerHour !== null && spendings >= spendingsPerHour)
    throw new DomainError(
      'TOO_MANY_REDEMPTIONS',
      `Points were spent ${spendings} times within the last hour, and ${spendingsPerHour} is the limit. Try again later.`,
    );
}

function purseOf(customerId: string, currency: string, rows: readonly HeldRow[], now: Date): Purse {
  const before: Holdings = {
    lots: rows.filter((row) => row.kind === 'lot').map(lotOf),
    owed: new Map(rows.filter((row) => row.kind === 'owed').map((row) => [row.profile_id, row.amount])),
  };
  const entry: Entry = settle(before, now, newId);
  const frozen = rows.find((row) => row.kind === 'frozen')?.reason ?? null;
  const spendings = rows.filter((row) => row.kind === 'spendings').reduce((sum, row) => sum + row.amount, 0);
  return {
    customerId,
    currency,
    holdings: apply(before, entry),
    frozen,
    spendings,
    settlement: settlementOf(entry, currency),
  };
}

/** What bringing a purse up to now has to say to others. */
export const expiredEvents = ({ customerId, currency, settlement }: Purse): AnyEvent[] =>
  settlement
    .flatMap(({ entry }) => entry.transfers)
    .filter((transfer) => transfer.code === 'expire')
    .map(({ id, profileId, amount, at }) =>
      event('loyalty.points.expired.v1', {
        profileId: profileId!,
        customerId,
        occurredAt: at,
        data: { transferId: id, points: amount, currency },
      }),
    );

/** What time did has no command behind it: its transfers are keyed by themselves. */
const settlementOf = (entry: Entry, currency: string): Posting[] =>
  entry.transfers.length === 0 ? [] : [{ key: `time:${entry.transfers[0]!.id}`, currency, entry }];

const lotOf = (row: HeldRow): Lot => ({
  id: row.id!,
  profileId: row.profile_id,
  pending: row.pending!,
  remaining: row.amount,
  unlockAt: row.unlock_at,
  expiresAt: row.expires_at,
  orderId: row.order_id,
});

interface LockedRow {
  asked: string;
  customer_id: string;
  profile_id: string;
}

interface HeldRow {
  kind: 'lot' | 'owed' | 'frozen' | 'spendings';
  id: string | null;
  profile_id: string;
  pending: boolean | null;
  amount: number;
  unlock_at: Date | null;
  expires_at: Date | null;
  order_id: string | null;
  reason: string | null;
}

/** A profile without an account holds nothing, so there is nothing of it to lock. */
const LOCK = `
  with asked as (
    select id, coalesce(known.customer_id, id) as customer_id
      from (select distinct unnest($1::uuid[]) as id) ids
      left join customer_profile known on known.profile_id = id),
  member as (
    select customer_id, customer_id as profile_id from asked
    union
    select customer_id, p.profile_id from asked join customer_profile p using (customer_id))
  select asked.id as asked, member.customer_id, account.owner_id as profile_id
    from account
    join member on member.profile_id = account.owner_id
    join asked on asked.customer_id = member.customer_id
   where account.currency = $2 and account.kind = 'customer.available'
   order by account.owner_id
     for update of account`;

/** Spendings are counted only where the currency limits them: then there are never many, else somebody busy would pay for each earlier one. */
const READ = `
  select 'lot' as kind, id, profile_id, pending, remaining as amount, unlock_at, expires_at, order_id, null as reason
    from lot where profile_id = any($1) and currency = $2 and remaining > 0
  union all
  select 'owed', null, owner_id, null, -balance, null, null, null, null
    from account where owner_id = any($1) and currency = $2 and kind = 'customer.owed' and balance < 0
  union all
  select 'frozen', null, profile_id, null, 0, null, null, null, reason
    from account_freeze where profile_id = any($1)
  union all
  select 'spendings', null, profile_id, null, count(*), null, null, null, null
    from points_hold where profile_id = any($1) and currency = $2 and created_at > $3::timestamptz - interval '1 hour'
     and exists (select from point_currency where code = $2 and spendings_per_hour is not null) group by profile_id`;
