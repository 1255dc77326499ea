/**
 * Voucher codes: twelve symbols and a check symbol, for people to read out and type. The alphabet has no I, L, O and U; what is typed for
 * them is understood. The check finds every single mistyped symbol and every two that were swapped, so a till can refuse a typing error
 * without asking anybody.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 60 bits: trying a thousand a second, one of a million codes is found in about thirty years. */
export const CODE_SYMBOLS = 12;
/** A prime above the size of the alphabet: no weight of a place and no difference of two symbols vanishes in it. */
const MODULUS = 37;

const valueOf = (symbol: string): number => ALPHABET.indexOf(symbol);

/** The weighted sum of the symbols; of a code with its check it is zero. */
const checksum = (symbols: string): number =>
  Array.from(symbols).reduce((sum, symbol, i) => (sum + valueOf(symbol) * (i + 1)) % MODULUS, 0);

/** Makes a code from random bytes. Some bodies have a check that no symbol shows: they are passed over. */
export function newCode(randomBytes: (size: number) => Uint8Array): string {
  for (;;) {
    const body = Array.from(randomBytes(CODE_SYMBOLS), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
    const check = checkOf(body);
    if (check !== null) return body + check;
  }
}

/** The symbol that makes the checksum zero, at the last place. */
function checkOf(body: string): string | null {
  const place = body.length + 1;
  const sum = checksum(body);
  for (const symbol of ALPHABET) if ((sum + valueOf(symbol) * place) % MODULUS === 0) return symbol;
  return null;
}

/** As a person types it → as it is kept. */
export const normalised = (typed: string): string =>
  typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');

/** Could be one of ours: says nothing about whether it was issued. Shared codes are words and have no check. */
export const isWellFormed = (code: string): boolean =>
  code.length === CODE_SYMBOLS + 1 && Array.from(code).every((symbol) => valueOf(symbol) >= 0) && checksum(code) === 0;

/** As it is printed: in groups of four, the check at the end. */
export const printed = (code: string): string =>
  isWellFormed(code) ? `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}` : code;
