import { sql, type Tx } from '@trenza/database';
import { event, type AnyEvent } from '@trenza/events';
import type { Channel } from '@trenza/values';
import { ownerOf } from '../orders/order-events.ts';
import { moveStock } from '../stock/move-stock.ts';
import type { Movement } from '../stock/stock.sql.ts';

/** Back on the shelf, thrown away, or (imported) nobody knows. */
export type Disposition = 'restock' | 'write-off' | 'none';

export interface ReturnRow {
  id: string;
  source: string;
  number: string;
  orderId: string | null;
  orderNumber: string | null;
  profileId: string | null;
  channel: Channel;
  placeId: string | null;
  associateId: string | null;
  reason: string | null;
  currency: string;
  /** What was taken back is worth. */
  valueAmount: number;
  /** How much of that is given back in money. */
  refundAmount: number;
  occurredAt: Date;
  imported: boolean;
  bodyHash: string;
}

export interface ReturnLineRow {
  orderLineId: string | null;
  productId: string | null;
  sku: string;
  quantity: number;
  valueAmount: number;
  disposition: Disposition;
}

export async function insertReturn(tx: Tx, r: ReturnRow, lines: readonly ReturnLineRow[]): Promise<void> {
  await sql(
    tx,
    `insert into order_return (id, source, number, order_id, profile_id, channel, place_id, associate_id, reason, currency, value_amount,
                               refund_amount, occurred_at, imported, body_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      r.id,
      r.source,
      r.number,
      r.orderId,
      r.profileId,
      r.channel,
      r.placeId,
      r.associateId,
      r.reason,
      r.currency,
      r.valueAmount,
      r.refundAmount,
      r.occurredAt,
      r.imported,
      r.bodyHash,
    ],
  );
  await sql(
    tx,
    `insert into return_line (return_id, line_no, order_line_id, product_id, sku, quantity, value_amount, disposition)
     select $1, place, order_line_id, product_id, sku, quantity, value_amount, disposition
       from unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::bigint[], $7::text[])
            with ordinality l(order_line_id, product_id, sku, quantity, value_amount, disposition, place)`,
    [
      r.id,
      lines.map((l) => l.orderLineId),
      lines.map((l) => l.productId),
      lines.map((l) => l.sku),
      lines.map((l) => l.quantity),
      lines.map((l) => l.valueAmount),
      lines.map((l) => l.disposition),
    ],
  );
}

export async function orderReturned(tx: Tx, r: ReturnRow, lines: readonly ReturnLineRow[]): Promise<AnyEvent> {
  return event('inventory.order.returned.v1', {
    ...(await ownerOf(tx, r.profileId)),
    occurredAt: r.occurredAt,
    data: {
      returnId: r.id,
      orderId: r.orderId,
      number: r.orderNumber,
      channel: r.channel,
      storeId: r.placeId,
      lines: lines.map((l) => ({
        lineId: l.orderLineId,
        sku: l.sku,
        quantity: l.quantity,
        refundAmount: l.valueAmount,
      })),
      refund: { amount: r.refundAmount, currency: r.currency },
      imported: r.imported,
    },
  });
}

/** On the shelf again, or into the ledger as received and written off. */
export async function putBack(tx: Tx, r: ReturnRow, lines: readonly ReturnLineRow[], now: Date): Promise<void> {
  const movements = lines.flatMap(({ productId, quantity, disposition }): Movement[] => {
    if (!productId || disposition === 'none') return [];
    const back = { productId, placeId: r.placeId!, reference: r.id, actor: r.associateId, reason: r.reason };
    const received: Movement = { ...back, kind: 'return', quantity };
    return disposition === 'restock' ? [received] : [received, { ...back, kind: 'write-off', quantity: -quantity }];
  });
  if (movements.length > 0) await moveStock(tx, movements, now);
}
