import type { DataSource } from 'typeorm';
import { connect } from './database.ts';
import { sql } from './sql.ts';
import { MOST_TOGETHER } from './together.ts';

interface Session {
  pid: number;
  n: number;
}

describe('statements of one turn of the event loop', () => {
  let database: DataSource;

  beforeAll(async () => {
    database = await connect({ url: process.env['TEST_POSTGRES_URL']!, name: 'together' });
  });

  afterAll(() => database.destroy());

  const session = async (n: number): Promise<Session> => {
    const text = 'select pg_backend_pid() as pid, $1::int as n';
    const [row] = await sql<Session>(database, { name: 'together-session', text, values: [n] });
    return row!;
  };
  const sessions = (count: number): Promise<Session[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => session(n)));

  it('share a connection, and each gets its own rows', async () => {
    const rows = await sessions(MOST_TOGETHER);
    expect(rows.map(({ n }) => n)).toEqual(rows.map((_, n) => n));
    expect(new Set(rows.map(({ pid }) => pid)).size).toBe(1);
  });

  it('take another connection where there are too many for one', async () => {
    const rows = await sessions(MOST_TOGETHER + 1);
    expect(rows.map(({ n }) => n)).toEqual(rows.map((_, n) => n));
    expect(new Set(rows.map(({ pid }) => pid)).size).toBe(2);
  });

  it('are transactions of their own: one that fails leaves the others as they are, and the connection too', async () => {
    const table = `together_${process.pid}`;
    await sql(database, `create table ${table} (n int)`);
    const insert = (name: string, n: string): Promise<unknown> =>
      sql(database, { name, text: `insert into ${table} values ($1::text::int)`, values: [n] });
    try {
      const outcomes = await Promise.allSettled([
        insert('together-first', '1'),
        insert('together-wrong', 'x'),
        insert('together-last', '3'),
        session(4),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
      expect(outcomes[1]).toMatchObject({ reason: { code: '22P02' } });
      expect(await sql(database, `select n from ${table} order by n`)).toEqual([{ n: 1 }, { n: 3 }]);
      const { pid } = (outcomes[3] as PromiseFulfilledResult<Session>).value;
      expect((await sessions(2)).map((row) => row.pid)).toEqual([pid, pid]);
    } finally {
      await sql(database, `drop table ${table}`);
    }
  });

  it('all fail where their connection is cut off, and those that follow get another one', async () => {
    const end = { name: 'together-end', text: 'select pg_terminate_backend(pg_backend_pid())', values: [] };
    const outcomes = await Promise.allSettled([session(1), sql(database, end), session(3)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect((await sessions(2)).map(({ n }) => n)).toEqual([0, 1]);
  });
});
