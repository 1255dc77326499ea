import { keepOut } from '@trenza/customers';
import { sql, type Tx } from '@trenza/database';
import { event, newId } from '@trenza/events';
import { held, testSubgraph, untilWaiting } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { shop } from '../testing/shop.ts';

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

/** As an associate leaves it who sets something aside for her. */
const setAside = (tx: Tx, profileId: string): Promise<unknown> =>
  sql(
    tx,
    `insert into stock_hold (id, profile_id, channel, reason, expires_at, state, created_at) values ($1, $2, 'store', 'she said why', now(), 'released', now())`,
    [newId(), profileId],
  );

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

  it('what is being written of her at that moment is waited for, and is nobody’s afterwards', async () => {
    const profileId = newId();
    const { order } = await checkout({ profileId, lines: [{ sku: 'A' }] });
    const writing = await held(inventory.database, (tx) => setAside(tx, profileId));
    const erasing = erase(profileId);
    await untilWaiting(inventory.database);
    writing.letGo();
    await Promise.all([writing.done, erasing]);
    expect(await traces(profileId)).toEqual([]);
    expect(await inventory.sql('select status from orders where id = $1', [order!.id])).toEqual([{ status: 'paid' }]);
  });

  it('what begins while she is being erased is nobody’s as well', async () => {
    const profileId = newId();
    const erasing = await held(inventory.database, (tx) => keepOut(tx, [profileId], inventory.clock.now()));
    const ordering = checkout({ profileId, lines: [{ sku: 'A' }] });
    await untilWaiting(inventory.database);
    erasing.letGo();
    await erasing.done;
    expect((await ordering).errors).toEqual([]);
    expect(await traces(profileId)).toEqual([]);
    expect(await saidOf(profileId)).toEqual([]);
  });
});
