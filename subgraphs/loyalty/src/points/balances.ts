import { sql } from '@trenza/database';
import { type Context, profilesInRequest } from '@trenza/subgraph';

export interface BalanceRow {
  currency: string;
  available: number;
  pending: number;
  held: number;
  owed: number;
}

/** Customers and their profiles as two columns: `i` is the place of the customer in the list. */
export async function owners(ctx: Pick<Context, 'load'>, ids: readonly string[]): Promise<[number[], string[]]> {
  const pairs = (await profilesInRequest(ctx, ids)).flatMap((own, i) => own.map((profile) => [i, profile] as const));
  return [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
}

/** Balances of many customers as they are now, by one statement. What is due to unlock or to expire counts as if it had. */
export async function loadBalances(ids: readonly string[], ctx: Context): Promise<BalanceRow[][]> {
  const rows = await sql<BalanceRow & { i: number }>(ctx.database, {
    name: 'balances',
    text: BALANCES,
    values: [...(await owners(ctx, ids)), ctx.now()],
  });
  const byCustomer = Map.groupBy(rows, (row) => row.i);
  return ids.map((_, i) => byCustomer.get(i) ?? []);
}

const BALANCES = `
  select owner.i, part.currency, sum(part.available)::bigint as available, sum(part.pending)::bigint as pending,
         sum(part.held)::bigint as held, sum(part.owed)::bigint as owed
    from unnest($1::int[], $2::uuid[]) as owner (i, profile_id)
   cross join lateral (
     select currency, case when waits then 0 else remaining end as available, case when waits then remaining else 0 end as pending,
            0 as held, 0 as owed
       from (select currency, remaining, pending and unlock_at > $3 as waits
               from lot
              where profile_id = owner.profile_id and remaining > 0 and (expires_at is null or expires_at > $3)) alive
     union all
     select currency, case when kind = 'customer.owed' then balance else 0 end, 0, case when kind = 'customer.held' then balance else 0 end,
            case when kind = 'customer.owed' then -balance else 0 end
       from account
      where owner_id = owner.profile_id and kind in ('customer.held', 'customer.owed', 'customer.available')) part
   group by owner.i, part.currency
   order by part.currency`;

export interface ExpiringKey {
  customerId: string;
  currency: string;
  until: string;
}

/** Points that run out by an instant if they are not spent, for many customers. */
export async function loadExpiring(keys: readonly ExpiringKey[], ctx: Context): Promise<number[]> {
  const [places, profiles] = await owners(
    ctx,
    keys.map((key) => key.customerId),
  );
  const rows = await sql<{ i: number; points: number }>(ctx.database, {
    name: 'points-expiring',
    text: `
      select owner.i, sum(lot.remaining)::bigint as points
        from unnest($1::int[], $2::uuid[]) as owner (i, profile_id)
        join unnest($3::text[], $4::timestamptz[]) with ordinality as asked (currency, until, n) on asked.n = owner.i + 1
        join lot on lot.profile_id = owner.profile_id and lot.currency = asked.currency and lot.remaining > 0
                 and lot.expires_at > $5 and lot.expires_at <= asked.until
       group by owner.i`,
    values: [places, profiles, keys.map((key) => key.currency), keys.map((key) => key.until), ctx.now()],
  });
  const byKey = new Map(rows.map((row) => [row.i, row.points]));
  return keys.map((_, i) => byKey.get(i) ?? 0);
}

export interface PastKey {
  customerId: string;
  at: string;
}

/** Balances as they were at an instant: the sum of the transfers that had taken effect by then. */
export async function loadPastBalances(keys: readonly PastKey[], ctx: Context): Promise<BalanceRow[][]> {
  const [places, profiles] = await owners(
    ctx,
    keys.map((key) => key.customerId),
  );
  const rows = await sql<BalanceRow & { i: number }>(ctx.database, PAST, [places, profiles, keys.map((key) => key.at)]);
  const byKey = Map.groupBy(rows, (row) => row.i);
  return keys.map((_, i) => byKey.get(i) ?? []);
}

const net = (account: string): string =>
  `(coalesce(sum(amount) filter (where credit = 'customer.${account}'), 0) - coalesce(sum(amount) filter (where debit = 'customer.${account}'), 0))::bigint`;

const PAST = `
  select owner.i, currency, ${net('available')} + ${net('owed')} as available, ${net('pending')} as pending, ${net('held')} as held,
         -${net('owed')} as owed
    from unnest($1::int[], $2::uuid[]) as owner (i, profile_id)
    join unnest($3::timestamptz[]) with ordinality as asked (at, n) on asked.n = owner.i + 1
    join transfer on transfer.profile_id = owner.profile_id and transfer.occurred_at <= asked.at
   group by owner.i, currency
   order by currency`;

/** All points that ever came to a customer by earning, in one currency. */
export async function loadLifetime(keys: readonly Omit<ExpiringKey, 'until'>[], ctx: Context): Promise<number[]> {
  const [places, profiles] = await owners(
    ctx,
    keys.map((key) => key.customerId),
  );
  const rows = await sql<{ i: number; points: number }>(ctx.database, {
    name: 'points-lifetime',
    text: `
      select owner.i, sum(amount)::bigint as points
        from unnest($1::int[], $2::uuid[]) as owner (i, profile_id)
        join unnest($3::text[]) with ordinality as asked (currency, n) on asked.n = owner.i + 1
        join transfer on transfer.profile_id = owner.profile_id and transfer.currency = asked.currency and transfer.code = 'earn'
       group by owner.i`,
    values: [places, profiles, keys.map((key) => key.currency)],
  });
  const byKey = new Map(rows.map((row) => [row.i, row.points]));
  return keys.map((_, i) => byKey.get(i) ?? 0);
}
