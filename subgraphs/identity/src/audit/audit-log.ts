import { sql } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { decodeCursor, pageOf, pageSize, type Connection, type PageArgs } from '@trenza/values';
import type { CustomerAuditEntry } from './audit.type.ts';
import { LOOKS } from './write-audit.ts';

/**
 * Every id she had. After an erasure each of her profiles stands alone, and only the request still says that they were one person; the
 * log has to be complete for her too.
 */
const IDS = `
  select id::text from unnest($1::uuid[]) as asked (id)
  union select m.id::text from profile p join profile m on m.customer_id = p.customer_id where p.id = any($1::uuid[])
  union select unnest(profile_ids)::text from privacy_request where kind = 'erasure' and profile_ids && $1::uuid[]`;

const pageSql = (of: string): string => `
  select id, at, actor, role, action, action <> all('{${LOOKS.join(',')}}') as changed, fields, customer_id as "customerId", reason, request_id as "requestId"
    from audit
   where ${of} and ($2::timestamptz is null or (at, id) < ($2, $3::uuid))
   order by at desc, id desc
   limit $4`;

const OF_CUSTOMER = pageSql('customer_id = any($1::uuid[]) and ($5::text is null or actor = $5)');
const OF_ACTOR = pageSql('$1::uuid[] is not null and actor = $5');
const OF_SETTINGS = pageSql(
  `$1::uuid[] is not null and $5::text is null and customer_id is null and action <> 'sought'`,
);

export interface AuditFilter {
  /** Any id she ever had. */
  customerId: string | null;
  /** The subject of the token of whoever looked or changed. */
  actor: string | null;
}

/** Who read or changed the data of a customer, whatever she was called at the time; or what somebody did; or who changed a setting. */
export async function auditLog(
  ctx: Context,
  { customerId, actor }: AuditFilter,
  args: PageArgs,
): Promise<Connection<CustomerAuditEntry>> {
  const size = pageSize(args.first);
  const after = decodeCursor<[string, string]>(args.after);
  const ids = customerId === null ? [] : await sql<{ id: string }>(ctx.database, IDS, [[customerId]]);
  const [name, text] = customerId ? ['customer', OF_CUSTOMER] : actor ? ['actor', OF_ACTOR] : ['settings', OF_SETTINGS];
  const rows = await sql<CustomerAuditEntry>(ctx.database, {
    name: `identity-audit-${name}`,
    text,
    values: [ids.map((row) => row.id), after?.[0], after?.[1], size + 1, actor],
  });
  return pageOf(
    rows,
    size,
    (row) => row,
    (row) => [row.at, row.id],
    after !== null,
  );
}
