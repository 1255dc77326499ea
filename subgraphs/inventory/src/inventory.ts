import { defineSubgraph, type Context } from '@trenza/subgraph';
import { join } from 'node:path';
import { CartLineResolver, CartPayloadResolver, CartResolver } from './carts/cart.resolver.ts';
import { consumers } from './consumers/index.ts';
import { AssortmentResolver, DemandResolver, PopularResolver } from './demand/demand.resolver.ts';
import { CustomerReference } from './customers/customer.reference.ts';
import { HistoryResolver } from './orders/history.resolver.ts';
import { OrderActionsResolver } from './orders/order-actions.resolver.ts';
import {
  OrderDiscountResolver,
  OrderFulfilmentPartResolver,
  OrderLineResolver,
  OrderPaymentResolver,
  OrderResolver,
} from './orders/order.resolver.ts';
import { tidy } from './orders/tidy-orders.ts';
import { loadStores, PlaceResolver } from './places/place.resolver.ts';
import { loadProducts, ProductConnectionResolver, ProductResolver } from './products/product.resolver.ts';
import {
  ProductPromotionsResolver,
  PromotionPayloadResolver,
  PromotionResolver,
} from './promotions/promotion.resolver.ts';
import { QuoteResolver } from './promotions/quote.resolver.ts';
import {
  FulfilmentExclusionResolver,
  FulfilmentOptionPartResolver,
  PromiseResolver,
} from './promise/promise.resolver.ts';
import { HoldResolver } from './stock/hold.resolver.ts';
import { TransferPayloadResolver, TransferResolver } from './stock/transfer.resolver.ts';
import { OrderReturnLineResolver, OrderReturnResolver } from './returns/order-return.resolver.ts';
import { ReturnResolver } from './returns/return.resolver.ts';
import { ProductStockResolver, StockLevelResolver, StockResolver } from './stock/stock.resolver.ts';

/** One stock, one cart, orders in every channel. */
export const inventory = defineSubgraph({
  name: 'inventory',
  resolvers: [
    PlaceResolver,
    ProductResolver,
    ProductConnectionResolver,
    StockResolver,
    StockLevelResolver,
    ProductStockResolver,
    HoldResolver,
    TransferResolver,
    TransferPayloadResolver,
    PromiseResolver,
    FulfilmentOptionPartResolver,
    FulfilmentExclusionResolver,
    PromotionResolver,
    PromotionPayloadResolver,
    ProductPromotionsResolver,
    QuoteResolver,
    CartResolver,
    CartPayloadResolver,
    CartLineResolver,
    OrderResolver,
    OrderLineResolver,
    OrderDiscountResolver,
    OrderFulfilmentPartResolver,
    OrderPaymentResolver,
    OrderReturnResolver,
    OrderReturnLineResolver,
    OrderActionsResolver,
    ReturnResolver,
    HistoryResolver,
    DemandResolver,
    AssortmentResolver,
    PopularResolver,
    CustomerReference,
  ],
  references: {
    Store: ({ id }, ctx: Context) => ctx.load(loadStores, id),
    Product: ({ id }, ctx: Context) => ctx.load(loadProducts, id),
  },
  consumers,
  migrations: join(__dirname, 'migrations'),
  jobs: [{ name: 'tidy', everySeconds: 2, run: tidy }],
});
