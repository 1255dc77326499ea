import { event, newId } from '@trenza/events';
import { keysOf, testSubgraph } from '@trenza/testing';
import { signPromise } from '@trenza/auth';
import { inventory as definition } from '../inventory.ts';
import { MADRID, shop } from '../testing/shop.ts';
import { PAYMENT_MINUTES } from './place-order.ts';

const inventory = testSubgraph(definition);
const { stores, products, stock, add, checkout, levels, wrongFigures, run } = shop(inventory);

beforeAll(async () => {
  await stores(
    { code: 'GRAN-VIA' },
    { code: 'BARCELONA', latitude: 41.39, longitude: 2.17 },
    { code: 'ALMACEN', kind: 'WAREHOUSE', latitude: 40.3, longitude: -3.6, services: [] },
  );
});
afterEach(async () => expect(await wrongFigures()).toEqual([]));

const pointsHold = (profileId: string, amount: number): Promise<string> =>
  signPromise(
    keysOf('loyalty'),
    'points-hold',
    { holdId: newId(), profileId, points: amount, amount, currency: 'EUR' },
    new Date(inventory.clock.now().getTime() + 600_000),
  );

const voucher = (discount: object, voucherId = newId()): Promise<string> =>
  signPromise(
    keysOf('loyalty'),
    'voucher',
    { voucherId, rewardId: newId(), code: 'WELCOME', discount },
    new Date(inventory.clock.now().getTime() + 600_000),
  );

