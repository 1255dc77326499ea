import { one, sql } from '@trenza/database';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { worth } from '../points/hold-points.ts';
import { currencyOf, referenceOf } from './reference.ts';

/** A year by day, and one more for comparison. */
const MAX_DAYS = 732;
const TOP = 50;
/** Breakage is learnt from this many days before the end of the period. */
const BREAKAGE_DAYS = 365;

export interface ViewOf {
  /** Days, `YYYY-MM-DD`, both included. */
  from: string;
  to: string;
  currency: string;
  storeId?: string | null;
  channel?: string | null;
}

export interface Flow {
  issued: number;
  redeemed: number;
  expired: number;
  reversed: number;
}

export interface DayView extends Flow {
  day: string;
  /** What is owed to customers at the end of the day, everywhere. */
  liability: number;
}

export interface ShareView extends Flow {
  key: string;
}

export interface MoneyView extends Flow {
  days: DayView[];
  byStore: ShareView[];
  byChannel: ShareView[];
  liability: number;
  breakageRate: number | null;
  expectedBreakage: number | null;
  activeCustomers: number;
  /** Money, in minor units; null where points pay for nothing. */
  liabilityMinor: number | null;
  costMinor: number | null;
  costPerCustomerMinor: number | null;
  moneyCurrency: string | null;
}

/** What comes back to customers lowers what was redeemed. */
const FLOW = `coalesce(sum(issued), 0)::bigint as issued, coalesce(sum(redeemed - given_back), 0)::bigint as redeemed,
  coalesce(sum(expired), 0)::bigint as expired, coalesce(sum(reversed), 0)::bigint as reversed`;
const IN_SCOPE = `currency = $1 and day between $2 and $3 and ($4::uuid is null or store_id = $4) and ($5::text is null or channel = $5)`;

/** The programme in points and in money, over some days, for all or for one store or channel. */
export async function moneyView(db: DataSource, view: ViewOf): Promise<MoneyView> {
  assertPeriod(view);
  const currency = currencyOf(await referenceOf(db), view.currency);
  const scope = [view.currency, view.from, view.to, view.storeId ?? null, view.channel ?? null];
  const totals = await one<Flow>(db, `select ${FLOW} from programme_day where ${IN_SCOPE}`, scope);
  const days = await sql<DayView>(db, DAYS, scope);
  const by = (column: string): Promise<ShareView[]> =>
    sql<ShareView>(
      db,
      `select ${column}::text as key, ${FLOW} from programme_day where ${IN_SCOPE} group by ${column} order by issued desc limit ${TOP}`,
      scope,
    );
  const [byStore, byChannel] = [await by('store_id'), await by('channel')];
  const { activeCustomers } = await one<{ activeCustomers: number }>(db, ACTIVE, scope);
  const liability = days.at(-1)?.liability ?? 0;
  const breakageRate = await breakageOf(db, view);
  const money = (points: number): number | null =>
    currency.valueMinor === null ? null : worth(currency, points).valueMinor;
  const costMinor = money(Math.max(0, totals.redeemed));
  return {
    ...totals,
    days,
    byStore,
    byChannel,
    liability,
    breakageRate,
    expectedBreakage: breakageRate === null ? null : Math.round(liability * breakageRate),
    activeCustomers,
    liabilityMinor: money(Math.max(0, liability)),
    costMinor,
    costPerCustomerMinor: costMinor === null || activeCustomers === 0 ? null : Math.round(costMinor / activeCustomers),
    moneyCurrency: currency.moneyCurrency,
  };
}

function assertPeriod({ from, to }: ViewOf): void {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  if (/^\d{4}-\d\d-\d\d$/.test(from) && /^\d{4}-\d\d-\d\d$/.test(to) && days >= 1 && days <= MAX_DAYS) return;
  throw new DomainError(
    'INVALID_PERIOD',
    `from and to are days such as 2026-03-01, and 1 to ${MAX_DAYS} days apart; they are "${from}" and "${to}".`,
    ['from'],
  );
}

/** Of the points that came to an end in the last year, the share that expired; null while none did. */
async function breakageOf(db: DataSource, { currency, to }: ViewOf): Promise<number | null> {
  const ended = await one<Flow>(
    db,
    `select ${FLOW} from programme_day where currency = $1 and day > $2::date - ${BREAKAGE_DAYS} and day <= $2::date`,
    [currency, to],
  );
  const total = ended.expired + ended.redeemed;
  return total > 0 ? ended.expired / total : null;
}

/** Every day of the period, with what was owed at its end: all that came to customers before, less all that left them. */
const DAYS = `
  with before as (
    select coalesce(sum(issued - redeemed + given_back - expired - reversed), 0)::bigint as liability
      from programme_day where currency = $1 and day < $2),
  everywhere as (
    select day, sum(issued - redeemed + given_back - expired - reversed)::bigint as change
      from programme_day where currency = $1 and day between $2 and $3 group by day),
  here as (select day, ${FLOW} from programme_day where ${IN_SCOPE} group by day)
  select day::date as day, coalesce(issued, 0) as issued, coalesce(redeemed, 0) as redeemed, coalesce(expired, 0) as expired,
         coalesce(reversed, 0) as reversed, (before.liability + sum(coalesce(change, 0)) over (order by day))::bigint as liability
    from before cross join (select generate_series($2::date, $3::date, interval '1 day')::date as day) calendar
    left join everywhere using (day) left join here using (day)
   order by day`;

/** Customers, not profiles, who earned or spent. */
const ACTIVE = `
  select count(distinct coalesce(known.customer_id, transfer.profile_id)) as "activeCustomers"
    from transfer left join customer_profile known on known.profile_id = transfer.profile_id
   where transfer.currency = $1 and transfer.occurred_at >= $2::date and transfer.occurred_at < $3::date + 1
     and transfer.code in ('earn', 'redeem', 'capture')
     and ($4::uuid is null or transfer.store_id = $4) and ($5::text is null or transfer.channel = $5)`;
