import { verifyPromise } from '@trenza/auth';
import { event, newId } from '@trenza/events';
import { keysOf, testSubgraph, type GraphAnswer } from '@trenza/testing';
import { balanceOf, completed, expectSound, loyaltyOf, membership, returned, run } from '../testing/loyalty-graph.ts';
import { loyalty as definition } from '../loyalty.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

type Answer = GraphAnswer['data'];
const rich = async (points = 10_000): Promise<string> => {
  const ana = newId();
  await run(loyalty, 'earnPoints', { profileId: ana, points, reason: 'gift' }, 'points');
  return ana;
};
async function live(more: Record<string, unknown>): Promise<string> {
  const input = { name: 'A reward', kind: 'PRODUCT', points: 100, ...more };
  const { reward, errors } = await run(loyalty, 'createReward', input, 'reward { id status }', 'marketer');
  expect(errors).toEqual([]);
  expect(reward.status).toBe('DRAFT');
  expect(
    (await run(loyalty, 'changeReward', { rewardId: reward.id, status: 'LIVE' }, 'reward { status }')).errors,
  ).toEqual([]);
  return reward.id;
}
const redeem = (rewardId: string, profileId: string, more = {}): Promise<Answer> =>
  run(
    loyalty,
    'redeemReward',
    { rewardId, profileId, ...more },
    'issueId points voucherCode voucherPromise expiresAt',
    'admin',
  );
const use = (code: string, more = {}): Promise<Answer> =>
  run(loyalty, 'redeemVoucher', { code, ...more }, 'voucherId usesLeft', 'service');
const voucher = (more = {}): Promise<string> =>
  live({ kind: 'VOUCHER', discount: { amount: 500, currency: 'EUR' }, ...more });

