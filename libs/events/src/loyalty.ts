import { z } from 'zod';
import { id, instant } from './envelope.ts';
import { erased, exported } from './privacy.ts';
import { channel, money } from './shared.ts';

const points = z.int().nonnegative();

/** What loyalty says: every movement of value, tiers, rewards. Points are whole; `currency` is a point currency, not money. */
export const loyalty = {
  'loyalty.points.earned.v1': z.object({
    transferId: id,
    points,
    currency: z.string(),
    state: z.enum(['pending', 'active']),
    reason: z.string(),
    ruleId: id.nullable().optional(),
    orderId: id.nullable().optional(),
    storeId: id.nullable().optional(),
    channel: channel.nullable().optional(),
    expiresAt: instant.nullable().optional(),
  }),
  'loyalty.points.held.v1': z.object({ holdId: id, points, currency: z.string(), expiresAt: instant }),
  'loyalty.points.redeemed.v1': z.object({
    transferId: id,
    holdId: id.nullable().optional(),
    points,
    currency: z.string(),
    orderId: id.nullable().optional(),
    rewardId: id.nullable().optional(),
    storeId: id.nullable().optional(),
    channel: channel.nullable().optional(),
  }),
  'loyalty.points.released.v1': z.object({ holdId: id, points, currency: z.string(), reason: z.string() }),
  'loyalty.points.reversed.v1': z.object({
    transferId: id,
    orderId: id.nullable().optional(),
    earnedTakenBack: points,
    redeemedGivenBack: points,
    currency: z.string(),
  }),
  'loyalty.points.expired.v1': z.object({ transferId: id, points, currency: z.string() }),
  'loyalty.tier.changed.v1': z.object({ from: z.string().nullable(), to: z.string(), reason: z.string() }),
  'loyalty.reward.issued.v1': z.object({
    issueId: id,
    rewardId: id,
    kind: z.string(),
    name: z.string(),
    expiresAt: instant.nullable().optional(),
  }),
  'loyalty.voucher.redeemed.v1': z.object({
    voucherId: id,
    rewardId: id,
    orderId: id.nullable().optional(),
    discount: money.nullable().optional(),
  }),
  'loyalty.account.frozen.v1': z.object({ frozen: z.boolean(), reason: z.string() }),
  'loyalty.customer.erased.v1': erased,
  'loyalty.customer.exported.v1': exported,
};
