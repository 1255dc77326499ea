import type { Field } from './fields.ts';
import { isNickname } from './nicknames.ts';
import { jaroWinkler } from './strings.ts';

/** Level 0: one of the two says nothing. Level 1 is equality; the last level is "different". */
export const MISSING = 0;
export const EXACT = 1;

/** What the last level of every comparison is called. */
export const DIFFERENT = 'different';

export interface Comparison {
  field: Field;
  /** What each level means, for the explanation; index is the level. */
  levels: readonly string[];
  /** The level of two records, by their row numbers. */
  compare: (a: number, b: number) => number;
}

/** Above these two names are spellings of one, and similar. */
const CLOSE = 0.92;
const SIMILAR = 0.82;

/** A comparison per field; names and address lines look into each other, because people and clerks swap them. */
export function comparisonsOf(fields: readonly Field[]): Comparison[] {
  const given = fields.find((f) => f.kind === 'given');
  const family = fields.find((f) => f.kind === 'family');
  const lines = fields.filter((f) => f.kind === 'text' && /address|street|line|calle|rua/i.test(f.name));
  return fields.map((field) => {
    if (field.kind === 'given') return nameComparison(field, family);
    if (field.kind === 'family') return nameComparison(field, given);
    if (field.kind === 'date') return valueComparison(field, DATE_LEVELS, dateLevel);
    if (field.kind === 'email') return valueComparison(field, EMAIL_LEVELS, emailLevel);
    if (field.kind === 'text')
      return textComparison(field, lines.includes(field) ? lines.filter((l) => l !== field) : []);
    return valueComparison(field, CODE_LEVELS, codeLevel);
  });
}

const NAME_LEVELS = [
  'not given',
  'equal',
  'spelt alike',
  'short form or part of it',
  'similar',
  'given and family name swapped',
  DIFFERENT,
];

function nameComparison(field: Field, other: Field | undefined): Comparison {
  const straight = byValue(field, nameLevel);
  const swapped = (a: number, b: number): boolean =>
    other !== undefined && (close(field, a, other, b) || close(other, a, field, b));
  return {
    field,
    levels: NAME_LEVELS,
    compare(a, b) {
      const level = straight(a, b);
      return (level === MISSING || level === 6) && swapped(a, b) ? 5 : level;
    },
  };
}

function nameLevel(x: string, y: string): number {
  const likeness = jaroWinkler(x, y);
  if (likeness >= CLOSE || (x.length > 3 && withinEdits(x, y, 1))) return 2;
  if (isNickname(x, y) || isPart(x, y)) return 3;
  return likeness >= SIMILAR ? 4 : 6;
}

/** `garcia` in `garcia lopez`, `m` for `maria`: one says less than the other, and nothing else. */
function isPart(x: string, y: string): boolean {
  const [short, long] = x.length < y.length ? [x, y] : [y, x];
  if (short.length === 1) return long.startsWith(short);
  return long.includes(' ') && long.split(' ').includes(short);
}

function close(f: Field, a: number, g: Field, b: number): boolean {
  const [x, y] = [f.values[f.ids[a]!]!, g.values[g.ids[b]!]!];
  return x !== '' && y !== '' && (x === y || jaroWinkler(x, y) >= CLOSE);
}

const DATE_LEVELS = [
  'not given',
  'equal',
  'one digit or day and month differ',
  'two of three parts equal, or a month apart',
  'a year apart',
  DIFFERENT,
];
const DAY_MS = 86_400_000;
const MONTH_DAYS = 31;
const YEAR_DAYS = 366;

function dateLevel(x: string, y: string): number {
  const [yearX, monthX, dayX] = [x.slice(0, 4), x.slice(4, 6), x.slice(6, 8)];
  const [yearY, monthY, dayY] = [y.slice(0, 4), y.slice(4, 6), y.slice(6, 8)];
  if (withinEdits(x, y, 1) || (yearX === yearY && monthX === dayY && dayX === monthY)) return 2;
  const parts = Number(yearX === yearY) + Number(monthX === monthY) + Number(dayX === dayY);
  const apart = Math.abs(Date.UTC(+yearX, +monthX - 1, +dayX) - Date.UTC(+yearY, +monthY - 1, +dayY)) / DAY_MS;
  if (parts === 2 || apart <= MONTH_DAYS) return 3;
  return apart <= YEAR_DAYS ? 4 : 5;
}

