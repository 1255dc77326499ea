import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { shop } from '../testing/shop.ts';

const inventory = testSubgraph(definition);
const { stores, products, bring, checkout, tillSale, levels, wrongFigures } = shop(inventory);
let store: Record<string, string>;

beforeAll(async () => {
  store = await stores({ code: 'A' }, { code: 'B' }, { code: 'W', kind: 'WAREHOUSE', services: [] });
});
afterEach(async () => expect(await wrongFigures()).toEqual([]));

describe('a stock file', () => {
  it('speaks once: a repeat after sales does not bring the old figure back', async () => {
    await products('S1');
    expect(await bring('monday', ['S1', 'A', 5])).toMatchObject({ updated: 1 });
    await tillSale({ storeId: store['A'], lines: [{ sku: 'S1', quantity: 2 }] });
    expect(await bring('monday', ['S1', 'A', 5])).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await levels('S1')).toMatchObject({ A: { onHand: 3 } });
    expect(await bring('tuesday', ['S1', 'A', 9])).toMatchObject({ updated: 1 });
    expect(await levels('S1')).toMatchObject({ A: { onHand: 9 } });
  });

  it('is refused row by row: unknown, negative, or less than what is promised to customers', async () => {
    await products('S2', 'S3');
    await bring('base', ['S2', 'W', 5]);
    await checkout({ profileId: newId(), lines: [{ sku: 'S2', quantity: 3 }] });
    const { updated, refusals } = await bring(
      'next',
      ['S2', 'W', 2],
      ['NOPE', 'W', 1],
      ['S2', 'NOWHERE', 1],
      ['S2', 'A', -1],
      ['S3', 'W', 4],
    );
    expect(updated).toBe(1);
    expect(refusals.map((r) => [r.index, r.field, r.code])).toEqual([
      [0, 'onHand', 'BELOW_COMMITTED'],
      [1, 'sku', 'UNKNOWN_SKU'],
      [2, 'storeCode', 'UNKNOWN_STORE'],
      [3, 'onHand', 'INVALID'],
    ]);
  });

  it('sets the safety stock where it says one, and leaves it as it is where it says none', async () => {
    await products('SAFE1', 'SAFE2');
    await bring('both', ['SAFE1', 'A', 5, 2], ['SAFE2', 'A', 5]);
    const { updated } = await bring('mixed', ['SAFE1', 'A', 6], ['SAFE2', 'A', 5, 1], ['SAFE2', 'B', 3]);
    expect(updated).toBe(2); // of the third only the safety stock is new
    const rows = await inventory.sql(
      `select p.sku, l.code, s.on_hand as n, s.safety from stock s join product p on p.id = s.product_id join place l on l.id = s.place_id
        where p.sku like 'SAFE%' order by 1, 2`,
    );
    expect(rows).toEqual([
      { sku: 'SAFE1', code: 'A', n: 6, safety: 2 },
      { sku: 'SAFE2', code: 'A', n: 5, safety: 1 },
      { sku: 'SAFE2', code: 'B', n: 3, safety: 0 },
    ]);
  });

  it('speaks once however many send it at the same moment, and two files in opposite order pass each other', async () => {
    const skus = Array.from({ length: 20 }, (_, i) => `TWICE${i}`);
    await products(...skus);
    const rows = skus.map((sku): [string, string, number, number?] => [sku, 'A', 3]);
    const same = await Promise.all(Array.from({ length: 4 }, () => bring('same', ...rows)));
    expect(same.map((r) => r.updated).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 20]);
    await Promise.all(
      Array.from({ length: 6 }, (_, i) => bring(`crossing ${i}`, ...(i % 2 === 0 ? rows : rows.toReversed()))),
    );
    expect(await levels('TWICE7')).toMatchObject({ A: { onHand: 3 } });
    const moved = await inventory.sql<{ n: number }>(
      `select count(*) as n from stock_movement m join product p on p.id = m.product_id where p.sku like 'TWICE%'`,
    );
    expect(moved[0]!.n).toBe(20 * 7);
  });

  it('announces what came into stock and what sold out, and nothing in between', async () => {
    await products('S4');
    await bring('one', ['S4', 'A', 2]);
    await tillSale({ storeId: store['A'], lines: [{ sku: 'S4' }] });
    await tillSale({ storeId: store['A'], lines: [{ sku: 'S4' }] });
    const changes = (await inventory.published('inventory.stock.availability-changed.v1')).filter(
      (e) => e.data.sku === 'S4',
    );
    expect(changes.map((e) => e.data.available)).toEqual([2, 0]);
  });
});
