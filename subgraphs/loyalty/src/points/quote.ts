import { DomainError } from '@trenza/values';
import { worth } from './hold-points.ts';

interface Price {
  amount: number;
  currency: string;
}

/** How far points pay a price: never more points than it takes, and never more than there are. */
export function quote(
  currency: { code: string; valueMinor: number | null; moneyCurrency: string | null },
  available: number,
  total: Price,
): { points: number; value: Price; rest: Price; available: number } {
  const { moneyCurrency } = worth(currency, 1);
  if (moneyCurrency !== total.currency)
    throw new DomainError(
      'CURRENCY_MISMATCH',
      `The points pay in ${moneyCurrency}, the order is in ${total.currency}.`,
      ['total'],
    );
  if (!Number.isInteger(total.amount) || total.amount < 0)
    throw new DomainError('INVALID_AMOUNT', `An order costs 0 or more, not ${total.amount}.`, ['total']);
  // The last point may be worth more than what is left to pay; it is not asked for then.
  const needed = Math.floor(total.amount / currency.valueMinor! + 1e-9);
  const points = Math.max(0, Math.min(available, needed));
  const paid = worth(currency, points).valueMinor;
  const money = (amount: number): Price => ({ amount, currency: moneyCurrency });
  return { points, value: money(paid), rest: money(total.amount - paid), available };
}
