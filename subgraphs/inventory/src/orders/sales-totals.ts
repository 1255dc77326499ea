import { sql } from '@trenza/database';
import { DomainError, isTimeZone, type Channel } from '@trenza/values';
import type { DataSource } from 'typeorm';

export enum SalesDimension {
  DAY = 'day',
  WEEK = 'week',
  MONTH = 'month',
  CHANNEL = 'channel',
  STORE = 'store',
  SOURCE = 'source',
}

export interface SalesQuestion {
  from: Date | null;
  to: Date | null;
  by: readonly SalesDimension[];
  timeZone: string;
  source: string | null;
  channel: string | null;
  storeId: string | null;
}

export interface SalesRow {
  currency: string;
  period: string | null;
  channel: Channel | null;
  storeId: string | null;
  source: string | null;
  sales: number;
  returned: number;
  orders: number;
  returns: number;
  anonymousOrders: number;
  customers: number;
}

/** A report of more rows is read by nobody; it is an export. */
export const MAX_SALES_ROWS = 5_000;

/** Revenue by when it was paid, returns by when they came back; cancelled orders are neither. */
export async function salesTotals(db: DataSource, q: SalesQuestion): Promise<SalesRow[]> {
  if (!isTimeZone(q.timeZone))
    throw new DomainError('INVALID_TIME_ZONE', `"${q.timeZone}" is no IANA time zone.`, ['timeZone']);
  const period = q.by.find((d) => d === SalesDimension.DAY || d === SalesDimension.WEEK || d === SalesDimension.MONTH);
  const has = (dimension: SalesDimension): boolean => q.by.includes(dimension);
  // The dimension is one of our own words, never text of the caller.
  const columns = [
    period ? `to_char(date_trunc('${period}', f.at at time zone $3), 'YYYY-MM-DD')` : 'null',
    has(SalesDimension.CHANNEL) ? 'f.channel' : 'null',
    has(SalesDimension.STORE) ? 'f.place_id' : 'null::uuid',
    has(SalesDimension.SOURCE) ? 'f.source' : 'null',
  ];
  return sql<SalesRow>(
    db,
    `with f as (
       select completed_at as at, channel, place_id, source, currency, profile_id, net_amount as sales, 0 as returned, 1 as orders, 0 as returns
         from orders
        where completed_at is not null and status <> 'cancelled'
          and ($1::timestamptz is null or completed_at >= $1) and ($2::timestamptz is null or completed_at < $2)
       union all
       select occurred_at, channel, place_id, source, currency, null, 0, value_amount, 0, 1
         from order_return
        where ($1::timestamptz is null or occurred_at >= $1) and ($2::timestamptz is null or occurred_at < $2))
     select f.currency, ${columns[0]} as period, ${columns[1]} as channel, ${columns[2]} as "storeId", ${columns[3]} as source,
            sum(f.sales) as sales, sum(f.returned) as returned, sum(f.orders) as orders, sum(f.returns) as returns,
            sum(case when f.orders = 1 and f.profile_id is null then 1 else 0 end) as "anonymousOrders",
            count(distinct coalesce(m.customer_id, f.profile_id)) as customers
       from f left join customer_profile m on m.profile_id = f.profile_id
      where $3::text is not null and ($4::text is null or f.source = $4) and ($5::text is null or f.channel = $5)
        and ($6::uuid is null or f.place_id = $6)
      group by 1, 2, 3, 4, 5 order by 2, 1, 3, 4, 5 limit ${MAX_SALES_ROWS}`,
    [q.from, q.to, q.timeZone, q.source, q.channel, q.storeId],
  );
}