describe('a reward', () => {
  it('takes its points and gives a code that a checkout can verify offline', async () => {
    const ana = await rich(600);
    const rewardId = await voucher({ points: 500 });
    const issued = await redeem(rewardId, ana);
    expect(issued).toMatchObject({ points: 500, errors: [] });
    expect((await balanceOf(loyalty, ana)).available).toBe(100);
    expect(
      await verifyPromise(keysOf('inventory'), 'loyalty', 'voucher', issued.voucherPromise, loyalty.clock.now()),
    ).toMatchObject({
      code: issued.voucherCode,
      rewardId,
      profileId: ana,
      discount: { amount: 500 },
      currency: 'EUR',
    });
    const { vouchers } = await loyaltyOf(
      loyalty,
      ana,
      'vouchers { edges { node { code state promise reward { name discount { amount } } } } }',
    );
    expect(vouchers.edges).toMatchObject([
      { node: { state: 'active', reward: { name: 'A reward', discount: { amount: 500 } } } },
    ]);
    expect((await loyalty.published('loyalty.reward.issued.v1')).at(-1)).toMatchObject({
      profileId: ana,
      data: { rewardId, kind: 'voucher' },
    });
  });

  it('that she cannot pay for is refused and leaves the stock alone', async () => {
    const rewardId = await live({ points: 500, stock: 3 });
    expect((await redeem(rewardId, await rich(499))).errors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
    expect(await loyalty.sql('select stock_left from reward where id = $1', [rewardId])).toEqual([{ stock_left: 3 }]);
  });

  it('is never oversold: of 50 who want the last three, three get one and keep no less than they paid', async () => {
    const rewardId = await live({ stock: 3 });
    const customers = await Promise.all(Array.from({ length: 50 }, () => rich(100)));
    const answers = await Promise.all(customers.map((customer) => redeem(rewardId, customer)));
    expect(answers.filter((answer) => answer.issueId)).toHaveLength(3);
    expect(answers.filter((answer) => answer.errors[0]?.code === 'REWARD_SOLD_OUT')).toHaveLength(47);
    const balances = await Promise.all(
      customers.map(async (customer) => (await balanceOf(loyalty, customer)).available as number),
    );
    expect(balances.reduce((a, b) => a + b, 0)).toBe(4_700);
  });

  it('keeps its limit per customer, over all her profiles and at the same time', async () => {
    const [ana, app] = [await rich(), await rich()];
    await loyalty.receive(membership(loyalty, 1, 'linked', [ana, app]));
    const rewardId = await live({ perCustomer: 2 });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => redeem(rewardId, i % 2 ? ana : app)));
    expect(answers.filter((answer) => answer.issueId)).toHaveLength(2);
    expect(answers.find((answer) => !answer.issueId).errors[0].code).toBe('REWARD_LIMIT_REACHED');
  });

  it.each([
    ['REWARD_NOT_FOR_TIER', { tiers: ['gold'] }],
    ['REWARD_NOT_IN_STORE', { storeIds: ['01900000-0000-7000-8000-0000000000aa'] }],
    ['REWARD_NOT_AVAILABLE', { startsAt: '2050-01-01T00:00:00Z' }],
    ['REWARD_NOT_AVAILABLE', { endsAt: '2020-01-01T00:00:00Z' }],
  ])('is refused with %s where it is not meant for her: %p', async (code, more) => {
    expect((await redeem(await live(more), await rich())).errors).toMatchObject([{ code }]);
  });

  it('that takes place at a time has as many places as it has', async () => {
    const storeId = newId();
    const rewardId = await live({ kind: 'EXPERIENCE' });
    const startsAt = new Date(loyalty.clock.now().getTime() + 86_400_000).toISOString();
    const endsAt = new Date(loyalty.clock.now().getTime() + 90_000_000).toISOString();
    const { slotId } = await run(
      loyalty,
      'addRewardSlot',
      { rewardId, storeId, startsAt, endsAt, capacity: 2 },
      'slotId',
    );
    expect((await redeem(rewardId, await rich())).errors).toMatchObject([{ code: 'SLOT_NEEDED' }]);
    const guests = await Promise.all(Array.from({ length: 6 }, () => rich(100)));
    const answers = await Promise.all(guests.map((guest) => redeem(rewardId, guest, { slotId })));
    expect(answers.filter((answer) => answer.issueId)).toHaveLength(2);
    expect(answers.filter((answer) => answer.errors[0]?.code === 'SLOT_FULL')).toHaveLength(4);
    const came = answers.find((answer) => answer.issueId);
    expect((await run(loyalty, 'cancelReward', { issueId: came.issueId, reason: 'ill' }, 'points')).points).toBe(100);
    expect((await redeem(rewardId, await rich(), { slotId })).errors).toEqual([]);
  });

  it('that is cancelled gives everything back, once, unless its code was used', async () => {
    const ana = await rich(1_000);
    const rewardId = await voucher({ points: 400, stock: 5 });
    const first = await redeem(rewardId, ana);
    expect(await run(loyalty, 'cancelReward', { issueId: first.issueId, reason: 'mistake' }, 'points')).toMatchObject({
      points: 400,
      errors: [],
    });
    expect((await balanceOf(loyalty, ana)).available).toBe(1_000);
    expect((await use(first.voucherCode)).errors).toMatchObject([{ code: 'VOUCHER_CANCELLED' }]);
    expect(
      (await run(loyalty, 'cancelReward', { issueId: first.issueId, reason: 'again' }, 'points')).errors,
    ).toMatchObject([{ code: 'REWARD_CANCELLED' }]);
    const second = await redeem(rewardId, ana);
    await use(second.voucherCode);
    expect(
      (await run(loyalty, 'cancelReward', { issueId: second.issueId, reason: 'late' }, 'points')).errors,
    ).toMatchObject([{ code: 'VOUCHER_USED' }]);
    expect((await balanceOf(loyalty, ana)).available).toBe(600);
    expect(await loyalty.sql('select stock_left from reward where id = $1', [rewardId])).toEqual([{ stock_left: 4 }]);
  });

  it.each([
    ['INVALID_DISCOUNT', { kind: 'VOUCHER' }],
    ['INVALID_DISCOUNT', { kind: 'DISCOUNT', discountPercent: 120 }],
    ['INVALID_POINTS', { points: -1 }],
    ['UNKNOWN_TIER', { tiers: ['diamond'] }],
    ['INVALID_CODE', { sharedCode: '!' }],
  ])('that can not be meant is refused with %s: %p', async (code, more) => {
    const input = { name: 'A reward', kind: 'PRODUCT', points: 100, ...more };
    expect((await run(loyalty, 'createReward', input, 'reward { id }')).errors).toMatchObject([{ code }]);
  });
});

