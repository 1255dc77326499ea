import { createHash } from 'node:crypto';
import { DomainError } from '@trenza/values';

/** One call moves at most this many items: enough to make the statement cost nothing per row, small enough for one transaction. */
export const MAX_IMPORT_ROWS = 1_000;

/** Why a row was not taken. */
export interface Refusal {
  index: number;
  key: string;
  field: string;
  code: string;
  message: string;
}

export interface ImportOutcome {
  created: number;
  updated: number;
  unchanged: number;
  refusals: Refusal[];
}

/** Rows that may go on, with the place each had in the input, and the refusals of the others. */
export interface Sifted<Row> {
  rows: { index: number; row: Row }[];
  refusals: Refusal[];
}

export type Problem = { field: string; code: string; message: string } | null;

/** Parts the rows that keep the rules from those that don't; a key that comes twice is refused the second time. */
export function sift<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  problemOf: (row: Row) => Problem,
  keyField: string,
): Sifted<Row> {
  if (rows.length > MAX_IMPORT_ROWS)
    throw new DomainError(
      'BATCH_TOO_LARGE',
      `${rows.length} items were sent, at most ${MAX_IMPORT_ROWS} fit into one call. Send them in several.`,
      ['input'],
    );
  const seen = new Set<string>();
  const sifted: Sifted<Row> = { rows: [], refusals: [] };
  rows.forEach((row, index) => {
    const key = keyOf(row);
    const problem = seen.has(key)
      ? { field: keyField, code: 'DUPLICATE_IN_BATCH', message: `"${key}" stands in this batch already.` }
      : problemOf(row);
    seen.add(key);
    if (problem) sifted.refusals.push({ index, key, ...problem });
    else sifted.rows.push({ index, row });
  });
  return sifted;
}

/** The same content gives the same hash; a field that is null says as little as one that is not there. */
export const bodyHash = (body: unknown): string =>
  createHash('md5')
    .update(JSON.stringify(body, (_, value: unknown) => value ?? undefined))
    .digest('base64');

export const blank = (text: string | null | undefined): boolean =>
  text === undefined || text === null || text.trim() === '';

export const isCurrency = (code: string): boolean => /^[A-Z]{3}$/.test(code);
