/**
 * Exact decimals for money in files: "2.55" × 6 is 15.30, never 15.299999. A decimal is `units` of 10^-scale.
 */
export interface Decimal {
  units: bigint;
  scale: number;
}

export interface NumberFormat {
  /** What stands before the fraction, `.` unless said otherwise. */
  decimal?: string;
  /** What stands between groups of three, nothing unless said otherwise. */
  thousands?: string;
}

/** Longer than any honest amount; keeps a hostile file from making the arithmetic slow. */
const MAX_DIGITS = 30;

export class NotANumber extends Error {}

export function parseDecimal(text: string, { decimal = '.', thousands = '' }: NumberFormat = {}): Decimal {
  const plain = thousands === '' ? text : text.replaceAll(thousands, '');
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/.exec(
    decimal === '.' ? plain : dotted(plain, decimal),
  );
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '' || text.length > MAX_DIGITS) throw new NotANumber(`"${text}" is not a number`);
  const scale = fraction.length - Number(exponent);
  const units = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** Where the comma is the decimal mark, a dot that is not the thousands mark is an error, not a fraction. */
const dotted = (text: string, decimal: string): string => (text.includes('.') ? 'x' : text.replace(decimal, '.'));

export const multiply = (a: Decimal, b: Decimal): Decimal => ({ units: a.units * b.units, scale: a.scale + b.scale });

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: rescale(a, scale) + rescale(b, scale), scale };
}

const rescale = ({ units, scale }: Decimal, to: number): bigint => units * 10n ** BigInt(to - scale);

export const negate = ({ units, scale }: Decimal): Decimal => ({ units: -units, scale });
export const absolute = ({ units, scale }: Decimal): Decimal => ({ units: units < 0n ? -units : units, scale });

/** As an integer number of 10^-digits, half rounded away from zero: `toMinor(15.305, 2)` is 1531. */
export function toMinor(value: Decimal, digits: number): number {
  const { units, scale } = value;
  if (scale <= digits) return safe(rescale(value, digits));
  const divisor = 10n ** BigInt(scale - digits);
  const half = divisor / 2n;
  return safe((units < 0n ? units - half : units + half) / divisor);
}

function safe(units: bigint): number {
  const number = Number(units);
  if (!Number.isSafeInteger(number)) throw new NotANumber(`${units} does not fit into an exact number`);
  return number;
}

export const toNumber = ({ units, scale }: Decimal): number => Number(units) / 10 ** scale;

/** A whole number, or an error: "17850.0" is one, "2.5" is not. */
export function toInteger(value: Decimal): number {
  const whole = toMinor(value, 0);
  if (BigInt(whole) * 10n ** BigInt(value.scale) !== value.units) {
    throw new NotANumber(`${toNumber(value)} is not a whole number`);
  }
  return whole;
}
