import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import type { Context } from '@trenza/subgraph';
import type { DataSource } from 'typeorm';

interface Entry {
  id: string;
  at: Date;
  actor: string;
  role: string;
  action: string;
  customer_id: string | null;
  fields: readonly string[];
  reason: string | null;
  request_id: string;
}

const INSERT = `
  insert into audit (id, at, actor, role, action, customer_id, fields, reason, request_id)
  select id, at, actor, role, action, customer_id, array(select jsonb_array_elements_text(fields)), reason, request_id
    from jsonb_to_recordset($1) as x (id uuid, at timestamptz, actor text, role text, action text, customer_id uuid, fields jsonb, reason text, request_id text)`;

const insert = (db: Tx | DataSource, entries: readonly Entry[]): Promise<unknown> =>
  sql(db, { name: 'identity-audit', text: INSERT, values: [JSON.stringify(entries)] });

const entryOf = (
  ctx: Context,
  action: string,
  customerId: string | null,
  fields: readonly string[],
  reason: string | null,
): Entry => ({
  id: newId(),
  at: ctx.now(),
  actor: ctx.caller.subject,
  role: ctx.caller.role,
  action,
  customer_id: customerId,
  fields,
  reason,
  request_id: ctx.requestId,
});

/** Systems write all day long, and what they write is in the source records; the audit log is about people. */
const isPerson = (ctx: Context): boolean => ctx.caller.role !== 'service';

/** A person changed something of a customer, or (null) of the settings: recorded with the change, or not at all. */
export async function auditChange(
  tx: Tx,
  ctx: Context,
  action: string,
  customerId: string | null,
  fields: readonly string[],
  reason: string | null = null,
): Promise<void> {
  if (isPerson(ctx)) await insert(tx, [entryOf(ctx, action, customerId, fields, reason)]);
}

/** What is recorded of those who look and change nothing. */
export const LOOKS = ['read', 'found', 'sought', 'reveal'] as const;
type Look = (typeof LOOKS)[number];

/** Reads that wait for the insert of those before them: under load many of them share one statement. */
const waiting = new WeakMap<DataSource, { entries: Entry[]; written: Promise<void> }>();

/**
 * A member of staff reads personal data of a customer: the answer waits until that is on record. A customer who reads her own data, and
 * a system that acts for her, are not recorded.
 */
export const auditRead = (ctx: Context, customerId: string | null, fields: readonly string[]): Promise<void> =>
  auditLook(ctx, 'read', customerId, fields);

/** The same for other ways to look: she was found by an identifier, somebody was sought who is not there, contact data were revealed. */
export async function auditLook(
  ctx: Context,
  action: Look,
  customerId: string | null,
  fields: readonly string[],
  reason: string | null = null,
): Promise<void> {
  if (!isPerson(ctx) || ctx.caller.role === 'customer') return;
  const entry = entryOf(ctx, action, customerId, fields, reason);
  const batch = waiting.get(ctx.database);
  if (batch) {
    batch.entries.push(entry);
    return batch.written;
  }
  const entries = [entry];
  const written = new Promise((resolve) => setImmediate(resolve)).then(async () => {
    waiting.delete(ctx.database);
    await insert(ctx.database, entries);
  });
  waiting.set(ctx.database, { entries, written });
  return written;
}