describe('a voucher', () => {
  it('is used once, and a repeat from a till that was offline is the same use', async () => {
    const { voucherCode } = await redeem(await voucher(), await rich());
    const till = { idempotencyKey: 'till-7/receipt-1' };
    expect(await use(voucherCode.toLowerCase(), till)).toMatchObject({ usesLeft: 0, errors: [] });
    expect(await use(voucherCode.toLowerCase(), till)).toMatchObject({ usesLeft: 0, errors: [] });
    expect((await use(voucherCode)).errors).toMatchObject([{ code: 'VOUCHER_USED' }]);
  });

  it('used by fifty tills at once is used once', async () => {
    const { voucherCode } = await redeem(await voucher(), await rich());
    const answers = await Promise.all(Array.from({ length: 50 }, () => use(voucherCode)));
    expect(answers.filter((answer) => answer.voucherId)).toHaveLength(1);
  });

  it('with a typing error is told from one that does not exist', async () => {
    expect((await use('0000-0000-00001')).errors).toMatchObject([{ code: 'INVALID_VOUCHER_CODE' }]);
    expect((await use('0000-0000-00000')).errors).toMatchObject([{ code: 'UNKNOWN_VOUCHER' }]);
  });

  it('expires, and belongs to her', async () => {
    const rewardId = await voucher({ validDays: 10 });
    const { voucherCode } = await redeem(rewardId, await rich());
    expect((await use(voucherCode, { profileId: newId() })).errors).toMatchObject([{ code: 'VOUCHER_OF_ANOTHER' }]);
    loyalty.clock.advance({ days: 10 });
    expect((await use(voucherCode)).errors).toMatchObject([{ code: 'VOUCHER_EXPIRED' }]);
  });

  it('that paid an order is used by it, and free again when the order is cancelled', async () => {
    const ana = await rich();
    const { voucherCode } = await redeem(await voucher(), ana);
    const order = completed(loyalty, ana, [{ netAmount: 1_000 }], { voucherCodes: [voucherCode, 'another-shop'] });
    await loyalty.receive(order, { ...order, id: newId() });
    expect((await loyalty.published('loyalty.voucher.redeemed.v1')).at(-1)).toMatchObject({
      profileId: ana,
      data: { orderId: order.data.orderId },
    });
    expect((await use(voucherCode)).errors).toMatchObject([{ code: 'VOUCHER_USED' }]);
    const { orderId } = order.data;
    await loyalty.receive(
      event('inventory.order.cancelled.v1', {
        occurredAt: loyalty.clock.now(),
        data: { orderId, number: 'T-1', channel: 'web', reason: 'x' },
      }),
    );
    expect((await use(voucherCode)).errors).toEqual([]);
  });

  it('is free again when all that it helped to buy came back, not before, and only once', async () => {
    const ana = await rich();
    const { voucherCode } = await redeem(await voucher(), ana);
    const order = completed(loyalty, ana, [{ netAmount: 1_000 }, { netAmount: 500 }], { voucherCodes: [voucherCode] });
    await loyalty.receive(order);
    const { orderId, lines } = order.data;
    const bring = (i: number): Promise<unknown> =>
      loyalty.receive(returned(loyalty, ana, orderId, [{ lineId: lines[i]!.lineId, quantity: 1 }]));
    await bring(0);
    expect((await use(voucherCode)).errors).toMatchObject([{ code: 'VOUCHER_USED' }]);
    await bring(1);
    // Word of the order that comes once more uses nothing once more.
    await loyalty.receive({ ...order, id: newId() });
    expect(await use(voucherCode)).toMatchObject({ usesLeft: 0, errors: [] });
    expect((await use(voucherCode)).errors).toMatchObject([{ code: 'VOUCHER_USED' }]);
  });

  it('that a till asked about and then sent with its order is used once', async () => {
    const ana = await rich();
    const { voucherCode } = await redeem(await voucher(), ana);
    const order = completed(loyalty, ana, [{ netAmount: 1_000 }], { voucherCodes: [voucherCode] });
    expect(await use(voucherCode, { orderId: order.data.orderId })).toMatchObject({ usesLeft: 0, errors: [] });
    await loyalty.receive(order);
    expect(await loyalty.sql('select irregular from voucher_use where order_id = $1', [order.data.orderId])).toEqual([
      { irregular: null },
    ]);
  });

  it('honoured by a till although it was used up is kept as irregular, not refused', async () => {
    const ana = await rich();
    const { voucherCode } = await redeem(await voucher(), ana);
    await use(voucherCode);
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 1_000 }], { voucherCodes: [voucherCode] }));
    expect(await loyalty.sql('select irregular from voucher_use where irregular is not null')).toEqual([
      { irregular: 'VOUCHER_USED' },
    ]);
  });

  it('shared by all has a limit per customer', async () => {
    await voucher({ sharedCode: 'SPRING-10', points: 0, perCustomer: 1 });
    const [ana, eva] = [newId(), newId()];
    expect((await use('spring10')).errors).toMatchObject([{ code: 'CUSTOMER_NEEDED' }]);
    expect(await use('spring10', { profileId: ana })).toMatchObject({ usesLeft: null, errors: [] });
    expect((await use('spring 10', { profileId: ana })).errors).toMatchObject([{ code: 'VOUCHER_USED' }]);
    expect((await use('SPRING-10', { profileId: eva })).errors).toEqual([]);
  });

  it('that is shared means one reward: another can not go live under it', async () => {
    await voucher({ sharedCode: 'AUTUMN-5', points: 0 });
    const input = { name: 'Late', kind: 'VOUCHER', points: 0, discount: { amount: 100, currency: 'EUR' } };
    const { reward } = await run(loyalty, 'createReward', { ...input, sharedCode: 'autumn5' }, 'reward { id }');
    const live = { rewardId: reward.id, status: 'LIVE' };
    expect((await run(loyalty, 'changeReward', live, 'reward { status }')).errors).toMatchObject([
      { code: 'CODE_TAKEN' },
    ]);
  });

  it('of money that does not exist is refused', async () => {
    const input = { name: 'Odd', kind: 'VOUCHER', points: 1, discount: { amount: 100, currency: 'euros' } };
    expect((await run(loyalty, 'createReward', input, 'reward { id }')).errors).toMatchObject([
      { code: 'INVALID_DISCOUNT', path: ['input', 'discount'] },
    ]);
  });
});
