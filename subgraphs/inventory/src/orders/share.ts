/**
 * The share of `amount` that belongs to `part` units after `before` units have gone, of `whole`. Reckoned as a difference of
 * cumulative shares, so however the units come back, one by one or at once, the sum is `amount` to the cent.
 */
export function shareOf(amount: number, whole: number, before: number, part: number): number {
  const upTo = (units: number): number => Number((BigInt(amount) * BigInt(units)) / BigInt(whole));
  return upTo(before + part) - upTo(before);
}
