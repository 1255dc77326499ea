import { signPromise } from '@trenza/auth';
import type { Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { publish } from '@trenza/outbox';
import type { Deps } from '@trenza/subgraph';
import { DomainError } from '@trenza/values';
import { currencyOf, referenceOf } from '../programme/reference.ts';
import type { Hold } from './hold.ts';
import { take } from './ledger.ts';
import { post } from './post.ts';
import { expiredEvents, openPurse, refuseSpending } from './purse.ts';

/** The kind of the promise that a hold is: what inventory verifies it as. */
export const POINTS_HOLD = 'points-hold';

/** Time to pay at a till or on the web; nobody's points should stay locked for longer by an abandoned checkout. */
export const HOLD_MINUTES = 15;
export const MAX_HOLD_MINUTES = 24 * 60;

export interface HoldPoints {
  profileId: string;
  points: number;
  currency: string;
  idempotencyKey: string;
  orderId?: string | null;
  minutes?: number | null;
}

/** What a checkout needs to know offline: these points are set aside, and so much money they are as good as. */
export interface HoldPromise {
  holdId: string;
  profileId: string;
  points: number;
  pointCurrency: string;
  /** Money, in minor units. */
  amount: number;
  currency: string;
  orderId: string | null;
}

export interface Held {
  holdId: string;
  points: number;
  valueMinor: number;
  moneyCurrency: string;
  expiresAt: Date;
  /** The signed promise. */
  promise: string;
}

/** Sets points aside for an order, and promises so in a way that can be checked without asking. */
export async function holdPoints(
  tx: Tx,
  command: HoldPoints,
  { clock, keys }: Pick<Deps, 'clock' | 'keys'>,
): Promise<Held> {
  const { profileId, points, orderId = null } = command;
  const currency = currencyOf(await referenceOf(tx), command.currency);
  const expiresAt = new Date(clock.now().getTime() + minutesOf(command.minutes) * 60_000);
  const { valueMinor, moneyCurrency } = worth(currency, points);
  const now = clock.now();

  const purse = await openPurse(tx, profileId, currency.code, now);
  await refuseSpending(tx, purse, currency, now);
  const entry = take(purse.holdings, { points, into: 'customer.held', at: now }, newId);
  const holdId = newId();
  const hold: Hold = {
    id: holdId,
    profileId,
    currency: currency.code,
    amount: points,
    captured: 0,
    state: 'open',
    orderId,
    expiresAt,
  };
  const key = `hold:${command.idempotencyKey}`;
  post(tx, [...purse.settlement, { key, currency: currency.code, entry, holdId, orderId }], now, [hold]);
  await publish(tx, [
    ...expiredEvents(purse),
    event('loyalty.points.held.v1', {
      profileId,
      customerId: purse.customerId,
      occurredAt: now,
      data: { holdId, points, currency: currency.code, expiresAt: expiresAt.toISOString() },
    }),
  ]);
  const content: HoldPromise = {
    holdId,
    profileId,
    points,
    pointCurrency: currency.code,
    amount: valueMinor,
    currency: moneyCurrency,
    orderId,
  };
  const promise = await signPromise(keys, POINTS_HOLD, { ...content }, expiresAt);
  return { holdId, points, valueMinor, moneyCurrency, expiresAt, promise };
}

/** What points pay for. Fractions of a cent are cut: the retailer can't hand them over. */
export function worth(
  currency: { code: string; valueMinor: number | null; moneyCurrency: string | null },
  points: number,
): { valueMinor: number; moneyCurrency: string } {
  if (currency.valueMinor === null || currency.moneyCurrency === null) {
    throw new DomainError('NOT_MONEY', `Points in "${currency.code}" can't pay for goods.`, ['input', 'currency']);
  }
  return { valueMinor: Math.floor(points * currency.valueMinor + 1e-9), moneyCurrency: currency.moneyCurrency };
}

function minutesOf(minutes: number | null | undefined): number {
  const asked = minutes ?? HOLD_MINUTES;
  if (Number.isInteger(asked) && asked >= 1 && asked <= MAX_HOLD_MINUTES) return asked;
  throw new DomainError('INVALID_HOLD_TIME', `A hold lasts 1 to ${MAX_HOLD_MINUTES} minutes, not ${asked}.`, [
    'input',
    'minutes',
  ]);
}
