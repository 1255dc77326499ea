import { createHash } from 'node:crypto';
import { compileCondition, type Test } from './condition.ts';
import { compile, FieldError, object, type Read, type Scope, text, within } from './expression.ts';
import { type List, type Lookup, type Mapping, REST, type Step } from './mapping.ts';
import { missingField } from './shapes.ts';
import { openTable, type Reading, type Row, type Table } from './rows.ts';

export interface Refusal {
  row: number;
  field: string;
  reason: string;
}

/** One thing to be imported: `row` is where it began in the file. */
export interface ImportRecord {
  row: number;
  value: Record<string, unknown>;
}

/** Where every row of the file went: into a record, or why not. */
export interface Tally {
  rows: number;
  taken: number;
  duplicates: number;
  repeated: number;
  refused: number;
  byClass: Record<string, number>;
}

export const newTally = (): Tally => ({ rows: 0, taken: 0, duplicates: 0, repeated: 0, refused: 0, byClass: {} });

/** A lookup is held in memory; a file beyond this belongs into a database or sorted into the main file first. */
const MAX_LOOKUP_ROWS = 5_000_000;

interface Plan {
  make: (rows: Row[]) => Record<string, unknown>;
  classOf: (row: Row) => string;
  take: Set<string> | null;
  distinct: Read | null;
  groupBy: Read | null;
}

/** Reads a file as the records that the step makes of it, refusing what cannot be read, in the order of the file. */
export async function* records(
  mapping: Mapping,
  step: Step,
  path: string,
  resolve: (pattern: string) => string,
  tally: Tally,
  refuse: (refusal: Refusal) => void,
): AsyncGenerator<ImportRecord> {
  const table = await openTable(path, reading(step));
  const plan = await makePlan(mapping, step, table, resolve);
  for await (const rows of groups(step, plan, table.rows, tally, refuse)) {
    const row = (rows[0] as Row).number;
    try {
      const value = plan.make(rows);
      const missing = missingField(step.kind, value);
      if (missing) throw new FieldError(missing, 'is missing');
      tally.taken += rows.length;
      yield { row, value };
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      tally.refused += rows.length;
      refuse({ row: rowOf(error, rows), field: error.field, reason: error.reason });
    }
  }
}

const reading = ({ format, delimiter, encoding }: Step | Lookup): Reading => ({
  ...(format && { format }),
  ...(delimiter && { delimiter }),
  ...(encoding && { encoding }),
});

/** A fault in `lines.3.quantity` is reported at the row of that line. */
function rowOf(error: FieldError, rows: Row[]): number {
  const index = rows.length > 1 ? /\.(\d+)\./.exec(error.field)?.[1] : undefined;
  return (rows[Number(index ?? 0)] ?? rows[0])?.number ?? 0;
}

async function makePlan(mapping: Mapping, step: Step, table: Table, resolve: (file: string) => string): Promise<Plan> {
  const lookups = new Map<string, LookupTable>();
  const scope: Scope = { column: table.column, lookup: (name) => lookupNamed(lookups, name) };
  for (const [name, lookup] of Object.entries(step.lookups)) {
    // In the order of the mapping: a lookup may look into those before it.
    lookups.set(name, await loadLookup(lookup, resolve(lookup.file), (other) => lookupNamed(lookups, other)));
  }
  // Only where classes are asked for: other files of the mapping need not have the columns they test.
  const classes = (step.take ? mapping.classes : []).map(
    (c) => [c.class, compileCondition(c.when, table.column)] as const,
  );
  return {
    make: maker(step, scope, lookups),
    classOf: step.take ? classifier(classes) : () => REST,
    take: step.take ? new Set(step.take) : null,
    distinct: step.distinct === undefined ? null : compile(step.distinct, scope),
    groupBy: step.group ? compile(step.group.by, scope) : null,
  };
}

const classifier =
  (classes: (readonly [string, Test])[]) =>
  (row: Row): string =>
    classes.find(([, test]) => test(row))?.[0] ?? REST;

function maker(step: Step, scope: Scope, lookups: Map<string, LookupTable>): Plan['make'] {
  const fields = object(step.record, scope);
  const lists = Object.entries(step.lists).map(
    ([name, list]) => [name, [list].flat().map((part) => listReader(part, scope, lookups))] as const,
  );
  return (rows) => {
    const value = (fields(rows[0] as Row) ?? {}) as Record<string, unknown>;
    for (const [name, reads] of lists) value[name] = within(name, () => reads.flatMap((read) => read(rows)));
    return value;
  };
}

