import { sql } from '@trenza/database';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** All that an earning or a redemption writes to. */
const TABLES = ['idempotency', 'transfer', 'lot', 'lot_use', 'account', 'points_hold', 'outbox'];

/** How many rows there are and which columns they fill; of JSON also which fields. */
const shapeOf = (table: string): string => `
  select array(select jsonb_object_keys(row) order by 1) as columns,
         array(select jsonb_object_keys(row -> 'result') order by 1) as result,
         array(select jsonb_object_keys((row ->> 'payload')::jsonb -> 'data') order by 1) as said
    from (select jsonb_strip_nulls(to_jsonb(t)) as row from ${table} t) rows order by 1, 2, 3`;

/** A comparison is fair where both write the same rows: throws naming the first table in which they do not. */
export async function assertSameRows(ours: DataSource, plain: Pool): Promise<void> {
  for (const table of TABLES) {
    const left = JSON.stringify(await sql(ours, shapeOf(table)));
    const right = JSON.stringify((await plain.query(shapeOf(table))).rows);
    if (left === right) continue;
    throw new Error(
      `"${table}" differs between the use cases (${left}) and plain SQL (${right}): make them write the same.`,
    );
  }
}
