import fc from 'fast-check';
import { allPairs, candidatePairs, soundOf } from './blocking.ts';
import { comparisonsOf, withinEdits } from './compare.ts';
import { explain } from './explain.ts';
import { clean, columnsOf, kindOf, type FieldSpec, type RecordRow } from './fields.ts';
import { clusters, learn, scorePairs } from './match.ts';
import { levelsOf, patternOf } from './model.ts';
import { isNickname } from './nicknames.ts';
import { fold, jaroWinkler } from './strings.ts';

const SPECS: FieldSpec[] = [
  { name: 'given', kind: 'given' },
  { name: 'family', kind: 'family' },
  { name: 'born', kind: 'date' },
  { name: 'street_address', kind: 'text' },
  { name: 'postcode', kind: 'code' },
];

describe('likeness of names', () => {
  it.each([
    ['martha', 'marhta', 0.9611],
    ['dixon', 'dicksonx', 0.8133],
    ['abc', 'xyz', 0],
  ])('of %s and %s is %d', (x, y, expected) => expect(jaroWinkler(x, y)).toBeCloseTo(expected, 4));

  it('is symmetric, between 0 and 1, and 1 for equal names only', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (x, y) => {
        const likeness = jaroWinkler(x, y);
        expect(likeness).toBeCloseTo(jaroWinkler(y, x), 10);
        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(1);
        if (x !== y) expect(likeness).toBeLessThan(1);
      }),
    );
  });

  it.each([
    ['paco', 'francisco'],
    ['pepe', 'jose'],
    ['bill', 'william'],
    ['liz', 'elizabeth'],
    ['ze', 'jose'],
    ['chico', 'francisco'],
    ['lola', 'dolores'],
  ])('knows %s as a short form of %s', (short, long) => {
    expect(isNickname(short, long)).toBe(true);
    expect(isNickname(short, 'xavier')).toBe(false);
  });

  it('folds accents and hears spellings alike', () => {
    expect(fold('  Peña-Núñez ')).toBe('pena nunez');
    expect(soundOf('kathy')).toBe(soundOf('cathy'));
    expect(soundOf('vicente')).toBe(soundOf('bicente'));
    expect(soundOf('helena')).toBe(soundOf('elena'));
  });
});

it('counts typing errors', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 3, maxLength: 8 });
  fc.assert(
    fc.property(text, fc.nat(7), fc.constantFrom('x', 'y', 'z'), (word, at, letter) => {
      const place = at % word.length;
      const changed = word.slice(0, place) + letter + word.slice(place + 1);
      expect(withinEdits(word, changed, 1)).toBe(true);
      expect(withinEdits(word, word.slice(0, place) + letter + word.slice(place), 1)).toBe(true);
      expect(withinEdits(word, word.slice(0, place) + word.slice(place + 1), 1)).toBe(true);
      expect(withinEdits(`${word}xx`, changed, 1)).toBe(word === `${word}xx`);
    }),
  );
  expect(withinEdits('abcd', 'abdc', 1)).toBe(true);
  expect(withinEdits('abcd', 'badc', 1)).toBe(false);
  expect(withinEdits('abcd', 'badc', 2)).toBe(true);
});

describe('fields', () => {
  it.each([
    ['date_of_birth', 'date'],
    ['dob', 'date'],
    ['first_name', 'given'],
    ['surname', 'family'],
    ['soc_sec_id', 'code'],
    ['postalCode', 'code'],
    ['suburb', 'text'],
  ])('named %s are compared as %s', (name, kind) => expect(kindOf(name)).toBe(kind));

  it('have one form per meaning', () => {
    expect(['1971-06-24', '19710624', '24/06/1971'].map((date) => clean('date', date))).toEqual([
      '19710624',
      '19710624',
      '19710624',
    ]);
    expect(clean('phone', '+34 612 34 56 78')).toBe(clean('phone', '612345678'));
    expect(clean('code', ' 028 001')).toBe('28001');
  });
});

describe('a comparison', () => {
  const [a, b, c] = [
    { given: 'Ana', family: 'García', born: '1980-02-01', street_address: 'Calle Mayor 3', postcode: '28001' },
    { given: 'Garcia', family: 'Ana', born: '1980-01-02', street_address: 'calle  mayor3', postcode: '28010' },
    { given: '', family: 'López', born: '1955-12-24', street_address: 'Rúa Nova 1', postcode: '27001' },
  ];
  const comparisons = comparisonsOf(columnsOf([a, b, c], SPECS));
  const findings = (x: number, y: number) =>
    levelsOf(patternOf(comparisons, x, y), SPECS.length).map((level, f) => comparisons[f]!.levels[level]);

  it('sees swapped names, days and months, digits and spaces', () => {
    expect(findings(0, 1)).toEqual([
      'given and family name swapped',
      'given and family name swapped',
      'one digit or day and month differ',
      'spelt alike',
      'one character differs',
    ]);
  });
  it('holds silence against nobody', () => expect(findings(0, 2)[0]).toBe('not given'));
});

