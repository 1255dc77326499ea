import { send, type NamedStatement, type Tx } from '@trenza/database';
import type { Hold } from './hold.ts';
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
  /** When what it is about happened, where that is not when it takes effect. */
  happenedAt?: Date | null;
}

/**
 * Writes entries, as many as there are, in one statement: transfers, lots, uses of lots, balances of accounts, and new holds with them.
 * It is sent, not waited for: should the ledger refuse it, so does the transaction.
 */
export function post(tx: Tx, postings: readonly Posting[], now: Date, holds: readonly Hold[] = []): void {
  const written = postings.filter((posting) => posting.entry.transfers.length > 0);
  if (written.length === 0) return;
  const { grown, shrunk } = accountChanges(written);
  send(
    tx,
    statement([
      [INSERT_HOLDS, holds.map((hold) => holdRow(hold, now))],
      [INSERT_TRANSFERS, written.flatMap((posting) => transferRows(posting, now))],
      [INSERT_LOTS, lotRows(written)],
      [INSERT_USES, written.flatMap(useRows)],
      [CHANGE_LOTS, lotChanges(written)],
      [SHRINK_ACCOUNTS, shrunk],
      [GROW_ACCOUNTS, grown],
    ]),
  );
}

/** What writes one kind of row: its name, the types of its columns, and its SQL around where they come from. */
interface Part {
  name: string;
  types: readonly string[];
  text: (rows: string) => string;
}

/**
 * One statement of data-modifying CTEs, because round trips cost more than rows. Parts without rows are left out: an earning touches no
 * lots that exist, and what is not there need be neither planned nor run. A single row comes as its values, several as arrays: PostgreSQL
 * unrolls every array into a store of its own, which for twenty columns of one row costs more than to write it. Each combination is
 * prepared under a name of its own.
 */
function statement(parts: readonly (readonly [Part, Row[]])[]): NamedStatement {
  const present = parts.filter(([, rows]) => rows.length > 0);
  const name = `ledger-post ${present.map(([part, { length }]) => (length === 1 ? part.name : `${part.name}s`)).join(' ')}`;
  const values = present.flatMap(([{ types }, rows]) =>
    rows.length === 1 ? padded(rows[0]!, types) : columns(rows, types),
  );
  const text = texts.get(name) ?? textOf(present);
  texts.set(name, text);
  return { name, text, values };
}

/** By name: there are as many as there are combinations of parts, some dozens. */
const texts = new Map<string, string>();

function textOf(present: readonly (readonly [Part, Row[]])[]): string {
  let parameters = 0;
  const parts = present.map(([{ name, types, text }, rows]) => {
    const source = rows.length === 1 ? singleRow(types, parameters) : unrolled(types, parameters);
    parameters += types.length;
    return `${name} as (${text(source)})`;
  });
  return `with ${parts.join(',\n')} select`;
}

const singleRow = (types: readonly string[], after: number): string =>
  `(values (${types.map((type, i) => `$${after + i + 1}::${type}`).join(', ')}))`;

const unrolled = (types: readonly string[], after: number): string =>
  `unnest(${types.map((type, i) => `$${after + i + 1}::${type}[]`).join(', ')})`;

type Row = unknown[];

const padded = (row: Row, types: readonly string[]): unknown[] => types.map((_, i) => row[i] ?? null);

/** Rows to columns, one array for each: that is how `unnest` takes them. */
const columns = (rows: readonly Row[], types: readonly string[]): unknown[][] =>
  types.map((_, i) => rows.map((row) => row[i] ?? null));

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
    posting.happenedAt,
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

const BESIDES_AVAILABLE = new Set<AccountKind>(['customer.pending', 'customer.owed']);

