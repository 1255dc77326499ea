import { inOnePacket, sql, type Tx } from '@trenza/database';
import { event, newId, type AnyEvent } from '@trenza/events';
import { DomainError } from '@trenza/values';
import { apply, type Entry, type Holdings, type Lot } from './entry.ts';
import { settle } from './ledger.ts';
import type { PointCurrency } from '../programme/reference.ts';
import type { Posting } from './post.ts';

/** What a customer holds in one currency, locked for this transaction and brought up to now. */
export interface Purse {
  customerId: string;
  currency: string;
  holdings: Holdings;
  /** Why nothing can be spent; null where it can. */
  frozen: string | null;
  /** What bringing it up to now takes: to be posted with whatever is decided. */
  settlement: Posting[];
}

/**
 * Locks the purses of these customers and reads them. The locks are taken by one statement in the order of their keys, so that two
 * transactions never wait for each other in a circle; all else is read by a later statement, because a statement sees the data as they
 * were when it began, which may be before it got its lock. The later one does not wait for the answer of the first: PostgreSQL begins it
 * when the first is done.
 */
export async function openPurses(
  tx: Tx,
  ids: readonly string[],
  currency: string,
  now: Date,
): Promise<Map<string, Purse>> {
  const values = [ids, currency];
  inOnePacket(tx);
  const [locked, held] = await Promise.all([
    sql<{ profile_id: string }>(tx, { name: 'purse-lock', text: LOCK, values }),
    sql<HeldRow>(tx, { name: 'purse-read', text: READ, values }),
  ]);
  const isLocked = new Set(locked.map((row) => row.profile_id));
  const membersOf = Map.groupBy(
    held.filter((row) => row.kind === 'member'),
    (row) => row.asked!,
  );
  const rowsOf = Map.groupBy(held, (row) => row.profile_id);
  return new Map(
    ids.map((id) => {
      const members = membersOf.get(id.toLowerCase())!;
      // Only what is locked: a profile that joined between the two statements is not.
      const own = new Set(members.map((row) => row.profile_id).filter((profile) => isLocked.has(profile)));
      const rows = [...own].flatMap((profile) => rowsOf.get(profile)!);
      return [id, purseOf(members[0]!.customer_id!, currency, rows, now)];
    }),
  );
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
export async function refuseSpending(
  tx: Tx,
  { customerId, frozen }: Purse,
  { code, spendingsPerHour }: Pick<PointCurrency, 'code' | 'spendingsPerHour'>,
  now: Date,
): Promise<void> {
  if (frozen !== null)
    throw new DomainError('ACCOUNT_FROZEN', `The account is frozen: ${frozen}. A care agent can unfreeze it.`);
  if (spendingsPerHour === null) return;
  const [{ spendings }] = (await sql<{ spendings: number }>(tx, {
    name: 'purse-spendings',
    text: SPENDINGS,
    values: [customerId, code, now],
  })) as [{ spendings: number }];
  if (spendings >= spendingsPerHour)
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
  return {
    customerId,
    currency,
    holdings: apply(before, entry),
    frozen,
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

interface HeldRow {
  kind: 'member' | 'lot' | 'owed' | 'frozen';
  id: string | null;
  profile_id: string;
  pending: boolean | null;
  amount: number;
  unlock_at: Date | null;
  expires_at: Date | null;
  order_id: string | null;
  reason: string | null;
  asked: string | null;
  customer_id: string | null;
}

/** The customers asked for, and all profiles of theirs, some of them twice. A customer whom the map does not know is her only profile. */
const MEMBERS = `
  asked as (
    select id, coalesce((select customer_id from customer_profile where profile_id = id), id) as customer_id
      from unnest($1::uuid[]) as id),
  member as materialized (
    select id as asked, customer_id, customer_id as profile_id from asked
    union all
    select id, customer_id, profile_id from asked join customer_profile using (customer_id))`;

/** An array, not a join: whatever PostgreSQL knows or does not know of a table, it can only look it up by its index. */
const PROFILES = 'any(array(select profile_id from member))';

/** A profile without an account holds nothing, so there is nothing of it to lock. */
const LOCK = `
  with ${MEMBERS}
  select owner_id as profile_id
    from account
   where owner_id = ${PROFILES} and currency = $2 and kind = 'customer.available'
   order by owner_id
     for update`;

const READ = `
  with ${MEMBERS}
  select 'lot' as kind, id, profile_id, pending, remaining as amount, unlock_at, expires_at, order_id, null as reason,
         null::uuid as asked, null::uuid as customer_id
    from lot where profile_id = ${PROFILES} and currency = $2 and remaining > 0
  union all
  select 'member', null, profile_id, null, 0, null, null, null, null, asked, customer_id from member
  union all
  select 'owed', null, owner_id, null, -balance, null, null, null, null, null, null
    from account where owner_id = ${PROFILES} and currency = $2 and kind = 'customer.owed' and balance < 0
  union all
  select 'frozen', null, profile_id, null, 0, null, null, null, reason, null, null
    from account_freeze where profile_id = ${PROFILES}`;

/** Counted only where the currency limits them: then there are never many, else somebody busy would pay for each earlier one. */
const SPENDINGS = `
  select count(*) as spendings from points_hold
   where currency = $2 and created_at > $3::timestamptz - interval '1 hour'
     and (profile_id = $1 or profile_id in (select profile_id from customer_profile where customer_id = $1))`;
