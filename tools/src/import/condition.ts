import { z } from 'zod';
import { parseDecimal, toNumber } from './decimal.ts';
import { text } from './expression.ts';
import type { ColumnReader, Row } from './rows.ts';

/** When a row belongs to a class: a test of one column, or tests combined. */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | {
      column: string;
      matches?: string | undefined;
      equals?: string | undefined;
      empty?: boolean | undefined;
      below?: number | undefined;
      above?: number | undefined;
    };

export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(condition).min(1) }),
    z.strictObject({ any: z.array(condition).min(1) }),
    z.strictObject({ not: condition }),
    z
      .strictObject({
        column: z.string(),
        matches: z.string().optional(),
        equals: z.string().optional(),
        empty: z.boolean().optional(),
        below: z.number().optional(),
        above: z.number().optional(),
      })
      .refine((c) => Object.keys(c).length > 1, { message: 'say what the column is tested for' }),
  ]),
);

export type Test = (row: Row) => boolean;

export function compileCondition(c: Condition, column: ColumnReader): Test {
  if ('all' in c) return every(c.all.map((part) => compileCondition(part, column)));
  if ('any' in c) return some(c.any.map((part) => compileCondition(part, column)));
  if ('not' in c) return not(compileCondition(c.not, column));
  const read = column(c.column);
  const tests = [
    c.empty === undefined ? [] : [(value: unknown) => (value === null) === c.empty],
    c.equals === undefined ? [] : [(value: unknown) => value !== null && text(value) === c.equals],
    c.matches === undefined ? [] : [matcher(new RegExp(c.matches, 'u'))],
    c.below === undefined ? [] : [(value: unknown) => asNumber(value) < (c.below as number)],
    c.above === undefined ? [] : [(value: unknown) => asNumber(value) > (c.above as number)],
  ].flat();
  return (row) => {
    const value = read(row);
    return tests.every((test) => test(value));
  };
}

const every =
  (tests: Test[]): Test =>
  (row) =>
    tests.every((test) => test(row));
const some =
  (tests: Test[]): Test =>
  (row) =>
    tests.some((test) => test(row));
const not =
  (test: Test): Test =>
  (row) =>
    !test(row);
const matcher = (pattern: RegExp) => (value: unknown) => value !== null && pattern.test(text(value));

/** NaN, which is neither below nor above anything, for what is no number: such a row is refused by its field, not by its class. */
function asNumber(value: unknown): number {
  if (value === null) return Number.NaN;
  try {
    return toNumber(parseDecimal(text(value)));
  } catch {
    return Number.NaN;
  }
}
