import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { shop } from '../testing/shop.ts';

const inventory = testSubgraph(definition);
const { stores, products, run } = shop(inventory);

beforeAll(async () => {
  await stores({ code: 'LONDON' });
  await products({ sku: '85123A', amount: 255, category: 'Candles' });
});

interface Outcome {
  created: number;
  unchanged: number;
  refused: number;
  refusals: { index: number; key: string; field: string; code: string }[];
  errors: { code: string }[];
}
type Doc = Record<string, unknown>;
let numbers = 0;
const doc = (over: Doc = {}): Doc => ({
  number: `D${++numbers}`,
  channel: 'STORE',
  storeCode: 'LONDON',
  occurredAt: '2025-12-01T08:26:00.000Z',
  currency: 'GBP',
  lines: [{ sku: '85123A', quantity: 6, netAmount: 1_530 }],
  ...over,
});
const bring = async (orders: Doc[], source = 'till'): Promise<Outcome> =>
  (
    await run<{ importOrders: Outcome }>(
      'mutation ($input: ImportOrdersInput!) { importOrders(input: $input) { created unchanged refused refusals { index key field code } errors { code } } }',
      { input: { source, orders } },
    )
  ).importOrders;
const totals = async (args: string): Promise<Doc[]> =>
  (
    await run<{ salesTotals: Doc[] }>(
      `{ salesTotals(${args}) { currency period channel store { code } source sales returned netRevenue orders returns anonymousOrders customers } }`,
      {},
    )
  ).salesTotals;

