import { soundOf } from './blocking.ts';
import { clean, type FieldSpec, type RecordRow } from './fields.ts';
import { canonicalName } from './nicknames.ts';

/** What matching looks at, in the names that attributes and identifiers have here. */
export const PERSON_FIELDS: FieldSpec[] = [
  { name: 'givenName', kind: 'given' },
  { name: 'familyName', kind: 'family' },
  { name: 'birthDate', kind: 'date' },
  { name: 'email', kind: 'email' },
  { name: 'phone', kind: 'phone' },
  { name: 'street', kind: 'text' },
  { name: 'city', kind: 'text' },
  { name: 'postalCode', kind: 'code' },
];
export const PERSON_ATTRIBUTES = PERSON_FIELDS.map((field) => field.name);

/**
 * Under which keys a profile is found by those who may be the same person. Each key survives an error in all other fields, and together
 * they survive an error in any. A key that needs something not given does not exist.
 */
export function blockingKeys(row: RecordRow): string[] {
  const part = (name: string): string => {
    const field = PERSON_FIELDS.find((f) => f.name === name)!;
    return clean(field.kind, row[name] ?? '');
  };
  const given = soundOf(canonicalName(part('givenName').split(' ')[0]!));
  const family = soundOf(part('familyName').split(' ')[0]!);
  const [born, postal, phone] = [part('birthDate'), part('postalCode'), part('phone')];
  const street = part('street').replaceAll(' ', '');
  const city = part('city').replaceAll(' ', '');
  const mailbox = part('email').split('@')[0]!;
  const keys: Record<string, string[]> = {
    gb: [given, born],
    fb: [family, born],
    gfp: [given, family, postal],
    gfc: [given, family, city],
    bp: [born, postal],
    // Swapped names: the two sounds in the order of the alphabet.
    nb: [[given, family].filter(Boolean).toSorted().join('-'), born.slice(0, 4)],
    fy: [family, born.slice(0, 4)],
    gs: [given, street],
    fs: [family, street],
    m: [mailbox],
    t: [phone],
  };
  return Object.entries(keys).flatMap(([name, parts]) => (parts.every(Boolean) ? [`${name}|${parts.join('|')}`] : []));
}
