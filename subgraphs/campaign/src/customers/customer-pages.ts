import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { decodeCursor, pageSize } from '@trenza/values';
import { CUSTOMERS } from '../policy/standing.ts';

export interface PageKey {
  customerId: string;
  first: number;
  /** Instant and id of the last row of the page before, if any. */
  after: [string, string] | null;
}

export const pageKey = (
  customerId: string,
  first: number | null | undefined,
  after: string | null | undefined,
): PageKey => ({
  customerId,
  first: pageSize(first),
  after: decodeCursor<[string, string]>(after),
});

/** The rows of each customer, newest first, one more than the page holds: one statement for all customers. `time` and `source` are ours, never a client's; pages whose text is always the same have a name and are planned once. */
export async function loadCustomerPages<Row>(
  ctx: Context,
  keys: readonly PageKey[],
  { name, source, time, where = 'true' }: { name?: string; source: string; time: string; where?: string },
): Promise<Row[][]> {
  const most = Math.max(...keys.map((k) => k.first)) + 1;
  const text = `
    with ${CUSTOMERS}
    select k.n as page_of, r.*
      from unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) with ordinality as k (id, after_at, after_id, n)
      join customer c on c.id = k.id
     cross join lateral (
       select * from ${source} x
        where x.profile_id = any(c.profiles) and ${where} and (k.after_at is null or (x.${time}, x.id) < (k.after_at, k.after_id))
        order by x.${time} desc, x.id desc limit $4) r
     order by k.n, r.${time} desc, r.id desc`;
  const values = [
    keys.map((k) => k.customerId),
    keys.map((k) => k.after?.[0] ?? null),
    keys.map((k) => k.after?.[1] ?? null),
    most,
  ];
  const rows = await sql<Row & { page_of: number }>(ctx.database, name ? { name, text, values } : text, values);
  const pages = Map.groupBy(rows, (row) => String(row.page_of));
  return keys.map((k, i) => (pages.get(String(i + 1)) ?? []).slice(0, k.first + 1));
}
