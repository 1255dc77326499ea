import anyAscii from 'any-ascii';

/** Lower case, without accents, only letters, digits and single spaces: `  Peña-Núñez ` and `pena nunez` are one text. */
export const fold = (text: string): string =>
  anyAscii(text)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();

/** Winkler's bonus: names that begin alike are rarely different names. */
const PREFIX_WEIGHT = 0.1;
const MAX_PREFIX = 4;
const BONUS_FROM = 0.7;

/** Jaro–Winkler similarity, 0 to 1. */
export function jaroWinkler(x: string, y: string): number {
  if (x === y) return 1;
  const jaro = jaroSimilarity(x, y);
  if (jaro < BONUS_FROM) return jaro;
  let prefix = 0;
  while (prefix < MAX_PREFIX && prefix < x.length && x[prefix] === y[prefix]) prefix++;
  return jaro + prefix * PREFIX_WEIGHT * (1 - jaro);
}

// Reused between calls: millions of comparisons must not make millions of arrays. Names are cut at this length.
const LONGEST = 64;
const takenX = new Uint8Array(LONGEST);
const takenY = new Uint8Array(LONGEST);

function jaroSimilarity(x: string, y: string): number {
  // Written out, as the bounds below are: this is the innermost function of matching, and a look-up of the global `Math` is slow in
  // the contexts that tests run in.
  const m = x.length < LONGEST ? x.length : LONGEST;
  const n = y.length < LONGEST ? y.length : LONGEST;
  if (m === 0 || n === 0) return 0;
  const half = (m > n ? m : n) >> 1;
  const reach = half > 0 ? half - 1 : 0;
  takenX.fill(0, 0, m);
  takenY.fill(0, 0, n);
  let common = 0;
  for (let i = 0; i < m; i++) {
    const to = i + reach < n ? i + reach : n - 1;
    const code = x.charCodeAt(i);
    for (let j = i > reach ? i - reach : 0; j <= to; j++) {
      if (takenY[j] === 0 && y.charCodeAt(j) === code) {
        takenX[i] = 1;
        takenY[j] = 1;
        common++;
        break;
      }
    }
  }
  if (common === 0) return 0;
  let [transposed, j] = [0, 0];
  for (let i = 0; i < m; i++) {
    if (takenX[i] === 0) continue;
    while (takenY[j] === 0) j++;
    if (x.charCodeAt(i) !== y.charCodeAt(j)) transposed++;
    j++;
  }
  return (common / m + common / n + (common - transposed / 2) / common) / 3;
}
