import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadMapping, parseMapping, resolveFile, shippedMappings } from './mapping.ts';
import { newTally, records, type Refusal } from './records.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'trenza-import-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const TILL = `invoice;code;pieces;price;day;who
1;A;2;1,50;01.02.2025;7
1;B;1;0,99;01.02.2025;7
1;B;1;0,99;01.02.2025;7
C2;A;-1;1,50;02.02.2025;7
3;A;1;free;03.02.2025;
4;A;1;2,00;31.02.2025;8
;A;1;2,00;03.02.2025;8
1;C;1;3,00;01.02.2025;7
`;

const till = {
  name: 'till',
  description: 'A till in Spain.',
  classes: [{ class: 'taken-back', because: 'C…', when: { column: 'invoice', matches: '^C' } }],
  steps: [
    {
      kind: 'orders',
      delimiter: ';',
      take: ['rest'],
      duplicates: 'skip',
      group: { by: 'invoice', window: 3 },
      record: {
        number: 'invoice',
        channel: { constant: 'store' },
        currency: { constant: 'EUR' },
        customer: 'who',
        occurredAt: { column: 'day', date: { format: 'dd.MM.yyyy', zone: 'Europe/Madrid' } },
      },
      lists: {
        lines: {
          fields: {
            sku: 'code',
            quantity: { column: 'pieces', integer: true },
            netAmount: { multiply: ['pieces', 'price'], number: { decimal: ',' }, minor: 2 },
          },
        },
      },
    },
  ],
};

async function read(json: unknown, files: Record<string, string | Buffer>, step = 0) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const mapping = parseMapping(json, 'test');
  const wanted = mapping.steps[step]!;
  const tally = newTally();
  const refused: Refusal[] = [];
  const found: unknown[] = [];
  const resolve = (pattern: string | undefined) => resolveFile(pattern, [folder]);
  for await (const record of records(mapping, wanted, resolve(wanted.file), resolve, tally, (r) => refused.push(r))) {
    found.push(record);
  }
  return { found, refused, tally };
}

it('groups lines into orders, drops exact duplicates and leaves other classes out', async () => {
  const { found, tally } = await read(till, { 'till.csv': TILL });
  expect(found).toEqual([
    {
      row: 2,
      value: {
        number: '1',
        channel: 'store',
        currency: 'EUR',
        customer: '7',
        occurredAt: '2025-01-31T23:00:00.000Z',
        lines: [
          { sku: 'A', quantity: 2, netAmount: 300 },
          { sku: 'B', quantity: 1, netAmount: 99 },
        ],
      },
    },
  ]);
  expect(tally).toEqual({
    rows: 8,
    taken: 2,
    duplicates: 1,
    repeated: 0,
    refused: 4,
    byClass: { 'taken-back': 1 },
  });
});

it('accounts for every row: taken, refused, duplicate, repeated or of another class', async () => {
  const { tally } = await read(till, { 'till.csv': TILL });
  const others = Object.values(tally.byClass).reduce((a, b) => a + b, 0);
  expect(tally.taken + tally.refused + tally.duplicates + tally.repeated + others).toBe(tally.rows);
});

it('refuses a record with the row, the field and the reason', async () => {
  const { refused } = await read(till, { 'till.csv': TILL });
  expect(refused).toEqual([
    { row: 8, field: 'group.by', reason: 'is empty' },
    { row: 9, field: 'group.by', reason: expect.stringContaining('"1" comes again more than 3 rows after') },
    { row: 6, field: 'lines.0.netAmount', reason: '"free" is not a number' },
    { row: 7, field: 'occurredAt', reason: '"31.02.2025" is not a date of the form dd.MM.yyyy' },
  ]);
});

it('reads the same from gzip', async () => {
  const { found } = await read(till, { 'till.csv.gz': gzipSync(TILL) });
  expect(found).toHaveLength(1);
});

const customers = {
  name: 'people',
  description: 'Customers of a shop.',
  steps: [
    {
      kind: 'customers',
      file: 'people.*',
      distinct: 'id',
      lookups: { towns: { file: 'towns.tsv', key: 'zip' } },
      record: {
        externalId: 'id',
        email: { column: 'contact.mail', case: 'lower', empty: ['n/a'] },
        city: { lookup: 'towns', by: 'zip', take: { column: 'town', case: 'title' } },
        member: { column: 'card', truth: ['yes'] },
        name: { template: '{first} {last}' },
        tier: { column: 'level', map: { G: 'gold', S: 'silver' } },
        language: { constant: 'es' },
      },
    },
  ],
};

