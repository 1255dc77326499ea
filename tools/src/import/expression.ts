import { z } from 'zod';
import { type DateFormat, dateReader } from './dates.ts';
import {
  absolute,
  add,
  type Decimal,
  multiply,
  negate,
  type NumberFormat,
  parseDecimal,
  toInteger,
  toMinor,
  toNumber,
} from './decimal.ts';
import type { ColumnReader, Row } from './rows.ts';

/** How the value of a field is made from a row. See docs/import.md; every transform is optional and they apply in the order written here. */
const transforms = {
  /** These texts mean "nothing". */
  empty: z.array(z.string()).optional(),
  /** Keep what the pattern matches (its first group, if it has one); nothing if it does not match. */
  match: z.string().optional(),
  replace: z.array(z.tuple([z.string(), z.string()])).optional(),
  case: z.enum(['upper', 'lower', 'title']).optional(),
  /** A table of values; `otherwise` is for those that are not in it, which are refused unless it is given. */
  map: z.record(z.string(), z.unknown()).optional(),
  otherwise: z.unknown().optional(),
  date: z
    .strictObject({ format: z.string(), zone: z.string().optional(), only: z.literal('date').optional() })
    .optional(),
  number: z
    .union([z.literal(true), z.strictObject({ decimal: z.string().optional(), thousands: z.string().optional() })])
    .optional(),
  abs: z.boolean().optional(),
  negate: z.boolean().optional(),
  /** Minor units: money with that many digits after the mark, as a whole number. */
  minor: z.int().min(0).max(6).optional(),
  integer: z.boolean().optional(),
  /** True for these texts, false for every other. */
  truth: z.array(z.string()).optional(),
  split: z.string().min(1).optional(),
  default: z.unknown().optional(),
};

export type Expression = string | ExpressionObject;
interface ExpressionObject extends Partial<z.infer<typeof transformsObject>> {
  column?: string;
  constant?: unknown;
  template?: string;
  first?: Expression[];
  multiply?: Expression[];
  add?: Expression[];
  lookup?: string;
  by?: Expression;
  take?: Expression;
  sum?: Expression;
  object?: Record<string, Expression>;
  list?: Expression[];
}
const transformsObject = z.strictObject(transforms);

export const expression: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    z.string(),
    z
      .strictObject({
        column: z.string().optional(),
        constant: z.unknown().optional(),
        template: z.string().optional(),
        first: z.array(expression).optional(),
        multiply: z.array(expression).optional(),
        add: z.array(expression).optional(),
        lookup: z.string().optional(),
        by: expression.optional(),
        take: expression.optional(),
        /** Of a lookup with many rows: adds up what is taken from each. */
        sum: expression.optional(),
        object: z.record(z.string(), expression).optional(),
        list: z.array(expression).optional(),
        ...transforms,
      })
      .refine((e) => SOURCES.filter((source) => e[source] !== undefined).length === 1, {
        message:
          'an expression takes its value from exactly one of: column, constant, template, first, multiply, add, lookup, object, list',
      }),
  ]),
) as z.ZodType<Expression>;

const SOURCES = ['column', 'constant', 'template', 'first', 'multiply', 'add', 'lookup', 'object', 'list'] as const;

/** Reads one value out of a row; null where there is none. Throws an Error that says what is wrong with the value. */
export type Read = (row: Row) => unknown;

export interface Scope {
  column: ColumnReader;
  lookup: (name: string) => { scope: Scope; find: (key: string) => readonly Row[] };
}

export function compile(source: Expression, scope: Scope): Read {
  if (typeof source === 'string') return scope.column(source);
  return transform(source, sourceOf(source, scope));
}

function sourceOf(e: ExpressionObject, scope: Scope): Read {
  if (e.column !== undefined) return scope.column(e.column);
  if (e.template !== undefined) return template(e.template, scope);
  if (e.first) return first(e.first.map((part) => compile(part, scope)));
  if (e.multiply) return arithmetic(e.multiply, multiply, e, scope);
  if (e.add) return arithmetic(e.add, add, e, scope);
  if (e.lookup !== undefined) return looked(e, scope);
  if (e.object) return object(e.object, scope);
  if (e.list) return list(e.list, scope);
  return () => e.constant;
}

function template(text: string, scope: Scope): Read {
  const parts = text.split(/\{([^}]+)\}/);
  const reads = parts.map((part, index) => (index % 2 === 1 ? scope.column(part) : () => part));
  return (row) => {
    const values = reads.map((read) => read(row));
    return values.includes(null) ? null : values.join('');
  };
}

const first =
  (reads: Read[]): Read =>
  (row) => {
    for (const read of reads) {
      const value = read(row);
      if (value !== null) return value;
    }
    return null;
  };

function arithmetic(
  parts: Expression[],
  operate: (a: Decimal, b: Decimal) => Decimal,
  e: ExpressionObject,
  scope: Scope,
): Read {
  const reads = parts.map((part) => compile(part, scope));
  const format = numberFormat(e);
  return (row) => {
    const values = reads.map((read) => read(row));
    return values.includes(null) ? null : values.map((value) => decimal(value, format)).reduce(operate);
  };
}

