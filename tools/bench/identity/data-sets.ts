import { parse } from 'csv-parse/sync';
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { kindOf, type FieldSpec, type RecordRow } from '../../../subgraphs/identity/src/matching/fields.ts';

const FOLDER = join(
  process.env['TRENZA_DATA_SETS'] ?? join(__dirname, '..', '..', '..', '..', 'shared', 'data'),
  'identity',
);

export interface DataSet {
  name: string;
  rows: RecordRow[];
  /** What may be compared: neither the number of a row nor what tells the truth. */
  specs: FieldSpec[];
  /** Who each row really is. */
  truth: string[];
}

/** Columns that number the rows or tell who they are. Looking at them would be cheating. */
const NOT_COMPARED = /^(rec_?id|unique_?id|row_?id|id|cluster|person_?id|source_?dataset)$/i;

/** Every data set of person records with a known truth that is there, whatever its name. */
export function dataSets(): DataSet[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((file) => /\.csv(\.gz)?$/.test(file))
    .toSorted()
    .flatMap((file) => {
      const rows = read(join(FOLDER, file));
      const truthOf = truthIn(rows[0] ?? {});
      if (!truthOf) return [];
      const columns = Object.keys(rows[0]!).filter((column) => !NOT_COMPARED.test(column));
      return {
        name: file.replace(/\.csv(\.gz)?$/, ''),
        rows,
        specs: columns.map((name) => ({ name, kind: kindOf(name) })),
        truth: rows.map(truthOf),
      };
    });
}

function read(file: string): Record<string, string>[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  return parse(text, {
    columns: (header: string[]) => header.map((h) => h.trim()),
    trim: true,
    relax_column_count: true,
  });
}

/** FEBRL writes `rec-12-org` and `rec-12-dup-0`; Splink's sets have a column `cluster`. */
function truthIn(row: Record<string, string>): ((row: RecordRow) => string) | null {
  if ('cluster' in row) return (r) => r['cluster']!;
  if ('rec_id' in row) return (r) => /^rec-(\d+)/.exec(r['rec_id']!)?.[1] ?? r['rec_id']!;
  return null;
}

/** The same records without what identifies a person by itself and what shops do not have. */
export const withoutSocialSecurity = ({ name, specs, ...rest }: DataSet): DataSet => ({
  ...rest,
  name: `${name}-without-soc-sec`,
  specs: specs.filter((spec) => !/soc_sec|ssn/.test(spec.name)),
});
