import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { balanceOf, completed, expectSound, loyaltyOf, membership, returned, run } from '../testing/loyalty-graph.ts';
import { loyalty as definition } from '../loyalty.ts';

const loyalty = testSubgraph(definition);

afterEach(() => expectSound(loyalty));

async function clawBack(policy: string): Promise<void> {
  const currency = {
    code: 'points',
    name: 'Points',
    valueMinor: 1,
    moneyCurrency: 'EUR',
    livesDays: 365,
    clawBack: policy,
  };
  expect((await run(loyalty, 'configurePointCurrency', currency, 'programme { id }')).errors).toEqual([]);
}

const cancelled = (orderId: string, pointsHoldId: string | null) =>
  event('inventory.order.cancelled.v1', {
    occurredAt: loyalty.clock.now(),
    data: { orderId, number: 'T-1', channel: 'web', reason: 'changed her mind', pointsHoldId },
  });

describe('a completed order', () => {
  it('earns a point per euro and says which line brought what', async () => {
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 5_050 }, { netAmount: 2_499 }]);
    await loyalty.receive(order);
    expect((await balanceOf(loyalty, ana)).available).toBe(75);
    const [snapshot] = await loyalty.sql<{ lines: { earned: number }[] }>(
      'select lines from order_points where order_id = $1',
      [order.data.orderId],
    );
    expect(snapshot!.lines.map((line) => line.earned)).toEqual([50, 25]);
    expect(await loyalty.published('loyalty.points.earned.v1')).toContainEqual(
      expect.objectContaining({
        profileId: ana,
        data: expect.objectContaining({ points: 75, orderId: order.data.orderId, reason: 'purchase' }),
      }),
    );
  });

  it('earns once, however often word of it comes', async () => {
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 10_000 }]);
    await loyalty.receive(order, { ...order, id: newId() });
    await loyalty.receive({ ...order, id: newId() });
    expect((await balanceOf(loyalty, ana)).available).toBe(100);
  });

  it('that comes back takes effect when we hear of it, and its movements say when it came back', async () => {
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 10_000 }]);
    await loyalty.receive(order);
    loyalty.clock.advance({ days: 1 });
    const back = returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[0]!.lineId, quantity: 1 }]);
    loyalty.clock.advance({ days: 2 });
    await loyalty.receive(back);
    const { movements } = await loyaltyOf(loyalty, ana, 'movements { edges { node { kind occurredAt happenedAt } } }');
    expect(movements.edges.map(({ node }: { node: unknown }) => node)).toEqual([
      { kind: 'claw-back', occurredAt: loyalty.clock.now().toISOString(), happenedAt: back.occurredAt },
      { kind: 'earn', occurredAt: order.occurredAt, happenedAt: order.occurredAt },
    ]);
  });

  it('of nobody known earns nothing', async () => {
    const before = await loyalty.sql('select count(*) as n from transfer');
    await loyalty.receive(completed(loyalty, undefined, [{ netAmount: 10_000 }]));
    expect(await loyalty.sql('select count(*) as n from transfer')).toEqual(before);
  });

  it('captures the points it was paid with', async () => {
    const ana = newId();
    await run(loyalty, 'earnPoints', { profileId: ana, points: 500, reason: 'gift' }, 'points');
    const { holdId } = await run(loyalty, 'holdPoints', { profileId: ana, points: 300 }, 'holdId');
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 1_000 }], { pointsHoldId: holdId, pointsAmount: 300 }));
    expect(await balanceOf(loyalty, ana)).toEqual({ available: 210, pending: 0, held: 0, owed: 0 });
  });

  it('says what points paid in money, of which as few points are captured as it takes', async () => {
    const stars = { code: 'halves', name: 'Halves', valueMinor: 0.5, moneyCurrency: 'EUR' };
    expect((await run(loyalty, 'configurePointCurrency', stars, 'programme { id }')).errors).toEqual([]);
    const ana = newId();
    await run(loyalty, 'earnPoints', { profileId: ana, points: 1_000, currency: 'halves', reason: 'gift' }, 'points');
    const hold = (): Promise<{ holdId: string }> =>
      run(loyalty, 'holdPoints', { profileId: ana, points: 301, currency: 'halves' }, 'holdId');
    const pay = async (pointsAmount: number | null): Promise<void> => {
      const { holdId: pointsHoldId } = await hold();
      await loyalty.receive(completed(loyalty, ana, [{ netAmount: 50 }], { pointsHoldId, pointsAmount }));
    };
    const left = async (): Promise<number> =>
      (await loyaltyOf(loyalty, ana, 'balance(currency: "halves") { available }')).balance.available;
    await pay(100); // a euro of them
    expect(await left()).toBe(800);
    await pay(150); // all that 301 are worth
    expect(await left()).toBe(499);
    await pay(null);
    expect(await left()).toBe(198);
  });

  it('comes in batches of hundreds with the same result as one by one', async () => {
    const customers = Array.from({ length: 50 }, newId);
    const orders = Array.from({ length: 300 }, (_, i) =>
      completed(loyalty, customers[i % 50], [{ netAmount: 100 * (i + 1) }], { imported: true }),
    );
    await loyalty.receive(...orders);
    const [{ available }] = await Promise.all([balanceOf(loyalty, customers[7]!)]);
    expect(available).toBe([8, 58, 108, 158, 208, 258].reduce((a, b) => a + b, 0));
  });
});

