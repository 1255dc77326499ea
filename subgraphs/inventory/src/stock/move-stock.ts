import type { Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import { outOfStock } from './reserve-stock.ts';
import {
  applyStock,
  ensureStock,
  freeOf,
  keyOf,
  lockStockKeys,
  MAX_UNITS,
  recordMovements,
  type Movement,
  type MovementKind,
} from './stock.sql.ts';

/** Units that a buyer carries out of the place herself: she cannot be told to come back, but what is promised to others stays. */
const SALES = new Set<MovementKind>(['sale']);

/**
 * Moves units into and out of places, with a line in the ledger for each. Nothing goes below what is promised to customers: a sale is
 * refused as out of stock, a correction with the figure that is possible.
 */
export async function moveStock(tx: Tx, movements: readonly Movement[], now: Date): Promise<void> {
  await ensureStock(tx, movements);
  const rows = new Map((await lockStockKeys(tx, movements)).map((row) => [keyOf(row), row]));
  const wanted = new Map<string, { movement: Movement; quantity: number }>();
  for (const movement of movements) {
    const key = keyOf(movement);
    wanted.set(key, { movement, quantity: (wanted.get(key)?.quantity ?? 0) + movement.quantity });
  }
  const short = [...wanted].flatMap(([key, { movement, quantity }]) => {
    const available = freeOf(rows.get(key)!);
    return available + quantity < 0 ? [{ movement, asked: -quantity, available }] : [];
  });
  if (short.length > 0) await refuse(tx, short);
  const full = [...wanted].find(([key, { quantity }]) => rows.get(key)!.onHand + quantity > MAX_UNITS);
  if (full)
    throw new DomainError(
      'QUANTITY_TOO_LARGE',
      `There would be ${rows.get(full[0])!.onHand + full[1].quantity} units, at most ${MAX_UNITS} of a product can be at a place.`,
      ['input'],
    );
  await applyStock(
    tx,
    movements.map((m) => ({ ...m, onHand: m.quantity })),
    now,
  );
  await recordMovements(tx, movements, now);
}

async function refuse(tx: Tx, short: { movement: Movement; asked: number; available: number }[]): Promise<never> {
  const { movement, asked, available } = short[0]!;
  if (!SALES.has(movement.kind))
    throw new DomainError(
      'INSUFFICIENT_STOCK',
      `${asked} units were to leave and ${available} are free there; the others are promised to customers. Move at most ${available}.`,
      ['input'],
    );
  throw await outOfStock(
    tx,
    short.map((s) => ({
      productId: s.movement.productId,
      asked: s.asked,
      available: s.available,
      where: s.available > 0 ? [{ placeId: s.movement.placeId, available: s.available }] : [],
    })),
  );
}
