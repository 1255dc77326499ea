import { sql, type Tx } from '@trenza/database';
import { PRODUCERS } from '@trenza/events';

export interface Receipt {
  requestId: string;
  subgraph: string;
  removed?: Record<string, number>;
  anonymised?: Record<string, number>;
  document?: Record<string, unknown>;
}

const KEEP = `
  insert into privacy_receipt (request_id, subgraph, received_at, removed, anonymised, document)
  select request_id, subgraph, $2, removed, anonymised,
         -- Who asked to see everything and then to be forgotten is not kept in the answer that comes late.
         case when not exists (select from privacy_request r join profile p on p.id = any(r.profile_ids) where r.id = request_id and p.erased_at is not null)
              then document end
    from jsonb_to_recordset($1) as x (request_id uuid, subgraph text, removed jsonb, anonymised jsonb, document jsonb)
    -- A receipt for a request that nobody made here proves nothing.
   where exists (select from privacy_request r where r.id = x.request_id)
  on conflict (request_id, subgraph) do update
     set removed = excluded.removed, anonymised = excluded.anonymised, document = excluded.document`;

const COMPLETE = `
  update privacy_request r set completed_at = $2
   where r.id = any($1::uuid[]) and r.completed_at is null
     and (select count(*) from privacy_receipt where request_id = r.id) >= ${PRODUCERS.length}`;

/** Keeps what the subgraphs answered; a request is complete when all of them have. */
export async function keepReceipts(tx: Tx, receipts: readonly Receipt[], now: Date): Promise<void> {
  const rows = receipts.map(({ requestId, ...rest }) => ({ request_id: requestId, ...rest }));
  await sql(tx, KEEP, [JSON.stringify(rows), now]);
  await sql(tx, COMPLETE, [receipts.map((r) => r.requestId), now]);
}
