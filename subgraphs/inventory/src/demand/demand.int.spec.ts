import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { shop } from '../testing/shop.ts';

const inventory = testSubgraph(definition);
const { stores, products, stock, checkout, tillSale, run } = shop(inventory);
let store: Record<string, string>;
const MADRID = { latitude: 40.42, longitude: -3.7 };
const SEVILLA = { latitude: 37.39, longitude: -5.99 };
const anyone = inventory.as({ role: 'anonymous' });
const analyst = inventory.as({ role: 'analyst' });

beforeAll(async () => {
  store = await stores({ code: 'MAD', ...MADRID }, { code: 'SVQ', ...SEVILLA }, { code: 'W', kind: 'WAREHOUSE' });
  await products(
    { sku: 'ABANICO', amount: 1_000, name: 'Abanico' },
    { sku: 'BUFANDA', amount: 2_000, name: 'Bufanda' },
    { sku: 'COMUN', amount: 500 },
  );
  await stock({ MAD: { BUFANDA: 20, COMUN: 50 }, SVQ: { ABANICO: 20, COMUN: 50 }, W: { ABANICO: 50, BUFANDA: 50 } });
});

const look = (search: string, near = MADRID): Promise<unknown> =>
  run(
    'query ($s: String, $near: GeoPointInput) { products(filter: { search: $s }, near: $near) { edges { node { sku } } } }',
    { s: search, near },
    anyone,
  );
const lookNear = (sku: string, { latitude, longitude } = MADRID): Promise<unknown> =>
  run(
    'query ($sku: String, $la: Float!, $lo: Float!) { product(sku: $sku) { availableNear(latitude: $la, longitude: $lo, withinKm: 20) { available } } }',
    { sku, la: latitude, lo: longitude },
    anyone,
  );
const times = async (n: number, work: () => Promise<unknown>): Promise<void> => {
  for (let i = 0; i < n; i++) await work();
};

describe('demand by area', () => {
  it('counts what was looked for and what was not found, by area, without anybody in it', async () => {
    await times(3, () => look('ábanico'));
    await times(4, () => look('paraguas'));
    await times(3, () => look('paraguas', SEVILLA));
    await times(5, () => look('lucia@correo.example'));
    await times(2, () => look('bufanda'));
    await times(3, () => lookNear('ABANICO'));
    const { demandByArea } = await run<{ demandByArea: unknown[] }>(
      'query ($near: GeoPointInput) { demandByArea(near: $near) { term searches unmet area { latitude longitude } product { sku } } }',
      { near: MADRID },
      analyst,
    );
    const area = { latitude: 40.4, longitude: -3.7 };
    expect(demandByArea).toEqual([
      { term: 'paraguas', searches: 4, unmet: 4, area, product: null },
      { term: null, searches: 3, unmet: 3, area, product: { sku: 'ABANICO' } },
      { term: 'abanico', searches: 3, unmet: 0, area, product: null },
    ]);
    const columns = await inventory.sql<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = 'demand'`,
    );
    expect(columns.map((c) => c.name)).not.toContain('profile_id');
    await expect(run('{ demandByArea { term } }', {}, anyone)).rejects.toThrow('token');
  });

  it('suggests to a store what others sell and its area wants, with the gain and the evidence', async () => {
    for (let i = 0; i < 4; i++) {
      await tillSale({
        storeId: store['SVQ'],
        lines: [
          { sku: 'ABANICO', quantity: 3 },
          { sku: 'COMUN', quantity: 1 },
        ],
      });
      await tillSale({ storeId: store['MAD'], lines: [{ sku: 'COMUN', quantity: 2 }] });
      await checkout({ profileId: newId(), lines: [{ sku: 'ABANICO', quantity: 2 }], destination: MADRID });
    }
    const { suggestedAssortment } = await run<{ suggestedAssortment: unknown[] }>(
      'query ($id: ID!) { suggestedAssortment(storeId: $id) { product { sku } expectedUnits expectedRevenue { amount currency } peerUnits peerStores searches unmet deliveredUnits evidence } }',
      { id: store['MAD'] },
      inventory.as({ role: 'associate', stores: [store['MAD']!] }),
    );
    // Sevilla sold 12 of 16 units; Madrid is half its size: 6. Of 8 that were sent here a quarter would have come: 2.
    expect(suggestedAssortment).toEqual([
      {
        product: { sku: 'ABANICO' },
        expectedUnits: 8,
        expectedRevenue: { amount: 8_000, currency: 'EUR' },
        peerUnits: 12,
        peerStores: 1,
        searches: 6,
        unmet: 3,
        deliveredUnits: 8,
        evidence:
          'In 28 days 1 other store sold 12, it was looked for 6 times around here, 3 times in vain, 8 were sent to addresses around here.',
      },
    ]);
  });

  it('tells the web what to show to visitors of an area', async () => {
    const show = async (near: object): Promise<string[]> =>
      (
        await run<{ popularNear: { product: { sku: string } }[] }>(
          'query ($near: GeoPointInput!) { popularNear(near: $near) { product { sku } unitsSold searches } }',
          { near },
          anyone,
        )
      ).popularNear.map((p) => p.product.sku);
    expect(await show(SEVILLA)).toEqual(['ABANICO', 'COMUN']);
    expect((await show(MADRID)).toSorted()).toEqual(['ABANICO', 'COMUN']);
    expect(await show({ latitude: 0, longitude: 0 })).toEqual([]);
  });
});
