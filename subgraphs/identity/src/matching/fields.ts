import { fold } from './strings.ts';

/** How values of a field are compared. */
export type FieldKind = 'given' | 'family' | 'date' | 'email' | 'phone' | 'code' | 'text';

export interface FieldSpec {
  name: string;
  kind: FieldKind;
}

/** A column of all records: every distinct value once, and per record the number of its value; 0 is "not given". */
export interface Field extends FieldSpec {
  values: string[];
  ids: Int32Array;
  /** How many records have the value. */
  counts: Int32Array;
}

/** Column names that sources use, by what they mean. What is not here is compared as text. */
const MEANINGS: [FieldKind, RegExp][] = [
  ['given', /^(given_?name|first_?name|forename|nombre|nome|fname)$/],
  ['family', /^(family_?name|sur_?name|last_?name|apellidos?|sobrenome|lname)$/],
  ['date', /^(date_?of_?birth|birth_?date|dob|fecha_?(de_?)?nacimiento|data_?(de_?)?nascimento)$/],
  ['email', /^(e_?mail)(_?address)?$|^correo$/],
  ['phone', /^(phone|telephone|mobile|tel)(_?(number|no))?$|^telefono$|^telefone$/],
  [
    'code',
    /(^|_)(soc_sec(_id)?|ssn|national_id|dni|nif|cpf|tax_id|post_?code|postal_?code|zip(_?code)?|cep|street_?number|house_?number|number|age)$/,
  ],
];

/** What a column of that name holds. */
export function kindOf(column: string): FieldKind {
  const name = column
    .trim()
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  return MEANINGS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'text';
}

const digits = (text: string): string => text.replaceAll(/\D/g, '');

/** One normal form per kind; an empty text says nothing. */
export function clean(kind: FieldKind, raw: string): string {
  if (kind === 'date') return cleanDate(raw);
  if (kind === 'phone') return digits(raw).slice(-PHONE_DIGITS);
  if (kind === 'email') return raw.trim().toLowerCase();
  if (kind === 'code')
    return fold(raw)
      .replaceAll(' ', '')
      .replace(/^0+(?=\d)/, '');
  return fold(raw);
}

/** Country codes and trunk zeros come and go in front of these. */
const PHONE_DIGITS = 9;

/** `YYYYMMDD` from what sources write: 1971-06-24, 19710624, 24/06/1971. */
function cleanDate(raw: string): string {
  const text = raw.trim();
  const dayFirst = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text);
  if (dayFirst) return `${dayFirst[3]}${dayFirst[2]!.padStart(2, '0')}${dayFirst[1]!.padStart(2, '0')}`;
  const all = digits(text.slice(0, 10));
  return all.length >= 6 ? all.slice(0, 8) : '';
}

export type RecordRow = Readonly<Record<string, string | null | undefined>>;

/** Turns rows into columns. Names and texts are interned, so that comparing two records is mostly comparing two numbers. */
export function columnsOf(rows: readonly RecordRow[], specs: readonly FieldSpec[]): Field[] {
  return specs.map(({ name, kind }) => {
    const numbers = new Map<string, number>([['', 0]]);
    const values = [''];
    const ids = new Int32Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const raw = rows[row]![name];
      const value = raw ? clean(kind, raw) : '';
      let id = numbers.get(value);
      if (id === undefined) {
        id = values.push(value) - 1;
        numbers.set(value, id);
      }
      ids[row] = id;
    }
    const counts = new Int32Array(values.length);
    for (const id of ids) counts[id]!++;
    counts[0] = 0;
    return { name, kind, values, ids, counts };
  });
}
