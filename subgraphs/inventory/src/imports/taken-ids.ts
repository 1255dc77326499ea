import { sql, type Tx } from '@trenza/database';
import type { Problem } from './import-rows.ts';

type KeyOf = ReadonlyMap<string, string>;

/** Whose the ids are that were named: of a row that is there, or of the first that names it. An id is given once and never moves. */
export async function idOwners(
  tx: Tx,
  table: { name: 'product'; key: 'sku' } | { name: 'place'; key: 'code' },
  rows: readonly { id?: string | null; key: string }[],
): Promise<KeyOf> {
  const named = rows.flatMap(({ id, key }) => (id ? [[id.toLowerCase(), key] as const] : []));
  if (named.length === 0) return new Map();
  const known = await sql<{ id: string; key: string }>(
    tx,
    `select id, ${table.key} as key from ${table.name} where id = any($1::uuid[])`,
    [named.map(([id]) => id)],
  );
  return new Map([...named.toReversed(), ...known.map(({ id, key }) => [id, key] as const)]);
}

export function idProblem(id: string | null | undefined, key: string, owners: KeyOf): Problem {
  const owner = id && owners.get(id.toLowerCase());
  if (!owner || owner === key) return null;
  return {
    field: 'id',
    code: 'ID_TAKEN',
    message: `The id ${id} is that of "${owner}". Leave it out, or take another.`,
  };
}
