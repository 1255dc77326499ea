import fc from 'fast-check';
import { add, multiply, parseDecimal, toInteger, toMinor } from './decimal.ts';

const cents = (text: string) => toMinor(parseDecimal(text), 2);

it.each([
  ['2.55', 255],
  ['-0.015', -2],
  ['0.005', 1],
  ['.5', 50],
  ['12.', 1200],
  ['+7', 700],
  ['1e3', 100_000],
  ['4.2e-1', 42],
])('reads %s as %i cents, rounding half away from zero', (text, expected) => {
  expect(cents(text)).toBe(expected);
});

it('reads the marks of other countries where the mapping names them', () => {
  const spanish = { decimal: ',', thousands: '.' };
  expect(toMinor(parseDecimal('1.234.567,89', spanish), 2)).toBe(123_456_789);
  expect(() => parseDecimal('1.5', { decimal: ',' })).toThrow('"1.5" is not a number');
});

it.each(['', '-', 'abc', '1.2.3', '0x10', '1,5', '9'.repeat(31)])('refuses %j', (text) => {
  expect(() => parseDecimal(text)).toThrow('is not a number');
});

it('multiplies a price by a quantity without a cent of error', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: -1e5, max: 1e5 }), (price, quantity) => {
      const text = (price / 100).toFixed(2);
      expect(toMinor(multiply(parseDecimal(text), parseDecimal(String(quantity))), 2) + 0).toBe(price * quantity + 0);
    }),
  );
});

it('adds what has different numbers of digits', () => {
  expect(toMinor(add(parseDecimal('0.1'), parseDecimal('0.20')), 2)).toBe(30);
});

it('takes "17850.0" for a whole number and refuses "2.5"', () => {
  expect(toInteger(parseDecimal('17850.0'))).toBe(17_850);
  expect(() => toInteger(parseDecimal('2.5'))).toThrow('2.5 is not a whole number');
});