/** People with made-up names and dates; every third has a second record with an error. */
function people(count: number): { rows: RecordRow[]; truth: number[] } {
  let state = 7;
  const pick = <T>(list: readonly T[]): T => list[(state = (state * 48_271) % 2_147_483_647) % list.length]!;
  const syllables = ['ba', 'lo', 'ri', 'men', 'tas', 'go', 'vi', 'sel', 'dor', 'ku', 'pen', 'zal'];
  const word = () => pick(syllables) + pick(syllables) + pick(syllables);
  const rows: RecordRow[] = [];
  const truth: number[] = [];
  for (let n = 0; n < count; n++) {
    const born = `${1940 + (state % 60)}-${String(1 + (state % 12)).padStart(2, '0')}-${String(1 + (state % 28)).padStart(2, '0')}`;
    const row = {
      given: word(),
      family: word(),
      born,
      street_address: `${word()} ${word()} ${state % 90}`,
      postcode: String(10_000 + (state % 5_000)),
    };
    rows.push(row);
    truth.push(n);
    if (n % 3 > 0) continue;
    rows.push({ ...row, given: `${row.given.slice(1)}x`, ...(n % 2 ? { born: '' } : { postcode: '' }) });
    truth.push(n);
  }
  return { rows, truth };
}

describe('matching', () => {
  const { rows, truth } = people(360);
  const { matcher, pairs, patterns } = learn(rows, SPECS);
  const matches = scorePairs(matcher, pairs, patterns, 0.5);

  it('finds who is one person, without being told of a single pair', () => {
    const group = clusters(rows.length, matches, matcher.score, matcher.model.prior);
    const wrong = truth.filter(
      (person, row) => row > 0 && (person === truth[row - 1]) !== (group[row] === group[row - 1]),
    );
    expect(wrong.length).toBeLessThanOrEqual(3);
  });

  it('explains each score field by field, and the fields add up to it', () => {
    const { a, b, weight } = matches[0]!;
    const evidence = explain(matcher, a, b);
    expect(evidence.reduce((sum, e) => sum + e.weight, 0)).toBeCloseTo(weight, 6);
    expect(evidence.map((e) => e.finding)).toContain('equal');
  });

  it('gives the same answer to the same records', () => {
    const again = learn(rows, SPECS);
    expect(scorePairs(again.matcher, again.pairs, again.patterns, 0.5)).toEqual(matches);
  });

  it('compares few of all pairs where there are many, and misses hardly any', () => {
    const many = people(2_100);
    const blocked = candidatePairs(columnsOf(many.rows, SPECS), many.rows.length);
    expect(blocked.a.length).toBeLessThan(allPairs(many.rows.length).a.length / 30);
    const found = new Set(Array.from(blocked.a, (a, i) => `${a}-${blocked.b[i]}`));
    const second = many.truth.flatMap((person, row) =>
      row > 0 && person === many.truth[row - 1] ? [`${row - 1}-${row}`] : [],
    );
    expect(second.filter((pair) => !found.has(pair)).length / second.length).toBeLessThan(0.01);
  });

  it('keeps namesakes of one town apart, however many there are', () => {
    const { rows, truth, specs } = namesakes(5_000);
    const { matcher, pairs, patterns } = learn(rows, specs);
    const found = scorePairs(matcher, pairs, patterns, 0.5);
    const right = found.filter(({ a, b }) => truth[a] === truth[b]);
    expect(right.length / found.length).toBeGreaterThan(0.98);
    expect(right.length).toBeGreaterThan(0.6 * (rows.length - truth.at(-1)!));
  });
});

/** Many people, few first names and towns, and little else that is known of them; every fifth moved or was misspelt once. */
function namesakes(count: number): { rows: RecordRow[]; truth: number[]; specs: FieldSpec[] } {
  let state = 20_260_301;
  const upTo = (n: number): number =>
    ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) % 4_294_967_291) % n;
  const skewed = (n: number): number => Math.floor((upTo(1_000_000) / 1_000_000) ** 1.5 * n);
  const [rows, truth]: [RecordRow[], number[]] = [[], []];
  for (let n = 0; n < count; n++) {
    const [town, given] = [upTo(TOWNS), GIVEN[skewed(GIVEN.length)]!];
    const row = {
      given,
      family: `${SURNAMES[skewed(900)]} ${SURNAMES[skewed(900)]}`,
      born: upTo(10) < 7 ? `${1930 + upTo(78)}-${10 + upTo(3)}-${10 + upTo(19)}` : '',
      email: upTo(10) < 7 ? `${given}${n}@correo${upTo(20)}.es` : '',
      phone: upTo(10) < 6 ? String(600_000_000 + upTo(100_000_000)) : '',
      city: `villa ${town}`,
      postcode: String(10_000 + town * 10 + upTo(10)),
    };
    rows.push(row);
    truth.push(n);
    if (n % 5 > 0) continue;
    rows.push({
      ...row,
      family: row.family.slice(1),
      ...(upTo(2) ? { phone: '', email: '' } : {}),
      ...(upTo(5) ? {} : { city: '' }),
    });
    truth.push(n);
  }
  const specs: FieldSpec[] = [
    ...SPECS.filter(({ name }) => name !== 'street_address'),
    { name: 'email', kind: 'email' },
    { name: 'phone', kind: 'phone' },
    { name: 'city', kind: 'text' },
  ];
  return { rows, truth, specs };
}

const TOWNS = 50;
const GIVEN =
  'maria carmen ana isabel dolores pilar rosa antonio jose manuel francisco juan david javier carlos miguel'.split(' ');
const SYLLABLES =
  'gar mar lo ro fer gon san pe go her al vi cas mo or del nu bar ir zu ech sil oli cos fon ri ca te be ve'.split(' ');
const SURNAMES = SYLLABLES.flatMap((head) => SYLLABLES.map((tail) => `${head}${tail}ez`));
