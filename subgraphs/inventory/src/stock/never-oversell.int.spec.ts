import { generateKeyPair } from '@trenza/auth';
import { inTransaction } from '@trenza/database';
import { newId } from '@trenza/events';
import { held, testSubgraph, untilWaiting } from '@trenza/testing';
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inventory as definition } from '../inventory.ts';
import { PAYMENT_MINUTES } from '../orders/place-order.ts';
import { shop, type Checkout } from '../testing/shop.ts';
import { moveStock } from './move-stock.ts';
import { reserveStock } from './reserve-stock.ts';

const inventory = testSubgraph(definition);
const { stores, products, stock, checkout, tillSale, levels, wrongFigures, run } = shop(inventory);
let store: Record<string, string>;

beforeAll(async () => {
  store = await stores({ code: 'A' }, { code: 'B' }, { code: 'W', kind: 'WAREHOUSE' });
});
afterEach(async () => expect(await wrongFigures()).toEqual([]));

const unitsSold = async (sku: string): Promise<number> => {
  const [row] = await inventory.sql<{ n: number }>(
    `select coalesce(sum(l.quantity), 0)::int as n from order_line l join orders o on o.id = l.order_id
      where l.sku = $1 and o.status in ('paid', 'fulfilled')`,
    [sku],
  );
  return row!.n;
};

