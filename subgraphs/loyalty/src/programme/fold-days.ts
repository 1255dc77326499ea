import { one, sql, type Tx } from '@trenza/database';
import { referenceOf } from './reference.ts';

const NOWHERE = '00000000-0000-0000-0000-000000000000';

/**
 * Adds what was committed since the last time to `programme_day`. Transfers carry the number of their transaction; what lies below the
 * oldest one still running can't change any more, so nothing is missed and nothing is counted twice, whatever order they commit in.
 */
export async function foldDays(tx: Tx): Promise<void> {
  const { tierPolicy } = await referenceOf(tx);
  const { from } = await one<{ from: string }>(tx, 'select next_xid::text as from from programme_fold for update');
  const { to } = await one<{ to: string }>(tx, 'select pg_snapshot_xmin(pg_current_snapshot())::text as to');
  await sql(tx, FOLD, [from, to, tierPolicy.timeZone]);
  await sql(tx, 'update programme_fold set next_xid = $1::xid8', [to]);
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
   where xid >= $1::xid8 and xid < $2::xid8 and profile_id is not null
   group by 1, 2, 3, 4
   order by 1, 2, 3, 4
  on conflict (day, currency, store_id, channel) do update
     set issued = d.issued + excluded.issued, redeemed = d.redeemed + excluded.redeemed, given_back = d.given_back + excluded.given_back,
         expired = d.expired + excluded.expired, reversed = d.reversed + excluded.reversed`;
