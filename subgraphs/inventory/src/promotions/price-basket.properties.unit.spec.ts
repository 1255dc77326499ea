import fc from 'fast-check';
import { line, price, promotion, total } from '../testing/baskets.ts';
import type { BasketLine } from './basket.ts';
import type { PricedBasket } from './price-basket.ts';
import type { Benefit } from './promotion.ts';

const SKUS = ['A', 'B', 'C', 'D'];
const anyScope = fc.oneof(
  fc.constant({}),
  fc.record({ skus: fc.subarray(SKUS, { minLength: 1 }) }),
  fc.record({ exceptSkus: fc.subarray(SKUS, { maxLength: 2 }) }),
);
const anyBenefit: fc.Arbitrary<Benefit> = fc.oneof(
  fc.record({ kind: fc.constant('percent-off' as const), percent: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ kind: fc.constant('amount-off' as const), amount: fc.nat(3_000), each: fc.boolean() }),
  fc.record({
    kind: fc.constant('multi-buy' as const),
    buy: fc.integer({ min: 1, max: 3 }),
    get: fc.integer({ min: 1, max: 2 }),
    percent: fc.integer({ min: 1, max: 100 }),
  }),
  fc.record({
    kind: fc.constant('bundle' as const),
    price: fc.nat(3_000),
    items: fc.array(fc.record({ scope: anyScope, quantity: fc.integer({ min: 1, max: 2 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  fc.record({
    kind: fc.constant('threshold' as const),
    steps: fc.array(fc.record({ spend: fc.nat(9_000), amount: fc.nat(2_000) }), { minLength: 1, maxLength: 3 }),
  }),
);
const anyPromotions = fc
  .array(
    fc.record({
      benefit: anyBenefit,
      scope: anyScope,
      exclusive: fc.boolean(),
      withVouchers: fc.boolean(),
      priority: fc.nat(2),
      maxSets: fc.option(fc.integer({ min: 1, max: 3 })),
      maximumAmount: fc.option(fc.nat(2_000)),
      conditions: fc.record({ minimumSpend: fc.option(fc.nat(5_000)), minimumQuantity: fc.option(fc.nat(5)) }),
    }),
    { maxLength: 6 },
  )
  .map((list) => list.map(({ benefit, ...more }, i) => promotion(`p${i}`, benefit, more)));
const anyLines = fc.array(
  fc
    .record({
      sku: fc.constantFrom(...SKUS),
      unitAmount: fc.nat(4_000),
      quantity: fc.integer({ min: 1, max: 7 }),
      agreed: fc.boolean(),
    })
    .map(({ sku, unitAmount, quantity, agreed }) =>
      line(sku, unitAmount, quantity, { agreed: agreed && quantity === 1 }),
    ),
  { minLength: 1, maxLength: 6 },
);
const anyVouchers = fc.array(
  fc.oneof(
    fc.record({ code: fc.constant('P'), percent: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ code: fc.constant('A'), amount: fc.nat(5_000) }),
  ),
  { maxLength: 2 },
);

describe('whatever the basket, the promotions and the vouchers', () => {
  it('no line goes below zero, and what was taken off the lines is what promotions and vouchers say', () => {
    fc.assert(
      fc.property(anyLines, anyPromotions, anyVouchers, (lines, promotions, vouchers) => {
        const basket = price(lines, promotions, vouchers);
        for (const [i, l] of basket.lines.entries()) {
          expect(l.netAmount).toBeGreaterThanOrEqual(0);
          expect(l.grossAmount).toBe(lines[i]!.unitAmount * lines[i]!.quantity);
          expect(l.netAmount + l.discountAmount).toBe(l.grossAmount);
          expect(l.discounts.reduce((s, d) => s + d.amount, 0)).toBe(l.discountAmount);
          expect(l.discounts.every((d) => d.amount > 0)).toBe(true);
        }
        const byLines = basket.lines.reduce((s, l) => s + l.discountAmount, 0);
        const said = [...basket.applied, ...basket.vouchers].reduce((s, a) => s + a.amount, 0);
        expect(byLines).toBe(said);
        for (const a of basket.applied)
          expect(a.amount).toBeLessThanOrEqual(a.promotion.maximumAmount ?? Number.MAX_SAFE_INTEGER);
        expect(basket.applied.length + basket.notApplied.length).toBe(promotions.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('the order of lines and of promotions does not matter', () => {
    const shuffled = fc
      .tuple(anyLines, anyPromotions)
      .chain(([lines, promotions]) =>
        fc.tuple(
          fc.constant({ lines, promotions }),
          fc.shuffledSubarray(lines, { minLength: lines.length }),
          fc.shuffledSubarray(promotions, { minLength: promotions.length }),
        ),
      );
    const figures = (lines: BasketLine[], basket: PricedBasket): string[] =>
      basket.lines.map((l, i) => JSON.stringify([lines[i], l])).toSorted();
    fc.assert(
      fc.property(shuffled, anyVouchers, ([{ lines, promotions }, otherLines, otherPromotions], vouchers) => {
        const [a, b] = [price(lines, promotions, vouchers), price(otherLines, otherPromotions, vouchers)];
        expect(figures(otherLines, b)).toEqual(figures(lines, a));
        expect(b.applied.map((x) => x.promotion.id)).toEqual(a.applied.map((x) => x.promotion.id));
      }),
      { numRuns: 500 },
    );
  });

  it('the same again is the same, and the input is left as it was', () => {
    fc.assert(
      fc.property(anyLines, anyPromotions, anyVouchers, (lines, promotions, vouchers) => {
        const before = JSON.stringify([lines, promotions, vouchers]);
        const first = price(lines, promotions, vouchers);
        expect(price(lines, promotions, vouchers)).toEqual(first);
        expect(JSON.stringify([lines, promotions, vouchers])).toBe(before);
      }),
    );
  });

  it('no unit of an exclusive promotion carries another promotion', () => {
    const exclusive = anyPromotions.map((list) => list.map((p) => ({ ...p, exclusive: true })));
    const singles = anyLines.map((lines) => lines.map((l, i) => ({ ...l, quantity: 1, productId: `${l.sku}${i}` })));
    fc.assert(
      fc.property(singles, exclusive, (lines, promotions) => {
        for (const l of price(lines, promotions).lines) expect(l.discounts.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('splitting what she buys over two orders never earns more from a multi-buy', () => {
    const units = fc.array(fc.tuple(fc.nat(3_000), fc.boolean()), { minLength: 1, maxLength: 12 });
    const deal = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }));
    fc.assert(
      fc.property(units, deal, (bought, [buy, get]) => {
        const multi = promotion('m', { kind: 'multi-buy', buy, get, percent: 100 });
        const lines = bought.map(([amount], i) => line(`u${i}`, amount));
        const [first, second] = [true, false].map((side) => lines.filter((_, i) => bought[i]![1] === side));
        const apart = [first!, second!].filter((p) => p.length > 0).reduce((s, p) => s + total(price(p, [multi])), 0);
        expect(total(price(lines, [multi]))).toBeLessThanOrEqual(apart);
      }),
      { numRuns: 500 },
    );
  });

  it('what a promotion says is missing is enough to make it take something off', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (n, buy, get) => {
          const multi = promotion('m', { kind: 'multi-buy', buy, get, percent: 100 });
          const [why] = price([line('A', 500, n)], [multi]).notApplied;
          if (!why) return;
          expect(price([line('A', 500, n + why.missing!.quantity!)], [multi]).applied[0]!.amount).toBe(500 * get);
          expect(price([line('A', 500, n + why.missing!.quantity! - 1)], [multi]).applied).toEqual([]);
        },
      ),
    );
  });
});