function accountChanges(postings: readonly Posting[]): { grown: Row[]; shrunk: Row[] } {
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
      const ownerOf = (kind: AccountKind): string => (kind.startsWith('store.') ? budgetId! : profileId!);
      add(ownerOf(debit), currency, debit, -amount);
      add(ownerOf(credit), currency, credit, amount);
      // Whoever has only pending points, or only a debt, must have the row that is her lock as well.
      for (const kind of [debit, credit])
        if (BESIDES_AVAILABLE.has(kind)) add(profileId!, currency, 'customer.available', 0);
    }
  }
  const rows = [...changes.values()].filter(
    ({ row: [, , kind], delta }) => delta !== 0 || kind === 'customer.available',
  );
  const grows = ({ row: [, , kind], delta }: (typeof rows)[number]): boolean =>
    kind === 'customer.owed' ? delta < 0 : delta >= 0;
  const asRow = ({ row, delta }: (typeof rows)[number]): Row => [...row, delta];
  return { grown: rows.filter(grows).map(asRow), shrunk: rows.filter((row) => !grows(row)).map(asRow) };
}

const INSERT_TRANSFERS: Part = {
  name: 't',
  types: [
    ...[
      'uuid',
      'text',
      'smallint',
      'uuid',
      'uuid',
      'text',
      'text',
      'text',
      'text',
      'bigint',
      'timestamptz',
      'timestamptz',
    ],
    ...['uuid', 'uuid', 'uuid', 'uuid', 'uuid', 'text', 'text', 'timestamptz'],
  ],
  text: (rows) => `
    insert into transfer (id, key, part, profile_id, budget_id, currency, code, debit, credit, amount, occurred_at, recorded_at,
                          order_id, rule_id, hold_id, reward_id, store_id, channel, reason, happened_at)
    select * from ${rows}`,
};

const holdRow = (hold: Hold, now: Date): Row => {
  const { id, profileId, currency, amount, captured, state, orderId, expiresAt } = hold;
  return [id, profileId, currency, amount, captured, state, orderId, now, expiresAt, state === 'open' ? null : now];
};

const INSERT_HOLDS: Part = {
  name: 'h',
  types: ['uuid', 'uuid', 'text', 'bigint', 'bigint', 'text', 'uuid', 'timestamptz', 'timestamptz', 'timestamptz'],
  text: (rows) => `
    insert into points_hold (id, profile_id, currency, amount, captured, state, order_id, created_at, expires_at, closed_at)
    select * from ${rows}`,
};

const INSERT_LOTS: Part = {
  name: 'l',
  types: ['uuid', 'uuid', 'uuid', 'text', 'bigint', 'bigint', 'boolean', 'timestamptz', 'timestamptz', 'uuid'],
  text: (rows) => `
    insert into lot (id, transfer_id, profile_id, currency, amount, remaining, pending, unlock_at, expires_at, order_id)
    select * from ${rows}`,
};

const INSERT_USES: Part = {
  name: 'u',
  types: ['uuid', 'uuid', 'bigint'],
  text: (rows) => `insert into lot_use (transfer_id, lot_id, amount) select * from ${rows}`,
};

const CHANGE_LOTS: Part = {
  name: 'c',
  types: ['uuid', 'bigint', 'boolean'],
  text: (rows) => `
    update lot set remaining = lot.remaining - change.taken, pending = lot.pending and not change.unlock
      from ${rows} as change (id, taken, unlock)
     where lot.id = change.id`,
};

const ACCOUNT_TYPES = ['uuid', 'text', 'text', 'bigint'];

/** Subtractions must find the account: they are an update, because an insert checks `never_below_zero` before it notices the conflict. */
const SHRINK_ACCOUNTS: Part = {
  name: 's',
  types: ACCOUNT_TYPES,
  text: (rows) => `
    update account set balance = balance + change.delta
      from ${rows} as change (owner_id, currency, kind, delta)
     where account.owner_id = change.owner_id and account.currency = change.currency and account.kind = change.kind`,
};

/** Additions may create the account. Rows are taken in key order against deadlocks. */
const GROW_ACCOUNTS: Part = {
  name: 'g',
  types: ACCOUNT_TYPES,
  text: (rows) => `
    insert into account (owner_id, currency, kind, balance)
    select * from ${rows} as change (owner_id, currency, kind, delta) order by owner_id, currency, kind
    on conflict (owner_id, currency, kind) do update set balance = account.balance + excluded.balance`,
};
