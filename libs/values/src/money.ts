import { Directive, Field, InputType, ObjectType } from 'type-graphql';
import { SafeInt } from './scalars.ts';

@ObjectType({ description: 'An amount of money.' })
@Directive('@shareable')
export class Money {
  @Field(() => SafeInt, { description: 'Minor units: 1999 is 19.99 euros.' })
  amount: number;

  @Field(() => String, { description: 'ISO 4217 code, for example EUR.' })
  currency: string;
}

@InputType({ description: 'An amount of money.' })
export class MoneyInput {
  @Field(() => SafeInt, { description: 'Minor units: 1999 is 19.99 euros.' })
  amount: number;

  @Field(() => String, { description: 'ISO 4217 code, for example EUR.' })
  currency: string;
}

/**
 * Splits `total` into whole parts in the ratio of `weights` so that the parts sum to it exactly: each gets its floor, and what is left
 * goes to the largest remainders, earlier ones first (Hamilton's method). All weights zero: everything goes to the first.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (weights.length === 0) return [];
  if (sum === 0) return weights.map((_, i) => (i === 0 ? total : 0));
  const sign = Math.sign(total);
  // BigInt: total × weight passes 2^53 for large amounts.
  const exact = weights.map((w) => (BigInt(Math.abs(total)) * BigInt(w)) / BigInt(sum));
  const rest = weights.map((w, i) => ({ i, remainder: (BigInt(Math.abs(total)) * BigInt(w)) % BigInt(sum) }));
  const parts = exact.map(Number);
  let left = Math.abs(total) - parts.reduce((a, b) => a + b, 0);
  for (const { i } of rest.sort((a, b) =>
    a.remainder === b.remainder ? a.i - b.i : a.remainder < b.remainder ? 1 : -1,
  )) {
    if (left-- <= 0) break;
    parts[i] = parts[i]! + 1;
  }
  return parts.map((part) => (part === 0 ? 0 : sign * part));
}
