import { newId } from '@trenza/events';
import { testSubgraph, type GraphAnswer } from '@trenza/testing';
import { loyalty as definition } from '../loyalty.ts';
import { balanceOf, completed, expectSound, returned, run } from '../testing/loyalty-graph.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

const days = (n: number): string => new Date(loyalty.clock.now().getTime() + n * 86_400_000).toISOString();
const rule = { code: 'any', name: 'Double', trigger: 'order', effect: 'PER_AMOUNT', value: 2 };
const proposal = (storeId: string, more = {}) => ({
  storeId,
  name: 'Shoe week',
  startsAt: days(0),
  endsAt: days(7),
  budget: 100,
  rule,
  ...more,
});
const propose = (storeId: string, more = {}): Promise<GraphAnswer['data']> =>
  run(loyalty, 'proposeLocalProgramme', proposal(storeId, more), 'localProgramme { id status rewardId budget spent }');
const decide = (id: string, approved = true): Promise<GraphAnswer['data']> =>
  run(loyalty, 'decideLocalProgramme', { id, approved, reason: 'fine' }, 'localProgramme { status }', 'marketer');
const allocate = (storeId: string, points: number): Promise<GraphAnswer['data']> =>
  run(loyalty, 'allocateStoreBudget', { storeId, points, reason: 'spring' }, 'budgets { available reserved }');
const budget = async (storeId: string): Promise<GraphAnswer['data']> =>
  (await loyalty.graph('query ($id: ID!) { storeLoyaltyBudget(storeId: $id) { available reserved } }', { id: storeId }))
    .data.storeLoyaltyBudget;
async function running(storeId: string, more = {}): Promise<{ id: string; rewardId: string }> {
  const { localProgramme, errors } = await propose(storeId, more);
  expect(errors).toEqual([]);
  expect((await decide(localProgramme.id)).errors).toEqual([]);
  return localProgramme;
}

