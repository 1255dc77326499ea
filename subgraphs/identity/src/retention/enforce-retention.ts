import { inTransaction, sql, type Tx } from '@trenza/database';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import type { DataSource } from 'typeorm';

type RetainedKind = 'anonymous-touchpoints' | 'anonymous-source-records' | 'audit' | 'export-documents';

interface Rule {
  kind: RetainedKind;
  days: number;
  setBy: string;
  setAt: Date;
}

/** One transaction deletes this much; with a pass every ten minutes that is seven million rows a day. */
const MAX_ROWS = 50_000;
export const EVERY_SECONDS = 600;
/** What is kept for less was not worth recording; more than ten years is for ever. */
const [MIN_DAYS, MAX_DAYS] = [30, 3_650];
/** Who hides his tracks by shortening the log has to wait for a year, which is longer than an inspection lets pass. */
const MIN_AUDIT_DAYS = 365;
/** She fetches it within a day or two; longer is for her convenience alone. */
const MIN_EXPORT_DAYS = 1;
const LEAST: Partial<Record<RetainedKind, number>> = { audit: MIN_AUDIT_DAYS, 'export-documents': MIN_EXPORT_DAYS };

export const retentionRules = (db: Tx | DataSource): Promise<Rule[]> =>
  sql(db, 'select kind, days, set_by as "setBy", set_at as "setAt" from retention_rule order by kind');

const SET = `
  insert into retention_rule (kind, days, set_by, set_at) values ($1, $2, $3, $4)
  on conflict (kind) do update set days = excluded.days, set_by = excluded.set_by, set_at = excluded.set_at`;

export async function setRetention(tx: Tx, { kind, days, setBy, setAt }: Rule): Promise<void> {
  const least = LEAST[kind] ?? MIN_DAYS;
  if (days < least || days > MAX_DAYS) {
    const message = `${days} days were asked for; ${kind} are kept for ${least} to ${MAX_DAYS} days.`;
    throw new DomainError('RETENTION_OUT_OF_RANGE', message, ['input', 'days']);
  }
  await sql(tx, SET, [kind, days, setBy, setAt]);
}

/** Nobody knows who it was, and nothing was bought: of her nothing is kept but that she came. */
const ANONYMOUS = (profile: string): string => `not exists (
  select from profile p join profile m on m.customer_id = p.customer_id where p.id = ${profile} and (m.known or m.orders > 0))`;

const DELETE: Record<RetainedKind, string> = {
  'anonymous-touchpoints': `
    delete from touchpoint where id = any(array(
      select id from touchpoint t where t.occurred_at < $1 and ${ANONYMOUS('t.profile_id')} limit ${MAX_ROWS})) returning 1`,
  'anonymous-source-records': `
    delete from source_record where id = any(array(
      select id from source_record r where r.recorded_at < $1 and ${ANONYMOUS('r.profile_id')} limit ${MAX_ROWS})) returning 1`,
  audit: `delete from audit where id = any(array(select id from audit where at < $1 limit ${MAX_ROWS})) returning 1`,
  'export-documents': `
    update privacy_receipt set document = null
     where document is not null and request_id in (select id from privacy_request where kind = 'export' and requested_at < $1) returning 1`,
};
const DAY_MS = 86_400_000;

/** Deletes what is older than its rule allows, a bounded part of each kind; what is left over goes next time. */
export async function enforceRetention({ database, clock, log }: Deps): Promise<void> {
  for (const { kind, days } of await retentionRules(database)) {
    const before = new Date(clock.now().getTime() - days * DAY_MS);
    const deleted = await inTransaction(database, (tx) => countDeleted(tx, kind, before));
    if (deleted > 0) log.info({ kind, deleted, before }, 'Deleted what was kept long enough.');
  }
}

async function countDeleted(tx: Tx, kind: RetainedKind, before: Date): Promise<number> {
  const [row] = await sql<{ n: number }>(tx, `with gone as (${DELETE[kind]}) select count(*)::int as n from gone`, [
    before,
  ]);
  return row!.n;
}
