import type { Field } from './fields.ts';
import { canonicalName } from './nicknames.ts';

/** Below this all pairs are compared: two million comparisons take seconds, and no blocking misses nothing. */
const ALL_PAIRS_UP_TO = 2_000;
/**
 * A key that more records share is no key: comparing all of them costs the square. With a constant bound the number of pairs grows
 * with the number of records and no faster.
 */
const MAX_BLOCK_OF_ONE = 12;
const MAX_BLOCK_OF_TWO = 40;
/** And a pass that finds more pairs than this per record keeps its smaller blocks only: rare keys tell more than common ones. */
const PAIRS_PER_RECORD = 1.5;

/** Pairs of rows that may be one person, each once and the smaller row first. */
export interface Pairs {
  a: Int32Array;
  b: Int32Array;
}

export function candidatePairs(fields: readonly Field[], records: number): Pairs {
  if (records <= ALL_PAIRS_UP_TO) return allPairs(records);
  const collector = new PairCollector(records);
  const keys = fields.map(keyOf);
  for (let f = 0; f < fields.length; f++) {
    collector.add(keys[f]!, MAX_BLOCK_OF_ONE);
    for (let g = f + 1; g < fields.length; g++) collector.add(combined(keys[f]!, keys[g]!), MAX_BLOCK_OF_TWO);
  }
  return collector.pairs();
}

export function allPairs(records: number): Pairs {
  const count = (records * (records - 1)) / 2;
  const [a, b] = [new Int32Array(count), new Int32Array(count)];
  let at = 0;
  for (let x = 0; x < records; x++) {
    for (let y = x + 1; y < records; y++) {
      a[at] = x;
      b[at++] = y;
    }
  }
  return { a, b };
}

/** The code of each record in one field: spellings of one value should fall together. 0 is "not given". */
function keyOf(field: Field): Int32Array {
  const codes = new Map<string, number>([['', 0]]);
  const ofValue = Int32Array.from(field.values, (value) => {
    const code = codeOf(field, value);
    let number = codes.get(code);
    if (number === undefined) {
      number = codes.size;
      codes.set(code, number);
    }
    return number;
  });
  return field.ids.map((id) => ofValue[id]!);
}

function codeOf({ kind }: Field, value: string): string {
  if (value === '') return '';
  if (kind === 'given') return soundOf(canonicalName(value));
  if (kind === 'family') return soundOf(value);
  if (kind === 'email') return value.slice(0, value.indexOf('@')) || value;
  if (kind === 'text') return value.replaceAll(' ', '');
  return value;
}

const SOUNDS: Record<string, string> = {};
for (const [digit, letters] of Object.entries({ 1: 'bfpvw', 2: 'cgjkqsxzç', 3: 'dt', 4: 'l', 5: 'mnñ', 6: 'r' })) {
  for (const letter of letters) SOUNDS[letter] = digit;
}
const SOUND_LENGTH = 4;

/** Soundex, but blind to the first letter's spelling too (`Kathy` and `Cathy`, `Vicente` and `Bicente`) and to a silent h. */
export function soundOf(name: string): string {
  let code = '';
  let last = '';
  for (const letter of name.replaceAll(/[\sh]/g, '')) {
    const sound = SOUNDS[letter] ?? (code === '' ? 'a' : '');
    if (sound !== '' && sound !== last) code += sound;
    last = sound;
    if (code.length === SOUND_LENGTH) break;
  }
  return code;
}

function combined(x: Int32Array, y: Int32Array): Float64Array {
  let width = 1;
  for (const code of y) if (code >= width) width = code + 1;
  const keys = new Float64Array(x.length);
  for (let row = 0; row < x.length; row++) keys[row] = x[row] === 0 || y[row] === 0 ? 0 : x[row]! * width + y[row]!;
  return keys;
}

/** Pairs of several passes as numbers (row × records + row), made unique at the end. */
class PairCollector {
  #buffer = new Float64Array(1 << 16);
  #length = 0;
  readonly #records: number;

  constructor(records: number) {
    this.#records = records;
  }