describe('importing orders', () => {
  it('brings each document in once, however often and with whatever neighbours it comes', async () => {
    const orders = [doc(), doc(), doc()];
    expect(await bring(orders, 'twice')).toMatchObject({ created: 3, unchanged: 0, refused: 0 });
    expect(await bring([...orders, doc()], 'twice')).toMatchObject({ created: 1, unchanged: 3, refused: 0 });
    const both = await Promise.all([bring([doc({ number: 'R' })], 'twice'), bring([doc({ number: 'R' })], 'twice')]);
    expect(both[0].created + both[1].created).toBe(1);
    expect(await totals('source: "twice"')).toMatchObject([{ orders: 5, sales: 5 * 1_530, currency: 'GBP' }]);
    const [lines] = await inventory.sql<{ n: number }>(
      `select count(*) as n from order_line where order_id in (select id from orders where source = 'twice')`,
    );
    expect(lines!.n).toBe(5);
  });

  it('refuses a number that comes again with other content', async () => {
    await bring([doc({ number: 'N1' })], 'changed');
    const again = await bring([doc({ number: 'N1', currency: 'EUR' }), doc({ number: 'N2' })], 'changed');
    expect(again).toMatchObject({
      created: 1,
      refused: 1,
      refusals: [{ index: 0, key: 'N1', field: 'number', code: 'NUMBER_TAKEN' }],
    });
  });

  it('takes negative lines as returns, in a document of their own or mixed, and anonymous sales as revenue', async () => {
    const profileId = newId();
    const orders = [
      doc({
        profileId,
        lines: [
          { sku: '85123A', quantity: 2, netAmount: 510 },
          { sku: 'POST', name: 'Postage', quantity: 1, netAmount: 500 },
        ],
      }),
      doc({ number: 'C1', profileId, lines: [{ sku: '85123A', quantity: -1, netAmount: -255 }] }),
      doc({
        profileId: null,
        lines: [
          { sku: '85123A', quantity: 1, netAmount: 255 },
          { sku: '85123A', quantity: -1, netAmount: -200 },
        ],
      }),
      doc({ profileId: null, lines: [{ sku: 'B', name: 'Adjust bad debt', quantity: 1, netAmount: -1_106 }] }),
    ];
    expect(await bring(orders, 'mixed')).toMatchObject({ created: 4, refused: 0 });
    expect(await bring(orders, 'mixed')).toMatchObject({ created: 0, unchanged: 4 });
    expect(await totals('source: "mixed"')).toMatchObject([
      {
        sales: 510 + 500 + 255 - 1_106,
        returned: 455,
        netRevenue: 159 - 455,
        orders: 3,
        returns: 2,
        anonymousOrders: 2,
        customers: 1,
      },
    ]);
    const completed = (await inventory.published('inventory.order.completed.v1')).filter(
      (e) => e.profileId === profileId,
    );
    expect(completed).toMatchObject([
      {
        occurredAt: '2025-12-01T08:26:00.000Z',
        data: { imported: true, netAmount: 1_010, lines: [{ category: 'Candles' }, { name: 'Postage' }] },
      },
    ]);
    const returned = (await inventory.published('inventory.order.returned.v1')).filter(
      (e) => e.profileId === profileId,
    );
    expect(returned).toMatchObject([
      { data: { imported: true, refund: { amount: 255, currency: 'GBP' }, orderId: null } },
    ]);
  });

  it('counts what history says came back on the lines it was sold on, so that it cannot come back twice', async () => {
    const lines = [
      { sku: 'L', quantity: 2, netAmount: 200 },
      { sku: 'L', quantity: 3, netAmount: 300 },
    ];
    await bring([doc({ number: 'SOLD', lines })], 'linked');
    const back = { originalNumber: 'SOLD', lines: [{ sku: 'L', quantity: -4, netAmount: -400 }] };
    await bring([doc(back)], 'linked');
    await bring([doc(back)], 'linked');
    const [order] = await inventory.sql<{ id: string }>(`select id from orders where source = 'linked'`);
    const returned = await inventory.sql('select returned from order_line where order_id = $1 order by line_no', [
      order!.id,
    ]);
    expect(returned).toEqual([{ returned: 2 }, { returned: 3 }]);
    const { returnOrder } = await run<{ returnOrder: unknown }>(
      'mutation ($input: ReturnOrderInput!) { returnOrder(input: $input) { errors { code } } }',
      { input: { idempotencyKey: newId(), orderId: order!.id, lines: [{ sku: 'L', quantity: 1 }] } },
    );
    expect(returnOrder).toEqual({ errors: [{ code: 'RETURN_EXCEEDS_SALE' }] });
  });

  it('keeps a cancelled order without counting it, and tells nobody', async () => {
    const profileId = newId();
    await bring([doc({ profileId, cancelled: true })], 'cancelled');
    expect(await totals('source: "cancelled"')).toEqual([]);
    expect((await inventory.published()).filter((e) => e.profileId === profileId)).toEqual([]);
  });

  it('says of every refused document which field and why, and takes the others', async () => {
    const orders = [
      doc({ number: ' ' }),
      doc({ currency: 'pounds' }),
      doc({ storeCode: 'PARIS' }),
      doc({ profileId: '17850' }),
      doc({ occurredAt: '2036-01-01T00:00:00.000Z' }),
      doc({ lines: [] }),
      doc({
        lines: [
          { sku: 'A', quantity: 1, netAmount: 1 },
          { sku: 'A', quantity: 0, netAmount: 0 },
        ],
      }),
      doc({ lines: [{ sku: 'A', quantity: -1, netAmount: 5 }] }),
      doc({ number: 'OK' }),
      doc({ number: 'OK' }),
    ];
    const { created, refusals } = await bring(orders, 'refused');
    expect(created).toBe(1);
    expect(refusals.map((r) => [r.index, r.field, r.code])).toEqual([
      [0, 'number', 'INVALID'],
      [1, 'currency', 'INVALID'],
      [2, 'storeCode', 'UNKNOWN_STORE'],
      [3, 'profileId', 'INVALID'],
      [4, 'occurredAt', 'INVALID'],
      [5, 'lines', 'INVALID'],
      [6, 'lines.1.quantity', 'INVALID'],
      [7, 'lines.0.netAmount', 'INVALID'],
      [9, 'number', 'DUPLICATE_IN_BATCH'],
    ]);
    const many = await bring(Array.from({ length: 1_001 }, () => doc()));
    expect(many.errors).toMatchObject([{ code: 'BATCH_TOO_LARGE' }]);
  });

  it('divides revenue by day on the clock of the retailer, by channel and store', async () => {
    await bring(
      [
        doc({ occurredAt: '2025-07-01T22:30:00.000Z' }),
        doc({ occurredAt: '2025-07-02T10:00:00.000Z', channel: 'WEB', storeCode: null }),
      ],
      'days',
    );
    const rows = await totals('source: "days", by: [DAY, CHANNEL, STORE], timeZone: "Europe/Madrid"');
    expect(rows).toMatchObject([
      { period: '2025-07-02', channel: 'STORE', store: { code: 'LONDON' }, sales: 1_530 },
      { period: '2025-07-02', channel: 'WEB', store: null, sales: 1_530 },
    ]);
    expect(await totals('source: "days", from: "2025-07-02T00:00:00Z"')).toMatchObject([{ orders: 1 }]);
  });

  it('takes a wholesale invoice of more than a thousand lines', async () => {
    const profileId = newId();
    const lines = Array.from({ length: 1_114 }, (_, i) => ({ sku: `S${i}`, quantity: 1, netAmount: 100 }));
    expect(await bring([doc({ profileId, lines })], 'large')).toMatchObject({ created: 1 });
    const [completed] = (await inventory.published('inventory.order.completed.v1')).filter(
      (e) => e.profileId === profileId,
    );
    expect(completed!.data.lines).toHaveLength(1_114);
  });
});

describe('erasure and export', () => {
  it('answer with what is hers; the revenue stays and nobody is named in it', async () => {
    const profileId = newId();
    await bring([doc({ profileId })], 'privacy');
    const requestId = newId();
    const request = (
      type: 'identity.customer.export-requested.v1' | 'identity.customer.erasure-requested.v1',
    ): Promise<void> =>
      inventory.receive(
        event(type, {
          occurredAt: inventory.clock.now(),
          customerId: profileId,
          data: { requestId, profileIds: [profileId], requestedAt: inventory.clock.now().toISOString() },
        }),
      );
    await request('identity.customer.export-requested.v1');
    const [exported] = await inventory.published('inventory.customer.exported.v1');
    expect(exported!.data).toMatchObject({
      requestId,
      document: { orders: [{ source: 'privacy', netAmount: 1_530, lines: [{ sku: '85123A' }] }] },
    });
    await request('identity.customer.erasure-requested.v1');
    const [erased] = await inventory.published('inventory.customer.erased.v1');
    expect(erased!.data).toMatchObject({ requestId, anonymised: { orders: 1 } });
    expect(await totals('source: "privacy"')).toMatchObject([{ sales: 1_530, anonymousOrders: 1 }]);
  });
});
