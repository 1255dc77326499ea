import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';

/** Refuses where no open place has this id. */
export async function requirePlace(tx: Tx, placeId: string): Promise<void> {
  const [known] = await sql(tx, 'select from place where id = $1 and active', [placeId]);
  if (!known) throw new DomainError('UNKNOWN_STORE', `No open store has the id ${placeId}.`, ['input', 'storeId']);
}
