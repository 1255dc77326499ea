import { sql, type Tx } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { decodeCursor, pageOf, pageSize, type Connection } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { loadCustomerPages, type PageKey } from '../customers/customer-pages.ts';
import { customer } from '../customers/customer.type.ts';
import { reference, Store } from '../facts/catalogue.type.ts';
import type { CampaignTask } from './task.type.ts';

/** Tasks with the customer to whom their profile belongs today. */
const TASKS = `(select t.*, coalesce(m.customer_id, t.profile_id) as customer_id from task t left join customer_profile m on m.profile_id = t.profile_id)`;

export interface TaskRow {
  id: string;
  kind: string;
  state: string;
  customer_id: string;
  store_id: string | null;
  assignee: string | null;
  priority: number;
  reason: string;
  script: string;
  due_at: Date;
  case_id: string | null;
  cart_id: string | null;
  outcome: string | null;
  note: string | null;
  created_at: Date;
  completed_at: Date | null;
  completed_by: string | null;
}

export const taskFrom = (row: TaskRow, now: Date): CampaignTask => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  customer: customer(row.customer_id),
  store: reference(Store, row.store_id),
  assignee: row.assignee,
  priority: row.priority,
  reason: row.reason,
  script: row.script,
  dueAt: row.due_at,
  overdue: (row.state === 'open' || row.state === 'claimed') && row.due_at < now,
  caseId: row.case_id,
  cartId: row.cart_id,
  outcome: row.outcome,
  note: row.note,
  createdAt: row.created_at,
  completedAt: row.completed_at,
  completedBy: row.completed_by,
});

export async function findTask(db: Tx | DataSource, id: string): Promise<TaskRow | undefined> {
  return (await sql<TaskRow>(db, `select * from ${TASKS} t where id = $1`, [id]))[0];
}

/** The next due first; `storeId` null are those of customer care. */
const WORKLIST = `
  select * from ${TASKS} t
   where store_id is not distinct from $1 and state = any($2::text[])
     and ($3::timestamptz is null or (due_at, id) > ($3, $4::uuid))
   order by due_at, id limit $5`;

export interface Worklist {
  storeId: string | null;
  states: string[];
  first?: number | null;
  after?: string | null;
}

export async function worklist(
  ctx: Context,
  { storeId, states, first, after }: Worklist,
): Promise<Connection<CampaignTask>> {
  const size = pageSize(first);
  const key = decodeCursor<[string, string]>(after);
  const rows = await sql<TaskRow>(ctx.database, {
    name: 'worklist',
    text: WORKLIST,
    values: [storeId, states, key?.[0] ?? null, key?.[1] ?? null, size + 1],
  });
  return pageOf(
    rows,
    size,
    (row) => taskFrom(row, ctx.now()),
    (row) => [row.due_at, row.id],
    key !== null,
  );
}

export async function loadTaskPages(keys: readonly PageKey[], ctx: Context): Promise<Connection<CampaignTask>[]> {
  const pages = await loadCustomerPages<TaskRow>(ctx, keys, {
    name: 'customer-tasks',
    source: TASKS,
    time: 'created_at',
  });
  return keys.map(({ first, after }, i) =>
    pageOf(
      pages[i]!,
      first,
      (row) => taskFrom(row, ctx.now()),
      (row) => [row.created_at, row.id],
      after !== null,
    ),
  );
}
