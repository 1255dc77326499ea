import { sql, type Tx } from '@trenza/database';

/** Carts are hers and go. */
export const removeFrom = async (tx: Tx, profileIds: readonly string[]): Promise<Record<string, number>> => ({
  carts: await count(tx, 'delete from cart where profile_id = any($1::uuid[])', profileIds),
});

/** Orders and returns are books of account: they stay, and nobody is named in them. */
export const anonymiseIn = async (tx: Tx, profileIds: readonly string[]): Promise<Record<string, number>> => ({
  orders: await count(
    tx,
    'update orders set profile_id = null, latitude = null, longitude = null where profile_id = any($1::uuid[])',
    profileIds,
  ),
  returns: await count(
    tx,
    'update order_return set profile_id = null, reason = null where profile_id = any($1::uuid[])',
    profileIds,
  ),
  promotionUses: await count(
    tx,
    'update promotion_use set profile_id = null where profile_id = any($1::uuid[])',
    profileIds,
  ),
  holds: await count(
    tx,
    'update stock_hold set profile_id = null, reason = null where profile_id = any($1::uuid[])',
    profileIds,
  ),
});

const count = async (tx: Tx, statement: string, profileIds: readonly string[]): Promise<number> =>
  (await sql(tx, `${statement} returning 1`, [profileIds])).length;
