import { sql, type Tx } from '@trenza/database';
import { newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { Channel, DomainError } from '@trenza/values';
import { announceCart } from '../carts/change-cart.ts';
import { bodyHash } from '../imports/import-rows.ts';
import { useVouchers } from '../payments/tender.ts';
import { usePromotions } from '../promotions/use-promotions.ts';
import { useHold } from '../stock/hold-stock.ts';
import { moveStock } from '../stock/move-stock.ts';
import { checkOutCart, draftOrder, type Draft, type WantedLine } from './draft-order.ts';
import { orderCompleted, orderFulfilled } from './order-events.ts';
import { insertOrder, moneyOf, nextOrder, type NewPayment, type OrderRow } from './orders.sql.ts';
import { OWN_SOURCE } from './place-order.ts';

export interface TillSaleCommand {
  /** Null: nobody knows who buys. */
  profileId: string | null;
  placeId: string;
  associateId: string | null;
  /** Null: her cart, begun elsewhere. */
  lines: readonly WantedLine[] | null;
  pointsHold?: string | null;
  vouchers?: readonly string[] | null;
  /** What she was shown; another total is refused. */
  expectedTotal?: number | null;
  /** What was kept aside for her. */
  stockHoldId?: string | null;
  /** How the money was taken; all by card where it is not said. */
  payments: readonly { means: 'card' | 'cash'; amount: number }[] | null;
}

/** A sale at the till: paid, handed over and out of the stock in one moment. Somebody else's held units are not sold. */
export async function tillSale(
  tx: Tx,
  command: TillSaleCommand,
  { keys }: Pick<Deps, 'keys'>,
  now: Date,
): Promise<OrderRow> {
  const { profileId, placeId } = command;
  await checkStore(tx, placeId);
  if (command.stockHoldId) await useHold(tx, command.stockHoldId, now);
  const [draft, next] = await Promise.all([
    draftOrder(tx, { ...command, channel: Channel.STORE }, keys, now),
    nextOrder(tx, profileId),
  ]);
  const id = newId();
  if (draft.cart) {
    await checkOutCart(tx, draft.cart, id);
    await announceCart(tx, draft.cart, { profileId: profileId!, channel: Channel.STORE, action: 'checked-out' }, now);
  }
  await useVouchers(tx, id, draft.tender);
  await usePromotions(tx, { orderId: id, profileId, ...draft });
  const order = insertOrder(tx, {
    id,
    source: OWN_SOURCE,
    number: next.number,
    profileId,
    channel: Channel.STORE,
    placeId,
    associateId: command.associateId,
    status: 'fulfilled',
    currency: draft.currency,
    shippingAmount: 0,
    fulfilment: 'store',
    destination: null,
    promisedFor: null,
    pointsHoldId: draft.tender.points?.holdId ?? null,
    pointsAmount: draft.pointsAmount,
    voucherCodes: draft.tender.vouchers.map((v) => v.code),
    placedAt: now,
    completedAt: now,
    fulfilledAt: now,
    bodyHash: bodyHash(command),
    lines: draft.lines,
    parts: [],
    payments: paymentsOf(draft, command.payments),
    now,
  });
  await publish(tx, [orderCompleted(order, draft.lines, next.owner, now), orderFulfilled(order, next.owner, now)]);
  await moveStock(
    tx,
    draft.lines.map((line) => ({
      kind: 'sale' as const,
      productId: line.productId,
      placeId,
      quantity: -line.quantity,
      reference: id,
      actor: command.associateId,
    })),
    now,
  );
  return order;
}

async function checkStore(tx: Tx, placeId: string): Promise<void> {
  const [place] = await sql<{ kind: string }>(tx, 'select kind from place where id = $1 and active', [placeId]);
  if (!place) throw new DomainError('UNKNOWN_STORE', `No open store has the id ${placeId}.`, ['input', 'storeId']);
  if (place.kind !== 'store')
    throw new DomainError('NO_TILL', 'A warehouse has no till. Name a store.', ['input', 'storeId']);
}

/** What was taken for it; it must be what it costs. */
function paymentsOf(draft: Draft, given: TillSaleCommand['payments']): NewPayment[] {
  const due = moneyOf({ ...draft, shippingAmount: 0 });
  const payments = given ?? (due > 0 ? [{ means: 'card' as const, amount: due }] : []);
  const paid = payments.reduce((sum, p) => sum + p.amount, 0);
  if (paid !== due || payments.some((p) => p.amount <= 0))
    throw new DomainError(
      'PAYMENT_MISMATCH',
      `${due} (minor units) are to be paid and ${paid} were. Correct the payments.`,
      ['input', 'payments'],
    );
  return payments.map((p) => ({ ...p, id: newId(), state: 'captured', currency: draft.currency, provider: 'till' }));
}