const EMAIL_LEVELS = ['not given', 'equal', 'same mailbox elsewhere, or a typing error', 'similar', DIFFERENT];

function emailLevel(x: string, y: string): number {
  const [boxX, boxY] = [x.slice(0, x.indexOf('@')), y.slice(0, y.indexOf('@'))];
  if ((boxX.length > 3 && boxX === boxY) || withinEdits(x, y, 2) || jaroWinkler(x, y) >= 0.95) return 2;
  return jaroWinkler(x, y) >= 0.88 ? 3 : 4;
}

const CODE_LEVELS = ['not given', 'equal', 'one character differs', DIFFERENT];
const codeLevel = (x: string, y: string): number => (withinEdits(x, y, 1) ? 2 : 3);

const TEXT_LEVELS = ['not given', 'equal', 'spelt alike', 'most words in common', 'stands in another line', DIFFERENT];

function textComparison(field: Field, lines: readonly Field[]): Comparison {
  const straight = byValue(field, textLevel);
  return {
    field,
    levels: TEXT_LEVELS,
    compare(a, b) {
      const level = straight(a, b);
      const elsewhere =
        (level === MISSING || level === 5) &&
        lines.some((line) => close(field, a, line, b) || close(line, a, field, b));
      return elsewhere ? 4 : level;
    },
  };
}

function textLevel(x: string, y: string): number {
  const [closeX, closeY] = [x.replaceAll(' ', ''), y.replaceAll(' ', '')];
  const likeness = jaroWinkler(closeX, closeY);
  if (likeness >= CLOSE || withinEdits(closeX, closeY, closeX.length > 8 ? 2 : 1)) return 2;
  return likeness >= SIMILAR || wordsInCommon(x, y) >= 0.5 ? 3 : 5;
}

function wordsInCommon(x: string, y: string): number {
  const [wordsX, wordsY] = [x.split(' '), y.split(' ')];
  const common = wordsX.filter((word) => wordsY.includes(word)).length;
  return common / Math.max(wordsX.length, wordsY.length);
}

const valueComparison = (
  field: Field,
  levels: readonly string[],
  level: (x: string, y: string) => number,
): Comparison => ({
  field,
  levels,
  compare: byValue(field, level),
});

/** Fields with fewer distinct values than this meet the same two again and again: a lookup is cheaper than comparing them anew. */
const REMEMBER_BELOW = 20_000;
const MAX_REMEMBERED = 1_000_000;

function byValue({ ids, values }: Field, level: (x: string, y: string) => number): (a: number, b: number) => number {
  const remembered = values.length < REMEMBER_BELOW ? new Map<number, number>() : null;
  return (a, b) => {
    const [x, y] = [ids[a]!, ids[b]!];
    if (x === 0 || y === 0) return MISSING;
    if (x === y) return EXACT;
    if (!remembered) return level(values[x]!, values[y]!);
    const key = x < y ? x * values.length + y : y * values.length + x;
    let known = remembered.get(key);
    if (known === undefined) {
      known = level(values[x]!, values[y]!);
      if (remembered.size < MAX_REMEMBERED) remembered.set(key, known);
    }
    return known;
  };
}

/** Whether two texts are at most `most` (1 or 2) insertions, deletions, substitutions or swaps of neighbours apart. */
export function withinEdits(x: string, y: string, most: number): boolean {
  if (x.length > y.length + most || y.length > x.length + most) return false;
  let [from, endX, endY] = [0, x.length, y.length];
  while (from < endX && from < endY && x.charCodeAt(from) === y.charCodeAt(from)) from++;
  while (endX > from && endY > from && x.charCodeAt(endX - 1) === y.charCodeAt(endY - 1)) {
    endX--;
    endY--;
  }
  const [restX, restY] = [endX - from, endY - from];
  if (restX <= most && restY <= most) return true;
  if (restX === 2 && restY === 2 && x[from] === y[from + 1] && x[from + 1] === y[from]) return true;
  if (most === 1) return false;
  return (
    withinEdits(x.slice(from + 1, endX), y.slice(from, endY), 1) ||
    withinEdits(x.slice(from, endX), y.slice(from + 1, endY), 1) ||
    withinEdits(x.slice(from + 1, endX), y.slice(from + 1, endY), 1) ||
    (x[from] === y[from + 1] &&
      x[from + 1] === y[from] &&
      withinEdits(x.slice(from + 2, endX), y.slice(from + 2, endY), 1))
  );
}
