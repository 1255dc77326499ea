import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import fc from 'fast-check';
import { balanceOf, completed, expectSound, membership, returned, run } from '../testing/loyalty-graph.ts';
import { loyalty as definition } from '../loyalty.ts';

const loyalty = testSubgraph(definition);
const CLIENTS = 50;

/** These run for seconds on a quiet machine and must not fail on a busy one. */
jest.setTimeout(180_000);

const give = (profileId: string, points: number): Promise<unknown> =>
  run(loyalty, 'earnPoints', { profileId, points, reason: 'gift' }, 'points');
const redeem = (
  profileId: string,
  points: number,
  more = {},
): Promise<{ points: number | null; errors: { code: string }[] }> =>
  run(loyalty, 'redeemPoints', { profileId, points, ...more }, 'redemptionId points');
const together = <T>(work: (client: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: CLIENTS }, (_, i) => work(i)));

afterEach(() => expectSound(loyalty));

describe('at the same time', () => {
  it('50 identical redemptions make one posting, and all get its answer', async () => {
    const ana = newId();
    await give(ana, 100);
    const idempotencyKey = newId();
    const answers = await together(() => redeem(ana, 60, { idempotencyKey }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ points: 60, errors: [] });
    expect(await loyalty.sql(`select amount from transfer where profile_id = $1 and code = 'redeem'`, [ana])).toEqual([
      { amount: 60 },
    ]);
  });

  it('50 different redemptions take what is there and not a point more; every loser is told', async () => {
    const [ana, app] = [newId(), newId()];
    await loyalty.receive(membership(loyalty, 1, 'linked', [ana, app]));
    await give(ana, 55);
    await give(app, 45);
    const answers = await together((i) => redeem(i % 2 ? ana : app, 10));
    expect(answers.filter((answer) => answer.points === 10)).toHaveLength(10);
    expect(answers.filter((answer) => answer.errors[0]?.code === 'INSUFFICIENT_POINTS')).toHaveLength(40);
    expect((await balanceOf(loyalty, ana)).available).toBe(0);
  });

  it('capturing and voiding one hold, one of them wins', async () => {
    const ana = newId();
    await give(ana, 100);
    const { holdId } = await run(loyalty, 'holdPoints', { profileId: ana, points: 100 }, 'holdId');
    await together((i) =>
      i % 2 ? run(loyalty, 'captureHold', { holdId }, 'points') : run(loyalty, 'voidHold', { holdId }, 'points'),
    );
    const [hold] = await loyalty.sql<{ state: string }>('select state from points_hold where id = $1', [holdId]);
    const { available, held, owed } = await balanceOf(loyalty, ana);
    expect(held).toBe(0);
    // A void that came first is honoured, and a capture after it still takes what was promised.
    expect(hold!.state).toBe('captured');
    expect(available + owed).toBe(0);
  });

  it('earning, spending, holding, expiring, returning, merging and unmerging leave every invariant standing', async () => {
    const profiles = Array.from({ length: 8 }, newId).sort();
    let version = 100;
    const orders: { profileId: string; orderId: string; lineId: string }[] = [];
    const any = <T>(list: readonly T[], n: number): T => list[n % list.length]!;
    const client = async (seed: number): Promise<void> => {
      const profileId = any(profiles, seed * 7);
      const kind = seed % 8;
      if (kind === 0) await give(profileId, 1 + (seed % 40));
      if (kind === 1) await redeem(profileId, 1 + (seed % 60));
      if (kind === 2) {
        const { holdId } = await run(loyalty, 'holdPoints', { profileId, points: 1 + (seed % 30) }, 'holdId');
        if (holdId && seed % 3 === 0) await run(loyalty, 'captureHold', { holdId, points: 1 }, 'points');
        if (holdId && seed % 3 === 1) await run(loyalty, 'voidHold', { holdId }, 'points');
      }
      if (kind === 3) {
        const order = completed(loyalty, profileId, [{ netAmount: 100 * (1 + (seed % 50)), quantity: 2 }]);
        await loyalty.receive(order);
        orders.push({ profileId, orderId: order.data.orderId, lineId: order.data.lines[0]!.lineId });
      }
      if (kind === 4 && orders.length > 0) {
        const { orderId, lineId, profileId: buyer } = any(orders, seed);
        await loyalty.receive(returned(loyalty, buyer, orderId, [{ lineId, quantity: 1 }]));
      }
      if (kind === 5)
        await loyalty.receive(membership(loyalty, (version += 1), 'merged', [profiles[0]!, any(profiles, seed)]));
      if (kind === 6) await loyalty.receive(membership(loyalty, (version += 1), 'unmerged', [any(profiles, seed)]));
      if (kind === 7) {
        loyalty.clock.advance({ hours: 13 });
        await loyalty.runJob('expire-holds');
        await loyalty.runJob('settle-accounts');
      }
    };
    for (let round = 0; round < 12; round++) {
      await together((i) => client(round * CLIENTS + i * 3 + round));
      await expectSound(loyalty);
    }
    const [{ n }] = (await loyalty.sql('select count(*) as n from transfer')) as [{ n: number }];
    expect(n).toBeGreaterThan(200);
  });
});

describe('random histories on PostgreSQL', () => {
  it('hold every invariant after each step, and an unmerge gives every profile what it would have had', async () => {
    const step = fc.record({ who: fc.nat(2), kind: fc.nat(6), points: fc.integer({ min: 1, max: 80 }) });
    let version = 10_000;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
        const profiles = [newId(), newId(), newId()];
        const holds: string[] = [];
        for (const { who, kind, points } of steps) {
          const profileId = profiles[who]!;
          if (kind === 0) await give(profileId, points);
          if (kind === 1) await redeem(profileId, points);
          if (kind === 2) {
            const { holdId } = await run(loyalty, 'holdPoints', { profileId, points }, 'holdId');
            if (holdId) holds.push(holdId);
          }
          if (kind === 3 && holds.length > 0) await run(loyalty, 'captureHold', { holdId: holds.pop() }, 'points');
          if (kind === 4 && holds.length > 0) await run(loyalty, 'voidHold', { holdId: holds.pop() }, 'points');
          if (kind === 5) await loyalty.receive(membership(loyalty, (version += 1), 'merged', profiles));
          if (kind === 6)
            await loyalty.receive(membership(loyalty, (version += 1), 'unmerged', ...profiles.map((id) => [id])));
          await expectSound(loyalty);
        }
        await loyalty.receive(membership(loyalty, (version += 1), 'merged', profiles));
        const together = (await balanceOf(loyalty, profiles[2]!)).available;
        await loyalty.receive(membership(loyalty, (version += 1), 'unmerged', ...profiles.map((id) => [id])));
        const each = await Promise.all(profiles.map(async (id) => (await balanceOf(loyalty, id)).available as number));
        expect(each.reduce((a, b) => a + b, 0)).toBe(together);
      }),
      { numRuns: 25 },
    );
  });
});
