/**
 * Splits a whole amount in proportion to weights, so that the parts add up to it exactly: everyone gets the floor, the cents left
 * over go to the largest remainders, the earlier one first. With no weight at all it is split evenly.
 */
export function apportion(amount: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return [];
  if (amount < 0) return apportion(-amount, weights).map((part) => (part === 0 ? 0 : -part));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const shares = total > 0 ? weights : weights.map(() => 1);
  const whole = total > 0 ? BigInt(total) : BigInt(weights.length);
  // amount * weight may pass 2^53 (a large order in a small currency), so the products are BigInt.
  const exact = shares.map((w) => BigInt(amount) * BigInt(w));
  const parts = exact.map((product) => Number(product / whole));
  const left = amount - parts.reduce((sum, p) => sum + p, 0);
  exact
    .map((product, index) => ({ index, remainder: product % whole }))
    .toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1))
    .slice(0, left)
    .forEach(({ index }) => parts[index]!++);
  return parts;
}

/**
 * The share of `amount` that belongs to `part` units after `before` units have gone, of `whole`. Reckoned as a difference of
 * cumulative shares, so however the units come back, one by one or at once, the sum is `amount` to the cent.
 */
export function shareOf(amount: number, whole: number, before: number, part: number): number {
  const upTo = (units: number): number => Number((BigInt(amount) * BigInt(units)) / BigInt(whole));
  return upTo(before + part) - upTo(before);
}
