import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { assertReason } from '../bounds.ts';
import { spendable, take } from '../points/ledger.ts';
import { post } from '../points/post.ts';
import { openPurse } from '../points/purse.ts';
import { STAFF_CURRENCY } from './award-staff.ts';

export interface PayOut {
  associate: string;
  points: number;
  /** True takes them back, because they were not earned fairly; false pays them out. */
  revoke: boolean;
  reason: string;
  idempotencyKey: string;
}

/** Points leave an associate: paid out with her wages, or taken back. */
export async function payOutStaff(
  tx: Tx,
  command: PayOut,
  { clock }: Pick<Deps, 'clock'>,
): Promise<{ points: number; balance: number }> {
  const { points, revoke, reason } = command;
  assertReason(reason);
  const now = clock.now();
  const { id } = await findAssociate(tx, command.associate);
  const purse = await openPurse(tx, id, STAFF_CURRENCY, now);
  const entry = take(
    purse.holdings,
    { points, into: revoke ? 'programme.reversed' : 'programme.redeemed', at: now },
    newId,
  );
  post(
    tx,
    [...purse.settlement, { key: `staff-pay:${command.idempotencyKey}`, currency: STAFF_CURRENCY, entry, reason }],
    now,
  );
  return { points, balance: spendable(purse.holdings, now) - points };
}

export async function findAssociate(tx: Tx, code: string): Promise<{ id: string; storeId: string | null }> {
  const [associate] = await sql<{ id: string; storeId: string | null }>(
    tx,
    'select id, store_id as "storeId" from associate where code = $1',
    [code],
  );
  if (associate) return associate;
  throw new DomainError('UNKNOWN_ASSOCIATE', `Nothing is known of an associate "${code}".`, ['input', 'associate']);
}
