import { testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { shop } from '../testing/shop.ts';

const inventory = testSubgraph(definition);
const { stores, run } = shop(inventory);
let store: Record<string, string>;

const shopHours = { weekly: [...Array.from({ length: 6 }, () => [{ from: '10:00', to: '21:00' }]), []] };

beforeAll(async () => {
  store = await stores(
    {
      code: 'SOL',
      latitude: 40.4169,
      longitude: -3.7035,
      opening: { ...shopHours, exceptions: [{ date: '2026-03-03', hours: [], reason: 'inventory' }] },
    },
    { code: 'CHAMBERI', latitude: 40.434, longitude: -3.703, opening: shopHours, services: ['PICK_UP'] },
    { code: 'FIJI', latitude: -17.8, longitude: 179.95 },
    { code: 'ALMACEN', kind: 'WAREHOUSE', latitude: 40.417, longitude: -3.7 },
  );
});

const near = async (args: string): Promise<string[]> => {
  const { stores } = await run<{ stores: { edges: { node: { code: string } }[] } }>(
    `{ stores(${args}) { edges { node { code distanceKm } } } }`,
    {},
    inventory.as({ role: 'anonymous' }),
  );
  return stores.edges.map((e) => e.node.code);
};
const SOL = 'near: { latitude: 40.4168, longitude: -3.7038 }';

describe('stores', () => {
  it('are found near a point, the nearest first, of a kind, with a service, page by page', async () => {
    expect(await near(SOL)).toEqual(['SOL', 'ALMACEN', 'CHAMBERI']);
    expect(await near(`${SOL}, kind: STORE`)).toEqual(['SOL', 'CHAMBERI']);
    expect(await near(`${SOL}, services: [PICK_UP, RETURNS], kind: STORE`)).toEqual(['SOL']);
    expect(await near(`${SOL}, withinKm: 1`)).toEqual(['SOL', 'ALMACEN']);
    const { stores } = await run<{ stores: { pageInfo: { endCursor: string } } }>(
      `{ stores(${SOL}, first: 2) { pageInfo { endCursor } } }`,
      {},
    );
    expect(await near(`${SOL}, first: 2, after: "${stores.pageInfo.endCursor}"`)).toEqual(['CHAMBERI']);
  });

  it('are found by what is open now, on the clock of each', async () => {
    inventory.clock.set('2026-03-02T09:30:00Z'); // Monday 10:30 in Madrid
    expect(await near(`${SOL}, kind: STORE, openNow: true`)).toEqual(['SOL', 'CHAMBERI']);
    inventory.clock.set('2026-03-03T09:30:00Z');
    expect(await near(`${SOL}, kind: STORE, openNow: true`)).toEqual(['CHAMBERI']);
    const { store } = await run<{ store: unknown }>(
      '{ store(code: "SOL") { isOpen nextOpening { opensAt } later: isOpen(at: "2026-03-04T09:30:00Z") } }',
      {},
    );
    expect(store).toEqual({ isOpen: false, nextOpening: { opensAt: '2026-03-04T09:00:00.000Z' }, later: true });
  });

  it('are whole when another subgraph names them by their id', async () => {
    const { found } = await run<{ found: unknown[] }>(
      'query ($r: [_Any!]!) { found: _entities(representations: $r) { ... on Store { code timeZone location { latitude } } } }',
      { r: [{ __typename: 'Store', id: store['SOL'] }] },
    );
    expect(found).toEqual([{ code: 'SOL', timeZone: 'Europe/Madrid', location: { latitude: 40.4169 } }]);
  });

  it('are refused with the field where coordinates, zone or hours make no sense', async () => {
    const bad = (over: object): object => ({
      code: 'X',
      name: 'X',
      timeZone: 'UTC',
      latitude: 0,
      longitude: 0,
      ...over,
    });
    const { importStores } = await run<{ importStores: { refusals: { field: string }[] } }>(
      'mutation ($input: ImportStoresInput!) { importStores(input: $input) { refusals { field message } } }',
      {
        input: {
          stores: [
            bad({ code: 'X1', latitude: 91 }),
            bad({ code: 'X2', timeZone: 'Mars/Olympus' }),
            bad({ code: 'X3', opening: { weekly: [] } }),
            bad({ code: 'X4', sameDayCutOff: '25:00' }),
          ],
        },
      },
    );
    expect(importStores.refusals.map((r) => r.field)).toEqual([
      'latitude',
      'timeZone',
      'opening.weekly',
      'sameDayCutOff',
    ]);
  });
});
