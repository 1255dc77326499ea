import { z } from 'zod';
import { id } from './envelope.ts';

export const CHANNELS = [
  'web',
  'app',
  'store',
  'call-centre',
  'social',
  'event',
  'marketplace',
  'email',
  'sms',
  'push',
  'other',
] as const;
/** Where a contact between the customer and the retailer takes place. */
export const channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof channel>;

/** Minor units (cents) and ISO 4217 code. */
export const money = z.object({ amount: z.int(), currency: z.string().length(3) });

/** One line of an order as it stood when it was sold; returns are reckoned from this snapshot and from nothing else. */
export const orderLine = z.object({
  lineId: id,
  productId: id.optional(),
  sku: z.string().min(1).max(100),
  name: z.string().max(300).optional(),
  category: z.string().max(200).optional(),
  quantity: z.int().positive(),
  /** What the customer pays for the whole line, after discounts, in minor units. */
  netAmount: z.int(),
  /** Discounts already taken off `netAmount`, in minor units. */
  discountAmount: z.int().default(0),
});
