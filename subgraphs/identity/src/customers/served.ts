import { sql, type Tx } from '@trenza/database';
import type { Context } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';

/** Who bought in a store is its customer for as long as a guarantee lasts and her return is likely: two years. */
const VISIT_DAYS = 730;
/** A store that was asked to call or invite her needs her data while it does so, and some days to answer questions about it. */
const TASK_DAYS = 30;
/** Who told an associate her e-mail, telephone or card is served by her for that working day. */
const LOOKED_UP_HOURS = 12;
/** More people than one associate serves on her busiest day; whoever looks up more is trying numbers. */
const MAX_LOOK_UPS = 300;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A contact in one of the caller's stores, and not longer ago than its kind gives her access. */
const IN_STORE = (profile: string): string => `exists (
  select from touchpoint t where t.profile_id = ${profile} and t.store_id = any($2::uuid[])
     and t.occurred_at > case when t.kind = 'task_created' then $4::timestamptz else $3::timestamptz end)`;

const SERVED = `
  select asked.id from unnest($1::uuid[]) as asked (id)
   where exists (
     select from profile p join profile m on m.customer_id = p.customer_id
      where p.id = asked.id
        and (${IN_STORE('m.id')}
             or exists (select from audit a where a.customer_id = m.id and a.at > $5 and a.actor = $6 and a.action = 'found')))`;

/** Which of these customers an associate serves: who has been in her store, and who told her lately how to find her. */
export async function loadServed(ids: readonly string[], ctx: Context): Promise<boolean[]> {
  const { subject, stores } = ctx.caller;
  const now = ctx.now().getTime();
  const rows = await sql<{ id: string }>(ctx.database, {
    name: 'identity-served',
    text: SERVED,
    values: [
      ids.filter((id) => UUID.test(id)),
      stores.filter((id) => UUID.test(id)),
      new Date(now - VISIT_DAYS * DAY_MS),
      new Date(now - TASK_DAYS * DAY_MS),
      new Date(now - LOOKED_UP_HOURS * HOUR_MS),
      subject,
    ],
  });
  const served = new Set(rows.map((row) => row.id));
  return ids.map((id) => served.has(id.toLowerCase()));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const serves = (customerId: string, ctx: Context): Promise<boolean> => ctx.load(loadServed, customerId);

/** For fields whose customer is not always named: nobody in particular may be anybody, somebody must be served. */
export async function mustServe(
  ctx: Context,
  ids: readonly (string | null | undefined)[],
  path: string[],
): Promise<void> {
  if (ctx.caller.role !== 'associate') return;
  const named = [...new Set(ids.filter((id) => id !== null && id !== undefined))];
  const served = await Promise.all(named.map((id) => serves(id, ctx)));
  const stranger = named.find((_, index) => !served[index]);
  if (stranger === undefined) return;
  throw new DomainError(
    'NOT_SERVED',
    `${stranger} has not been in your store. Look her up by the e-mail, telephone or card she tells you, and try again.`,
    path,
  );
}

/** Customers of the caller's stores alone, for a list: a condition on `profile p` with the placeholders $5 to $7. */
export const OF_STORES = `
  p.customer_id in (
    select m.customer_id from profile m where m.id in (
      select t.profile_id from touchpoint t
       where t.store_id = any($5::uuid[])
         and t.occurred_at > case when t.kind = 'task_created' then $7::timestamptz else $6::timestamptz end))`;

export const ofStoresValues = (ctx: Context): unknown[] => {
  const now = ctx.now().getTime();
  return [
    ctx.caller.stores.filter((id) => UUID.test(id)),
    new Date(now - VISIT_DAYS * DAY_MS),
    new Date(now - TASK_DAYS * DAY_MS),
  ];
};

const LOOK_UPS = `select count(*)::int as n from audit where actor = $1 and at > $2 and action in ('found', 'sought')`;

/** An associate looks up those who stand before her. Whoever asks for hundreds is going through numbers. */
export async function limitLookUps(db: Tx | DataSource, ctx: Context): Promise<void> {
  if (ctx.caller.role !== 'associate') return;
  const since = new Date(ctx.now().getTime() - LOOKED_UP_HOURS * HOUR_MS);
  const [row] = await sql<{ n: number }>(db, LOOK_UPS, [ctx.caller.subject, since]);
  if (row!.n < MAX_LOOK_UPS) return;
  const message = `${row!.n} customers were looked up within ${LOOKED_UP_HOURS} hours, at most ${MAX_LOOK_UPS} are. Try again later, or ask customer care.`;
  throw new DomainError('TOO_MANY_LOOK_UPS', message, ['value']);
}
