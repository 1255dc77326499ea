import { inTransaction } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { shop } from '../testing/shop.ts';
import { keepOut } from './erased.ts';

const inventory = testSubgraph(definition);
const { stores, products, stock, add, checkout, tillSale, run, wrongFigures } = shop(inventory);
let places: Record<string, string>;

beforeAll(async () => {
  places = await stores({ code: 'GRAN-VIA' });
  await products('A');
  await stock({ 'GRAN-VIA': { A: 100 } });
});
afterEach(async () => expect(await wrongFigures()).toEqual([]));

const erase = (profileId: string): Promise<void> =>
  inventory.receive(
    event('identity.customer.erasure-requested.v1', {
      occurredAt: inventory.clock.now(),
      customerId: profileId,
      data: { requestId: newId(), profileIds: [profileId], requestedAt: inventory.clock.now().toISOString() },
    }),
  );

/** Everything that names her, in rows and in what was said since. */
const traces = async (profileId: string): Promise<unknown[]> => {
  const tables = ['cart', 'orders', 'order_return', 'stock_hold', 'promotion_use'];
  const rows = await Promise.all(
    tables.map((table) => inventory.sql(`select '${table}' as where from ${table} where profile_id = $1`, [profileId])),
  );
  return rows.flat();
};
const saidOf = async (profileId: string): Promise<string[]> =>
  (await inventory.published()).filter((e) => e.profileId === profileId).map((e) => e.type);

describe('after her erasure', () => {
  it('a sale at the till, an order and a return that arrive late are made, and are nobody’s', async () => {
    const profileId = newId();
    await erase(profileId);
    const lines = [{ sku: 'A' }];
    const sold = await tillSale({ storeId: places['GRAN-VIA'], profileId, lines });
    const ordered = await checkout({ profileId, lines, destination: { latitude: 40.4, longitude: -3.7 } });
    expect([sold.errors, ordered.errors]).toEqual([[], []]);
    await run(
      'mutation ($input: ReturnWithoutReceiptInput!) { returnWithoutReceipt(input: $input) { errors { code } } }',
      {
        input: { idempotencyKey: newId(), storeId: places['GRAN-VIA'], profileId, lines, reason: 'she said why' },
      },
      inventory.as({ role: 'admin' }),
    );
    expect(await traces(profileId)).toEqual([]);
    expect(await saidOf(profileId)).toEqual([]);
    const [row] = await inventory.sql('select profile_id, latitude from orders where id = $1', [ordered.order!.id]);
    expect(row).toEqual({ profile_id: null, latitude: null });
    const completed = await inventory.published('inventory.order.completed.v1');
    expect(completed.filter((e) => [sold.order!.id, ordered.order!.id].includes(e.data.orderId))).toHaveLength(2);
  });

  it('a file of history counts as revenue and names nobody; the same file again changes nothing', async () => {
    const profileId = newId();
    await erase(profileId);
    const orders = [
      {
        number: 'late-1',
        profileId: profileId.toUpperCase(),
        channel: 'STORE',
        currency: 'EUR',
        occurredAt: '2026-01-05T10:00:00Z',
        lines: [
          { sku: 'A', quantity: 2, netAmount: 2_000 },
          { sku: 'A', quantity: -1, netAmount: -1_000 },
        ],
      },
    ];
    const bring = (): Promise<{ importOrders: unknown }> =>
      run(
        'mutation ($input: ImportOrdersInput!) { importOrders(input: $input) { created unchanged refused errors { code } } }',
        { input: { source: 'late', orders } },
      );
    expect((await bring()).importOrders).toMatchObject({ created: 1, refused: 0 });
    expect((await bring()).importOrders).toMatchObject({ created: 0, unchanged: 1 });
    expect(await traces(profileId)).toEqual([]);
    expect(await saidOf(profileId)).toEqual([]);
  });

  it('nothing is put into a cart any more, and who tries is told to ask for a new profile', async () => {
    const profileId = newId();
    await add(profileId, 'A');
    await erase(profileId);
    await expect(add(profileId, 'A')).rejects.toThrow('PROFILE_ERASED');
    expect(await traces(profileId)).toEqual([]);
  });

  it('an order that was being written at that moment is found by the job', async () => {
    const profileId = newId();
    const { order } = await checkout({ profileId, lines: [{ sku: 'A' }] });
    // The erasure committed before the order did: it could not see it.
    await inTransaction(inventory.database, (tx) => keepOut(tx, [profileId], inventory.clock.now()));
    expect(await traces(profileId)).toHaveLength(1);
    await inventory.runJob('tidy');
    expect(await traces(profileId)).toEqual([]);
    expect(await inventory.sql('select status from orders where id = $1', [order!.id])).toEqual([{ status: 'paid' }]);
  });
});