describe('a cancelled order', () => {
  it('gives the held points back', async () => {
    const ana = newId();
    await run(loyalty, 'earnPoints', { profileId: ana, points: 100, reason: 'gift' }, 'points');
    const { holdId } = await run(loyalty, 'holdPoints', { profileId: ana, points: 60 }, 'holdId');
    await loyalty.receive(cancelled(newId(), holdId));
    expect(await balanceOf(loyalty, ana)).toMatchObject({ available: 100, held: 0 });
  });

  it('that had been completed goes back as a whole', async () => {
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 3_000 }]);
    await loyalty.receive(order, cancelled(order.data.orderId, null));
    expect((await balanceOf(loyalty, ana)).available).toBe(0);
  });
});

describe('a return', () => {
  it('takes back what the line earned, pro rata, and never twice', async () => {
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 4_000, quantity: 4 }, { netAmount: 1_000 }]);
    await loyalty.receive(order);
    const [{ lineId }] = order.data.lines as [{ lineId: string }];
    await loyalty.receive(returned(loyalty, ana, order.data.orderId, [{ lineId, quantity: 1 }]));
    expect((await balanceOf(loyalty, ana)).available).toBe(40);
    await loyalty.receive(returned(loyalty, ana, order.data.orderId, [{ lineId, quantity: 9 }]));
    await loyalty.receive(returned(loyalty, ana, order.data.orderId, [{ lineId, quantity: 1 }]));
    expect((await balanceOf(loyalty, ana)).available).toBe(10);
  });

  it('says beside the movement why the points went', async () => {
    const ana = newId();
    const [kept, sent] = [1, 2].map(() => completed(loyalty, ana, [{ netAmount: 1_000 }]));
    await loyalty.receive(kept!, sent!);
    const [{ lineId }] = kept!.data.lines as [{ lineId: string }];
    await loyalty.receive(returned(loyalty, ana, kept!.data.orderId, [{ lineId, quantity: 1 }]));
    await loyalty.receive(cancelled(sent!.data.orderId, null));
    const account = await loyaltyOf(loyalty, ana, 'movements(first: 2) { edges { node { points reason } } }');
    expect(account.movements.edges.map((edge: { node: unknown }) => edge.node)).toEqual(
      expect.arrayContaining([
        { points: 10, reason: 'The order was cancelled.' },
        { points: 10, reason: 'Goods were returned.' },
      ]),
    );
  });

  it('gives spent points back to their original lots and expiry', async () => {
    const ana = newId();
    await run(loyalty, 'earnPoints', { profileId: ana, points: 300, reason: 'gift' }, 'points');
    const lot = (): Promise<unknown[]> =>
      loyalty.sql('select remaining, expires_at from lot where profile_id = $1 and order_id is null', [ana]);
    const before = await lot();
    const { holdId } = await run(loyalty, 'holdPoints', { profileId: ana, points: 200 }, 'holdId');
    loyalty.clock.advance({ days: 3 });
    const order = completed(loyalty, ana, [{ netAmount: 1_000 }, { netAmount: 3_000 }], {
      pointsHoldId: holdId,
      pointsAmount: 200,
    });
    await loyalty.receive(order);
    loyalty.clock.advance({ days: 3 });
    await loyalty.receive(
      returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[1]!.lineId, quantity: 1 }]),
    );
    expect(await lot()).toMatchObject([{ remaining: 250 }]); // 150 of 200: the line was three quarters of the order
    await loyalty.receive(
      returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[0]!.lineId, quantity: 1 }]),
    );
    expect(await lot()).toEqual(before);
    expect((await balanceOf(loyalty, ana)).available).toBe(300);
  });

  it('after the spent points expired gives them a new life', async () => {
    const ana = newId();
    await run(loyalty, 'earnPoints', { profileId: ana, points: 100, reason: 'gift' }, 'points');
    loyalty.clock.advance({ days: 360 });
    const { holdId } = await run(loyalty, 'holdPoints', { profileId: ana, points: 100 }, 'holdId');
    const order = completed(loyalty, ana, [{ netAmount: 90 }], { pointsHoldId: holdId, pointsAmount: 100 });
    await loyalty.receive(order);
    loyalty.clock.advance({ days: 10 });
    await loyalty.receive(
      returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[0]!.lineId, quantity: 1 }]),
    );
    expect((await balanceOf(loyalty, ana)).available).toBe(100);
    loyalty.clock.advance({ days: 30 });
    expect((await balanceOf(loyalty, ana)).available).toBe(0);
  });

  it('takes nothing in place of points of the order that expired unspent', async () => {
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 10_000, quantity: 2 }]);
    await loyalty.receive(order);
    loyalty.clock.advance({ days: 366 });
    await run(loyalty, 'earnPoints', { profileId: ana, points: 70, reason: 'gift' }, 'points');
    const [{ lineId }] = order.data.lines as [{ lineId: string }];
    await loyalty.receive(returned(loyalty, ana, order.data.orderId, [{ lineId, quantity: 1 }]));
    await loyalty.receive(returned(loyalty, ana, order.data.orderId, [{ lineId, quantity: 1 }]));
    expect((await balanceOf(loyalty, ana)).available).toBe(70);
  });

  it.each([
    ['WITHIN_BALANCE', { available: 0, owed: 0 }],
    ['ALLOW_NEGATIVE', { available: -60, owed: 60 }],
    ['PENDING_ONLY', { available: 40, owed: 0 }],
  ])('of goods whose points were spent leaves, by the policy %s, %p', async (policy, balance) => {
    await clawBack(policy);
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 10_000 }]);
    await loyalty.receive(order);
    await run(loyalty, 'redeemPoints', { profileId: ana, points: 60 }, 'points');
    await loyalty.receive(
      returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[0]!.lineId, quantity: 1 }]),
    );
    expect(await balanceOf(loyalty, ana)).toMatchObject(balance);
    await clawBack('WITHIN_BALANCE');
  });

  it('without a receipt takes back what the refunded money would have earned', async () => {
    const ana = newId();
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 10_000 }]));
    await loyalty.receive(returned(loyalty, ana, null, [{ lineId: null, quantity: 1, refundAmount: 4_000 }]));
    expect((await balanceOf(loyalty, ana)).available).toBe(60);
  });
});

