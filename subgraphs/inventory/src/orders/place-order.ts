import type { Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { DomainError, type Channel } from '@trenza/values';
import { announceCart } from '../carts/change-cart.ts';
import { bodyHash } from '../imports/import-rows.ts';
import { newAttempt } from '../payments/begin-attempt.ts';
import { useVouchers } from '../payments/tender.ts';
import { usePromotions } from '../promotions/use-promotions.ts';
import { candidates, type Destination } from '../promise/candidates.sql.ts';
import { rankPlaces, type FulfilmentKind, type Ranking } from '../promise/promise.ts';
import type { Assignment } from '../stock/allocation.ts';
import { useHold } from '../stock/hold-stock.ts';
import { assignStock, outOfStock, reserveStock } from '../stock/reserve-stock.ts';
import type { StockRow } from '../stock/stock.sql.ts';
import { checkOutCart, draftOrder, type Draft, type WantedLine } from './draft-order.ts';
import { orderPlaced } from './order-events.ts';
import { insertOrder, nextOrder, type NewPart, type OrderRow } from './orders.sql.ts';

/** How long stock is kept for somebody who is paying: longer than any card dialogue, shorter than a lunch break. */
export const PAYMENT_MINUTES = 15;
export const OWN_SOURCE = 'trenza';

export interface PlaceOrderCommand {
  profileId: string;
  channel: Channel;
  associateId?: string | null;
  /** Null: her cart. */
  lines: readonly WantedLine[] | null;
  fulfilment: FulfilmentKind;
  /** The store where she collects; for other kinds, the only one that may serve. */
  placeId: string | null;
  destination: Destination | null;
  pointsHold?: string | null;
  vouchers?: readonly string[] | null;
  /** What she was shown; another total is refused. */
  expectedTotal?: number | null;
  /** What was kept aside for her. */
  stockHoldId?: string | null;
  /** She has given a means of payment: the attempt is written with the order, which saves a transaction. */
  payNow?: boolean;
}

export interface PlacedOrder {
  order: OrderRow;
  /** The attempt that was begun with `payNow`; null where nothing is to be paid in money. */
  paymentId: string | null;
}

/**
 * Makes an order that waits to be paid: prices as they are now, vouchers and points taken, the stock held for `PAYMENT_MINUTES`. The stock is
 * locked last, so that buyers of the same thing wait for each other as short as can be.
 */
export async function placeOrder(
  tx: Tx,
  command: PlaceOrderCommand,
  { keys }: Pick<Deps, 'keys'>,
  now: Date,
): Promise<PlacedOrder> {
  if (command.stockHoldId) await useHold(tx, command.stockHoldId, now);
  const [draft, next] = await Promise.all([draftOrder(tx, command, keys, now), nextOrder(tx, command.profileId)]);
  const places = await placesFor(tx, command, draft, now);
  const assigned = await assignStock(tx, { demand: draft.lines, ...places }, now);
  const parts = partsOf(assigned.assignments, places.ranking);
  const attempt = command.payNow ? newAttempt({ ...draft, shippingAmount: 0 }) : null;
  const id = newId();
  if (draft.cart) {
    await checkOutCart(tx, draft.cart, id);
    await announceCart(
      tx,
      draft.cart,
      { profileId: command.profileId, channel: command.channel, action: 'checked-out' },
      now,
    );
  }
  await useVouchers(tx, id, draft.tender);
  await usePromotions(tx, { orderId: id, profileId: command.profileId, ...draft });
  const order = insertOrder(tx, {
    id,
    source: OWN_SOURCE,
    number: next.number,
    profileId: command.profileId,
    channel: command.channel,
    placeId: command.placeId,
    associateId: command.associateId ?? null,
    status: 'awaiting-payment',
    currency: draft.currency,
    shippingAmount: 0,
    fulfilment: command.fulfilment,
    destination: command.destination,
    promisedFor: lastOf(parts),
    pointsHoldId: draft.tender.points?.holdId ?? null,
    pointsAmount: draft.pointsAmount,
    voucherCodes: draft.tender.vouchers.map((v) => v.code),
    placedAt: now,
    completedAt: null,
    fulfilledAt: null,
    bodyHash: bodyHash(command),
    lines: draft.lines,
    parts,
    payments: attempt ? [attempt] : [],
    now,
  });
  await publish(tx, [orderPlaced(order, next.owner, now)]);
  const expiresAt = new Date(now.getTime() + PAYMENT_MINUTES * 60_000);
  await reserveStock(tx, { ...assigned, groupId: id, state: 'held', expiresAt }, now);
  return { order, paymentId: attempt?.id ?? null };
}

/** The places that may serve, the best first, why, and what they have. */
export interface Servants {
  places: string[];
  ranking: Ranking;
  seen: StockRow[];
}

/** The places that can do it, the best first; none at all is a refusal that says why. */
export async function placesFor(
  tx: Tx,
  command: Pick<PlaceOrderCommand, 'fulfilment' | 'placeId' | 'destination'>,
  draft: Pick<Draft, 'lines'>,
  now: Date,
): Promise<Servants> {
  const { fulfilment, placeId, destination } = command;
  if (fulfilment === 'pick-up' && !placeId)
    throw new DomainError('STORE_REQUIRED', 'A pick-up needs the storeId of the store where she collects.', [
      'input',
      'storeId',
    ]);
  const productIds = draft.lines.map((line) => line.productId);
  const found = await candidates(tx, { kind: fulfilment, productIds, placeId, destination }, now);
  const ranking = rankPlaces(fulfilment, found, now);
  if (ranking.able.length > 0)
    return {
      places: ranking.able.map((place) => place.placeId),
      ranking,
      seen: found.flatMap((place) => place.stock),
    };
  if (found.length === 0)
    throw await outOfStock(
      tx,
      [...Map.groupBy(draft.lines, (l) => l.productId)].map(([productId, lines]) => ({
        productId,
        asked: lines.reduce((sum, l) => sum + l.quantity, 0),
        available: 0,
        where: [],
      })),
    );
  throw new DomainError(
    'NO_PLACE_CAN_SERVE',
    `No place can do ${fulfilment}: ${[...new Set(ranking.unable.map((u) => u.reason))].slice(0, 3).join(' ')} Choose another kind of fulfilment.`,
    ['input', 'fulfilment'],
  );
}

/** One fulfilment for every place that serves a part. */
export const partsOf = (assignments: readonly Assignment[], { able }: Ranking): NewPart[] =>
  [...new Set(assignments.map((a) => a.placeId))].map((placeId) => ({
    id: newId(),
    placeId,
    promisedFor: able.find((place) => place.placeId === placeId)!.promisedFor,
  }));

/** The order is promised for when the last of its parts is. */
export const lastOf = (parts: readonly NewPart[]): Date =>
  new Date(Math.max(...parts.map((part) => part.promisedFor.getTime())));
