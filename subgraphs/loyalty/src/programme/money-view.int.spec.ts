import { inTransaction, sql } from '@trenza/database';
import { newId } from '@trenza/events';
import { testSubgraph, type GraphAnswer } from '@trenza/testing';
import { loyalty as definition } from '../loyalty.ts';
import { completed, expectSound, membership, returned, run } from '../testing/loyalty-graph.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

const VIEW = `query ($from: String!, $to: String!, $storeId: ID, $channel: Channel) {
  programmeMoneyView(from: $from, to: $to, storeId: $storeId, channel: $channel) {
    issued redeemed expired reversed liability liabilityValue { amount } breakageRate expectedBreakage activeCustomers
    cost { amount currency } costPerActiveCustomer { amount }
    days { day issued redeemed expired reversed liability } byStore { key issued } byChannel { key issued redeemed } } }`;

async function view(from: string, to: string, more = {}): Promise<GraphAnswer['data']> {
  await loyalty.runJob('fold-days');
  const { data, errors } = await loyalty.as({ role: 'analyst' }).graph(VIEW, { from, to, ...more });
  expect(errors).toBeUndefined();
  return data.programmeMoneyView;
}

it('the programme is seen by day, store and channel, in points and in money', async () => {
  const [ana, app, eva, store] = [newId(), newId(), newId(), newId()];
  await loyalty.receive(membership(loyalty, 1, 'linked', [ana, app]));
  loyalty.clock.set('2026-03-02T10:00:00Z');
  await loyalty.receive(completed(loyalty, ana, [{ netAmount: 40_000 }], { storeId: store }));
  const bought = completed(loyalty, eva, [{ netAmount: 10_000 }], { channel: 'web' });
  await loyalty.receive(bought);
  loyalty.clock.set('2026-03-03T23:30:00Z'); // already the 4th in Madrid
  await run(loyalty, 'redeemPoints', { profileId: app, points: 150, channel: 'APP' }, 'points');
  await loyalty.receive(
    returned(loyalty, eva, bought.data.orderId, [{ lineId: bought.data.lines[0]!.lineId, quantity: 1 }]),
  );
  const seen = await view('2026-03-02', '2026-03-04');
  expect(seen).toMatchObject({
    issued: 500,
    redeemed: 150,
    expired: 0,
    reversed: 100,
    liability: 250,
    liabilityValue: { amount: 250 },
    activeCustomers: 2,
    cost: { amount: 150, currency: 'EUR' },
    costPerActiveCustomer: { amount: 75 },
  });
  expect(seen.days).toEqual([
    { day: '2026-03-02', issued: 500, redeemed: 0, expired: 0, reversed: 0, liability: 500 },
    { day: '2026-03-03', issued: 0, redeemed: 0, expired: 0, reversed: 0, liability: 500 },
    { day: '2026-03-04', issued: 0, redeemed: 150, expired: 0, reversed: 100, liability: 250 },
  ]);
  expect(seen.byStore).toContainEqual({ key: store, issued: 400 });
  expect(seen.byChannel).toContainEqual({ key: 'app', issued: 0, redeemed: 150 });
  expect(await view('2026-03-02', '2026-03-04', { storeId: store })).toMatchObject({
    issued: 400,
    redeemed: 0,
    liability: 250,
  });
  expect(await view('2026-03-02', '2026-03-04', { channel: 'WEB' })).toMatchObject({ issued: 100 });
});

it('what is owed at the end equals what the accounts of all customers hold, also when transactions commit out of order', async () => {
  loyalty.clock.set('2026-04-01T10:00:00Z');
  const customers = Array.from({ length: 30 }, newId);
  await Promise.all(
    customers.map(async (profileId, i) => {
      await run(loyalty, 'earnPoints', { profileId, points: 100 + i, reason: 'gift' }, 'points');
      if (i % 5 === 0) await loyalty.runJob('fold-days');
      await run(loyalty, 'redeemPoints', { profileId, points: 10 }, 'points');
    }),
  );
  const { liability } = await view('2026-04-01', '2026-04-01');
  const [held] = await loyalty.sql(
    `select sum(balance)::bigint as points from account where kind like 'customer.%' and currency = 'points'`,
  );
  expect(held).toEqual({ points: liability });
});

it('breakage is forecast from what expired and what was spent', async () => {
  loyalty.clock.set('2027-04-10T10:00:00Z');
  await loyalty.runJob('settle-accounts');
  await run(loyalty, 'earnPoints', { profileId: newId(), points: 1_000, reason: 'gift' }, 'points');
  const seen = await view('2027-04-01', '2027-04-10');
  expect(seen.expired).toBeGreaterThan(0);
  expect(seen.liability).toBe(1_000);
  expect(seen.breakageRate).toBeGreaterThan(0.5);
  expect(seen.expectedBreakage).toBe(Math.round(1_000 * seen.breakageRate));
});

it('a transaction that stays open holds nothing back that others committed', async () => {
  loyalty.clock.set('2027-05-01T10:00:00Z');
  await inTransaction(loyalty.database, async (long) => {
    await sql(long, 'select pg_current_xact_id()');
    await run(loyalty, 'earnPoints', { profileId: newId(), points: 70, reason: 'gift' }, 'points');
    expect(await view('2027-05-01', '2027-05-01')).toMatchObject({ issued: 70 });
  });
  expect(await view('2027-05-01', '2027-05-01')).toMatchObject({ issued: 70 });
});

it('a period that is none is refused', async () => {
  const { errors } = await loyalty.as({ role: 'analyst' }).graph(VIEW, { from: '2026-03-04', to: '2026-03-02' });
  expect(errors?.[0]?.extensions?.['code']).toBe('INVALID_PERIOD');
});
