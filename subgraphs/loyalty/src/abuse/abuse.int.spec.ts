import { event, newId, type AnyEvent } from '@trenza/events';
import { testSubgraph, type GraphAnswer } from '@trenza/testing';
import { loyalty as definition } from '../loyalty.ts';
import { balanceOf, completed, expectSound, loyaltyOf, membership, returned, run } from '../testing/loyalty-graph.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

const give = (profileId: string, points = 1_000): Promise<unknown> =>
  run(loyalty, 'earnPoints', { profileId, points, reason: 'gift' }, 'points');
const redeem = (profileId: string, points = 1): Promise<GraphAnswer['data']> =>
  run(loyalty, 'redeemPoints', { profileId, points }, 'points');
async function flagsOf(profileId: string): Promise<{ id: string; kind: string; evidence: Record<string, unknown> }[]> {
  await loyalty.runJob('look-for-abuse');
  const { data } = await loyalty.graph('{ abuseFlags(first: 100) { edges { node { id kind profileId evidence } } } }');
  return data.abuseFlags.edges
    .map((edge: { node: { profileId: string } }) => edge.node)
    .filter((flag: { profileId: string }) => flag.profileId === profileId);
}
const referral = (profileId: string, referredProfileId?: string): AnyEvent =>
  event('identity.event.tracked.v1', {
    profileId,
    occurredAt: loyalty.clock.now(),
    data: { eventId: newId(), kind: 'referral', channel: 'app', properties: { referredProfileId } },
  });

describe('a frozen account', () => {
  it('spends nothing under any of its profiles until it is thawed, and every step is kept and told', async () => {
    const [ana, app] = [newId(), newId()];
    await loyalty.receive(membership(loyalty, 1, 'linked', [ana, app]));
    await give(ana);
    await run(loyalty, 'freezeAccount', { profileId: ana, frozen: true, reason: 'account takeover' }, 'frozen', 'care');
    expect((await redeem(app)).errors).toMatchObject([
      { code: 'ACCOUNT_FROZEN', message: expect.stringContaining('account takeover') },
    ]);
    expect((await run(loyalty, 'holdPoints', { profileId: ana, points: 1 }, 'holdId')).errors).toMatchObject([
      { code: 'ACCOUNT_FROZEN' },
    ]);
    expect((await loyaltyOf(loyalty, app, 'freeze { reason }')).freeze).toEqual({ reason: 'account takeover' });
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 1_000 }]));
    expect((await balanceOf(loyalty, ana)).available).toBe(1_010);
    await run(loyalty, 'freezeAccount', { profileId: app, frozen: false, reason: 'she called' }, 'frozen', 'care');
    expect((await redeem(app)).errors).toEqual([]);
    expect(await loyalty.sql('select frozen, reason from account_freeze_log order by id')).toEqual([
      { frozen: true, reason: 'account takeover' },
      { frozen: false, reason: 'she called' },
    ]);
    expect((await loyalty.published('loyalty.account.frozen.v1')).map((e) => e.data.frozen)).toEqual([true, false]);
  });
});

describe('a limit', () => {
  it('on how often points are spent within an hour is kept', async () => {
    const currency = { code: 'points', name: 'Points', valueMinor: 1, moneyCurrency: 'EUR', livesDays: 365 };
    await run(loyalty, 'configurePointCurrency', { ...currency, spendingsPerHour: 3 }, 'programme { id }');
    const ana = newId();
    await give(ana);
    const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(ana)));
    expect(answers.filter((answer) => answer.points)).toHaveLength(3);
    expect(answers.find((answer) => !answer.points).errors).toMatchObject([{ code: 'TOO_MANY_REDEMPTIONS' }]);
    loyalty.clock.advance({ hours: 1 });
    expect((await redeem(ana)).errors).toEqual([]);
    await run(loyalty, 'configurePointCurrency', currency, 'programme { id }');
  });
});

describe('a referral', () => {
  it('of herself, or of nobody, earns nothing, and says why', async () => {
    const [ana, second] = [newId(), newId()];
    await loyalty.receive(membership(loyalty, 2, 'linked', [ana, second]));
    await loyalty.receive(referral(ana, second), referral(ana));
    expect((await balanceOf(loyalty, ana)).available).toBe(0);
    const { earningDecisions } = await loyaltyOf(
      loyalty,
      ana,
      'earningDecisions { edges { node { outcomes { reason } } } }',
    );
    expect(earningDecisions.edges[0].node.outcomes).toEqual([{ reason: 'self-referral' }]);
  });

  it('of a friend earns once, for whoever brought her first', async () => {
    const [ana, eva, friend] = [newId(), newId(), newId()];
    await loyalty.receive(referral(ana, friend), referral(ana, friend), referral(eva, friend));
    expect((await balanceOf(loyalty, ana)).available).toBe(200);
    expect((await balanceOf(loyalty, eva)).available).toBe(0);
  });
});

describe('what looks like abuse is flagged for a person, once a day', () => {
  it('a basket split into many receipts', async () => {
    const [ana, eva, storeId] = [newId(), newId(), newId()];
    for (let i = 0; i < 4; i++) {
      await loyalty.receive(completed(loyalty, ana, [{ netAmount: 500 }], { storeId }));
      loyalty.clock.advance({ minutes: 2 });
    }
    for (let i = 0; i < 4; i++) {
      await loyalty.receive(completed(loyalty, eva, [{ netAmount: 500 }], { storeId }));
      loyalty.clock.advance({ hours: 2 });
    }
    const flags = await flagsOf(ana);
    expect(flags).toMatchObject([{ kind: 'split-purchases', evidence: { orders: 4, storeId } }]);
    expect(await flagsOf(ana)).toHaveLength(1);
    expect(await flagsOf(eva)).toEqual([]);
    const decided = await run(
      loyalty,
      'decideAbuseFlag',
      { flagId: flags[0]!.id, status: 'DISMISSED' },
      'flag { status }',
      'care',
    );
    expect(decided.flag.status).toBe('DISMISSED');
    expect(await flagsOf(ana)).toEqual([]);
  });

  it('buying and bringing nearly everything back', async () => {
    const ana = newId();
    for (let i = 0; i < 5; i++) {
      const order = completed(loyalty, ana, [{ netAmount: 10_000 }]);
      await loyalty.receive(order);
      loyalty.clock.advance({ days: 1 });
      if (i > 0)
        await loyalty.receive(
          returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[0]!.lineId, quantity: 1 }]),
        );
    }
    expect(await flagsOf(ana)).toMatchObject([
      { kind: 'return-churn', evidence: { orders: 5, earned: 500, takenBack: 400 } },
    ]);
  });

  it('an account that is emptied in small bites', async () => {
    const ana = newId();
    await give(ana);
    for (let i = 0; i < 11; i++) await redeem(ana, 7);
    expect(await flagsOf(ana)).toMatchObject([{ kind: 'many-redemptions', evidence: { redemptions: 11, points: 77 } }]);
  });
});
