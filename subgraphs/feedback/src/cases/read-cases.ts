import { sql } from '@trenza/database';
import { type Context, profilesInRequest } from '@trenza/subgraph';
import { type Connection, decodeCursor, pageOf, type PageArgs, pageSize } from '@trenza/values';
import type { DataSource } from 'typeorm';
import { storeRef } from '../customers/entities.ts';
import { CASE_COLUMNS, type CaseRow } from './case-row.ts';
import { type CaseRootCause, FeedbackCase } from './case.type.ts';

export const toCase = ({ storeId, ...row }: CaseRow): FeedbackCase =>
  Object.assign(new FeedbackCase(), row, { store: storeRef(storeId) });

export interface CaseFilter {
  storeId?: string | null;
  statuses?: string[] | null;
  severity?: string | null;
  owner?: string | null;
  overdue?: boolean | null;
}

/** Cases, the newest first. */
export async function listCases(
  database: DataSource,
  filter: CaseFilter,
  page: PageArgs,
  now: Date,
): Promise<Connection<FeedbackCase>> {
  const size = pageSize(page.first);
  const [at, id] = decodeCursor<[string, string]>(page.after) ?? [null, null];
  const rows = await sql<CaseRow>(
    database,
    `select ${CASE_COLUMNS} from feedback_case
      where ($1::uuid is null or store_id = $1) and ($2::text[] is null or status = any($2)) and ($3::text is null or severity = $3)
        and ($4::text is null or owner = $4) and ($5::boolean is null or (due_at < $6 and status in ('open', 'in-progress')) = $5)
        and ($7::timestamptz is null or (opened_at, id) < ($7, $8::uuid))
      order by opened_at desc, id desc limit $9`,
    [
      filter.storeId ?? null,
      filter.statuses ?? null,
      filter.severity ?? null,
      filter.owner ?? null,
      filter.overdue ?? null,
      now,
      at,
      id,
      size + 1,
    ],
  );
  return pageOf(rows, size, toCase, (row) => [row.openedAt.toISOString(), row.id], at !== null);
}

export async function findCase(database: DataSource, id: string): Promise<CaseRow | null> {
  const [row] = await sql<CaseRow>(database, `select ${CASE_COLUMNS} from feedback_case where id = $1`, [id]);
  return row ?? null;
}

/** Of one customer the last cases; who has more has another problem. */
const LATEST = 50;

/** Batch loader: cases of customers under all their profiles, the newest first. */
export async function casesOfCustomers(ids: readonly string[], ctx: Context): Promise<CaseRow[][]> {
  const profiles = await profilesInRequest(ctx, ids);
  const rows = await sql<CaseRow & { n: number }>(ctx.database, {
    name: 'customer-cases',
    text: `select hers.n, c.* from (select n, array_agg(profile_id) as profiles from unnest($1::int[], $2::uuid[]) as p (n, profile_id) group by n) hers
             cross join lateral (select ${CASE_COLUMNS} from feedback_case where profile_id = any(hers.profiles) order by opened_at desc, id desc limit ${LATEST}) c
            order by hers.n, c."openedAt" desc, c.id desc`,
    values: [profiles.flatMap((of, n) => of.map(() => n)), profiles.flat()],
  });
  const byCustomer = ids.map((): CaseRow[] => []);
  for (const { n, ...row } of rows) byCustomer[n]!.push(row);
  return byCustomer;
}

/** Batch loader: the case that an answer opened. */
export async function casesOfAnswers(
  ids: readonly string[],
  { database }: { database: DataSource },
): Promise<(CaseRow | null)[]> {
  const rows = await sql<CaseRow>(
    database,
    `select ${CASE_COLUMNS} from feedback_case where answer_id = any($1::uuid[])`,
    [ids],
  );
  const byAnswer = new Map(rows.map((row) => [row.answerId, row]));
  return ids.map((id) => byAnswer.get(id) ?? null);
}

/** Batch loader: live and overdue cases of stores. */
export async function caseLoadOfStores(
  ids: readonly string[],
  { database, now }: { database: DataSource; now: () => Date },
): Promise<{ open: number; overdue: number }[]> {
  const rows = await sql<{ id: string; open: number; overdue: number }>(
    database,
    `select store_id as id, count(*) as open, count(*) filter (where due_at < $2) as overdue
       from feedback_case where store_id = any($1::uuid[]) and status in ('open', 'in-progress') group by store_id`,
    [ids, now()],
  );
  const byStore = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byStore.get(id) ?? { open: 0, overdue: 0 });
}

/** Root causes of the cases opened in a period, the most frequent first; recovered: she has scored passive or better since. */
export const rootCauses = (
  database: DataSource,
  { storeId, from, to }: { storeId?: string | null; from: Date; to: Date },
): Promise<CaseRootCause[]> =>
  sql<CaseRootCause>(
    database,
    `select c.root_cause as "rootCause", count(*) as count, count(*) filter (where exists (
              select 1 from answer a where a.profile_id = c.profile_id and a.occurred_at > c.resolved_at and a.attitude in ('promoter', 'passive'))) as recovered
       from feedback_case c
      where c.root_cause is not null and c.opened_at >= $2 and c.opened_at < $3 and ($1::uuid is null or c.store_id = $1)
      group by 1 order by 2 desc, 1 limit 50`,
    [storeId ?? null, from, to],
  );
