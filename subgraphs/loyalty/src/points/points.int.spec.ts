import { verifyPromise } from '@trenza/auth';
import { event, newId } from '@trenza/events';
import { keysOf, testSubgraph, type GraphAnswer } from '@trenza/testing';
import { loyalty as definition } from '../loyalty.ts';

const loyalty = testSubgraph(definition);
const service = loyalty.as({ role: 'service' });

interface Balance {
  available: number;
  pending: number;
  held: number;
  owed: number;
}

async function balanceOf(id: string): Promise<Balance> {
  const { data, errors } = await service.graph(
    `query ($r: [_Any!]!) { customers: _entities(representations: $r) { ... on Customer { loyalty { balance { available pending held owed } } } } }`,
    { r: [{ __typename: 'Customer', id }] },
  );
  expect(errors).toBeUndefined();
  return data.customers[0].loyalty.balance;
}

async function run(name: string, input: Record<string, unknown>, fields: string): Promise<GraphAnswer['data']> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await loyalty
    .as({ role: name === 'adjustPoints' ? 'care' : 'service' })
    .graph(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code message path } } }`, {
      input: { idempotencyKey: newId(), ...input },
    });
  expect(errors).toBeUndefined();
  return data[name];
}

const give = async (profileId: string, points: number, more = {}): Promise<void> => {
  const { errors } = await run('earnPoints', { profileId, points, reason: 'welcome', ...more }, 'transferId');
  expect(errors).toEqual([]);
};

const member = (version: number, cause: 'merged' | 'unmerged', ...customers: string[][]) =>
  event('identity.customer.membership-changed.v1', {
    occurredAt: loyalty.clock.now(),
    data: { version, cause, customers: customers.map((profileIds) => ({ customerId: profileIds[0]!, profileIds })) },
  });

afterEach(async () => {
  const { data } = await loyalty.graph(
    '{ ledgerIntegrity { sound sumOfPostings broken { ownerId account balance transfers lots } } }',
  );
  expect(data.ledgerIntegrity).toEqual({ sound: true, sumOfPostings: 0, broken: [] });
});

describe('earning', () => {
  it('shows at once, and is told to the others', async () => {
    const ana = newId();
    await give(ana, 120);
    expect(await balanceOf(ana)).toEqual({ available: 120, pending: 0, held: 0, owed: 0 });
    const events = await loyalty.published('loyalty.points.earned.v1');
    expect(events.at(-1)).toMatchObject({ profileId: ana, data: { points: 120, state: 'active', reason: 'welcome' } });
  });

  it('with the same key happens once, and with another body is refused', async () => {
    const input = { profileId: newId(), points: 10, reason: 'game', idempotencyKey: newId() };
    const first = await run('earnPoints', input, 'transferId points');
    expect(await run('earnPoints', input, 'transferId points')).toEqual(first);
    expect((await balanceOf(input.profileId)).available).toBe(10);
    const other = await run('earnPoints', { ...input, points: 11 }, 'transferId');
    expect(other).toMatchObject({ transferId: null, errors: [{ code: 'IDEMPOTENCY_CONFLICT' }] });
  });

  it('may wait, and unlocks by itself', async () => {
    const ana = newId();
    await give(ana, 50, { pendingDays: 14 });
    expect(await balanceOf(ana)).toMatchObject({ available: 0, pending: 50 });
    loyalty.clock.advance({ days: 14 });
    expect(await balanceOf(ana)).toMatchObject({ available: 50, pending: 0 });
    await loyalty.runJob('settle-accounts');
    expect(await balanceOf(ana)).toMatchObject({ available: 50, pending: 0 });
  });

  it('pending points of somebody who had none can be spent the moment they unlock', async () => {
    const [ana, eva] = [newId(), newId()];
    await give(ana, 50, { pendingDays: 14 });
    await give(eva, 50, { pendingDays: 14 });
    loyalty.clock.advance({ days: 14 });
    expect(await run('redeemPoints', { profileId: ana, points: 50 }, 'balance')).toEqual({ balance: 0, errors: [] });
    await loyalty.runJob('settle-accounts');
    expect(await loyalty.sql('select pending, remaining from lot where profile_id = $1', [eva])).toEqual([
      { pending: false, remaining: 50 },
    ]);
  });

  it('in a currency that does not exist is refused, and the known ones are named', async () => {
    const { errors } = await run(
      'earnPoints',
      { profileId: newId(), points: 5, reason: 'x', currency: 'stars' },
      'points',
    );
    expect(errors).toMatchObject([
      { code: 'UNKNOWN_CURRENCY', message: expect.stringContaining('Use one of: points'), path: ['input', 'currency'] },
    ]);
  });
});

it.each([
  ['earnPoints', { points: 5, reason: 'x'.repeat(201) }, 'INVALID_REASON'],
  ['earnPoints', { points: 5, reason: 'x', pendingDays: -1 }, 'OUT_OF_RANGE'],
  ['earnPoints', { points: 0, reason: 'x' }, 'INVALID_POINTS'],
  ['adjustPoints', { points: 5, reason: ' ' }, 'INVALID_REASON'],
  ['adjustPoints', { points: 0, reason: 'x' }, 'INVALID_POINTS'],
  ['redeemPoints', { points: -5 }, 'INVALID_POINTS'],
  ['holdPoints', { points: 5, minutes: 0 }, 'INVALID_HOLD_TIME'],
])('%s with %p is refused with %s', async (name, input, code) => {
  const fields = { earnPoints: 'points', adjustPoints: 'balance', redeemPoints: 'points', holdPoints: 'holdId' }[name]!;
  expect((await run(name, { profileId: newId(), ...input }, fields)).errors).toMatchObject([{ code }]);
});

describe('redeeming', () => {
  it('takes the points and says what is left', async () => {
    const ana = newId();
    await give(ana, 100);
    expect(await run('redeemPoints', { profileId: ana, points: 40 }, 'points balance')).toEqual({
      points: 40,
      balance: 60,
      errors: [],
    });
    expect((await balanceOf(ana)).available).toBe(60);
  });

  it('finds the customer by an id in capitals too', async () => {
    const ana = newId();
    await give(ana, 100);
    expect(await run('redeemPoints', { profileId: ana.toUpperCase(), points: 40 }, 'balance')).toEqual({
      balance: 60,
      errors: [],
    });
  });

  it('refuses more than the balance and changes nothing', async () => {
    const ana = newId();
    await give(ana, 40);
    const { errors } = await run('redeemPoints', { profileId: ana, points: 100 }, 'points');
    expect(errors).toEqual([
      {
        code: 'INSUFFICIENT_POINTS',
        message: 'The balance is 40 points, 100 were asked for. Ask for at most 40.',
        path: ['input', 'points'],
      },
    ]);
    expect((await balanceOf(ana)).available).toBe(40);
  });

  it('refuses points that have expired', async () => {
    const ana = newId();
    await give(ana, 40);
    loyalty.clock.advance({ days: 366 });
    const { errors } = await run('redeemPoints', { profileId: ana, points: 1 }, 'points');
    expect(errors[0].code).toBe('INSUFFICIENT_POINTS');
    await loyalty.runJob('settle-accounts');
    expect(await loyalty.published('loyalty.points.expired.v1')).toContainEqual(
      expect.objectContaining({ profileId: ana, data: expect.objectContaining({ points: 40 }) }),
    );
  });

  it('can be cancelled: the points go back to their lots with their old expiry', async () => {
    const ana = newId();
    await give(ana, 100);
    const lots = (): Promise<unknown[]> =>
      loyalty.sql('select id, remaining, expires_at from lot where profile_id = $1', [ana]);
    const before = await lots();
    const { redemptionId } = await run('redeemPoints', { profileId: ana, points: 70 }, 'redemptionId');
    loyalty.clock.advance({ days: 20 });
    expect(await run('cancelRedemption', { redemptionId, reason: 'sold out' }, 'points')).toMatchObject({ points: 70 });
    expect(await lots()).toEqual(before);
    const again = await run('cancelRedemption', { redemptionId, reason: 'sold out' }, 'points');
    expect(again.errors[0].code).toBe('NOTHING_TO_GIVE_BACK');
  });

  it('is open to the customer herself, and to nobody else', async () => {
    const ana = newId();
    await give(ana, 10);
    const document = `mutation ($input: RedeemPointsInput!) { redeemPoints(input: $input) { points } }`;
    const input = { idempotencyKey: newId(), profileId: ana, points: 5 };
    const stranger = await loyalty.as({ role: 'customer', customerId: newId() }).graph(document, { input });
    expect(stranger.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    const herself = await loyalty.as({ role: 'customer', customerId: ana }).graph(document, { input });
    expect(herself.data.redeemPoints.points).toBe(5);
  });
});

describe('a hold', () => {
  it('is a promise that inventory can check offline', async () => {
    const ana = newId();
    await give(ana, 500);
    const held = await run(
      'holdPoints',
      { profileId: ana, points: 300 },
      'holdId promise value { amount currency } expiresAt',
    );
    expect(held['value']).toEqual({ amount: 300, currency: 'EUR' });
    const promise = await verifyPromise(
      keysOf('inventory'),
      'loyalty',
      'points-hold',
      held['promise'],
      loyalty.clock.now(),
    );
    expect(promise).toEqual({
      holdId: held['holdId'],
      profileId: ana,
      points: 300,
      pointCurrency: 'points',
      amount: 300,
      currency: 'EUR',
      orderId: null,
    });
    expect(await balanceOf(ana)).toMatchObject({ available: 200, held: 300 });
  });

  it('is captured in part, once, and the rest goes back', async () => {
    const ana = newId();
    await give(ana, 100);
    const { holdId } = await run('holdPoints', { profileId: ana, points: 100 }, 'holdId');
    expect(await run('captureHold', { holdId, points: 60 }, 'points')).toMatchObject({ points: 60, errors: [] });
    expect(await run('captureHold', { holdId, points: 60 }, 'points')).toMatchObject({ points: 60, errors: [] });
    expect(await balanceOf(ana)).toMatchObject({ available: 40, held: 0 });
    expect((await run('voidHold', { holdId }, 'points')).errors[0].code).toBe('HOLD_CAPTURED');
  });

  it('is voided once', async () => {
    const ana = newId();
    await give(ana, 100);
    const { holdId } = await run('holdPoints', { profileId: ana, points: 30 }, 'holdId');
    expect(await run('voidHold', { holdId }, 'points')).toMatchObject({ points: 30 });
    expect(await run('voidHold', { holdId }, 'points')).toMatchObject({ points: 0, errors: [] });
    expect(await balanceOf(ana)).toMatchObject({ available: 100, held: 0 });
  });

  it('runs out by itself', async () => {
    const ana = newId();
    await give(ana, 100);
    await run('holdPoints', { profileId: ana, points: 30, minutes: 5 }, 'holdId');
    loyalty.clock.advance({ minutes: 5 });
    await loyalty.runJob('expire-holds');
    expect((await balanceOf(ana)).held).toBe(30); // word of an order may still be under way
    loyalty.clock.advance({ minutes: 1 });
    await loyalty.runJob('expire-holds');
    expect(await balanceOf(ana)).toMatchObject({ available: 100, held: 0 });
  });

  it('that ran out before word of the order came is honoured all the same, and what is missing is owed', async () => {
    const ana = newId();
    await give(ana, 100);
    const { holdId } = await run('holdPoints', { profileId: ana, points: 80 }, 'holdId');
    loyalty.clock.advance({ hours: 1 });
    await loyalty.runJob('expire-holds');
    await run('redeemPoints', { profileId: ana, points: 50 }, 'points');
    await run('captureHold', { holdId }, 'points');
    expect(await balanceOf(ana)).toEqual({ available: -30, pending: 0, held: 0, owed: 30 });
    await give(ana, 100);
    expect((await balanceOf(ana)).available).toBe(70);
  });
});

describe('a merge', () => {
  it('makes one balance of all profiles; an unmerge gives each her own, exactly', async () => {
    const [ana, shop] = [newId(), newId()];
    await give(ana, 100);
    await give(shop, 50);
    await loyalty.receive(member(1, 'merged', [ana, shop]));
    expect((await balanceOf(ana)).available).toBe(150);
    expect((await balanceOf(shop)).available).toBe(150);
    await run('redeemPoints', { profileId: shop, points: 120 }, 'points');
    await loyalty.receive(member(2, 'unmerged', [ana], [shop]));
    expect((await balanceOf(ana)).available).toBe(0);
    expect((await balanceOf(shop)).available).toBe(30);
  });
});
