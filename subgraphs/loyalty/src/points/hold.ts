import { one, sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import type { Portion } from './entry.ts';

/** Points that are spent or about to be: open while an order is being paid, captured when it was, else voided or expired. */
export interface Hold {
  id: string;
  profileId: string;
  currency: string;
  amount: number;
  captured: number;
  state: 'open' | 'captured' | 'voided' | 'expired';
  orderId: string | null;
  expiresAt: Date;
}

const COLUMNS = `id, profile_id as "profileId", currency, amount, captured, state, order_id as "orderId", expires_at as "expiresAt"`;

/** Reads a hold without locking it: enough to know whose purse to open. */
export async function findHold(tx: Tx, id: string): Promise<Hold> {
  const [hold] = await sql<Hold>(tx, `select ${COLUMNS} from points_hold where id = $1`, [id]);
  if (hold) return hold;
  throw new DomainError('UNKNOWN_HOLD', `There is no hold ${id}. Pass the id that holdPoints returned.`, [
    'input',
    'holdId',
  ]);
}

/** Locks holds whose purses are already locked (always in that order), and reads them as they are now. */
export const lockHolds = (tx: Tx, ids: readonly string[]): Promise<Hold[]> =>
  sql<Hold>(tx, `select ${COLUMNS} from points_hold where id = any($1) order by id for update`, [ids]);

export async function closeHolds(
  tx: Tx,
  ids: readonly string[],
  close: { state: Hold['state']; captured: number; orderId?: string | null; now: Date },
): Promise<void> {
  await sql(
    tx,
    `update points_hold set state = $2, captured = $3, order_id = coalesce($4, order_id), closed_at = $5 where id = any($1)`,
    [ids, close.state, close.captured, close.orderId ?? null, close.now],
  );
}

/** What holds or redemptions took from which lots and what of it has not gone back, oldest expiry first. */
export async function portionsOf(tx: Tx, holdIds: readonly string[]): Promise<Map<string, Portion[]>> {
  const rows = await sql<Portion & { holdId: string }>(tx, {
    name: 'hold-portions',
    text: PORTIONS,
    values: [holdIds],
  });
  const portions = new Map<string, Portion[]>(holdIds.map((id) => [id, []]));
  for (const { holdId, ...portion } of rows) portions.get(holdId)!.push(portion);
  return portions;
}

/** How many points of a redemption have gone back so far. */
export async function givenBackOf(tx: Tx, holdId: string): Promise<number> {
  const { points } = await one<{ points: number }>(
    tx,
    `select coalesce(sum(amount), 0)::bigint as points from transfer where hold_id = $1 and code = 'give-back'`,
    [holdId],
  );
  return points;
}

const PORTIONS = `
  select transfer.hold_id as "holdId", lot.id as "lotId", lot.profile_id as "profileId", lot.expires_at as "expiresAt",
         sum(lot_use.amount)::bigint as amount
    from transfer
    join lot_use on lot_use.transfer_id = transfer.id
    join lot on lot.id = lot_use.lot_id
   where transfer.hold_id = any($1)
   group by transfer.hold_id, lot.id
  having sum(lot_use.amount) > 0
   order by lot.expires_at nulls last, lot.id`;