function looked(e: ExpressionObject, scope: Scope): Read {
  const table = scope.lookup(e.lookup as string);
  const by = compile(e.by ?? '', scope);
  const take = compile(e.sum ?? e.take ?? '', table.scope);
  const format = numberFormat(e);
  return (row) => {
    const key = by(row);
    const found = key === null ? [] : table.find(text(key));
    if (e.sum === undefined) return found[0] ? take(found[0]) : null;
    const values = found.map(take).filter((value) => value !== null);
    return values.length > 0 ? values.map((value) => decimal(value, format)).reduce(add) : null;
  };
}

/** An object of fields; null if all of them are. */
export function object(fields: Record<string, Expression>, scope: Scope): Read {
  const reads = Object.entries(fields).map(([name, field]) => [name, compile(field, scope)] as const);
  return (row) => {
    const values: Record<string, unknown> = {};
    let any = false;
    for (const [name, read] of reads) {
      const value = within(name, () => read(row));
      if (value !== null) {
        values[name] = value;
        any = true;
      }
    }
    return any ? values : null;
  };
}

function list(items: Expression[], scope: Scope): Read {
  const reads = items.map((item) => compile(item, scope));
  return (row) => {
    const values = reads.map((read) => read(row)).filter((value) => value !== null);
    return values.length > 0 ? values : null;
  };
}

/** What is wrong with which field: goes to the report as it is. */
export class FieldError extends Error {
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
  }
}

export function within<T>(field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FieldError) throw new FieldError(`${field}.${error.field}`, error.reason);
    throw new FieldError(field, (error as Error).message);
  }
}

type Step = (value: unknown) => unknown;

/** Chains the transforms that are asked for; a step never sees null, except `default` at the end. */
function transform(e: ExpressionObject, read: Read): Read {
  const steps = STEPS.flatMap((make) => make(e) ?? []);
  const fallback = e.default ?? null;
  if (steps.length === 0 && fallback === null) return read;
  return (row) => {
    let value = read(row);
    for (const step of steps) {
      if (value === null) break;
      value = step(value);
    }
    return isDecimal(value) ? toNumber(value) : (value ?? fallback);
  };
}

const STEPS: ((e: ExpressionObject) => Step | undefined)[] = [
  ({ empty }) => empty && ((value) => (empty.includes(text(value)) ? null : value)),
  ({ match }) => (match === undefined ? undefined : matching(new RegExp(match, 'u'))),
  ({ replace }) => replace && replacing(replace.map(([pattern, by]) => [new RegExp(pattern, 'gu'), by])),
  (e) => e.case && ((value) => CASES[e.case as keyof typeof CASES](text(value))),
  ({ map, otherwise }) => map && mapped(new Map(Object.entries(map)), otherwise),
  ({ truth }) => truth && ((value) => truth.includes(text(value))),
  ({ date }) => date && dated(date),
  (e) =>
    isNumeric(e)
      ? (
          (format) => (value: unknown) =>
            decimal(value, format)
        )(numberFormat(e))
      : undefined,
  ({ abs }) => (abs ? (value) => absolute(value as Decimal) : undefined),
  (e) => (e.negate ? (value) => negate(value as Decimal) : undefined),
  ({ minor }) => (minor === undefined ? undefined : (value) => toMinor(value as Decimal, minor)),
  ({ integer }) => (integer ? (value) => toInteger(value as Decimal) : undefined),
  ({ split }) =>
    split === undefined
      ? undefined
      : (value) =>
          text(value)
            .split(split)
            .map((part) => part.trim())
            .filter(Boolean),
];

const isNumeric = (e: ExpressionObject): boolean =>
  [e.number, e.abs, e.negate, e.integer, e.multiply, e.add].some(Boolean) || e.minor !== undefined;

const numberFormat = ({ number }: ExpressionObject): NumberFormat => (typeof number === 'object' ? number : {});

function matching(pattern: RegExp): Step {
  return (value) => {
    const found = pattern.exec(text(value));
    return found ? (found[1] ?? found[0]) : null;
  };
}

const replacing =
  (pairs: [RegExp, string][]): Step =>
  (value) =>
    pairs.reduce((result, [pattern, by]) => result.replace(pattern, by), text(value)).trim() || null;

const CASES = {
  upper: (value: string) => value.toUpperCase(),
  lower: (value: string) => value.toLowerCase(),
  title: (value: string) =>
    value
      .toLowerCase()
      .replace(/(^|[\s'’-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
};

const mapped =
  (table: Map<string, unknown>, otherwise: unknown): Step =>
  (value) => {
    const key = text(value);
    if (table.has(key)) return table.get(key) ?? null;
    if (otherwise === undefined) throw new Error(`"${key}" is none of ${[...table.keys()].join(', ')}`);
    return otherwise;
  };

function dated(format: DateFormat): Step {
  const read = dateReader(format);
  return (value) => read(text(value));
}

const isDecimal = (value: unknown): value is Decimal => typeof value === 'object' && value !== null && 'units' in value;
const decimal = (value: unknown, format: NumberFormat): Decimal =>
  isDecimal(value)
    ? value
    : typeof value === 'number'
      ? parseDecimal(String(value))
      : parseDecimal(text(value), format);

/** Cells of CSV are texts; those of JSON lines may be numbers or truth values. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value);
}
