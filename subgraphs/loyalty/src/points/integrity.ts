import { one, sql } from '@trenza/database';
import type { DataSource } from 'typeorm';

/** More broken accounts than a person can look at are one fault with many faces. */
const MAX_BROKEN = 100;

export interface BrokenAccount {
  ownerId: string;
  currency: string;
  account: string;
  /** What the account says. */
  balance: number;
  /** What the transfers say. */
  transfers: number;
  /** What the lots or the open holds say; null where they say nothing. */
  lots: number | null;
}

export interface Integrity {
  accounts: number;
  transfers: number;
  lots: number;
  /** All accounts of customers, stores and the programme together: zero. */
  sumOfPostings: number;
  broken: BrokenAccount[];
}

/** Proves the ledger on the live data, in one snapshot: every account is the sum of its transfers, and equals its lots. */
export const proveLedger = (database: DataSource): Promise<Integrity> =>
  database.transaction('REPEATABLE READ', async (tx) => {
    const broken = await sql<BrokenAccount>(tx, BROKEN);
    const totals = await one<Omit<Integrity, 'broken'>>(tx, TOTALS);
    return { ...totals, broken };
  });

/** Every transfer as what it takes from one account and adds to another; the owner follows from the kind of the account. */
const POSTINGS = `
  select case when account like 'customer.%' then profile_id when account like 'store.%' then budget_id end as owner_id, currency, account, side.amount
    from transfer
   cross join lateral (values (debit, -transfer.amount), (credit, transfer.amount)) as side (account, amount)`;

const TOTALS = `
  select (select count(*) from account) as accounts, (select count(*) from transfer) as transfers, (select count(*) from lot) as lots,
         (select coalesce(sum(side.amount), 0)::bigint from transfer cross join lateral (values (-transfer.amount), (transfer.amount)) as side (amount)) as "sumOfPostings"`;

const BROKEN = `
  with posted as (
    select owner_id, currency, account, sum(amount)::bigint as amount
      from (${POSTINGS}) posting
     where account not like 'programme.%'
     group by owner_id, currency, account),
  in_lots as (
    select profile_id as owner_id, currency, case when pending then 'customer.pending' else 'customer.available' end as account,
           sum(remaining)::bigint as amount
      from lot group by 1, 2, 3
    union all
    select lot.profile_id, lot.currency, 'customer.held', sum(lot_use.amount)::bigint
      from points_hold hold
      join transfer on transfer.hold_id = hold.id
      join lot_use on lot_use.transfer_id = transfer.id
      join lot on lot.id = lot_use.lot_id
     where hold.state = 'open'
     group by 1, 2),
  kept as (select owner_id, currency, kind as account, balance as amount from account)
  select owner_id as "ownerId", currency, account, coalesce(kept.amount, 0) as balance, coalesce(posted.amount, 0) as transfers,
         case when account in ('customer.available', 'customer.pending', 'customer.held') then coalesce(in_lots.amount, 0) end as lots
    from posted
    full join kept using (owner_id, currency, account)
    full join in_lots using (owner_id, currency, account)
   where coalesce(kept.amount, 0) <> coalesce(posted.amount, 0)
      or account in ('customer.available', 'customer.pending', 'customer.held') and coalesce(in_lots.amount, 0) <> coalesce(kept.amount, 0)
   order by owner_id, currency, account
   limit ${MAX_BROKEN}`;
