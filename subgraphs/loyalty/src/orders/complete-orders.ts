import { send, type Tx } from '@trenza/database';
import type { EventOf } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import type { Award } from '../earning-rules/rule.ts';
import { decide, type Decided, type OccasionCommand } from '../earning-rules/award.ts';
import { captureHold, type Captured } from '../points/capture-hold.ts';
import { post } from '../points/post.ts';
import { DEFAULT_CURRENCY, referenceOf } from '../programme/reference.ts';
import { earnedEvents, qualificationsOf } from '../earning-rules/announce.ts';
import { qualify, refreshStandings } from '../tiers/standings.ts';
import { recordVoucherUse } from '../rewards/redeem-voucher.ts';
import { burnedPerLine, type LineSnapshot } from './order-line.ts';

export type OrderCompleted = EventOf<'inventory.order.completed.v1'>;
type KnownOrder = OrderCompleted & { profileId: string };

/**
 * Orders earn, and what was paid in points is captured. Each order keeps a snapshot of what every line earned and burned: returns are
 * reckoned from it. An order earns once, however often word of it comes; one without a customer earns nothing.
 */
export async function completeOrders(
  tx: Tx,
  events: readonly OrderCompleted[],
  deps: Pick<Deps, 'clock'>,
): Promise<void> {
  await useVouchers(tx, events, deps);
  const known = events.filter((e): e is KnownOrder => e.profileId !== undefined);
  if (known.length === 0) return;
  const now = deps.clock.now();
  const orders = new Map(known.map((order) => [order.data.orderId, order]));
  const decided = await decide(tx, [...orders.values()].map(occasionOf), await referenceOf(tx), now);
  const burned = await captureHolds(
    tx,
    decided.map((d) => orders.get(d.command.orderId!)!),
    deps,
  );
  post(
    tx,
    decided.flatMap((d) => d.postings),
    now,
  );
  keepSnapshots(
    tx,
    decided.flatMap((d) => snapshotsOf(d, orders.get(d.command.orderId!)!, burned)),
  );
  qualify(tx, qualificationsOf(decided));
  await refreshStandings(
    tx,
    decided.map((d) => d.command.profileId),
    now,
  );
  await publish(tx, earnedEvents(decided));
}

const occasionOf = ({ profileId, occurredAt, data }: KnownOrder): OccasionCommand => ({
  source: `order:${data.orderId}`,
  profileId,
  trigger: 'order',
  occurredAt: new Date(occurredAt),
  channel: data.channel,
  storeId: data.storeId ?? null,
  orderId: data.orderId,
  lines: data.lines.map(({ sku, category, productId, quantity, netAmount, discountAmount }) => ({
    sku,
    category,
    productId,
    quantity,
    netAmount,
    discountAmount,
  })),
  facts: {},
});

/** What was paid in points, by order. */
async function captureHolds(
  tx: Tx,
  orders: readonly KnownOrder[],
  deps: Pick<Deps, 'clock'>,
): Promise<Map<string, Captured>> {
  const burned = new Map<string, Captured>();
  for (const { occurredAt, data } of orders) {
    const { pointsHoldId: holdId, pointsAmount: paidMinor, orderId, storeId, channel } = data;
    if (!holdId) continue;
    const command = { holdId, paidMinor, orderId, storeId, channel, at: new Date(occurredAt) };
    burned.set(orderId, await captureHold(tx, command, deps));
  }
  return burned;
}

/** Vouchers that it was paid with: honoured at the till, so noted here whatever is known of them. */
async function useVouchers(tx: Tx, orders: readonly OrderCompleted[], deps: Pick<Deps, 'clock'>): Promise<void> {
  for (const { profileId, occurredAt, data } of orders) {
    for (const code of data.voucherCodes) {
      const { orderId, storeId } = data;
      await recordVoucherUse(
        tx,
        { code, useKey: `order:${orderId}`, profileId, orderId, storeId, usedAt: new Date(occurredAt) },
        deps,
      );
    }
  }
}

interface OrderPoints {
  orderId: string;
  currency: string;
  profileId: string;
  occurredAt: Date;
  holdId: string | null;
  lines: LineSnapshot[];
}

/** One for each currency that the order earned or was paid with. */
function snapshotsOf({ command, awards }: Decided, { data }: KnownOrder, burned: Map<string, Captured>): OrderPoints[] {
  const { profileId, occurredAt } = command;
  const paid = burned.get(data.orderId);
  const currencies = new Set([DEFAULT_CURRENCY, ...awards.filter((a) => a.points > 0).map((a) => a.rule.currency)]);
  if (paid) currencies.add(paid.currency);
  return [...currencies].map((currency) => {
    const ours = awards.filter((award) => award.rule.currency === currency);
    const hold = paid?.currency === currency ? paid : null;
    const spent = burnedPerLine(
      hold?.points ?? 0,
      data.lines.map((line) => line.netAmount),
    );
    const lines = data.lines.map(({ lineId, sku, quantity }, i): LineSnapshot => {
      const sumOf = (list: readonly Award[]): number => list.reduce((sum, award) => sum + (award.perLine[i] ?? 0), 0);
      const qualifying = sumOf(ours.filter((award) => award.rule.qualifies));
      return { lineId, sku, quantity, earned: sumOf(ours), burned: spent[i]!, qualifying };
    });
    return { orderId: data.orderId, currency, profileId, occurredAt, holdId: hold?.holdId ?? null, lines };
  });
}

const keepSnapshots = (tx: Tx, kept: readonly OrderPoints[]): void =>
  send(tx, {
    name: 'order-points-keep',
    text: `insert into order_points (order_id, currency, profile_id, occurred_at, hold_id, lines)
           select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::jsonb[])`,
    values: [
      kept.map((o) => o.orderId),
      kept.map((o) => o.currency),
      kept.map((o) => o.profileId),
      kept.map((o) => o.occurredAt),
      kept.map((o) => o.holdId),
      kept.map((o) => JSON.stringify(o.lines)),
    ],
  });
