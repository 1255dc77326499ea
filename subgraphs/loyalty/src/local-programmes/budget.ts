import { one, sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { DomainError } from '@trenza/values';
import { assertReason } from '../bounds.ts';
import { EMPTY, type AccountKind, type TransferCode } from '../points/entry.ts';
import { assertPoints } from '../points/ledger.ts';
import { post, type Posting } from '../points/post.ts';
import { DEFAULT_CURRENCY } from '../programme/reference.ts';

/** Budgets are in points, in accounts of the ledger: what a store may give is as provable as what a customer holds. */
export interface StoreBudget {
  storeId: string;
  available: number;
  reserved: number;
}

export async function budgetOf(tx: Tx, storeId: string): Promise<StoreBudget> {
  const { available, reserved } = await one<{ available: number; reserved: number }>(
    tx,
    `select coalesce(sum(balance) filter (where kind = 'store.budget'), 0)::bigint as available,
            coalesce(sum(balance) filter (where kind = 'store.reserved'), 0)::bigint as reserved
       from account where owner_id = $1 and currency = $2`,
    [storeId, DEFAULT_CURRENCY],
  );
  return { storeId, available, reserved };
}

interface Move {
  key: string;
  storeId: string;
  code: TransferCode;
  debit: AccountKind;
  credit: AccountKind;
  points: number;
  reason: string;
}

const postingOf = (move: Move, now: Date): Posting => {
  const { key, storeId, code, debit, credit, points, reason } = move;
  const transfers = [{ id: newId(), profileId: null, code, debit, credit, amount: points, at: now }];
  return { key, currency: DEFAULT_CURRENCY, entry: { ...EMPTY, transfers }, budgetId: storeId, reason };
};

/** Gives a store a budget. */
export async function allocateBudget(
  tx: Tx,
  command: { storeId: string; points: number; reason: string; idempotencyKey: string },
  now: Date,
): Promise<StoreBudget> {
  const { storeId, points, reason } = command;
  assertPoints(points);
  assertReason(reason);
  post(
    tx,
    [
      postingOf(
        {
          key: `allocate:${command.idempotencyKey}`,
          storeId,
          code: 'allocate',
          debit: 'programme.issued',
          credit: 'store.budget',
          points,
          reason,
        },
        now,
      ),
    ],
    now,
  );
  return budgetOf(tx, storeId);
}

/** Moves what a store has not promised to another one. */
export async function moveBudget(
  tx: Tx,
  command: { fromStoreId: string; toStoreId: string; points: number; reason: string; idempotencyKey: string },
  now: Date,
): Promise<StoreBudget[]> {
  const { fromStoreId, toStoreId, points, reason, idempotencyKey } = command;
  assertPoints(points);
  assertReason(reason);
  if (fromStoreId === toStoreId)
    throw new DomainError('SAME_STORE', 'Budget is moved from one store to another.', ['input', 'toStoreId']);
  await lockBudget(tx, fromStoreId, points);
  const out = {
    key: `move:${idempotencyKey}:out`,
    storeId: fromStoreId,
    code: 'allocate',
    debit: 'store.budget',
    credit: 'programme.issued',
    points,
    reason,
  } as const;
  const into = {
    key: `move:${idempotencyKey}:in`,
    storeId: toStoreId,
    code: 'allocate',
    debit: 'programme.issued',
    credit: 'store.budget',
    points,
    reason,
  } as const;
  post(tx, [postingOf(out, now), postingOf(into, now)], now);
  return [await budgetOf(tx, fromStoreId), await budgetOf(tx, toStoreId)];
}

/** Promises a part of the budget: nobody else can promise it again. */
export async function reserveBudget(
  tx: Tx,
  command: { storeId: string; points: number; programmeId: string },
  now: Date,
): Promise<void> {
  const { storeId, points, programmeId } = command;
  await lockBudget(tx, storeId, points);
  post(
    tx,
    [
      postingOf(
        {
          key: `reserve:${programmeId}`,
          storeId,
          code: 'reserve',
          debit: 'store.budget',
          credit: 'store.reserved',
          points,
          reason: 'approved',
        },
        now,
      ),
    ],
    now,
  );
}

/** What was promised and not used is free again. */
export async function releaseBudget(
  tx: Tx,
  command: { storeId: string; points: number; programmeId: string },
  now: Date,
): Promise<void> {
  const { storeId, points, programmeId } = command;
  if (points === 0) return;
  post(
    tx,
    [
      postingOf(
        {
          key: `unreserve:${programmeId}`,
          storeId,
          code: 'unreserve',
          debit: 'store.reserved',
          credit: 'store.budget',
          points,
          reason: 'ended',
        },
        now,
      ),
    ],
    now,
  );
}

/** A local reward is given: the store bears its points. */
export async function spendOnReward(
  tx: Tx,
  command: { programmeId: string; points: number; key: string },
  now: Date,
): Promise<void> {
  const { programmeId, points, key } = command;
  if (points === 0) return;
  const [programme] = await sql<{ storeId: string }>(
    tx,
    `update local_programme set spent = spent + $2 where id = $1 and status = 'live' and spent + $2 <= budget returning store_id as "storeId"`,
    [programmeId, points],
  );
  if (!programme)
    throw new DomainError('BUDGET_EMPTY', 'The budget of the store for this reward is used up.', ['input', 'rewardId']);
  post(
    tx,
    [
      postingOf(
        {
          key: `local:${key}`,
          storeId: programme.storeId,
          code: 'redeem',
          debit: 'store.reserved',
          credit: 'programme.issued',
          points,
          reason: 'local reward',
        },
        now,
      ),
    ],
    now,
  );
}

/** What a local programme gave comes back: it is free for the programme again while it runs, for the store when it has ended. */
export async function refund(
  tx: Tx,
  command: { programmeId: string; points: number; key: string; reason: string; orderId?: string },
  now: Date,
): Promise<void> {
  const { programmeId, points, key, reason, orderId } = command;
  if (points === 0) return;
  const { storeId, status } = await one<{ storeId: string; status: string }>(
    tx,
    `update local_programme set spent = spent - $2 where id = $1 returning store_id as "storeId", status`,
    [programmeId, points],
  );
  const credit = status === 'live' ? ('store.reserved' as const) : ('store.budget' as const);
  const move = { key, storeId, code: 'give-back', debit: 'programme.issued', credit, points, reason } as const;
  post(tx, [{ ...postingOf(move, now), orderId }], now);
}

async function lockBudget(tx: Tx, storeId: string, points: number): Promise<void> {
  const [row] = await sql<{ balance: number }>(
    tx,
    `select balance from account where owner_id = $1 and currency = $2 and kind = 'store.budget' for update`,
    [storeId, DEFAULT_CURRENCY],
  );
  const balance = row?.balance ?? 0;
  if (balance >= points) return;
  throw new DomainError(
    'BUDGET_TOO_SMALL',
    `The store has ${balance} points to promise, ${points} are needed. Allocate more, or ask for less.`,
    ['input', 'points'],
  );
}
