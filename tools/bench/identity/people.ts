import type { FieldSpec, RecordRow } from '../../../subgraphs/identity/src/matching/fields.ts';

const GIVEN =
  'María,Carmen,Ana,Isabel,Dolores,Pilar,Josefa,Teresa,Rosa,Cristina,Antonio,José,Manuel,Francisco,Juan,David,Javier,Daniel,Carlos,Jesús,Alejandro,Miguel,Rafael,Pedro,Pablo,Ángel,Sergio,Fernando,João,Paulo,Luís,Tiago,Mariana,Beatriz,Inês,Emma,Olivia,James,William,Robert,Elizabeth,Margaret,Thomas,Charlotte'.split(
    ',',
  );
const SHORT: Record<string, string> = {
  Dolores: 'Lola',
  Josefa: 'Pepa',
  Teresa: 'Tere',
  Cristina: 'Cris',
  Antonio: 'Toni',
  José: 'Pepe',
  Manuel: 'Manolo',
  Francisco: 'Paco',
  Javier: 'Javi',
  Daniel: 'Dani',
  Alejandro: 'Álex',
  Rafael: 'Rafa',
  Beatriz: 'Bea',
  William: 'Bill',
  Robert: 'Bob',
  Elizabeth: 'Liz',
};
const FAMILY_HEADS =
  'Gar,Mar,Lo,Ro,Fer,Gon,San,Pe,Gó,Her,Al,Vi,Cas,Mo,Or,Del,Nu,Bar,Ir,Zu,Ech,Sil,Oli,Cos,Fon,Ri,Ca,Te,Be,Ve'.split(',');
const FAMILY_TAILS =
  'cía,tínez,pez,dríguez,nández,zález,chez,rez,mez,rero,varez,llo,tro,reno,tega,gado,ñez,bero,iarte,biri,everría,va,veira,ta,seca,beiro,macho,jada,nítez,ga'.split(
    ',',
  );
const STREETS =
  'Mayor,Real,Nueva,del Sol,de la Paz,San Juan,del Carmen,de España,de Castilla,del Río,Ancha,de la Fuente,de Galicia,del Puerto,de la Estación'.split(
    ',',
  );

export const PEOPLE_FIELDS: FieldSpec[] = [
  { name: 'givenName', kind: 'given' },
  { name: 'familyName', kind: 'family' },
  { name: 'birthDate', kind: 'date' },
  { name: 'email', kind: 'email' },
  { name: 'phone', kind: 'phone' },
  { name: 'street', kind: 'text' },
  { name: 'city', kind: 'text' },
  { name: 'postalCode', kind: 'code' },
];

/** Customer records of a shop: one in five is a second record of somebody, with what clerks and customers do to them. Always the same ones. */
export function people(count: number): { rows: RecordRow[]; truth: string[] } {
  const random = mulberry(20_260_301);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() ** 1.5 * list.length)]!;
  const rows: RecordRow[] = [];
  const truth: string[] = [];
  for (let person = 0; rows.length < count; person++) {
    const row = somebody(random, pick, person);
    rows.push(row);
    truth.push(String(person));
    if (random() > 0.25 || rows.length === count) continue;
    rows.push(damaged(row, random));
    truth.push(String(person));
  }
  return { rows, truth };
}

const two = (n: number): string => String(n).padStart(2, '0');

function somebody(random: () => number, pick: <T>(list: readonly T[]) => T, person: number): RecordRow {
  const upTo = (n: number): number => Math.floor(random() * n);
  const given = pick(GIVEN);
  const family = () => pick(FAMILY_HEADS) + FAMILY_TAILS[upTo(FAMILY_TAILS.length)]!;
  const town = upTo(500);
  return {
    givenName: given,
    familyName: `${family()} ${family()}`,
    birthDate: random() < 0.7 ? `${1930 + upTo(78)}-${two(1 + upTo(12))}-${two(1 + upTo(28))}` : '',
    email: random() < 0.7 ? `${given.toLowerCase()}${person}@correo${upTo(20)}.es` : '',
    phone: random() < 0.6 ? `6${String(upTo(100_000_000)).padStart(8, '0')}` : '',
    street: `Calle ${pick(STREETS)} ${1 + upTo(200)}`,
    city: `Villa ${town}`,
    postalCode: String(10_000 + town * 10 + upTo(10)),
  };
}

const TEXTS = ['givenName', 'familyName', 'birthDate', 'street', 'postalCode'];

function damaged(row: RecordRow, random: () => number): RecordRow {
  const copy: Record<string, string> = { ...(row as Record<string, string>) };
  const upTo = (n: number): number => Math.floor(random() * n);
  if (random() < 0.3) copy['givenName'] = SHORT[copy['givenName']!] ?? copy['givenName']!;
  if (random() < 0.3) copy['familyName'] = copy['familyName']!.split(' ')[0]!;
  if (random() < 0.5) copy['email'] = '';
  if (random() < 0.4) copy['phone'] = '';
  if (random() < 0.2)
    Object.assign(copy, {
      street: `Calle ${STREETS[upTo(STREETS.length)]} ${upTo(200)}`,
      city: `Villa ${upTo(500)}`,
      postalCode: '',
    });
  for (let errors = upTo(3); errors > 0; errors--) {
    const field = TEXTS[upTo(TEXTS.length)]!;
    const [text, at] = [copy[field]!, upTo(copy[field]!.length)];
    copy[field] =
      random() < 0.5
        ? text.slice(0, at) + text.slice(at + 1)
        : text.slice(0, at) +
          text
            .slice(at, at + 2)
            .split('')
            .toReversed()
            .join('') +
          text.slice(at + 2);
  }
  return copy;
}

/** A small generator of random numbers with a seed. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