describe('checkout', () => {
  it('sells the cart: price as it stands, stock allocated, placed and completed announced', async () => {
    await products({ sku: 'C1', amount: 2_500, category: 'Shoes' });
    await stock({ ALMACEN: { C1: 3 } });
    const profileId = newId();
    await add(profileId, 'C1', 2);
    const { order, errors } = await checkout({ profileId, destination: MADRID });
    expect(errors).toEqual([]);
    expect(order).toMatchObject({
      status: 'PAID',
      total: { amount: 5_000, currency: 'EUR' },
      lines: [{ sku: 'C1', quantity: 2 }],
    });
    expect(order!.fulfilments).toMatchObject([{ status: 'WAITING', store: { code: 'ALMACEN' } }]);
    expect(await levels('C1')).toMatchObject({ ALMACEN: { onHand: 3, allocated: 2, held: 0 } });
    const [completed] = (await inventory.published('inventory.order.completed.v1')).filter(
      (e) => e.profileId === profileId,
    );
    expect(completed!.data).toMatchObject({
      orderId: order!.id,
      netAmount: 5_000,
      imported: false,
      lines: [{ category: 'Shoes' }],
    });
    const actions = (await inventory.published('inventory.cart.changed.v1')).filter((e) => e.profileId === profileId);
    expect(actions.map((e) => e.data.action)).toEqual(['begun', 'checked-out']);
  });

  it('gives the first result to a repeat of the same key, and refuses the key with another body', async () => {
    await products('C2');
    await stock({ ALMACEN: { C2: 5 } });
    const input = { idempotencyKey: newId(), profileId: newId(), lines: [{ sku: 'C2', quantity: 1 }] };
    const [a, b] = [await checkout(input), await checkout(input)];
    expect(b.order!.id).toBe(a.order!.id);
    expect(await levels('C2')).toMatchObject({ ALMACEN: { allocated: 1 } });
    const other = await checkout({ ...input, lines: [{ sku: 'C2', quantity: 2 }] });
    expect(other.errors).toMatchObject([{ code: 'IDEMPOTENCY_CONFLICT' }]);
  });

  it('says what is still there and where when there is not enough, and keeps nothing', async () => {
    await products('C3');
    await stock({ ALMACEN: { C3: 2 }, 'GRAN-VIA': { C3: 1 } });
    const { order, errors, shortages } = await checkout({ profileId: newId(), lines: [{ sku: 'C3', quantity: 4 }] });
    expect(order).toBeNull();
    expect(errors).toMatchObject([{ code: 'OUT_OF_STOCK' }]);
    expect(shortages).toMatchObject([{ sku: 'C3', asked: 4, available: 3 }]);
    expect(shortages[0]!.where).toEqual(
      expect.arrayContaining([
        { store: { code: 'ALMACEN' }, available: 2 },
        { store: { code: 'GRAN-VIA' }, available: 1 },
      ]),
    );
    expect(await levels('C3')).toMatchObject({ ALMACEN: { held: 0, allocated: 0 } });
  });

  it('splits over places only where no single one has it all', async () => {
    await products('S1', 'S2');
    await stock({ ALMACEN: { S1: 1 }, 'GRAN-VIA': { S1: 1, S2: 1 } });
    const lines = [{ sku: 'S1' }, { sku: 'S2' }];
    const one = await checkout({ profileId: newId(), lines, destination: MADRID });
    expect(one.order!.fulfilments.map((f) => f.store.code)).toEqual(['GRAN-VIA']);
    await stock({ 'GRAN-VIA': { S2: 2 } });
    const two = await checkout({ profileId: newId(), lines, destination: MADRID });
    expect(two.order!.fulfilments.map((f) => f.store.code).toSorted()).toEqual(['ALMACEN', 'GRAN-VIA']);
  });

  it('holds the stock of an unpaid order, gives it back after the time and says cancelled', async () => {
    await products('H1');
    await stock({ ALMACEN: { H1: 1 } });
    const profileId = newId();
    const waiting = await checkout({ profileId, lines: [{ sku: 'H1' }], paymentToken: null });
    expect(waiting.order).toMatchObject({ status: 'AWAITING_PAYMENT' });
    expect((await checkout({ profileId: newId(), lines: [{ sku: 'H1' }] })).errors).toMatchObject([
      { code: 'OUT_OF_STOCK' },
    ]);
    inventory.clock.advance({ minutes: PAYMENT_MINUTES, seconds: 1 });
    const second = await checkout({ profileId: newId(), lines: [{ sku: 'H1' }] });
    expect(second.errors).toEqual([]); // a hold that ran out is nobody's, before the job has come by
    const late = await run<{ payOrder: { errors: { code: string }[]; order: { status: string } } }>(
      'mutation ($input: PayOrderInput!) { payOrder(input: $input) { order { status } errors { code } } }',
      { input: { orderId: waiting.order!.id, paymentToken: 'tok_ok' } },
    );
    expect(late.payOrder).toMatchObject({ errors: [{ code: 'HOLD_EXPIRED' }], order: { status: 'CANCELLED' } });
    await inventory.runJob('tidy');
    const [payment] = await inventory.sql('select state from payment where order_id = $1', [waiting.order!.id]);
    expect(payment).toEqual({ state: 'voided' });
    const cancelled = await inventory.published('inventory.order.cancelled.v1');
    expect(cancelled.filter((e) => e.data.orderId === waiting.order!.id)).toHaveLength(1);
  });

  it('waits for another means where the card is declined, and pays once however often it is asked', async () => {
    await products('P1');
    await stock({ ALMACEN: { P1: 1 } });
    const declined = await checkout({ profileId: newId(), lines: [{ sku: 'P1' }], paymentToken: 'tok_declined' });
    expect(declined).toMatchObject({ errors: [{ code: 'PAYMENT_DECLINED' }], order: { status: 'AWAITING_PAYMENT' } });
    const pay = (
      paymentToken: string,
    ): Promise<{ payOrder: { errors: { code: string }[]; order: { status: string } } }> =>
      run('mutation ($input: PayOrderInput!) { payOrder(input: $input) { order { status } errors { code } } }', {
        input: { orderId: declined.order!.id, paymentToken },
      });
    expect((await pay('tok_timeout')).payOrder).toMatchObject({ errors: [{ code: 'PAYMENT_TIMED_OUT' }] });
    const both = await Promise.all([pay('tok_ok'), pay('tok_ok')]);
    expect(both.map((p) => p.payOrder.order.status)).toEqual(['PAID', 'PAID']);
    await inventory.runJob('tidy');
    const payments = await inventory.sql('select state from payment where order_id = $1 order by state', [
      declined.order!.id,
    ]);
    expect(payments).toEqual([{ state: 'captured' }, { state: 'declined' }]);
    const completed = await inventory.published('inventory.order.completed.v1');
    expect(completed.filter((e) => e.data.orderId === declined.order!.id)).toHaveLength(1);
  });

  it('takes points and vouchers by their signature alone, each once, and only hers', async () => {
    await products({ sku: 'V1', amount: 3_333 });
    await stock({ ALMACEN: { V1: 9 } });
    const [profileId, voucherId] = [newId(), newId()];
    const hold = await pointsHold(profileId, 1_000);
    const { order, errors } = await checkout({
      profileId,
      lines: [{ sku: 'V1', quantity: 3 }],
      pointsHold: hold,
      vouchers: [await voucher({ percent: 10 }, voucherId)],
    });
    expect(errors).toEqual([]);
    expect(order).toMatchObject({
      total: { amount: 8_999 },
      discount: { amount: 1_000 },
      payments: [{ amount: { amount: 7_999 } }],
    });
    const [completed] = (await inventory.published('inventory.order.completed.v1')).filter(
      (e) => e.profileId === profileId,
    );
    expect(completed!.data).toMatchObject({ pointsAmount: 1_000, netAmount: 8_999, voucherCodes: ['WELCOME'] });
    const refusal = async (input: object): Promise<string | undefined> =>
      (await checkout({ profileId, lines: [{ sku: 'V1' }], ...input })).errors[0]?.code;
    expect(await refusal({ pointsHold: hold })).toBe('POINTS_USED');
    expect(await refusal({ vouchers: [await voucher({ percent: 10 }, voucherId)] })).toBe('VOUCHER_USED');
    expect(await refusal({ pointsHold: await pointsHold(newId(), 10) })).toBe('PROMISE_OF_ANOTHER');
    expect(await refusal({ pointsHold: await pointsHold(profileId, 9_999) })).toBe('POINTS_EXCEED_TOTAL');
    expect(await refusal({ pointsHold: hold.slice(0, -4) + 'AAAA' })).toBe('PROMISE_NOT_ACCEPTED');
    expect(await refusal({ pointsHold: await voucher({ amount: 1 }) })).toBe('PROMISE_NOT_ACCEPTED');
  });
});

