import { signPromise } from '@trenza/auth';
import { newId } from '@trenza/events';
import { keysOf, testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { shop, type CheckoutOrder } from '../testing/shop.ts';

const inventory = testSubgraph(definition);
const { stores, products, stock, checkout, tillSale, levels, wrongFigures, run } = shop(inventory);
let store: Record<string, string>;

beforeAll(async () => {
  store = await stores({ code: 'A' }, { code: 'B' }, { code: 'W', kind: 'WAREHOUSE' });
});
afterEach(async () => expect(await wrongFigures()).toEqual([]));

interface Answer {
  errors: { code: string; path: string[] | null }[];
  orderReturn: { id: string; number: string; value: { amount: number }; refund: { amount: number } } | null;
}
const takeBack = async (input: Record<string, unknown>, who = inventory.as({ role: 'care' })): Promise<Answer> =>
  (
    await run<{ returnOrder: Answer }>(
      'mutation ($input: ReturnOrderInput!) { returnOrder(input: $input) { orderReturn { id number value { amount } refund { amount } } errors { code path } } }',
      { input: { idempotencyKey: newId(), ...input } },
      who,
    )
  ).returnOrder;

const handOver = async (order: CheckoutOrder): Promise<void> => {
  for (const part of order.fulfilments)
    await run('mutation ($input: AdvanceFulfilmentInput!) { advanceFulfilment(input: $input) { errors { code } } }', {
      input: { fulfilmentId: part.id, storeId: store[part.store.code], to: 'HANDED_OVER' },
    });
  await inventory.runJob('tidy');
};

describe('a return', () => {
  it('comes back at any store whatever the channel of purchase, onto the shelf or into the bin', async () => {
    await products('R1');
    await stock({ W: { R1: 5 }, A: { R1: 0 } });
    const { order } = await checkout({ profileId: newId(), lines: [{ sku: 'R1', quantity: 3 }] });
    await handOver(order!);
    const [line] = order!.lines;
    const associate = inventory.as({ role: 'associate', subject: 'ana', stores: [store['A']!] });
    const lines = [
      { lineId: line!.id, quantity: 1 },
      { sku: 'R1', quantity: 1, disposition: 'WRITE_OFF' },
    ];
    const { orderReturn, errors } = await takeBack(
      { orderId: order!.id, storeId: store['A'], lines, reason: 'too small' },
      associate,
    );
    expect(errors).toEqual([]);
    expect(orderReturn).toMatchObject({
      number: `${order!.number}-R1`,
      value: { amount: 2_000 },
      refund: { amount: 2_000 },
    });
    expect(await levels('R1')).toMatchObject({ A: { onHand: 1 }, W: { onHand: 2 } });
    const [event] = await inventory.published('inventory.order.returned.v1');
    expect(event!.data).toMatchObject({
      orderId: order!.id,
      channel: 'store',
      storeId: store['A'],
      refund: { amount: 2_000 },
    });
    await inventory.runJob('tidy');
    expect(await inventory.sql('select state, amount from refund')).toEqual([{ state: 'done', amount: 2_000 }]);
  });

  it('gives back, in whatever pieces, exactly what was paid: the money to the card, the points’ share left to loyalty', async () => {
    await products({ sku: 'R2', amount: 3_333 });
    await stock({ A: { R2: 3 } });
    const profileId = newId();
    const pointsHold = await signPromise(
      keysOf('loyalty'),
      'points-hold',
      { holdId: newId(), profileId, points: 1_000, amount: 1_000, currency: 'EUR' },
      new Date(inventory.clock.now().getTime() + 60_000),
    );
    const payments = [
      { means: 'CARD', amount: 5_000 },
      { means: 'CASH', amount: 3_999 },
    ];
    const { order, errors } = await tillSale({
      storeId: store['A'],
      profileId,
      lines: [{ sku: 'R2', quantity: 3 }],
      pointsHold,
      payments,
    });
    expect(errors).toEqual([]);
    const pieces: Answer[] = [];
    for (let i = 0; i < 3; i++)
      pieces.push(await takeBack({ orderId: order!.id, storeId: store['B'], lines: [{ sku: 'R2', quantity: 1 }] }));
    const sum = (of: 'value' | 'refund'): number => pieces.reduce((n, p) => n + p.orderReturn![of].amount, 0);
    expect(sum('value')).toBe(9_999);
    expect(sum('refund')).toBe(8_999);
    expect(
      await inventory.sql('select means, refunded from payment where order_id = $1 order by means', [order!.id]),
    ).toEqual([
      { means: 'card', refunded: 5_000 },
      { means: 'cash', refunded: 3_999 },
    ]);
  });

  it('of more than was bought is refused, also when two come at once', async () => {
    await products('R3');
    await stock({ A: { R3: 1 } });
    const { order } = await tillSale({ storeId: store['A'], lines: [{ sku: 'R3' }] });
    const back = { orderId: order!.id, storeId: store['A'], lines: [{ sku: 'R3', quantity: 1 }] };
    const both = await Promise.all([takeBack(back), takeBack(back)]);
    expect(both.flatMap((r) => r.errors.map((e) => e.code))).toEqual(['RETURN_EXCEEDS_SALE']);
    expect(await takeBack({ ...back, lines: [{ sku: 'OTHER', quantity: 1 }] })).toMatchObject({
      errors: [{ code: 'UNKNOWN_LINE' }],
    });
  });

  it('keeps its own number where two systems gave the same number to different orders', async () => {
    await products('R6');
    const numbers = [];
    for (const source of ['bazaar', 'market']) {
      const orders = [
        {
          number: 'N-1',
          channel: 'MARKETPLACE',
          currency: 'EUR',
          occurredAt: '2026-01-05T10:00:00Z',
          lines: [{ sku: 'R6', quantity: 1, netAmount: 900 }],
        },
      ];
      await run('mutation ($i: ImportOrdersInput!) { importOrders(input: $i) { created } }', { i: { source, orders } });
      const [order] = await inventory.sql<{ id: string }>('select id from orders where source = $1', [source]);
      const back = await takeBack({ orderId: order!.id, storeId: store['A'], lines: [{ sku: 'R6', quantity: 1 }] });
      expect(back.errors).toEqual([]);
      const [row] = await inventory.sql<{ number: string }>('select number from order_return where order_id = $1', [
        order!.id,
      ]);
      numbers.push(row!.number);
    }
    expect(numbers).toEqual(['bazaar/N-1-R1', 'market/N-1-R1']);
  });

  it('at a store that is none is refused, with a receipt and without', async () => {
    await products('R7');
    await stock({ A: { R7: 1 } });
    const { order } = await tillSale({ storeId: store['A'], lines: [{ sku: 'R7' }] });
    const lines = [{ sku: 'R7', quantity: 1 }];
    expect(await takeBack({ orderId: order!.id, storeId: newId(), lines })).toMatchObject({
      errors: [{ code: 'UNKNOWN_STORE' }],
    });
    const { returnWithoutReceipt } = await run<{ returnWithoutReceipt: unknown }>(
      'mutation ($i: ReturnWithoutReceiptInput!) { returnWithoutReceipt(input: $i) { errors { code } } }',
      { i: { idempotencyKey: newId(), storeId: newId(), lines } },
      inventory.as({ role: 'admin' }),
    );
    expect(returnWithoutReceipt).toEqual({ errors: [{ code: 'UNKNOWN_STORE' }] });
  });

  it('of what has not been handed over is refused: that is a cancellation', async () => {
    await products('R4');
    await stock({ W: { R4: 1 } });
    const { order } = await checkout({ profileId: newId(), lines: [{ sku: 'R4' }] });
    expect(await takeBack({ orderId: order!.id, lines: [{ sku: 'R4', quantity: 1 }] })).toMatchObject({
      errors: [{ code: 'NOT_FULFILLED' }],
    });
  });

  it('is counted against revenue on the day it came back', async () => {
    await products('R5');
    await stock({ A: { R5: 2 } });
    inventory.clock.set('2026-05-01T10:00:00Z');
    const { order } = await tillSale({ storeId: store['A'], lines: [{ sku: 'R5', quantity: 2 }] });
    inventory.clock.set('2026-05-03T10:00:00Z');
    await takeBack({ orderId: order!.id, storeId: store['A'], lines: [{ sku: 'R5', quantity: 1 }] });
    const { salesTotals } = await run<{ salesTotals: unknown[] }>(
      '{ salesTotals(from: "2026-05-01T00:00:00Z", to: "2026-05-04T00:00:00Z", by: [DAY]) { period sales returned netRevenue } }',
      {},
    );
    expect(salesTotals).toEqual([
      { period: '2026-05-01', sales: 2_000, returned: 0, netRevenue: 2_000 },
      { period: '2026-05-03', sales: 0, returned: 1_000, netRevenue: -1_000 },
    ]);
  });
});

describe('a return without a receipt', () => {
  const bring = async (lines: object[], storeId = store['B']): Promise<Answer> =>
    (
      await run<{ returnWithoutReceipt: Answer }>(
        'mutation ($input: ReturnWithoutReceiptInput!) { returnWithoutReceipt(input: $input) { orderReturn { id number value { amount } refund { amount } } errors { code path } } }',
        { input: { idempotencyKey: newId(), storeId, lines } },
        inventory.as({ role: 'associate', subject: 'ana', stores: [store['B']!] }),
      )
    ).returnWithoutReceipt;

  it('pays the lowest price that anybody paid lately, and puts it on the shelf', async () => {
    await products({ sku: 'N1', amount: 2_000 });
    await stock({ A: { N1: 5 }, B: { N1: 0 } });
    await tillSale({ storeId: store['A'], lines: [{ sku: 'N1' }] });
    await tillSale({ storeId: store['A'], lines: [{ sku: 'N1', quantity: 2, unitAmount: 1_200 }] });
    const { orderReturn, errors } = await bring([{ sku: 'N1', quantity: 2 }]);
    expect(errors).toEqual([]);
    expect(orderReturn).toMatchObject({ value: { amount: 2_400 }, refund: { amount: 2_400 } });
    expect(await levels('N1')).toMatchObject({ B: { onHand: 2 } });
    const event = (await inventory.published('inventory.order.returned.v1')).at(-1)!;
    expect(event.data).toMatchObject({
      orderId: null,
      number: null,
      lines: [{ lineId: null, sku: 'N1', quantity: 2 }],
    });
  });

  it('is refused for what nobody bought lately, for many units, for much money, and in another store', async () => {
    await products('N2', { sku: 'N3', amount: 20_000 });
    await stock({ A: { N2: 5, N3: 5 } });
    expect((await bring([{ sku: 'N2' }])).errors).toMatchObject([{ code: 'NEVER_SOLD' }]);
    await tillSale({ storeId: store['A'], lines: [{ sku: 'N3' }] });
    expect((await bring([{ sku: 'N3', quantity: 2 }])).errors).toMatchObject([{ code: 'RECEIPT_REQUIRED' }]);
    expect((await bring([{ sku: 'N3', quantity: 11 }])).errors).toMatchObject([{ code: 'INVALID_LINES' }]);
    await expect(bring([{ sku: 'N3' }], store['A'])).rejects.toThrow('may not ask');
    inventory.clock.advance({ days: 91 });
    expect((await bring([{ sku: 'N3' }])).errors).toMatchObject([{ code: 'NEVER_SOLD' }]);
  });
});
