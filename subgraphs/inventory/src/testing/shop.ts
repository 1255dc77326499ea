import { newId } from '@trenza/events';
import type { TestSubgraph } from '@trenza/testing';

export const MADRID = { latitude: 40.42, longitude: -3.7 };

interface StoreSeed {
  code: string;
  kind?: 'STORE' | 'WAREHOUSE';
  latitude?: number;
  longitude?: number;
  services?: string[];
  opening?: unknown;
}

const IMPORT = (what: string, type: string): string =>
  `mutation ($input: ${type}!) { ${what}(input: $input) { created updated unchanged refused refusals { index key field code } errors { code message } } }`;

/** Drives the graph as a retailer's systems would. Every helper fails loudly where the graph refuses. */
export function shop(inventory: TestSubgraph): Shop {
  const service = inventory.as({ role: 'service', channel: 'web' });
  let imports = 0;
  const run = async <T>(document: string, variables: Record<string, unknown>, who = service): Promise<T> => {
    const { data, errors } = await who.graph(document, variables);
    if (errors) throw new Error(errors.map((e) => e.message).join('; '));
    return data as T;
  };
  const store = (s: StoreSeed): Record<string, unknown> => ({
    name: s.code,
    timeZone: 'Europe/Madrid',
    services: ['PICK_UP', 'SHIP_FROM_STORE', 'SAME_DAY', 'RETURNS'],
    ...MADRID,
    ...s,
  });
  return {
    service,
    run,
    async stores(...seeds) {
      await run(IMPORT('importStores', 'ImportStoresInput'), { input: { stores: seeds.map(store) } });
      const rows = await inventory.sql<{ code: string; id: string }>('select code, id from place');
      return Object.fromEntries(rows.map((row) => [row.code, row.id]));
    },
    async products(...skus) {
      const products = skus.map((p) => (typeof p === 'string' ? { sku: p, amount: 1_000 } : p));
      await run(IMPORT('importProducts', 'ImportProductsInput'), {
        input: {
          products: products.map(({ sku, amount, ...rest }) => ({
            sku,
            name: `Product ${sku}`,
            price: { amount, currency: 'EUR' },
            ...rest,
          })),
        },
      });
    },
    async stock(figures) {
      const stock = Object.entries(figures).flatMap(([storeCode, skus]) =>
        Object.entries(skus).map(([sku, onHand]) => ({ sku, storeCode, onHand })),
      );
      await run(IMPORT('importStock', 'ImportStockInput'), { input: { reference: `seed-${++imports}`, stock } });
    },
    async bring(reference, ...rows) {
      const stock = rows.map(([sku, storeCode, onHand, safetyStock]) => ({ sku, storeCode, onHand, safetyStock }));
      return (
        await run<{ importStock: StockBrought }>(IMPORT('importStock', 'ImportStockInput'), {
          input: { reference, stock },
        })
      ).importStock;
    },
    async add(profileId, sku, quantity = 1, channel = 'WEB') {
      const { addToCart } = await run<{ addToCart: { errors: unknown[]; cart: { id: string } } }>(
        `mutation ($input: AddToCartInput!) { addToCart(input: $input) { cart { id items } errors { code message } } }`,
        { input: { idempotencyKey: newId(), profileId, sku, quantity, channel } },
      );
      if (addToCart.errors.length > 0) throw new Error(JSON.stringify(addToCart.errors));
      return addToCart.cart.id;
    },
    async checkout(input) {
      const { checkout } = await run<{ checkout: Checkout }>(
        `mutation ($input: CheckoutInput!) { checkout(input: $input) {
           order { id number status total { amount currency } net { amount } discount { amount } promisedFor
                   lines { id sku quantity net { amount } } fulfilments { id status store { code } promisedFor } payments { state amount { amount } } }
           shortages { sku asked available where { store { code } available } }
           errors { code message path } } }`,
        { input: { idempotencyKey: newId(), paymentToken: 'tok_ok', ...input } },
      );
      return checkout;
    },
    async tillSale(input, who = service) {
      const { tillSale } = await run<{ tillSale: Checkout }>(
        `mutation ($input: TillSaleInput!) { tillSale(input: $input) {
           order { id number status total { amount currency } net { amount } discount { amount } promisedFor
                   lines { id sku quantity net { amount } } fulfilments { id status store { code } promisedFor } payments { state amount { amount } } }
           shortages { sku asked available where { store { code } available } }
           errors { code message path } } }`,
        { input: { idempotencyKey: newId(), ...input } },
        who,
      );
      return tillSale;
    },
    async levels(sku) {
      const rows = await inventory.sql<Record<string, number> & { code: string }>(
        `select l.code, s.on_hand as "onHand", s.allocated, s.held, s.in_transit as "inTransit" from stock s
           join place l on l.id = s.place_id join product p on p.id = s.product_id where p.sku = $1 order by l.code`,
        [sku],
      );
      return Object.fromEntries(rows.map(({ code, ...figures }) => [code, figures]));
    },
    /** What must hold after whatever happened: counters are the sums of the rows behind them, and nothing is oversold. */
    async wrongFigures() {
      return inventory.sql(`
        select s.product_id, s.place_id, s.on_hand, s.allocated, s.held from stock s
         where s.on_hand <> (select coalesce(sum(quantity), 0) from stock_movement m where (m.product_id, m.place_id) = (s.product_id, s.place_id))
            or s.allocated <> (select coalesce(sum(quantity), 0) from reservation r where (r.product_id, r.place_id) = (s.product_id, s.place_id) and r.state = 'allocated')
            or s.held <> (select coalesce(sum(quantity), 0) from reservation r where (r.product_id, r.place_id) = (s.product_id, s.place_id) and r.state = 'held')
            or s.on_hand - s.allocated - s.held < 0`);
    },
  };
}

export interface CheckoutOrder {
  id: string;
  number: string;
  status: string;
  total: { amount: number; currency: string };
  net: { amount: number };
  discount: { amount: number };
  promisedFor: string | null;
  lines: { id: string; sku: string; quantity: number; net: { amount: number } }[];
  fulfilments: { id: string; status: string; store: { code: string }; promisedFor: string }[];
  payments: { state: string; amount: { amount: number } }[];
}

export interface Checkout {
  order: CheckoutOrder | null;
  shortages: {
    sku: string;
    asked: number;
    available: number;
    where: { store: { code: string }; available: number }[];
  }[];
  errors: { code: string; message: string; path: string[] | null }[];
}

export interface StockBrought {
  updated: number;
  unchanged: number;
  refusals: { index: number; key: string; field: string; code: string }[];
}

type Asker = Pick<TestSubgraph, 'graph'>;

export interface Shop {
  service: Asker;
  run: <T>(document: string, variables: Record<string, unknown>, who?: Asker) => Promise<T>;
  stores: (...seeds: StoreSeed[]) => Promise<Record<string, string>>;
  products: (...skus: (string | { sku: string; amount: number; [field: string]: unknown })[]) => Promise<void>;
  stock: (figures: Record<string, Record<string, number>>) => Promise<void>;
  /** A file of stock figures. */
  bring: (
    reference: string,
    ...rows: [sku: string, storeCode: string, onHand: number, safetyStock?: number][]
  ) => Promise<StockBrought>;
  add: (profileId: string, sku: string, quantity?: number, channel?: string) => Promise<string>;
  checkout: (input: Record<string, unknown>) => Promise<Checkout>;
  tillSale: (input: Record<string, unknown>, who?: Asker) => Promise<Checkout>;
  levels: (sku: string) => Promise<Record<string, Record<string, number>>>;
  wrongFigures: () => Promise<unknown[]>;
}