it('reads JSON lines with paths, looks values up in another file and maps them', async () => {
  const lines = [
    { id: 1, contact: { mail: 'ANA@Example.ES' }, zip: '28001', card: 'yes', first: 'Ana', last: 'Gil', level: 'G' },
    { id: 1, contact: { mail: 'other@example.es' } },
    { id: 2, contact: { mail: 'n/a' }, zip: '99999', card: 'no', first: 'Luz', level: 'X' },
    { id: 3, contact: { mail: 'n/a' }, zip: '99999', card: 'no', first: 'Luz' },
  ];
  const { found, refused, tally } = await read(customers, {
    'people.jsonl': lines.map((line) => JSON.stringify(line)).join('\n'),
    'towns.tsv': 'zip\ttown\n28001\tMADRID "CENTRO"\n',
  });
  expect(found).toEqual([
    {
      row: 1,
      value: {
        externalId: 1,
        email: 'ana@example.es',
        city: 'Madrid "centro"',
        member: true,
        name: 'Ana Gil',
        tier: 'gold',
        language: 'es',
      },
    },
    { row: 4, value: { externalId: 3, member: false, language: 'es' } },
  ]);
  expect(refused).toEqual([{ row: 3, field: 'tier', reason: '"X" is none of G, S' }]);
  expect(tally.repeated).toBe(1);
});

const linked = {
  name: 'linked',
  description: 'Orders and their items in two tables.',
  steps: [
    {
      kind: 'orders',
      file: 'orders.csv',
      lookups: { items: { file: 'items.csv', key: 'order', many: true } },
      record: {
        number: 'id',
        channel: { constant: 'web' },
        currency: { constant: 'EUR' },
        occurredAt: { constant: '2025-01-01T00:00:00Z' },
        shippingAmount: { lookup: 'items', by: 'id', sum: 'freight', minor: 2, default: 0 },
      },
      lists: {
        lines: [
          { from: 'items', by: 'id', fields: { sku: 'sku' } },
          { from: 'items', by: 'id', when: { column: 'gift', equals: 'y' }, fields: { sku: { constant: 'WRAP' } } },
        ],
      },
    },
  ],
};

it('joins the rows of another table as a list, chains lists and adds up a column of it', async () => {
  const { found, refused } = await read(linked, {
    'orders.csv': 'id\n1\n2\n',
    'items.csv': 'order,sku,freight,gift\n1,A,0.10,n\n1,B,0.20,y\n',
  });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    row: 2,
    value: { number: '1', shippingAmount: 30, lines: [{ sku: 'A' }, { sku: 'B' }, { sku: 'WRAP' }] },
  });
  // An order without a line is none.
  expect(refused).toEqual([{ row: 3, field: 'lines', reason: 'is missing' }]);
});

it('says which column is missing and which there are', async () => {
  const wrong = structuredClone(till);
  wrong.steps[0]!.record.customer = 'customer';
  await expect(read(wrong, { 'till.csv': TILL })).rejects.toThrow(
    'has no column "customer". It has: invoice, code, pieces, price, day, who.',
  );
});

it('stops at JSON that is broken, with the line', async () => {
  await expect(read(customers, { 'people.jsonl': '{"id":1}\n{', 'towns.tsv': 'zip\ttown\n' })).rejects.toThrow(
    'line 2, is not JSON',
  );
});

describe('a mapping', () => {
  it('is refused with the place and the reason', () => {
    const twice = { ...till, steps: [{ ...till.steps[0], record: { number: { column: 'a', constant: 1 } } }] };
    expect(() => parseMapping(twice, 'mine.json')).toThrow(/mine\.json is not valid:\n {2}steps\.0\.record\.number/);
    const unknown = { ...till, steps: [{ ...till.steps[0], take: ['sales'] }] };
    expect(() => parseMapping(unknown, 'mine.json')).toThrow(
      '"sales", which it does not define. It has: rest, taken-back',
    );
  });

  it('ships valid: every one in the folder', () => {
    expect(shippedMappings()).toEqual(expect.arrayContaining(['olist', 'online-retail']));
    for (const name of shippedMappings()) expect(loadMapping(name).name).toBe(name);
  });
});
