import { one, sql, type Tx } from '@trenza/database';
import { referenceOf } from './reference.ts';

const NOWHERE = '00000000-0000-0000-0000-000000000000';

/**
 * Adds what was committed since the last time to `programme_day`. Transfers carry the number of their transaction: those that this
 * snapshot sees and the last one did not are new, so nothing is missed and nothing is counted twice, whatever order they commit in.
 * A border below the oldest running transaction would do the same, but a long one in any database of the server holds such a border back.
 */
export async function foldDays(tx: Tx): Promise<void> {
  const { tierPolicy } = await referenceOf(tx);
  const { last } = await one<{ last: string }>(tx, 'select folded::text as last from programme_fold for update');
  const { now } = await one<{ now: string }>(tx, 'select pg_current_snapshot()::text as now');
  await sql(tx, FOLD, [last, now, tierPolicy.timeZone]);
  await sql(tx, 'update programme_fold set folded = $1::pg_snapshot', [now]);
}

const FOLD = `
  insert into programme_day as d (day, currency, store_id, channel, issued, redeemed, given_back, expired, reversed)
  select (occurred_at at time zone $3)::date, currency, coalesce(store_id, '${NOWHERE}'), coalesce(channel, ''),
         coalesce(sum(amount) filter (where debit in ('programme.issued', 'store.budget', 'store.reserved') and credit like 'customer.%'), 0),
         coalesce(sum(amount) filter (where credit = 'programme.redeemed'), 0),
         coalesce(sum(amount) filter (where debit = 'programme.redeemed'), 0),
         coalesce(sum(amount) filter (where credit = 'programme.expired'), 0),
         coalesce(sum(amount) filter (where credit = 'programme.reversed'), 0)
    from transfer
   where xid >= pg_snapshot_xmin($1::pg_snapshot) and xid < pg_snapshot_xmax($2::pg_snapshot)
     and pg_visible_in_snapshot(xid, $2::pg_snapshot) and not pg_visible_in_snapshot(xid, $1::pg_snapshot) and profile_id is not null
   group by 1, 2, 3, 4
   order by 1, 2, 3, 4
  on conflict (day, currency, store_id, channel) do update
     set issued = d.issued + excluded.issued, redeemed = d.redeemed + excluded.redeemed, given_back = d.given_back + excluded.given_back,
         expired = d.expired + excluded.expired, reversed = d.reversed + excluded.reversed`;
