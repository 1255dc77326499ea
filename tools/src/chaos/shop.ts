import type { TestPlatform } from '../platform/test-platform.ts';

/** A small shop to put under load: a store with more of everything than will ever be sold, and customers. */
export interface Shop {
  storeId: string;
  skus: string[];
  profileIds: string[];
  /** Speaks for the till and for the web shop. */
  token: string;
}

export const UNIT_PRICE = 1_000;
export const STOCKED = 1_000_000;
const SKUS = ['CHAOS-1', 'CHAOS-2', 'CHAOS-3'];
const STORE = 'CHAOS';

export async function openShop(platform: TestPlatform, customers: number): Promise<Shop> {
  const token = await platform.token({ role: 'service', channel: 'till' });
  const admin = await platform.token({ role: 'admin' });
  const ask = async (query: string, variables?: Record<string, unknown>) => {
    const { data, errors } = await platform.ask(admin, query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  await ask(
    `mutation ($stores: [ImportStoreInput!]!) { importStores(input: { stores: $stores }) { refused errors { message } } }`,
    { stores: [{ code: STORE, name: 'Chaos', latitude: 40.4, longitude: -3.7, timeZone: 'Europe/Madrid' }] },
  );
  await ask(
    `mutation ($products: [ImportProductInput!]!) { importProducts(input: { products: $products }) { refused errors { message } } }`,
    {
      products: SKUS.map((sku) => ({
        sku,
        name: sku,
        category: 'chaos',
        price: { amount: UNIT_PRICE, currency: 'EUR' },
      })),
    },
  );
  await ask(
    `mutation ($stock: [ImportStockInputRow!]!) { importStock(input: { reference: "chaos", stock: $stock }) { refused errors { message } } }`,
    { stock: SKUS.map((sku) => ({ sku, storeCode: STORE, onHand: STOCKED })) },
  );
  const { store } = await ask(`query ($code: String) { store(code: $code) { id } }`, { code: STORE });
  const profileIds: string[] = [];
  for (let i = 0; i < customers; i++) {
    const { identify } = await ask(
      `mutation ($email: String!) {
        identify(input: { channel: WEB, identifiers: [{ type: EMAIL, value: $email }] }) { profileId errors { message } }
      }`,
      { email: `chaos-${i}@example.com` },
    );
    profileIds.push(identify.profileId);
  }
  return { storeId: store.id, skus: SKUS, profileIds, token };
}