describe('a local programme', () => {
  it('is proposed by the store itself, not by another, and runs once it is agreed to', async () => {
    const storeId = newId();
    const document = `mutation ($input: ProposeLocalProgrammeInput!) { proposeLocalProgramme(input: $input) { localProgramme { id status } errors { code } } }`;
    const input = { idempotencyKey: newId(), ...proposal(storeId) };
    const stranger = await loyalty.as({ role: 'associate', stores: [newId()] }).graph(document, { input });
    expect(stranger.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    const { data } = await loyalty.as({ role: 'associate', stores: [storeId] }).graph(document, { input });
    expect(data.proposeLocalProgramme).toMatchObject({ localProgramme: { status: 'PROPOSED' }, errors: [] });
    expect((await decide(data.proposeLocalProgramme.localProgramme.id)).errors).toMatchObject([
      { code: 'BUDGET_TOO_SMALL' },
    ]);
    await allocate(storeId, 150);
    expect((await decide(data.proposeLocalProgramme.localProgramme.id)).localProgramme.status).toBe('LIVE');
    expect(await budget(storeId)).toEqual({ available: 50, reserved: 100 });
    expect((await decide(data.proposeLocalProgramme.localProgramme.id)).errors).toMatchObject([
      { code: 'ALREADY_DECIDED' },
    ]);
  });

  it('earns in its store only, out of its budget, and stops when that is used up', async () => {
    const storeId = newId();
    await allocate(storeId, 100);
    await running(storeId);
    const [ana, eva, far] = [newId(), newId(), newId()];
    await loyalty.receive(completed(loyalty, ana, [{ netAmount: 3_000 }], { storeId }));
    await loyalty.receive(
      completed(loyalty, eva, [{ netAmount: 9_000 }], { storeId }),
      completed(loyalty, far, [{ netAmount: 3_000 }], { storeId: newId() }),
    );
    expect((await balanceOf(loyalty, ana)).available).toBe(30 + 60);
    expect((await balanceOf(loyalty, eva)).available).toBe(90 + 40);
    expect((await balanceOf(loyalty, far)).available).toBe(30);
    expect(await budget(storeId)).toEqual({ available: 0, reserved: 0 });
  });

  it('has back what a return takes back of what it gave, in its share, in however many returns', async () => {
    const storeId = newId();
    await allocate(storeId, 100);
    const { id } = await running(storeId);
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 1_000 }, { netAmount: 1_000, quantity: 2 }], { storeId });
    await loyalty.receive(order);
    expect(await budget(storeId)).toEqual({ available: 0, reserved: 60 });
    const bring = (i: number): Promise<unknown> =>
      loyalty.receive(
        returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[i]!.lineId, quantity: 1 }]),
      );
    await bring(0);
    expect(await budget(storeId)).toEqual({ available: 0, reserved: 80 });
    await bring(1);
    expect(await budget(storeId)).toEqual({ available: 0, reserved: 90 });
    loyalty.clock.advance({ days: 8 });
    await loyalty.runJob('end-local-programmes');
    expect(await budget(storeId)).toEqual({ available: 90, reserved: 0 });
    await bring(1);
    expect(await budget(storeId)).toEqual({ available: 100, reserved: 0 });
    expect(await loyalty.sql('select spent from local_programme where id = $1', [id])).toEqual([{ spent: 0 }]);
  });

  it('has back only what the customer still had', async () => {
    const storeId = newId();
    await allocate(storeId, 100);
    await running(storeId);
    const ana = newId();
    const order = completed(loyalty, ana, [{ netAmount: 2_000 }], { storeId });
    await loyalty.receive(order);
    await run(loyalty, 'redeemPoints', { profileId: ana, points: 30 }, 'points');
    await loyalty.receive(
      returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[0]!.lineId, quantity: 1 }]),
    );
    // Of 60, of which it gave 40, 30 were left.
    expect(await budget(storeId)).toEqual({ available: 0, reserved: 80 });
  });

  it('ends in time, and what it did not use can be moved to another store', async () => {
    const [storeId, other] = [newId(), newId()];
    await allocate(storeId, 100);
    await running(storeId);
    await loyalty.receive(completed(loyalty, newId(), [{ netAmount: 1_500 }], { storeId }));
    const move = { fromStoreId: storeId, toStoreId: other, points: 70, reason: 'quiet here' };
    expect((await run(loyalty, 'moveStoreBudget', move, 'budgets { available }')).errors).toMatchObject([
      { code: 'BUDGET_TOO_SMALL' },
    ]);
    loyalty.clock.advance({ days: 8 });
    await loyalty.runJob('end-local-programmes');
    expect(await budget(storeId)).toEqual({ available: 70, reserved: 0 });
    const late = newId();
    await loyalty.receive(completed(loyalty, late, [{ netAmount: 1_000 }], { storeId }));
    expect((await balanceOf(loyalty, late)).available).toBe(10);
    expect((await run(loyalty, 'moveStoreBudget', move, 'budgets { available }')).budgets).toEqual([
      { available: 0 },
      { available: 70 },
    ]);
  });

  it('may be a reward, whose points come out of the budget and go back when it is cancelled', async () => {
    const storeId = newId();
    await allocate(storeId, 500);
    const reward = { name: 'A tote bag', kind: 'PRODUCT', points: 60 };
    const { rewardId } = await running(storeId, { rule: null, reward });
    const ana = newId();
    await run(loyalty, 'earnPoints', { profileId: ana, points: 200, reason: 'gift' }, 'points');
    const redeem = (): Promise<GraphAnswer['data']> =>
      run(loyalty, 'redeemReward', { rewardId, profileId: ana, storeId }, 'issueId');
    const { issueId } = await redeem();
    expect((await redeem()).errors).toMatchObject([{ code: 'BUDGET_EMPTY' }]);
    expect((await balanceOf(loyalty, ana)).available).toBe(140);
    expect(await budget(storeId)).toEqual({ available: 400, reserved: 40 });
    await run(loyalty, 'cancelReward', { issueId, reason: 'torn' }, 'points');
    expect(await budget(storeId)).toEqual({ available: 400, reserved: 100 });
    expect((await redeem()).errors).toEqual([]);
  });

  it('outside the guard-rails is refused', async () => {
    expect((await propose(newId(), { endsAt: days(100) })).errors).toMatchObject([
      { code: 'OUTSIDE_GUARD_RAILS', path: ['input', 'endsAt'] },
    ]);
    expect((await propose(newId(), { name: 'Guaranteed savings' })).errors).toMatchObject([
      { code: 'OUTSIDE_GUARD_RAILS' },
    ]);
    expect((await propose(newId(), { rule: { ...rule, condition: 'order.secret' } })).errors).toMatchObject([
      { code: 'INVALID_CONDITION' },
    ]);
  });

  it('follows guard-rails that are set anew', async () => {
    const rails = {
      triggers: ['order'],
      rewardKinds: ['PRODUCT'],
      maxFixed: 10,
      maxPerAmount: 1,
      maxRewardPoints: 50,
      maxDays: 10,
      maxBudget: 1_000,
    };
    const { guardRails, errors } = await run(
      loyalty,
      'configureGuardRails',
      rails,
      'guardRails { maxPerAmount rewardKinds }',
    );
    expect([guardRails, errors]).toEqual([{ maxPerAmount: 1, rewardKinds: ['PRODUCT'] }, []]);
    expect((await propose(newId())).errors).toMatchObject([
      { code: 'OUTSIDE_GUARD_RAILS', message: expect.stringContaining('gives 1 at most') },
    ]);
  });
});

it('two approvals at once can not promise one budget twice', async () => {
  const rails = {
    triggers: ['order'],
    rewardKinds: ['PRODUCT'],
    maxFixed: 10,
    maxPerAmount: 5,
    maxRewardPoints: 50,
    maxDays: 31,
    maxBudget: 1_000,
  };
  await run(loyalty, 'configureGuardRails', rails, 'guardRails { maxDays }');
  const storeId = newId();
  await allocate(storeId, 250);
  const proposed = await Promise.all(Array.from({ length: 5 }, () => propose(storeId)));
  const decided = await Promise.all(proposed.map(({ localProgramme }) => decide(localProgramme.id)));
  expect(decided.filter((answer) => answer.localProgramme?.status === 'LIVE')).toHaveLength(2);
  expect(await budget(storeId)).toEqual({ available: 50, reserved: 200 });
});
