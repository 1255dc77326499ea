import type { BasketLine } from '../promotions/basket.ts';
import { priceBasket, type BasketContext, type PricedBasket, type VoucherRule } from '../promotions/price-basket.ts';
import type { Benefit, Promotion } from '../promotions/promotion.ts';

export const web: BasketContext = {
  channel: 'web',
  storeId: null,
  currency: 'EUR',
  knownCustomer: true,
  uses: new Map(),
};
export const line = (sku: string, unitAmount: number, quantity = 1, more: Partial<BasketLine> = {}): BasketLine => ({
  productId: sku,
  sku,
  model: null,
  brand: null,
  category: null,
  unitAmount,
  quantity,
  ...more,
});
export const promotion = (id: string, benefit: Benefit, more: Partial<Promotion> = {}): Promotion => ({
  id,
  name: `Promotion ${id}`,
  currency: 'EUR',
  benefit,
  scope: {},
  conditions: {},
  exclusive: false,
  withVouchers: true,
  priority: 0,
  totalLimit: null,
  customerLimit: null,
  ...more,
});
export const percent = (n: number): Benefit => ({ kind: 'percent-off', percent: n });
export const threeForTwo: Benefit = { kind: 'multi-buy', buy: 2, get: 1, percent: 100 };
export const nets = (basket: PricedBasket): number[] => basket.lines.map((l) => l.netAmount);
export const total = (basket: PricedBasket): number => nets(basket).reduce((a, b) => a + b, 0);
export const price = (
  lines: BasketLine[],
  promotions: Promotion[],
  vouchers: VoucherRule[] = [],
  context: Partial<BasketContext> = {},
): PricedBasket => priceBasket(lines, promotions, vouchers, { ...web, ...context });
