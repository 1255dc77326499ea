import { newId } from '@trenza/events';
import { keysOf, testSubgraph } from '@trenza/testing';
import { signPromise } from '@trenza/auth';
import { inventory as definition } from '../inventory.ts';
import { MADRID, shop } from '../testing/shop.ts';

const inventory = testSubgraph(definition);
const { stores, products, stock, add, checkout, tillSale, levels, wrongFigures, run } = shop(inventory);
let store: Record<string, string>;

beforeAll(async () => {
  store = await stores(
    { code: 'GRAN-VIA' },
    { code: 'BARCELONA', latitude: 41.39, longitude: 2.17 },
    { code: 'ALMACEN', kind: 'WAREHOUSE', latitude: 40.3, longitude: -3.6, services: [] },
  );
});
afterEach(async () => expect(await wrongFigures()).toEqual([]));

const voucher = (discount: object, voucherId = newId()): Promise<string> =>
  signPromise(
    keysOf('loyalty'),
    'voucher',
    { voucherId, rewardId: newId(), code: 'WELCOME', discount },
    new Date(inventory.clock.now().getTime() + 600_000),
  );

describe('a till sale', () => {
  it('pays the cart that was begun elsewhere, at the price of the store, out of its stock', async () => {
    await products({ sku: 'T1', amount: 1_000, prices: [{ storeCode: 'GRAN-VIA', amount: 900 }] });
    await stock({ 'GRAN-VIA': { T1: 2 } });
    const profileId = newId();
    await add(profileId, 'T1', 2, 'APP');
    const associate = inventory.as({ role: 'associate', stores: [store['GRAN-VIA']!], subject: 'ana' });
    const { order, errors } = await tillSale({ storeId: store['GRAN-VIA'], profileId }, associate);
    expect(errors).toEqual([]);
    expect(order).toMatchObject({ status: 'FULFILLED', total: { amount: 1_800 } });
    expect(await levels('T1')).toMatchObject({ 'GRAN-VIA': { onHand: 0, held: 0 } });
    const [completed] = (await inventory.published('inventory.order.completed.v1')).filter(
      (e) => e.profileId === profileId,
    );
    expect(completed!.data).toMatchObject({ channel: 'store', storeId: store['GRAN-VIA'], associateId: 'ana' });
    const { customer } = await run<{ customer: { openCart: unknown }[] }>(
      'query ($r: [_Any!]!) { customer: _entities(representations: $r) { ... on Customer { openCart { id } } } }',
      { r: [{ __typename: 'Customer', id: profileId }] },
    );
    expect(customer[0]!.openCart).toBeNull();
  });

  it('does not sell what is held for somebody else', async () => {
    await products('T2');
    await stock({ 'GRAN-VIA': { T2: 1 } });
    await checkout({
      profileId: newId(),
      lines: [{ sku: 'T2' }],
      fulfilment: 'PICK_UP',
      storeId: store['GRAN-VIA'],
      paymentToken: null,
    });
    const { errors } = await tillSale({ storeId: store['GRAN-VIA'], lines: [{ sku: 'T2' }] });
    expect(errors).toMatchObject([{ code: 'OUT_OF_STOCK' }]);
  });

  it('is refused where the money does not add up, and to an associate of another store', async () => {
    await products('T3');
    await stock({ 'GRAN-VIA': { T3: 5 } });
    const input = { storeId: store['GRAN-VIA'], lines: [{ sku: 'T3' }], payments: [{ means: 'CASH', amount: 999 }] };
    expect((await tillSale(input)).errors).toMatchObject([{ code: 'PAYMENT_MISMATCH' }]);
    const stranger = inventory.as({ role: 'associate', stores: [store['BARCELONA']!] });
    await expect(tillSale(input, stranger)).rejects.toThrow('may not ask');
  });
});