function listReader(list: List, scope: Scope, lookups: Map<string, LookupTable>): (rows: Row[]) => unknown[] {
  const source = list.from === 'rows' ? null : lookupNamed(lookups, list.from);
  const fields = object(list.fields, source?.scope ?? scope);
  const by = list.by === undefined ? null : compile(list.by, scope);
  const when = list.when === undefined ? () => true : compileCondition(list.when, (source?.scope ?? scope).column);
  return (rows) => {
    const key = source && by ? by(rows[0] as Row) : null;
    const items = source ? (source.rows.get(text(key)) ?? []) : rows;
    return items.flatMap((row, index) => (when(row) ? [within(String(index), () => fields(row))] : []));
  };
}

interface LookupTable {
  scope: Scope;
  rows: Map<string, Row[]>;
  find: (key: string) => readonly Row[];
}

function lookupNamed(lookups: Map<string, LookupTable>, name: string): LookupTable {
  const found = lookups.get(name);
  if (!found)
    throw new FieldError('lookups', `there is no lookup "${name}" before this one: ${[...lookups.keys()].join(', ')}`);
  return found;
}

async function loadLookup(lookup: Lookup, path: string, others: Scope['lookup']): Promise<LookupTable> {
  const table = await openTable(path, reading(lookup));
  const scope: Scope = { column: table.column, lookup: others };
  const key = compile(lookup.key, scope);
  const rows = new Map<string, Row[]>();
  let count = 0;
  for await (const row of table.rows) {
    const value = key(row);
    if (value === null) continue;
    const same = rows.get(text(value));
    if (!same) rows.set(text(value), [row]);
    else if (lookup.many) same.push(row);
    else continue;
    if ((count += 1) > MAX_LOOKUP_ROWS) {
      throw new FieldError(
        'lookups',
        `${path} has more than ${MAX_LOOKUP_ROWS} rows; join it into the main file instead`,
      );
    }
  }
  return { scope, rows, find: (wanted) => rows.get(wanted) ?? [] };
}

/** The rows that make one record each. */
async function* groups(
  step: Step,
  plan: Plan,
  rows: AsyncIterable<Row>,
  tally: Tally,
  refuse: (refusal: Refusal) => void,
): AsyncGenerator<Row[]> {
  const taken = only(plan, rows, tally);
  if (plan.groupBy && step.group) yield* grouped(taken, plan.groupBy, step, tally, refuse);
  else for await (const row of taken) yield [row];
}

async function* only(plan: Plan, rows: AsyncIterable<Row>, tally: Tally): AsyncGenerator<Row> {
  const seen = new Set<string>();
  for await (const row of rows) {
    tally.rows += 1;
    const rowClass = plan.classOf(row);
    if (plan.take && !plan.take.has(rowClass)) {
      tally.byClass[rowClass] = (tally.byClass[rowClass] ?? 0) + 1;
      continue;
    }
    if (plan.distinct) {
      const key = plan.distinct(row);
      if (key === null || seen.has(text(key))) {
        tally.repeated += 1;
        continue;
      }
      seen.add(text(key));
    }
    yield row;
  }
}

interface OpenGroup {
  key: string;
  rows: Row[];
  cells: Set<string>;
  lastAt: number;
}

/** Collects rows of one key. A group is closed once `window` rows went by without one of its own, which bounds what is held in memory. */
async function* grouped(
  rows: AsyncIterable<Row>,
  by: Read,
  step: Step,
  tally: Tally,
  refuse: (refusal: Refusal) => void,
): AsyncGenerator<Row[]> {
  const window = step.group?.window ?? 0;
  const open = new Map<string, OpenGroup>();
  const closed = new Set<string>();
  let at = 0;
  for await (const row of rows) {
    at += 1;
    for (const old of open.values()) {
      if (at - old.lastAt <= window) break;
      open.delete(old.key);
      closed.add(old.key);
      yield old.rows;
    }
    const value = by(row);
    const key = value === null ? '' : text(value);
    if (value === null || closed.has(key)) {
      tally.refused += 1;
      refuse({ row: row.number, field: 'group.by', reason: value === null ? 'is empty' : apart(key, window) });
      continue;
    }
    const group = open.get(key) ?? { key, rows: [], cells: new Set(), lastAt: at };
    // Re-inserted at the end, so that the map is in the order of the last row seen.
    open.delete(key);
    open.set(key, group);
    group.lastAt = at;
    if (isNew(group, row, step)) group.rows.push(row);
    else tally.duplicates += 1;
  }
  for (const group of open.values()) yield group.rows;
}

const apart = (key: string, window: number): string =>
  `"${key}" comes again more than ${window} rows after its other rows. Sort the file by it, or raise "window".`;

function isNew(group: OpenGroup, row: Row, step: Step): boolean {
  if (step.duplicates === 'keep') return true;
  const whole = createHash('md5').update(JSON.stringify(row.cells)).digest('base64');
  if (group.cells.has(whole)) return false;
  group.cells.add(whole);
  return true;
}
