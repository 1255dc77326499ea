import { atLeast, drive, figure, interleaved, median, type Figure, type Group, type Load } from './harness.ts';
import { openDoors } from './loyalty/doors.ts';
import { anyOf, CLIENTS, openLedgerDatabase, profiles, type LedgerDatabase } from './loyalty/ledger-database.ts';
import { plainEarn, plainRedeem } from './loyalty/plain-sql.ts';
import { assertSameRows } from './loyalty/same-rows.ts';
import { addCurrencies, complete, earn, orderOf, redeem } from './loyalty/use-cases.ts';

const SECONDS = 1.5;
const ROUNDS = 3;
const CUSTOMERS = 2_000;
/** So much that nobody runs out while she is measured. */
const PLENTY = 1_000_000;
const BATCH = 256;

const load =
  (work: () => Promise<unknown>): (() => Promise<Load>) =>
  () =>
    drive({ connections: CLIENTS, seconds: SECONDS, work });

async function rates<K extends string>(contenders: Record<K, () => Promise<unknown>>): Promise<Record<K, number>> {
  const loads = Object.fromEntries(
    Object.entries(contenders).map(([name, work]) => [name, load(work as () => Promise<unknown>)]),
  );
  const rounds = await interleaved(loads as Record<K, () => Promise<Load>>, { rounds: ROUNDS });
  const entries = Object.entries(rounds) as [K, Load[]][];
  for (const [name, samples] of entries) {
    const failures = samples.reduce((sum, sample) => sum + sample.failures, 0);
    if (failures > 0) throw new Error(`${failures} calls of "${name}" failed: a rate of failures is no rate`);
  }
  return Object.fromEntries(
    entries.map(([name, samples]) => [name, median(samples.map((s) => s.perSecond))]),
  ) as Record<K, number>;
}

/** The use case alone against plain SQL that writes the same rows. */
async function againstPlainSql({ database, deps, plain }: LedgerDatabase, customers: string[]): Promise<Figure[]> {
  const [first] = customers as [string, ...string[]];
  await Promise.all([earn(deps, first, 10), plainEarn(plain, first, 10)]);
  await Promise.all([redeem(deps, first, 1), plainRedeem(plain, first, 1)]);
  await assertSameRows(database, plain);
  const earned = await rates({
    ours: () => earn(deps, anyOf(customers), 10),
    plain: () => plainEarn(plain, anyOf(customers), 10),
  });
  for (const customer of customers.slice(0, 200))
    await Promise.all([earn(deps, customer, PLENTY), plainEarn(plain, customer, PLENTY)]);
  const rich = customers.slice(0, 200);
  const redeemed = await rates({
    ours: () => redeem(deps, anyOf(rich), 1),
    plain: () => plainRedeem(plain, anyOf(rich), 1),
  });
  return [
    figure('loyalty.earn.use-case', {
      value: earned.ours,
      unit: 'earnings/s',
      against: earned.plain,
      aim: atLeast('ratio', 0.8),
    }),
    figure('loyalty.redeem.use-case', {
      value: redeemed.ours,
      unit: 'redemptions/s',
      against: redeemed.plain,
      aim: atLeast('ratio', 0.8),
    }),
  ];
}

/** Orders in the batches in which they are consumed, against one by one, and against plain SQL that only writes the earning. */
async function inBatches({ deps, plain }: LedgerDatabase, customers: string[]): Promise<Figure[]> {
  const { batch, single, sql } = await rates({
    batch: () =>
      complete(
        deps,
        Array.from({ length: BATCH }, () => orderOf(anyOf(customers))),
      ),
    single: () => complete(deps, [orderOf(anyOf(customers))]),
    sql: () => plainEarn(plain, anyOf(customers), 42),
  });
  return [
    figure('loyalty.orders.batch', {
      value: batch * BATCH,
      unit: 'orders/s',
      against: single,
      aim: atLeast('ratio', 3),
    }),
    figure('loyalty.orders.batch-vs-plain-earn', {
      value: batch * BATCH,
      unit: 'orders/s',
      against: sql,
      aim: atLeast('ratio', 1),
    }),
  ];
}

/** Everybody at one account, and everybody in one programme. */
async function contended({ deps }: LedgerDatabase, customers: string[]): Promise<Figure[]> {
  const currencies = await addCurrencies(deps, CLIENTS);
  const star = customers[0]!;
  const { hot, spread, programmes } = await rates({
    hot: () => redeem(deps, star, 1),
    spread: () => earn(deps, anyOf(customers), 1),
    programmes: () => earn(deps, anyOf(customers), 1, anyOf(currencies)),
  });
  const { calm } = await rates({ calm: () => redeem(deps, anyOf(customers.slice(0, 200)), 1) });
  return [
    figure('loyalty.hot-programme', {
      value: spread,
      unit: 'earnings/s',
      against: programmes,
      aim: atLeast('ratio', 0.5),
    }),
    figure('loyalty.hot-customer', { value: hot, unit: 'redemptions/s', against: calm }),
  ];
}

/** The same through the doors, as clients come. */
async function throughDoors(say: (line: string) => void): Promise<Figure[]> {
  say('a whole platform, for the way through the subgraph and the gateway');
  const doors = await openDoors(CLIENTS);
  const { gateway, subgraph } = doors;
  try {
    const customers = profiles(200);
    for (const customer of customers) await subgraph.earn(customer, PLENTY);
    const earned = await rates({
      gateway: () => gateway.earn(anyOf(customers), 1),
      subgraph: () => subgraph.earn(anyOf(customers), 1),
    });
    const redeemed = await rates({
      gateway: () => gateway.redeem(anyOf(customers), 1),
      subgraph: () => subgraph.redeem(anyOf(customers), 1),
    });
    return [
      figure('loyalty.earn.gateway', { value: earned.gateway, unit: 'requests/s', against: earned.subgraph }),
      figure('loyalty.redeem.gateway', { value: redeemed.gateway, unit: 'requests/s', against: redeemed.subgraph }),
    ];
  } finally {
    await doors.stop();
  }
}

const measure: Group = async (say) => {
  say('a PostgreSQL of its own, durable, with two equal databases');
  const ledger = await openLedgerDatabase();
  const customers = profiles(CUSTOMERS);
  try {
    const plain = await againstPlainSql(ledger, customers);
    say('orders in batches');
    const batches = await inBatches(ledger, customers);
    say('one account, one programme');
    const hot = await contended(ledger, customers);
    return [...plain, ...batches, ...hot, ...(await throughDoors(say))];
  } finally {
    await ledger.stop();
  }
};
export default measure;