describe('fulfilment and cancellation', () => {
  const advance = (
    fulfilmentId: string,
    storeId: string,
    to: string,
  ): Promise<{ advanceFulfilment: { errors: { code: string }[] } }> =>
    run(
      'mutation ($input: AdvanceFulfilmentInput!) { advanceFulfilment(input: $input) { order { status } errors { code } } }',
      {
        input: { fulfilmentId, storeId, to },
      },
    );

  it('takes the units out when they leave and fulfils the order with the last part', async () => {
    await products('F1');
    await stock({ ALMACEN: { F1: 1 }, 'GRAN-VIA': { F1: 1 } });
    const { order } = await checkout({ profileId: newId(), lines: [{ sku: 'F1', quantity: 2 }] });
    const [a, b] = order!.fulfilments;
    await advance(a!.id, store[a!.store.code]!, 'SHIPPED');
    expect(await levels('F1')).toMatchObject({ [a!.store.code]: { onHand: 0, allocated: 0 } });
    expect((await advance(a!.id, store[a!.store.code]!, 'READY')).advanceFulfilment.errors).toMatchObject([
      { code: 'CANNOT_ADVANCE' },
    ]);
    await advance(a!.id, store[a!.store.code]!, 'HANDED_OVER');
    expect(await inventory.sql('select status from orders where id = $1', [order!.id])).toEqual([{ status: 'paid' }]);
    await advance(b!.id, store[b!.store.code]!, 'HANDED_OVER');
    expect(await inventory.sql('select status from orders where id = $1', [order!.id])).toEqual([
      { status: 'fulfilled' },
    ]);
    const fulfilled = await inventory.published('inventory.order.fulfilled.v1');
    expect(fulfilled.filter((e) => e.data.orderId === order!.id)).toHaveLength(1);
  });

  it('gives stock, money and voucher back when it is cancelled before it leaves', async () => {
    await products('X1');
    await stock({ ALMACEN: { X1: 1 } });
    const [profileId, voucherId] = [newId(), newId()];
    const vouchers = [await voucher({ amount: 100 }, voucherId)];
    const { order } = await checkout({ profileId, lines: [{ sku: 'X1' }], vouchers });
    await inventory.runJob('tidy');
    const cancel = { idempotencyKey: newId(), orderId: order!.id, reason: 'changed her mind' };
    const herself = inventory.as({ role: 'customer', customerId: profileId });
    const document =
      'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } errors { code } } }';
    const { cancelOrder } = await run<{ cancelOrder: unknown }>(document, { input: cancel }, herself);
    expect(cancelOrder).toMatchObject({ order: { status: 'CANCELLED' }, errors: [] });
    await inventory.runJob('tidy');
    expect(
      await inventory.sql(
        'select state, amount from refund r where payment_id in (select id from payment where order_id = $1)',
        [order!.id],
      ),
    ).toEqual([{ state: 'done', amount: 900 }]);
    expect((await checkout({ profileId, lines: [{ sku: 'X1' }], vouchers })).errors).toEqual([]);
    const stranger = inventory.as({ role: 'customer', customerId: newId() });
    await expect(run(document, { input: cancel }, stranger)).rejects.toThrow('no order of yours');
  });

  it('announces a broken promise once', async () => {
    await products('B1');
    await stock({ 'GRAN-VIA': { B1: 1 } });
    const { order } = await checkout({ profileId: newId(), lines: [{ sku: 'B1' }], destination: MADRID });
    inventory.clock.set(new Date(new Date(order!.promisedFor!).getTime() + 1_000));
    await inventory.runJob('tidy');
    await inventory.runJob('tidy');
    const broken = await inventory.published('inventory.promise.broken.v1');
    expect(broken.filter((e) => e.data.orderId === order!.id)).toHaveLength(1);
  });
});

describe('an order of a marketplace', () => {
  it('is taken over once, paid, with its stock allocated', async () => {
    await products('M1');
    await stock({ ALMACEN: { M1: 2 } });
    const input = {
      source: 'bazaar',
      number: 'B-1',
      currency: 'EUR',
      lines: [{ sku: 'M1', quantity: 1, netAmount: 777 }],
    };
    const record = (
      over = {},
    ): Promise<{ recordOrder: { order: { id: string; status: string }; errors: { code: string }[] } }> =>
      run(
        'mutation ($input: RecordOrderInput!) { recordOrder(input: $input) { order { id status total { amount } } errors { code } } }',
        {
          input: { ...input, ...over },
        },
      );
    const [a, b] = await Promise.all([record(), record()]);
    expect(a.recordOrder.order).toMatchObject({ status: 'PAID', total: { amount: 777 } });
    expect(b.recordOrder.order.id).toBe(a.recordOrder.order.id);
    expect(await levels('M1')).toMatchObject({ ALMACEN: { allocated: 1 } });
    expect((await record({ lines: [{ sku: 'M1', quantity: 2, netAmount: 777 }] })).recordOrder.errors).toMatchObject([
      { code: 'NUMBER_TAKEN' },
    ]);
  });

  it('is refused with the field where its currency, its amounts or its destination make no sense', async () => {
    await products('M2');
    await stock({ ALMACEN: { M2: 9 } });
    const codes = async (over: object): Promise<string[]> =>
      (
        await run<{ recordOrder: { errors: { code: string }[] } }>(
          'mutation ($input: RecordOrderInput!) { recordOrder(input: $input) { errors { code } } }',
          {
            input: {
              source: 'bazaar',
              number: newId(),
              currency: 'EUR',
              lines: [{ sku: 'M2', quantity: 1, netAmount: 777 }],
              ...over,
            },
          },
        )
      ).recordOrder.errors.map((e) => e.code);
    expect(await codes({})).toEqual([]);
    expect(await codes({ currency: 'euros' })).toEqual(['INVALID_CURRENCY']);
    expect(await codes({ shippingAmount: -1 })).toEqual(['INVALID_AMOUNT']);
    expect(await codes({ destination: { latitude: 91, longitude: 0 } })).toEqual(['INVALID_POINT']);
    expect(await codes({ lines: [{ sku: 'M2', quantity: 1, netAmount: 2e12 }] })).toEqual(['INVALID_LINES']);
  });
});
