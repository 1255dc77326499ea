import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { stopLeading, tryLead } from './advisory-lock.ts';
import { connect, type Tx } from './database.ts';
import { migrate } from './migrate.ts';
import { sql } from './sql.ts';
import { afterCommit, attemptOf, inTransaction, isOutage, send, TryAgain } from './transaction.ts';

describe('the database library', () => {
  const name = `test_database_${randomBytes(4).toString('hex')}`;
  const url = (): string => process.env['TEST_POSTGRES_URL']!.replace(/\/[^/]*$/, `/${name}`);
  let admin: DataSource;
  let one: DataSource;
  let other: DataSource;

  beforeAll(async () => {
    admin = await connect({ url: process.env['TEST_POSTGRES_URL']!, name: 'admin', poolSize: 1 });
    await sql(admin, `create database ${name}`);
    [one, other] = await Promise.all([connect({ url: url(), name: 'one' }), connect({ url: url(), name: 'other' })]);
  });

  afterAll(async () => {
    await Promise.all([one, other].map(stopLeading));
    await Promise.all([one.destroy(), other.destroy()]);
    await sql(admin, `drop database ${name} with (force)`);
    await admin.destroy();
  });

  it('reads counts as numbers, dates as written, and refuses a number that would come out wrong', async () => {
    expect(
      await sql(one, `select count(*) as n, 1.5::numeric as x, '2026-03-01'::date as day from generate_series(1, 3)`),
    ).toEqual([{ n: 3, x: 1.5, day: '2026-03-01' }]);
    await expect(sql(one, 'select 9007199254740993::bigint as n')).rejects.toThrow('does not fit');
  });

  it('applies each migration once, whoever comes first', async () => {
    const migrations = [
      { name: '1.sql', text: 'create table once (n int)' },
      { name: '2.sql', text: 'insert into once values (1)' },
    ];
    const applied = await Promise.all([migrate(one, migrations), migrate(other, migrations)]);
    expect(applied.flat().sort()).toEqual(['1.sql', '2.sql']);
    expect(await sql(one, 'select n from once')).toEqual([{ n: 1 }]);
  });

  it('tries again when two transactions met in a deadlock', async () => {
    await sql(one, 'create table account (id int primary key, n int); insert into account values (1, 0), (2, 0)');
    const add = (first: number, second: number): Promise<void> =>
      inTransaction(one, async (tx) => {
        await sql(tx, 'update account set n = n + 1 where id = $1', [first]);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await sql(tx, 'update account set n = n + 1 where id = $1', [second]);
      });
    await Promise.all([add(1, 2), add(2, 1)]);
    expect(await sql(one, 'select n from account order by id')).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('does the work again where it says that others were faster, tells it which attempt it is, and keeps nothing of the first', async () => {
    await sql(one, 'create table attempt (n int)');
    await inTransaction(one, async (tx) => {
      await sql(tx, 'insert into attempt values ($1)', [attemptOf(tx)]);
      if (attemptOf(tx) < 3) throw new TryAgain('somebody was faster');
    });
    expect(await sql(one, 'select n from attempt')).toEqual([{ n: 3 }]);
    const endless = inTransaction(one, () => Promise.reject(new TryAgain('somebody was faster')));
    await expect(endless).rejects.toThrow('somebody was faster');
  });

  it('runs what was to follow the commit after it, and not after a rollback', async () => {
    const seen: string[] = [];
    await inTransaction(one, async (tx) => afterCommit(tx, () => seen.push('committed')));
    await inTransaction(one, async (tx) => {
      afterCommit(tx, () => seen.push('rolled back'));
      throw new Error('no');
    }).catch(() => undefined);
    expect(seen).toEqual(['committed']);
  });

  it('fails the transaction with the error of a statement that was sent and not waited for', async () => {
    await sql(one, 'create table sent (n int primary key)');
    const twice = inTransaction(one, async (tx) => {
      send(tx, { name: 'sent', text: 'insert into sent values ($1)', values: [1] });
      send(tx, { name: 'sent', text: 'insert into sent values ($1)', values: [1] });
      await sql(tx, 'select 1');
    });
    await expect(twice).rejects.toMatchObject({ code: '23505' });
    expect(await sql(one, 'select n from sent')).toEqual([]);
  });

  it('leaves no transaction open where the work refuses before it has asked anything, or while it is asking', async () => {
    await sql(one, 'create table kept (n int)');
    const single = await connect({ url: url(), name: 'single', poolSize: 1 });
    try {
      const refusals: ((tx: Tx) => Promise<unknown>)[] = [
        () => {
          throw new Error('refused');
        },
        (tx) => {
          send(tx, 'insert into kept values (-1)');
          throw new Error('refused');
        },
        (tx) => {
          void sql(tx, 'insert into kept values (-2)');
          throw new Error('refused');
        },
        (tx) => Promise.all([sql(tx, 'insert into kept values (-3)'), Promise.reject(new Error('refused'))]),
      ];
      for (const [n, refuse] of refusals.entries()) {
        await expect(inTransaction(single, refuse)).rejects.toThrow('refused');
        // A statement of its own is committed at once; in a transaction that was left open nobody else would see it.
        await sql(single, 'insert into kept values ($1)', [n]);
        expect(await sql(other, 'select n from kept where n = $1 or n < 0', [n])).toEqual([{ n }]);
      }
    } finally {
      await single.destroy();
    }
  });

  it('takes nothing for committed after an error that was not heeded', async () => {
    const heedless = inTransaction(one, async (tx) => {
      await sql(tx, 'insert into sent values (2)');
      await sql(tx, 'select 1/0').catch(() => undefined);
    });
    await expect(heedless).rejects.toThrow('ROLLBACK');
    expect(await sql(one, 'select n from sent')).toEqual([]);
  });

  it('plans statements with a name without their values, and those without one for them', async () => {
    const MODE = `select current_setting('plan_cache_mode') as mode, $1::int as n`;
    expect(await sql(one, { name: 'mode', text: MODE, values: [1] })).toMatchObject([{ mode: 'force_generic_plan' }]);
    expect(await sql(one, MODE, [1])).toMatchObject([{ mode: 'auto' }]);
    await expect(sql(one, 'select 1/$1::int', [0])).rejects.toMatchObject({ code: '22012' });
    expect(await sql(one, { name: 'mode', text: MODE, values: [1] })).toMatchObject([{ mode: 'force_generic_plan' }]);
  });

  it('lets one replica lead, and another when that one is cut off', async () => {
    const first = await tryLead(one, 'relay');
    expect(first).not.toBeNull();
    expect(await tryLead(other, 'relay')).toBeNull();
    expect(await tryLead(other, 'jobs')).not.toBeNull();
    await sql(
      admin,
      `select pg_terminate_backend(pid) from pg_stat_activity join pg_locks using (pid)
        where datname = $1 and application_name = 'one' and locktype = 'advisory'`,
      [name],
    );
    await first!.lost;
    expect(await tryLead(other, 'relay')).not.toBeNull();
    expect(await tryLead(one, 'relay')).toBeNull();
  });

  it('tells an outage from a refusal', async () => {
    expect(isOutage(Object.assign(new Error('x'), { code: '57P01' }))).toBe(true);
    expect(isOutage(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))).toBe(true);
    expect(isOutage(await sql(one, 'select 1/0').catch((error: unknown) => error))).toBe(false);
  });
});
