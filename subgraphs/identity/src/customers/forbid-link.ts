import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';

/** Somebody says that these are two people: no evidence links them any more. */
export async function forbidLink(
  tx: Tx,
  x: string,
  y: string,
  { by, reason }: { by: string; reason: string },
  now: Date,
): Promise<void> {
  const [a, b] = [x, y].toSorted();
  await sql(tx, `update override set active = false where active and kind = 'must-link' and a = $1 and b = $2`, [a, b]);
  await sql(
    tx,
    `insert into override (id, kind, a, b, made_by, reason, made_at) values ($1, 'cannot-link', $2, $3, $4, $5, $6)`,
    [newId(), a, b, by, reason, now],
  );
}
