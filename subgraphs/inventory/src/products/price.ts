/** Minor units of one product: a hundred million euros. A cart full of the dearest still sums up exactly. */
export const MAX_PRICE = 10_000_000_000;

export interface Price {
  channel: string | null;
  placeId: string | null;
  amount: number;
  validFrom: Date;
  validTo: Date;
}

/**
 * The price of a product for a channel, a place and an instant. The most specific one that is valid wins: place and channel, then
 * place, then channel, then the product's own; among equals the one that began last.
 */
export function priceFor(
  base: number,
  prices: readonly Price[],
  where: { channel: string; placeId: string | null; at: Date },
): number {
  const specific = (p: Price): number => (p.placeId ? 2 : 0) + (p.channel ? 1 : 0);
  const [best] = prices
    .filter(
      (p) =>
        (p.channel === null || p.channel === where.channel) &&
        (p.placeId === null || p.placeId === where.placeId) &&
        p.validFrom <= where.at &&
        where.at < p.validTo,
    )
    .toSorted((a, b) => specific(b) - specific(a) || b.validFrom.getTime() - a.validFrom.getTime());
  return best?.amount ?? base;
}
