import { sql, type Tx } from '@trenza/database';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { post } from './post.ts';
import { expiredEvents, openPurses } from './purse.ts';

/** Profiles per transaction: their accounts stay locked until it commits. */
const AT_ONCE = 200;

/**
 * Writes down what time has done: lots that unlocked or expired. Reading and spending do not wait for it, because they reckon with the
 * dates themselves; it keeps the accounts, the statement and the programme's liability true. Returns how many profiles it settled.
 */
export async function settleAccounts(tx: Tx, { clock }: Pick<Deps, 'clock'>): Promise<number> {
  const now = clock.now();
  const due = await sql<{ profile_id: string; currency: string }>(tx, DUE, [now]);
  for (const [currency, rows] of Map.groupBy(due, (row) => row.currency)) {
    const purses = await openPurses(
      tx,
      rows.map((row) => row.profile_id),
      currency,
      now,
    );
    const settled = [...new Map([...purses.values()].map((purse) => [purse.customerId, purse])).values()];
    post(
      tx,
      settled.flatMap((purse) => purse.settlement),
      now,
    );
    await publish(tx, settled.flatMap(expiredEvents));
  }
  return due.length;
}

const DUE = `
  select profile_id, currency
    from (select profile_id, currency, unlock_at as due from lot where pending and remaining > 0 and unlock_at <= $1
          union all
          select profile_id, currency, expires_at from lot where remaining > 0 and expires_at <= $1) lots
   group by profile_id, currency
   order by min(due)
   limit ${AT_ONCE}`;
