import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CODE_SYMBOLS, isWellFormed, newCode, normalised, printed } from './code.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const code = fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => {
  let at = 0;
  return newCode((size) => Uint8Array.from({ length: size }, () => (bytes[at % 64]! + 7 * at++) % 256));
});

describe('a voucher code', () => {
  it('is well formed, and differs from the next one', () => {
    const codes = Array.from({ length: 1_000 }, () => newCode(randomBytes));
    expect(codes.every(isWellFormed)).toBe(true);
    expect(new Set(codes).size).toBe(1_000);
  });

  it('with one symbol mistyped is refused', () => {
    fc.assert(
      fc.property(code, fc.nat(CODE_SYMBOLS), fc.constantFrom(...Array.from(ALPHABET)), (good, place, symbol) => {
        fc.pre(good[place] !== symbol);
        expect(isWellFormed(good.slice(0, place) + symbol + good.slice(place + 1))).toBe(false);
      }),
    );
  });

  it('with two symbols swapped is refused', () => {
    fc.assert(
      fc.property(code, fc.nat(CODE_SYMBOLS), fc.nat(CODE_SYMBOLS), (good, a, b) => {
        fc.pre(good[a] !== good[b]);
        const symbols = Array.from(good);
        [symbols[a], symbols[b]] = [symbols[b]!, symbols[a]!];
        expect(isWellFormed(symbols.join(''))).toBe(false);
      }),
    );
  });

  it('is understood as people type it, and printed as they read it', () => {
    const good = newCode(randomBytes);
    expect(normalised(printed(good).toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(good);
    expect(printed(good)).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$/);
  });
});