describe('never oversell', () => {
  it('sells 50 units in three places to exactly 50 of 200 buyers in two channels, and tells each loser what is left', async () => {
    await products('HOT');
    await stock({ A: { HOT: 10 }, B: { HOT: 15 }, W: { HOT: 25 } });
    const buyers = Array.from({ length: 200 }, (_, i): Promise<Checkout> => {
      if (i % 4 === 0) return tillSale({ storeId: store[i % 8 === 0 ? 'A' : 'B'], lines: [{ sku: 'HOT' }] });
      return checkout({ profileId: newId(), channel: 'WEB', lines: [{ sku: 'HOT' }] });
    });
    const results = await Promise.all(buyers);
    const losers = results.filter((r) => r.errors.length > 0);
    expect(losers).toHaveLength(150);
    for (const loser of losers) {
      expect(loser.errors).toMatchObject([{ code: 'OUT_OF_STOCK' }]);
      expect(loser.shortages).toMatchObject([{ sku: 'HOT', asked: 1, available: 0 }]);
    }
    expect(await unitsSold('HOT')).toBe(50);
    const figures = Object.values(await levels('HOT'));
    expect(figures.reduce((sum, f) => sum + f['onHand']! - f['allocated']! - f['held']!, 0)).toBe(0);
  });

  it('lets buyers of the same things in opposite order pass each other without a deadlock', async () => {
    await products('AB1', 'AB2');
    await stock({ W: { AB1: 40, AB2: 40 } });
    const both = [{ sku: 'AB1' }, { sku: 'AB2' }];
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        checkout({ profileId: newId(), lines: i % 2 === 0 ? both : both.toReversed() }),
      ),
    );
    expect(results.filter((r) => r.errors.length === 0)).toHaveLength(40);
    const codes = results.flatMap((r) => r.errors.map((e) => e.code));
    expect([...new Set(codes)]).toEqual(['OUT_OF_STOCK']);
  });

  it('says once that something sold out, though each of those who bought at the same moment saw plenty', async () => {
    const skus = Array.from({ length: 10 }, (_, i) => `LAST${i}`);
    await products(...skus);
    await stock({ W: Object.fromEntries(skus.map((sku) => [sku, 3])) });
    const bought = await Promise.all(
      skus.flatMap((sku) => [1, 2, 3].map(() => checkout({ profileId: newId(), lines: [{ sku }] }))),
    );
    expect(bought.flatMap((b) => b.errors)).toEqual([]);
    const changes = await inventory.published('inventory.stock.availability-changed.v1');
    for (const sku of skus)
      expect(changes.filter((e) => e.data.sku === sku).map((e) => e.data.available)).toEqual([3, 0]);
  });

  it('serves whoever waited for somebody who put units back', async () => {
    await products('BACK');
    await stock({ A: { BACK: 1 } });
    await checkout({ profileId: newId(), lines: [{ sku: 'BACK' }] });
    const [{ id: productId } = { id: '' }] = await inventory.sql<{ id: string }>(
      `select id from product where sku = 'BACK'`,
    );
    const assignments = [{ lineNo: 1, productId, placeId: store['A']!, quantity: 1 }];
    const movement = { productId, placeId: store['A']!, kind: 'adjustment', quantity: 1 } as const;
    const puttingBack = await held(inventory.database, (tx) => moveStock(tx, [movement], new Date()));
    const expiresAt = new Date(Date.now() + 60_000);
    const holding = inTransaction(inventory.database, (tx) =>
      reserveStock(tx, { groupId: newId(), assignments, plenty: false, state: 'held', expiresAt }, new Date()),
    );
    await untilWaiting(inventory.database);
    puttingBack.letGo();
    await Promise.all([puttingBack.done, holding]);
    expect(await levels('BACK')).toMatchObject({ A: { onHand: 2, allocated: 1, held: 1 } });
  });

  it('sums two lines of one product before it looks, also at the till', async () => {
    await products('SUM');
    await stock({ A: { SUM: 3 } });
    const lines = [
      { sku: 'SUM', quantity: 2 },
      { sku: 'SUM', quantity: 2 },
    ];
    expect((await checkout({ profileId: newId(), lines })).shortages).toMatchObject([{ asked: 4, available: 3 }]);
    expect((await tillSale({ storeId: store['A'], lines })).shortages).toMatchObject([{ asked: 4, available: 3 }]);
  });

  it('is as right after the process was killed in the middle: what was acknowledged is sold, and the rest can still be sold, once', async () => {
    await products('KILL');
    await stock({ A: { KILL: 60 }, B: { KILL: 60 }, W: { KILL: 80 } });
    const acknowledged: string[] = [];
    for (const killAfter of [20, 40]) {
      const killed = await buyUntilKilled('KILL', killAfter);
      expect(killed.length).toBeGreaterThanOrEqual(killAfter);
      acknowledged.push(...killed);
      expect(await wrongFigures()).toEqual([]);
    }
    const paid = await inventory.sql(
      `select id from orders where id = any($1::uuid[]) and status in ('paid', 'fulfilled')`,
      [acknowledged],
    );
    expect(paid).toHaveLength(acknowledged.length);
    // Whoever was about to pay when the process died has lost her hold after a while; then all that is left can be sold.
    inventory.clock.set(new Date(Date.now() + (PAYMENT_MINUTES + 1) * 60_000));
    await inventory.runJob('tidy');
    const left = 200 - (await unitsSold('KILL'));
    expect(
      (await checkout({ profileId: newId(), lines: [{ sku: 'KILL', quantity: left + 1 }] })).shortages,
    ).toMatchObject([{ asked: left + 1, available: left }]);
    const lines = [{ sku: 'KILL', quantity: left }];
    const results = await Promise.all([1, 2].map(() => checkout({ profileId: newId(), lines })));
    expect(results.filter((r) => r.errors.length === 0)).toHaveLength(1);
    expect(await unitsSold('KILL')).toBe(200);
  }, 120_000);

  it('keeps every figure right under any interleaving of buying, paying late, cancelling, returning, counting and expiring', async () => {
    let run = 0;
    const step = fc.constantFrom(
      'web',
      'till',
      'unpaid',
      'pay',
      'cancel',
      'hand-over',
      'return',
      'adjust',
      'count',
      'expire',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ step, pick: fc.nat(20), quantity: fc.integer({ min: 1, max: 4 }) }), {
          minLength: 5,
          maxLength: 40,
        }),
        async (steps) => {
          const sku = `RND${++run}`;
          await products(sku);
          await stock({ A: { [sku]: 6 }, B: { [sku]: 4 }, W: { [sku]: 8 } });
          // Waves of eight at once: within a wave PostgreSQL chooses the order.
          for (let i = 0; i < steps.length; i += 8) {
            await Promise.all(steps.slice(i, i + 8).map((s) => act(sku, s)));
            expect(await wrongFigures()).toEqual([]);
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

/** Starts a process that buys, kills it without warning once it has been told of so many paid orders, and returns those. */
async function buyUntilKilled(sku: string, killAfter: number): Promise<string[]> {
  const url = (inventory.database.options as { url: string }).url;
  const { privateKey, publicKey } = generateKeyPair();
  const script = join(__dirname, '../testing/buyers.ts');
  const child = spawn(
    process.execPath,
    [
      '--conditions=trenza-source',
      '--import=tsx',
      script,
      url,
      sku,
      store['A']!,
      privateKey,
      JSON.stringify({ loyalty: publicKey }),
    ],
    {
      env: { ...process.env, TSX_TSCONFIG_PATH: join(__dirname, '../../../../tsconfig.base.json'), NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const orders: string[] = [];
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    orders.push(line);
    if (orders.length === killAfter) child.kill('SIGKILL');
  });
  await once(lines, 'close');
  return orders;
}

interface Step {
  step: string;
  pick: number;
  quantity: number;
}

const pickOrder = async (sku: string, status: string, pick: number): Promise<string | undefined> => {
  const rows = await inventory.sql<{ id: string }>(
    `select o.id from orders o join order_line l on l.order_id = o.id where l.sku = $1 and o.status = $2 order by o.id`,
    [sku, status],
  );
  return rows.length > 0 ? rows[pick % rows.length]!.id : undefined;
};

const mutation = (name: string, type: string): string =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { errors { code } } }`;

async function act(sku: string, { step, pick, quantity }: Step): Promise<unknown> {
  const place = ['A', 'B', 'W'][pick % 3]!;
  const lines = [{ sku, quantity }];
  const idempotencyKey = newId();
  const onOrder = async (status: string, work: (orderId: string) => Promise<unknown>): Promise<unknown> => {
    const orderId = await pickOrder(sku, status, pick);
    return orderId && work(orderId);
  };
  switch (step) {
    case 'web':
      return checkout({ profileId: newId(), lines });
    case 'unpaid':
      return checkout({ profileId: newId(), lines, paymentToken: null });
    case 'till':
      return tillSale({ storeId: store[place === 'W' ? 'A' : place], lines });
    case 'pay':
      return onOrder('awaiting-payment', (orderId) =>
        run(mutation('payOrder', 'PayOrderInput'), { input: { orderId, paymentToken: 'tok_ok' } }),
      );
    case 'cancel':
      return onOrder(pick % 2 === 0 ? 'paid' : 'awaiting-payment', (orderId) =>
        run(mutation('cancelOrder', 'CancelOrderInput'), { input: { idempotencyKey, orderId, reason: 'test' } }),
      );
    case 'hand-over':
      return onOrder('paid', async (orderId) => {
        const parts = await inventory.sql<{ id: string; place: string }>(
          'select id, place_id as place from fulfilment where order_id = $1',
          [orderId],
        );
        for (const part of parts)
          await run(mutation('advanceFulfilment', 'AdvanceFulfilmentInput'), {
            input: { fulfilmentId: part.id, storeId: part.place, to: 'HANDED_OVER' },
          });
      });
    case 'return':
      return onOrder('fulfilled', (orderId) =>
        run(mutation('returnOrder', 'ReturnOrderInput'), {
          input: { idempotencyKey, orderId, storeId: store['A'], lines: [{ sku, quantity: 1 }] },
        }),
      );
    case 'adjust':
      return run(
        mutation('adjustStock', 'AdjustStockInput'),
        {
          input: {
            idempotencyKey,
            storeId: store[place],
            sku,
            quantity: pick % 2 === 0 ? quantity : -quantity,
            reason: 'test',
          },
        },
        inventory.as({ role: 'admin' }),
      );
    case 'count':
      return run(
        mutation('countStock', 'CountStockInput'),
        {
          input: { idempotencyKey, storeId: store[place], lines: [{ sku, counted: pick }], reason: 'test' },
        },
        inventory.as({ role: 'admin' }),
      );
    default:
      inventory.clock.advance({ minutes: PAYMENT_MINUTES + 1 });
      return inventory.runJob('tidy');
  }
}