  /** All pairs of records with the same key, where no more than `most` have it. */
  add(keys: Int32Array | Float64Array, most: number): void {
    const order = sortedRows(keys);
    const blocks = blocksOf(keys, order);
    const largest = Math.min(most, affordable(blocks, this.#records * PAIRS_PER_RECORD));
    for (let block = 0; block + 1 < blocks.length; block++) {
      const [from, to] = [blocks[block]!, blocks[block + 1]!];
      if (to - from > 1 && to - from <= largest) this.#addBlock(order, from, to);
    }
  }

  #addBlock(order: Uint32Array, from: number, to: number): void {
    const size = to - from;
    this.#reserve((size * (size - 1)) / 2);
    for (let i = from; i < to; i++) {
      for (let j = i + 1; j < to; j++) {
        const [x, y] = [order[i]!, order[j]!];
        this.#buffer[this.#length++] = x < y ? x * this.#records + y : y * this.#records + x;
      }
    }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return;
    // Passes find mostly the same pairs: making them unique first often frees enough.
    this.#unique();
    if (this.#length + more <= this.#buffer.length / 2) return;
    const larger = new Float64Array(Math.max(this.#buffer.length * 2, this.#length + more));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }

  #unique(): void {
    const sorted = this.#buffer.subarray(0, this.#length).sort();
    let kept = 0;
    for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[kept - 1]) sorted[kept++] = sorted[i]!;
    this.#length = kept;
  }

  pairs(): Pairs {
    this.#unique();
    const [a, b] = [new Int32Array(this.#length), new Int32Array(this.#length)];
    for (let i = 0; i < this.#length; i++) {
      const pair = this.#buffer[i]!;
      a[i] = Math.floor(pair / this.#records);
      b[i] = pair % this.#records;
    }
    return { a, b };
  }
}

/** Where each run of one key begins, and the end. */
function blocksOf(keys: Int32Array | Float64Array, order: Uint32Array): Uint32Array {
  const begins = new Uint32Array(order.length + 1);
  let blocks = 0;
  for (let at = 0; at < order.length; at++) {
    if (at === 0 || keys[order[at]!] !== keys[order[at - 1]!]) begins[blocks++] = at;
  }
  begins[blocks] = order.length;
  return begins.subarray(0, blocks + 1);
}

/** The largest size of block such that all blocks up to it make no more than so many pairs. */
function affordable(blocks: Uint32Array, pairs: number): number {
  const pairsOfSize = new Float64Array(MAX_BLOCK_OF_TWO + 1);
  for (let block = 0; block + 1 < blocks.length; block++) {
    const size = blocks[block + 1]! - blocks[block]!;
    if (size <= MAX_BLOCK_OF_TWO) pairsOfSize[size]! += (size * (size - 1)) / 2;
  }
  let size = 2;
  for (let sum = pairsOfSize[2]!; size < MAX_BLOCK_OF_TWO; size++) {
    sum += pairsOfSize[size + 1]!;
    if (sum > pairs) break;
  }
  return size;
}

/** Rows in the order of their keys, without those that have none. Key and row in one number sort faster than with a comparator. */
function sortedRows(keys: Int32Array | Float64Array): Uint32Array {
  let widest = 0;
  let given = 0;
  for (const key of keys) {
    if (key > widest) widest = key;
    if (key !== 0) given++;
  }
  const rows = keys.length;
  if (widest * rows + rows >= Number.MAX_SAFE_INTEGER) return sortedRows(narrowed(keys));
  const packed = new Float64Array(given);
  for (let row = 0, at = 0; row < rows; row++) if (keys[row] !== 0) packed[at++] = keys[row]! * rows + row;
  packed.sort();
  return Uint32Array.from(packed, (value) => value % rows);
}

/** The same keys numbered from 1. */
function narrowed(keys: Int32Array | Float64Array): Int32Array {
  const numbers = new Map<number, number>([[0, 0]]);
  return Int32Array.from(keys, (key) => {
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
    }
    return number;
  });
}