describe('customers', () => {
  it('see their own orders over all their profiles, and nobody else does', async () => {
    await products('O1');
    await stock({ ALMACEN: { O1: 5 } });
    const [guest, member] = [newId(), newId()];
    await checkout({ profileId: guest, lines: [{ sku: 'O1' }], channel: 'WEB' });
    await checkout({ profileId: member, lines: [{ sku: 'O1' }], channel: 'APP' });
    await inventory.receive(
      event('identity.customer.membership-changed.v1', {
        occurredAt: inventory.clock.now(),
        customerId: guest,
        data: { version: 1, cause: 'linked', customers: [{ customerId: guest, profileIds: [guest, member] }] },
      }),
    );
    const document = `query ($r: [_Any!]!, $first: Int, $after: String) { found: _entities(representations: $r) { ... on Customer {
      orders(first: $first, after: $after) { edges { cursor node { channel customer { id } } } pageInfo { hasNextPage } } } } }`;
    type Found = {
      found: {
        orders: { edges: { cursor: string; node: { channel: string } }[]; pageInfo: { hasNextPage: boolean } };
      }[];
    };
    const r = [{ __typename: 'Customer', id: member }];
    const herself = inventory.as({ role: 'customer', customerId: guest });
    const first = await run<Found>(document, { r, first: 1 }, herself);
    expect(first.found[0]!.orders).toMatchObject({
      edges: [{ node: { channel: 'APP' } }],
      pageInfo: { hasNextPage: true },
    });
    const second = await run<Found>(document, { r, first: 1, after: first.found[0]!.orders.edges[0]!.cursor }, herself);
    expect(second.found[0]!.orders).toMatchObject({
      edges: [{ node: { channel: 'WEB' } }],
      pageInfo: { hasNextPage: false },
    });
    await expect(run(document, { r }, inventory.as({ role: 'customer', customerId: newId() }))).rejects.toThrow(
      'may not ask',
    );
  });
});
