import type { Tx } from '@trenza/database';
import { event, newId, type Channel } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { currencyOf, referenceOf } from '../programme/reference.ts';
import { closeHolds, findHold, lockHolds, portionsOf, type Hold } from './hold.ts';
import { worth } from './hold-points.ts';
import { capture, takeOrOwe } from './ledger.ts';
import { post } from './post.ts';
import { expiredEvents, openPurse } from './purse.ts';

export interface CaptureHold {
  holdId: string;
  /** Fewer than were held: the rest goes back. All of them where none is given. */
  points?: number | null;
  /** The same as the money that they paid, in minor units, as an order says it. */
  paidMinor?: number | null;
  orderId?: string | null;
  storeId?: string | null;
  channel?: Channel | null;
  /** When it was paid; now where none is given. */
  at?: Date;
}

export interface Captured {
  holdId: string;
  points: number;
  currency: string;
}

/** As few points as pay it; a hold that was cut to whole cents is spent as a whole. */
async function pointsFor(tx: Tx, hold: Hold, paidMinor: number | null | undefined): Promise<number | null> {
  if (paidMinor == null) return null;
  const currency = currencyOf(await referenceOf(tx), hold.currency);
  const held = worth(currency, hold.amount).valueMinor;
  if (paidMinor >= held) return hold.amount;
  return Math.min(hold.amount, Math.max(1, Math.ceil(paidMinor / currency.valueMinor! - 1e-9)));
}

/**
 * The held points are spent. A hold that was let go before word of the order arrived is honoured all the same, because goods were handed
 * over against its promise: from the balance, and what is missing there is owed. Capturing twice is capturing once.
 */
export async function captureHold(tx: Tx, command: CaptureHold, { clock }: Pick<Deps, 'clock'>): Promise<Captured> {
  const { holdId, orderId, storeId, channel } = command;
  const now = clock.now();
  const { profileId, currency } = await findHold(tx, holdId);
  const purse = await openPurse(tx, profileId, currency, now);
  const hold = (await lockHolds(tx, [holdId]))[0]!;
  if (hold.state === 'captured') return { holdId, points: hold.captured, currency };

  const points = command.points ?? (await pointsFor(tx, hold, command.paidMinor)) ?? hold.amount;
  if (points < 1 || points > hold.amount) {
    throw new DomainError('HOLD_EXCEEDED', `The hold is over ${hold.amount} points, ${points} were to be captured.`, [
      'input',
      'points',
    ]);
  }
  const entry =
    hold.state === 'open'
      ? capture((await portionsOf(tx, [holdId])).get(holdId)!, points, now, newId)
      : takeOrOwe(purse.holdings, { profileId, points, at: now }, newId);
  await closeHolds(tx, [holdId], { state: 'captured', captured: points, orderId, now });
  const posting = { key: `capture:${holdId}`, currency, entry, holdId, orderId, storeId, channel };
  post(tx, [...purse.settlement, posting], now);
  await publish(tx, [
    ...expiredEvents(purse),
    event('loyalty.points.redeemed.v1', {
      profileId,
      customerId: purse.customerId,
      occurredAt: command.at ?? now,
      data: { transferId: entry.transfers[0]!.id, holdId, points, currency, orderId, storeId, channel },
    }),
  ]);
  return { holdId, points, currency };
}
