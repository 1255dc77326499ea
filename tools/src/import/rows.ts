import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';

export type Format = 'csv' | 'tsv' | 'jsonl';

export interface Reading {
  format?: Format;
  delimiter?: string;
  encoding?: 'utf8' | 'latin1';
}

/** One row of a file: its number as an editor would show it to a person (the header is row 1), and its cells. */
export interface Row {
  number: number;
  cells: readonly unknown[];
}

/** How a column is read from the rows of this file; null where it is empty. */
export type ColumnReader = (column: string) => (row: Row) => unknown;

export interface Table {
  column: ColumnReader;
  rows: AsyncIterable<Row>;
}

/** A line longer than this is a broken file (an unclosed quote), not data. */
const MAX_ROW_BYTES = 1_000_000;

export class UnreadableFile extends Error {}

/** Opens a CSV, TSV or JSON lines file, plain or gzip, and reads it as a stream. */
export async function openTable(path: string, reading: Reading = {}): Promise<Table> {
  const format = reading.format ?? formatOf(path);
  const bytes = await open(path);
  return format === 'jsonl' ? jsonLines(bytes, path) : await separated(bytes, path, format, reading);
}

export function formatOf(path: string): Format {
  const name = path.replace(/\.gz$/, '');
  if (/\.(jsonl|ndjson|json)$/.test(name)) return 'jsonl';
  if (/\.(tsv|tab)$/.test(name)) return 'tsv';
  if (/\.(csv|txt)$/.test(name)) return 'csv';
  throw new UnreadableFile(
    `${path}: the name does not say what the file is. Set "format" in the mapping to csv, tsv or jsonl.`,
  );
}

async function open(path: string): Promise<Readable> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  await new Promise<void>((resolve, reject) => {
    file.once('ready', resolve);
    file.once('error', (error) => reject(new UnreadableFile(`${path} cannot be read: ${error.message}`)));
  });
  if (!path.endsWith('.gz')) return file;
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}

async function separated(bytes: Readable, path: string, format: Format, reading: Reading): Promise<Table> {
  const parser = parse({
    delimiter: reading.delimiter ?? (format === 'tsv' ? '\t' : ','),
    encoding: reading.encoding ?? 'utf8',
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: MAX_ROW_BYTES,
    // Tab separated files have no quoting: an inch sign is just an inch sign.
    quote: format === 'tsv' ? null : '"',
  });
  bytes.on('error', (error) => parser.destroy(error));
  bytes.pipe(parser);
  const records = parser[Symbol.asyncIterator]() as AsyncIterator<{ record: string[]; info: { lines: number } }>;
  const first = await records.next().catch((error: unknown) => {
    throw new UnreadableFile(`${path} cannot be read: ${(error as Error).message}`);
  });
  if (first.done) throw new UnreadableFile(`${path} is empty: its first row must name the columns.`);
  const header = new Map(first.value.record.map((name, index) => [name.trim(), index]));
  return { column: byPosition(header, path), rows: cells(records, path) };
}

function byPosition(header: Map<string, number>, path: string): ColumnReader {
  return (column) => {
    const index = header.get(column);
    if (index === undefined) {
      throw new UnreadableFile(`${path} has no column "${column}". It has: ${[...header.keys()].join(', ')}.`);
    }
    return (row) => blankToNull(row.cells[index]);
  };
}

async function* cells(
  records: AsyncIterator<{ record: string[]; info: { lines: number } }>,
  path: string,
): AsyncGenerator<Row> {
  let number = 1;
  try {
    for (let next = await records.next(); !next.done; next = await records.next()) {
      yield { number: (number += 1), cells: next.value.record };
    }
  } catch (error) {
    throw new UnreadableFile(`${path} cannot be read after row ${number}: ${(error as Error).message}`);
  }
}

function jsonLines(bytes: Readable, path: string): Table {
  const column: ColumnReader = (name) => {
    const steps = name.split('.');
    return ({ cells: [record] }) => {
      const whole = (record as Record<string, unknown>)[name];
      return blankToNull(whole === undefined ? steps.reduce(into, record) : whole);
    };
  };
  return { column, rows: jsonRows(bytes, path) };
}

const into = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

async function* jsonRows(bytes: Readable, path: string): AsyncGenerator<Row> {
  let number = 0;
  for await (const line of createInterface({ input: bytes, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() !== '') yield { number, cells: [parseLine(line, number, path)] };
  }
}

function parseLine(line: string, number: number, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UnreadableFile(`${path}, line ${number}, is not JSON. Each line must hold one JSON object.`);
  }
}

function blankToNull(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  const trimmed = value.trim();
  return trimmed === '' ? null : trimmed;
}
