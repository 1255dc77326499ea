import { sql, type Tx } from '@trenza/database';
import type { AccountKind, Entry } from './entry.ts';

/** An entry on its way into the ledger, with what it was about. */
export interface Posting {
  /** The idempotency key of the command. A second posting under it is an error, not a second effect. */
  key: string;
  currency: string;
  entry: Entry;
  orderId?: string | null;
  ruleId?: string | null;
  holdId?: string | null;
  rewardId?: string | null;
  storeId?: string | null;
  channel?: string | null;
  reason?: string | null;
  /** Owner of the store accounts that it touches. */
  budgetId?: string | null;
}

/** Writes entries, as many as there are, in one statement: transfers, lots, uses of lots and the balances of the accounts. */
export async function post(tx: Tx, postings: readonly Posting[], now: Date): Promise<void> {
  const written = postings.filter((posting) => posting.entry.transfers.length > 0);
  if (written.length === 0) return;
  await sql(tx, {
    name: 'ledger-post',
    text: POST,
    values: [
      ...columns(
        written.flatMap((posting) => transferRows(posting, now)),
        19,
      ),
      ...columns(lotRows(written), 10),
      ...columns(written.flatMap(useRows), 3),
      ...columns(lotChanges(written), 3),
      ...columns(accountChanges(written), 4),
    ],
  });
}

type Row = unknown[];

/** Rows to columns, one array for each: that is how `unnest` takes them. */
const columns = (rows: readonly Row[], width: number): unknown[][] =>
  Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? null));

const transferRows = (posting: Posting, now: Date): Row[] =>
  posting.entry.transfers.map((t, part) => [
    t.id,
    posting.key,
    part,
    t.profileId,
    posting.budgetId,
    posting.currency,
    t.code,
    t.debit,
    t.credit,
    t.amount,
    t.at,
    now,
    posting.orderId,
    posting.ruleId,
    posting.holdId,
    posting.rewardId,
    posting.storeId,
    posting.channel,
    posting.reason,
  ]);

/** A lot that is used by what is written together with it is written as it is afterwards. */
function lotRows(postings: readonly Posting[]): Row[] {
  const taken = takenFromLots(postings);
  return postings.flatMap(({ entry, currency }) =>
    entry.newLots.map((lot) => {
      const { id, transferId, profileId, amount, pending, unlockAt, expiresAt, orderId } = lot;
      const remaining = amount - (taken.get(id) ?? 0);
      return [id, transferId, profileId, currency, amount, remaining, pending, unlockAt, expiresAt, orderId];
    }),
  );
}

function takenFromLots(postings: readonly Posting[]): Map<string, number> {
  const taken = new Map<string, number>();
  for (const { entry } of postings) {
    for (const { lotId, amount } of entry.uses) taken.set(lotId, (taken.get(lotId) ?? 0) + amount);
  }
  return taken;
}

const useRows = ({ entry }: Posting): Row[] => entry.uses.map((use) => [use.transferId, use.lotId, use.amount]);

function lotChanges(postings: readonly Posting[]): Row[] {
  const fresh = new Set(postings.flatMap(({ entry }) => entry.newLots.map((lot) => lot.id)));
  const taken = takenFromLots(postings);
  const unlocked = new Set(postings.flatMap(({ entry }) => entry.unlocked));
  const changed = new Set([...taken.keys(), ...unlocked]);
  return [...changed].filter((id) => !fresh.has(id)).map((id) => [id, taken.get(id) ?? 0, unlocked.has(id)]);
}

const isKept = (kind: AccountKind): boolean => !kind.startsWith('programme.');

function accountChanges(postings: readonly Posting[]): Row[] {
  const changes = new Map<string, { row: [string, string, string]; delta: number }>();
  const add = (owner: string, currency: string, kind: AccountKind, amount: number): void => {
    if (!isKept(kind)) return;
    const key = `${owner} ${currency} ${kind}`;
    const change = changes.get(key) ?? { row: [owner, currency, kind], delta: 0 };
    change.delta += amount;
    changes.set(key, change);
  };
  for (const { entry, currency, budgetId } of postings) {
    for (const { profileId, debit, credit, amount } of entry.transfers) {
      const ownerOf = (kind: AccountKind): string => (kind.startsWith('store.') ? budgetId! : profileId);
      add(ownerOf(debit), currency, debit, -amount);
      add(ownerOf(credit), currency, credit, amount);
    }
  }
  return [...changes.values()].filter(({ delta }) => delta !== 0).map(({ row, delta }) => [...row, delta]);
}

/**
 * Data-modifying CTEs, because the round trips cost more than the rows. Additions may create the account; subtractions must find it, and
 * are an update, because an insert checks `never_below_zero` before it notices the conflict. Rows are taken in key order against deadlocks.
 */
const POST = `
  with transfers as (
    insert into transfer (id, key, part, profile_id, budget_id, currency, code, debit, credit, amount, occurred_at, recorded_at,
                          order_id, rule_id, hold_id, reward_id, store_id, channel, reason)
    select * from unnest($1::uuid[], $2::text[], $3::smallint[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
                         $10::bigint[], $11::timestamptz[], $12::timestamptz[], $13::uuid[], $14::uuid[], $15::uuid[], $16::uuid[],
                         $17::uuid[], $18::text[], $19::text[])),
  lots as (
    insert into lot (id, transfer_id, profile_id, currency, amount, remaining, pending, unlock_at, expires_at, order_id)
    select * from unnest($20::uuid[], $21::uuid[], $22::uuid[], $23::text[], $24::bigint[], $25::bigint[], $26::boolean[],
                         $27::timestamptz[], $28::timestamptz[], $29::uuid[])),
  uses as (
    insert into lot_use (transfer_id, lot_id, amount) select * from unnest($30::uuid[], $31::uuid[], $32::bigint[])),
  changed_lots as (
    update lot set remaining = lot.remaining - change.taken, pending = lot.pending and not change.unlock
      from unnest($33::uuid[], $34::bigint[], $35::boolean[]) as change (id, taken, unlock)
     where lot.id = change.id),
  change as (
    select owner_id, currency, kind, delta, (kind = 'customer.owed') <> (delta > 0) as grows
      from unnest($36::uuid[], $37::text[], $38::text[], $39::bigint[]) as change (owner_id, currency, kind, delta)),
  shrunk as (
    update account set balance = balance + delta
      from change
     where not grows and account.owner_id = change.owner_id and account.currency = change.currency and account.kind = change.kind)
  insert into account (owner_id, currency, kind, balance)
  select owner_id, currency, kind, delta from change where grows order by owner_id, currency, kind
  on conflict (owner_id, currency, kind) do update set balance = account.balance + excluded.balance`;
