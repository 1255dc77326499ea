import { apportion } from '@trenza/values';

/** What a line of an order earned and was paid with, in one currency, as it stood when it was sold. */
export interface LineSnapshot extends LinePoints {
  sku: string;
}

/** Points on a line, or on the part of it that one return takes back. */
export interface LinePoints {
  lineId: string;
  quantity: number;
  earned: number;
  burned: number;
  /** What it counted towards the tier. */
  qualifying: number;
}

/** Points that the whole order was paid with, on its lines in the ratio of their prices. */
export const burnedPerLine = (points: number, netAmounts: readonly number[]): number[] =>
  apportion(
    points,
    netAmounts.map((amount) => Math.max(0, amount)),
  );

/**
 * What a return reverses of each line: pro rata by quantity of the snapshot, and of what is left of it. Reckoned cumulatively, so that many
 * small returns come to exactly the same as one large one, and never to more than the line.
 */
export function reverseLines(
  snapshot: readonly LineSnapshot[],
  earlier: readonly LinePoints[],
  returned: readonly { lineId: string | null; sku: string; quantity: number }[],
): LinePoints[] {
  const done = [...earlier];
  const result: LinePoints[] = [];
  for (const { lineId, sku, quantity } of returned) {
    let left = quantity;
    for (const line of snapshot.filter((candidate) => (lineId ? candidate.lineId === lineId : candidate.sku === sku))) {
      const before = done.filter((entry) => entry.lineId === line.lineId);
      const already = total(before, 'quantity');
      const now = Math.min(left, line.quantity - already);
      if (now <= 0) continue;
      const share = (points: number): number => Math.floor((points * (already + now)) / line.quantity);
      const entry = {
        lineId: line.lineId,
        quantity: now,
        earned: share(line.earned) - total(before, 'earned'),
        burned: share(line.burned) - total(before, 'burned'),
        qualifying: share(line.qualifying) - total(before, 'qualifying'),
      };
      done.push(entry);
      result.push(entry);
      left -= now;
    }
  }
  return result;
}

/** Everything that was bought has come back. */
export const isAllBack = (snapshot: readonly LineSnapshot[], returned: readonly LinePoints[]): boolean =>
  snapshot.every(
    ({ lineId, quantity }) =>
      total(
        returned.filter((entry) => entry.lineId === lineId),
        'quantity',
      ) >= quantity,
  );

export const total = <K extends string>(rows: readonly Record<K, number>[], key: K): number =>
  rows.reduce((sum, row) => sum + row[key], 0);
