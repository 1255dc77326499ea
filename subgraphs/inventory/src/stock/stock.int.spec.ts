import { verifyPromise } from '@trenza/auth';
import { newId } from '@trenza/events';
import { keysOf, testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { MADRID, shop } from '../testing/shop.ts';

const inventory = testSubgraph(definition);
const { stores, products, stock, bring, checkout, tillSale, levels, run, service } = shop(inventory);
let store: Record<string, string>;
const admin = inventory.as({ role: 'admin', subject: 'root' });

beforeAll(async () => {
  const closed = { weekly: Array.from({ length: 7 }, () => []) };
  store = await stores(
    { code: 'A' },
    { code: 'B', latitude: 40.5, longitude: -3.7, opening: closed },
    { code: 'FAR', latitude: 41.39, longitude: 2.17 },
    { code: 'W', kind: 'WAREHOUSE', services: [] },
  );
});
afterEach(async () => {
  const { stockIntegrity } = await run<{ stockIntegrity: unknown }>(
    '{ stockIntegrity { ok wrong { figure counter rows } } }',
    {},
    admin,
  );
  expect(stockIntegrity).toEqual({ ok: true, wrong: [] });
});

describe('available to promise', () => {
  it('is explained line by line', async () => {
    await products('Y1');
    await bring('y', ['Y1', 'W', 10, 2]);
    await checkout({ profileId: newId(), lines: [{ sku: 'Y1', quantity: 3 }] });
    await checkout({ profileId: newId(), lines: [{ sku: 'Y1', quantity: 1 }], paymentToken: null });
    const { whyAvailable } = await run<{
      whyAvailable: { level: object; sentence: string; lines: { kind: string; quantity: number }[] };
    }>(
      'query ($id: ID!) { whyAvailable(sku: "Y1", storeId: $id) { sentence level { onHand allocated held safetyStock available } lines { kind quantity detail } } }',
      { id: store['W'] },
    );
    expect(whyAvailable.level).toEqual({ onHand: 10, allocated: 3, held: 1, safetyStock: 2, available: 4 });
    expect(whyAvailable.lines.map((l) => [l.kind, l.quantity])).toEqual([
      ['import', 10],
      ['allocated', -3],
      ['held', -1],
      ['safety-stock', -2],
    ]);
    expect(whyAvailable.sentence).toBe('10 on hand − 3 allocated − 1 held − 2 safety stock = 4 available.');
  });

  it('keeps the safety stock from those who order and sells it to those who stand there', async () => {
    await products('Y2');
    await bring('y2', ['Y2', 'A', 2, 2]);
    expect((await checkout({ profileId: newId(), lines: [{ sku: 'Y2' }] })).errors).toMatchObject([
      { code: 'OUT_OF_STOCK' },
    ]);
    expect((await tillSale({ storeId: store['A'], lines: [{ sku: 'Y2', quantity: 2 }] })).errors).toEqual([]);
  });

  it('is found near her, the nearest first, with whether it is open', async () => {
    await products('Y3');
    await bring('y3', ['Y3', 'A', 1], ['Y3', 'B', 4], ['Y3', 'FAR', 9], ['Y3', 'W', 9]);
    const near = async (args: string): Promise<string[]> => {
      const { product } = await run<{ product: { availableNear: { store: { code: string }; openNow: boolean }[] } }>(
        `{ product(sku: "Y3") { available availableNear(latitude: 40.42, longitude: -3.7${args}) { store { code } available distanceKm openNow } } }`,
        {},
      );
      return product.availableNear.map((n) => `${n.store.code}${n.openNow ? '' : ' closed'}`);
    };
    expect(await near('')).toEqual(['A', 'B closed']);
    expect(await near(', quantity: 2')).toEqual(['B closed']);
    expect(await near(', openNow: true')).toEqual(['A']);
    expect(await near(', withinKm: 1000')).toEqual(['A', 'B closed', 'FAR']);
  });
});

describe('a hold', () => {
  const hold = async (
    sku: string,
    minutes = 60,
  ): Promise<{ holdId: string; promise: string; errors: { code: string }[]; shortages: unknown[] }> =>
    (
      await run<{ holdStock: never }>(
        'mutation ($input: HoldStockInput!) { holdStock(input: $input) { holdId promise expiresAt errors { code } shortages { sku available } } }',
        { input: { idempotencyKey: newId(), storeId: store['A'], lines: [{ sku }], minutes } },
      )
    ).holdStock;

  it('keeps units aside for a while, says so under our signature, and is sold to whom it was kept for', async () => {
    await products('K1');
    await bring('k1', ['K1', 'A', 1]);
    const kept = await hold('K1');
    const promise = await verifyPromise<{ holdId: string }>(
      keysOf('loyalty'),
      'inventory',
      'stock-hold',
      kept.promise,
      inventory.clock.now(),
    );
    expect(promise.holdId).toBe(kept.holdId);
    expect((await hold('K1')).errors).toMatchObject([{ code: 'OUT_OF_STOCK' }]);
    expect((await tillSale({ storeId: store['A'], lines: [{ sku: 'K1' }] })).errors).toMatchObject([
      { code: 'OUT_OF_STOCK' },
    ]);
    const sale = { storeId: store['A'], lines: [{ sku: 'K1' }], stockHoldId: kept.holdId };
    expect((await tillSale(sale)).errors).toEqual([]);
    expect((await tillSale(sale)).errors).toMatchObject([{ code: 'HOLD_NOT_LIVE' }]);
  });

  it('ends with its time, or when it is given back, once', async () => {
    await products('K2');
    await bring('k2', ['K2', 'A', 1]);
    const first = await hold('K2', 10);
    const release = { input: { holdId: first.holdId, storeId: store['A'] } };
    const document = 'mutation ($input: ReleaseHoldInput!) { releaseHold(input: $input) { errors { code } } }';
    await run(document, release);
    await run(document, release);
    expect((await hold('K2', 10)).errors).toEqual([]);
    inventory.clock.advance({ minutes: 11 });
    await inventory.runJob('tidy');
    expect(await levels('K2')).toMatchObject({ A: { held: 0 } });
    expect((await hold('K2', 10)).errors).toEqual([]);
    expect(await hold('K2', 99_999)).toMatchObject({ errors: [{ code: 'INVALID_TIME' }] });
  });
});

describe('a transfer', () => {
  const send = async (
    lines: { sku: string; quantity: number }[],
  ): Promise<{ transfer: { id: string }; errors: { code: string }[] }> =>
    (
      await run<{ sendTransfer: never }>(
        'mutation ($input: SendTransferInput!) { sendTransfer(input: $input) { transfer { id state from { code } to { code } lines { sku sent received } } errors { code } } }',
        { input: { idempotencyKey: newId(), fromStoreId: store['W'], toStoreId: store['A'], lines } },
        admin,
      )
    ).sendTransfer;
  const receive = async (
    transferId: string,
    lines: { sku: string; quantity: number }[] | null,
    storeId = store['A'],
  ): Promise<{ errors: { code: string }[] }> =>
    (
      await run<{ receiveTransfer: never }>(
        'mutation ($input: ReceiveTransferInput!) { receiveTransfer(input: $input) { transfer { lines { received } } errors { code } } }',
        { input: { idempotencyKey: newId(), transferId, storeId, lines } },
        admin,
      )
    ).receiveTransfer;

  it('is in transit until it is received, and what did not arrive is not on the shelf', async () => {
    await products('T1');
    await bring('t1', ['T1', 'W', 10]);
    const { transfer } = await send([{ sku: 'T1', quantity: 6 }]);
    expect(await levels('T1')).toMatchObject({ W: { onHand: 4 }, A: { onHand: 0, inTransit: 6 } });
    const open = await run<{ openTransfers: unknown[] }>(
      'query ($id: ID!) { openTransfers(storeId: $id) { id lines { sku sent } } }',
      { id: store['A'] },
      admin,
    );
    expect(open.openTransfers).toEqual([{ id: transfer.id, lines: [{ sku: 'T1', sent: 6 }] }]);
    expect(await receive(transfer.id, [{ sku: 'T1', quantity: 7 }])).toMatchObject({
      errors: [{ code: 'MORE_THAN_SENT' }],
    });
    expect(await receive(transfer.id, null, store['B'])).toMatchObject({ errors: [{ code: 'UNKNOWN_TRANSFER' }] });
    expect(await receive(transfer.id, [{ sku: 'T1', quantity: 5 }])).toMatchObject({ errors: [] });
    expect(await levels('T1')).toMatchObject({ A: { onHand: 5, inTransit: 0 } });
    expect(await receive(transfer.id, null)).toMatchObject({ errors: [{ code: 'ALREADY_RECEIVED' }] });
  });

  it('takes nothing that is promised to customers', async () => {
    await products('T2');
    await bring('t2', ['T2', 'W', 3]);
    await checkout({ profileId: newId(), lines: [{ sku: 'T2', quantity: 2 }] });
    expect((await send([{ sku: 'T2', quantity: 2 }])).errors).toMatchObject([{ code: 'OUT_OF_STOCK' }]);
  });
});

describe('corrections', () => {
  it('go into the ledger with their reason, and never below what is promised', async () => {
    await products('C1');
    await bring('c1', ['C1', 'A', 4]);
    const adjust = async (quantity: number): Promise<unknown> =>
      (
        await run<{ adjustStock: unknown }>(
          'mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { levels { onHand } errors { code } } }',
          { input: { idempotencyKey: newId(), storeId: store['A'], sku: 'C1', quantity, reason: 'broken' } },
          admin,
        )
      ).adjustStock;
    expect(await adjust(-1)).toEqual({ levels: [{ onHand: 3 }], errors: [] });
    expect(await adjust(-4)).toEqual({ levels: null, errors: [{ code: 'INSUFFICIENT_STOCK' }] });
    expect(await adjust(2_000_000_000)).toEqual({ levels: null, errors: [{ code: 'QUANTITY_TOO_LARGE' }] });
    const rows = await inventory.sql(
      `select kind, quantity, reason, actor from stock_movement where kind = 'adjustment'`,
    );
    expect(rows).toEqual([{ kind: 'adjustment', quantity: -1, reason: 'broken', actor: 'root' }]);
  });

  it('by counting set the figure, keep the difference, and may be made by an associate of that store only', async () => {
    await products('C2');
    await bring('c2', ['C2', 'A', 4]);
    const count = {
      input: { idempotencyKey: newId(), storeId: store['A'], reason: 'yearly', lines: [{ sku: 'C2', counted: 7 }] },
    };
    const document = 'mutation ($input: CountStockInput!) { countStock(input: $input) { updated errors { code } } }';
    const ana = inventory.as({ role: 'associate', stores: [store['A']!], subject: 'ana' });
    expect(await run(document, count, ana)).toMatchObject({ countStock: { updated: 1, errors: [] } });
    expect(await levels('C2')).toMatchObject({ A: { onHand: 7 } });
    await expect(run(document, count, inventory.as({ role: 'associate', stores: [store['B']!] }))).rejects.toThrow(
      'may not ask',
    );
    await expect(run(document, count, service)).rejects.toThrow('may not ask');
  });
});

describe('the ways a basket can reach her', () => {
  it('are ranked by when, chosen with the fewest parcels, and explained, also where they are not possible', async () => {
    inventory.clock.set('2026-03-02T10:00:00Z');
    await products('P1', 'P2');
    await stock({ A: { P1: 1 }, W: { P1: 5, P2: 5 } });
    const { fulfilmentOptions } = await run<{ fulfilmentOptions: { kind: string }[] }>(
      `query ($to: GeoPointInput) { fulfilmentOptions(destination: $to, lines: [{ sku: "P1" }, { sku: "P2" }]) {
         kind promisedFor explanation parts { store { code } reason lines { sku quantity } } excluded { store { code } reason } shortages { sku asked available } } }`,
      { to: MADRID },
    );
    const [best, ...others] = fulfilmentOptions;
    expect(best).toMatchObject({
      kind: 'DELIVERY',
      parts: [
        {
          store: { code: 'W' },
          lines: [
            { sku: 'P1', quantity: 1 },
            { sku: 'P2', quantity: 1 },
          ],
        },
      ],
    });
    expect(others.every((o) => (o as { promisedFor?: string }).promisedFor === null)).toBe(true);
    expect(others[0]).toMatchObject({ shortages: [{ sku: 'P2', asked: 1, available: 0 }] });
    const sameDay = await run<{ fulfilmentOptions: unknown[] }>(
      `query ($to: GeoPointInput) { fulfilmentOptions(destination: $to, kinds: [SAME_DAY], lines: [{ sku: "P1" }]) { kind promisedFor explanation } }`,
      { to: MADRID },
    );
    expect(sameDay.fulfilmentOptions).toEqual([
      {
        kind: 'SAME_DAY',
        promisedFor: '2026-03-02T11:20:00.000Z',
        explanation: 'A has everything and is the soonest of 1 place that can do it.',
      },
    ]);
  });
});