describe('a tier', () => {
  const standing = async (id: string) =>
    (
      await loyaltyOf(
        loyalty,
        id,
        'standing { tier { code } qualifyingPoints pointsToNext next { code } history { to reason } }',
      )
    ).standing;

  it('is reached by buying, told to the others, and multiplies what comes after', async () => {
    const ana = newId();
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 60_000 }]));
    expect(await standing(ana)).toEqual({
      tier: { code: 'silver' },
      qualifyingPoints: 600,
      pointsToNext: 900,
      next: { code: 'gold' },
      history: [{ to: 'silver', reason: 'reached the threshold' }],
    });
    expect(await loyalty.published('loyalty.tier.changed.v1')).toContainEqual(
      expect.objectContaining({ customerId: ana, data: { from: null, to: 'silver', reason: 'reached the threshold' } }),
    );
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 10_000 }]));
    expect((await balanceOf(loyalty, ana)).available).toBe(600 + 125);
    expect((await standing(ana)).qualifyingPoints).toBe(700); // bonuses do not qualify
  });

  it('that was bought and returned is lost', async () => {
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 60_000 }]);
    await loyalty.receive(order);
    await loyalty.receive(
      returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[0]!.lineId, quantity: 1 }]),
    );
    expect((await standing(ana)).tier.code).toBe('member');
    expect((await loyalty.published('loyalty.tier.changed.v1')).at(-1)).toMatchObject({
      customerId: ana,
      data: { from: 'silver', to: 'member' },
    });
  });

  it('is that of the whole customer after a merge, and of each after an unmerge', async () => {
    const [ana, shop] = [newId(), newId()];
    await loyalty.receive(
      completed(loyalty, ana, [{ netAmount: 30_000 }]),
      completed(loyalty, shop, [{ netAmount: 30_000 }]),
    );
    expect((await standing(ana)).tier.code).toBe('member');
    await loyalty.receive(membership(loyalty, 10, 'merged', [ana, shop]));
    expect((await standing(shop)).tier.code).toBe('silver');
    await loyalty.receive(membership(loyalty, 11, 'unmerged', [ana], [shop]));
    expect((await standing(ana)).tier.code).toBe('member');
    const changes = (await loyalty.published('loyalty.tier.changed.v1'))
      .filter((e) => e.customerId === ana)
      .map((e) => e.data.to);
    expect(changes).toEqual(['silver', 'member']);
  });

  it('is kept for the grace period and then lost, by time alone', async () => {
    const ana = newId();
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 60_000 }]));
    loyalty.clock.advance({ days: 370 });
    await loyalty.runJob('review-standings');
    expect((await standing(ana)).tier.code).toBe('silver');
    loyalty.clock.advance({ days: 30 });
    await loyalty.runJob('review-standings');
    expect((await standing(ana)).tier.code).toBe('member');
    expect((await loyalty.published('loyalty.tier.changed.v1')).at(-1)).toMatchObject({
      customerId: ana,
      data: { to: 'member' },
    });
  });
});
