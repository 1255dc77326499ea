import { profilesOf } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { DomainError } from '@trenza/values';
import type { Applied, LineDiscount } from './price-basket.ts';

export interface DiscountedOrder {
  orderId: string;
  profileId: string | null;
  applied: readonly Applied[];
  lines: readonly { lineNo: number }[];
  /** Of each line. */
  discounts: readonly (readonly LineDiscount[])[];
}

/**
 * Uses the promotions of an order: limits are checked again under a lock, so that they hold whoever orders at once, and what was taken off each
 * line is written down. If somebody was faster the order is refused rather than made at another price than she was shown.
 */
export async function usePromotions(tx: Tx, order: DiscountedOrder): Promise<void> {
  const applied = order.applied.toSorted((a, b) => (a.promotion.id < b.promotion.id ? -1 : 1));
  await withinCustomerLimits(tx, order, applied);
  await withinTotalLimits(tx, applied);
  await writeDiscounts(tx, order);
}

const usedUp = (name: string, whose: string): DomainError =>
  new DomainError(
    'PROMOTION_USED_UP',
    `"${name}" was used ${whose} a moment ago. Look at the new total and order again.`,
    ['input'],
  );

/** Two orders of one customer wait for each other, whichever of her profiles they came from; those of others do not. */
async function withinCustomerLimits(tx: Tx, order: DiscountedOrder, applied: readonly Applied[]): Promise<void> {
  const limited = applied.map((a) => a.promotion).filter((p) => p.customerLimit !== null);
  if (limited.length === 0) return;
  const [profiles] = await profilesOf(tx, [order.profileId!]);
  const own = [...new Set([...profiles!, order.profileId!])].toSorted();
  for (const { id } of limited)
    await sql(tx, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`promotion:${id}:${own[0]}`]);
  const uses = await sql<{ promotionId: string; uses: number }>(
    tx,
    `select promotion_id as "promotionId", count(*) as uses from promotion_use
      where profile_id = any($2::uuid[]) and promotion_id = any($1::uuid[]) group by 1`,
    [limited.map((p) => p.id), own],
  );
  const over = limited.find((p) => (uses.find((u) => u.promotionId === p.id)?.uses ?? 0) >= p.customerLimit!);
  if (over) throw usedUp(over.name, 'by this customer as often as it may be,');
}

/** The counters are locked in one order, so that two baskets never wait for each other crosswise. */
async function withinTotalLimits(tx: Tx, applied: readonly Applied[]): Promise<void> {
  const limited = applied.map((a) => a.promotion).filter((p) => p.totalLimit !== null);
  if (limited.length === 0) return;
  const ids = limited.map((p) => p.id);
  await lockTallies(tx, ids);
  const taken = await sql<{ id: string }>(
    tx,
    `update promotion_tally t set used = used + 1 from promotion p
      where p.id = t.promotion_id and t.promotion_id = any($1::uuid[]) and t.used < p.total_limit returning p.id`,
    [ids],
  );
  const over = limited.find((p) => !taken.some((t) => t.id === p.id));
  if (over) throw usedUp(over.name, 'up by others');
}

const lockTallies = (tx: Tx, ids: readonly string[]): Promise<unknown> =>
  sql(tx, 'select from promotion_tally where promotion_id = any($1::uuid[]) order by promotion_id for update', [ids]);

async function writeDiscounts(tx: Tx, order: DiscountedOrder): Promise<void> {
  const { orderId, profileId, applied, lines, discounts } = order;
  const rows = lines.flatMap(({ lineNo }, i) => discounts[i]!.map((d, place) => ({ lineNo, place, ...d })));
  if (rows.length === 0) return;
  await sql(tx, {
    name: 'order-discounts',
    text: `with uses as (insert into promotion_use (promotion_id, order_id, profile_id, amount)
                         select id, $1, $2, amount from unnest($3::uuid[], $4::bigint[]) u(id, amount))
           insert into order_discount (order_id, line_no, place, promotion_id, voucher_code, name, amount)
           select $1, * from unnest($5::int[], $6::int[], $7::uuid[], $8::text[], $9::text[], $10::bigint[])`,
    values: [
      orderId,
      profileId,
      applied.map((a) => a.promotion.id),
      applied.map((a) => a.amount),
      rows.map((r) => r.lineNo),
      rows.map((r) => r.place),
      rows.map((r) => r.promotionId),
      rows.map((r) => r.voucherCode),
      rows.map((r) => r.name),
      rows.map((r) => r.amount),
    ],
  });
}

/** A cancelled order gives its uses free. Counters before stock, as in a checkout. */
export async function freePromotions(tx: Tx, orderId: string): Promise<void> {
  const freed = await sql<{ id: string; limited: boolean }>(
    tx,
    `delete from promotion_use u using promotion p where p.id = u.promotion_id and u.order_id = $1
     returning p.id, p.total_limit is not null as limited`,
    [orderId],
  );
  const ids = freed.filter((f) => f.limited).map((f) => f.id);
  if (ids.length === 0) return;
  await lockTallies(tx, ids);
  await sql(tx, 'update promotion_tally set used = used - 1 where promotion_id = any($1::uuid[])', [ids]);
}
