import fc from 'fast-check';
import type { BasketLine } from './basket.ts';
import { priceBasket, type BasketContext, type PricedBasket, type VoucherRule } from './price-basket.ts';
import type { Benefit, Promotion } from './promotion.ts';

const web: BasketContext = { channel: 'web', storeId: null, currency: 'EUR', knownCustomer: true, uses: new Map() };
const line = (sku: string, unitAmount: number, quantity = 1, more: Partial<BasketLine> = {}): BasketLine => ({
  productId: sku,
  sku,
  model: null,
  brand: null,
  category: null,
  unitAmount,
  quantity,
  ...more,
});
const promotion = (id: string, benefit: Benefit, more: Partial<Promotion> = {}): Promotion => ({
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
const percent = (n: number): Benefit => ({ kind: 'percent-off', percent: n });
const threeForTwo: Benefit = { kind: 'multi-buy', buy: 2, get: 1, percent: 100 };
const nets = (basket: PricedBasket): number[] => basket.lines.map((l) => l.netAmount);
const total = (basket: PricedBasket): number => nets(basket).reduce((a, b) => a + b, 0);
const price = (
  lines: BasketLine[],
  promotions: Promotion[],
  vouchers: VoucherRule[] = [],
  context: Partial<BasketContext> = {},
): PricedBasket => priceBasket(lines, promotions, vouchers, { ...web, ...context });

describe('a promotion', () => {
  it('takes a percentage off what is in its scope and nothing off the rest', () => {
    const shoes = promotion('a', percent(20), { scope: { categories: ['Women > Shoes'] } });
    const basket = price(
      [
        line('S', 5_000, 1, { category: 'Women > Shoes > Boots' }),
        line('T', 1_000, 2, { category: 'Women > Shoestrings' }),
      ],
      [shoes],
    );
    expect(nets(basket)).toEqual([4_000, 2_000]);
    expect(basket.lines[0]!.discounts).toEqual([
      { promotionId: 'a', voucherCode: null, name: 'Promotion a', amount: 1_000 },
    ]);
  });

  it('leaves alone what is excepted, and prices agreed at the till', () => {
    const all = promotion('a', percent(50), { scope: { exceptSkus: ['GIFT'], exceptCategories: ['Books'] } });
    const lines = [
      line('GIFT', 100),
      line('B', 100, 1, { category: 'Books > Art' }),
      line('X', 100, 1, { agreed: true }),
      line('Y', 100),
    ];
    expect(nets(price(lines, [all]))).toEqual([100, 100, 100, 50]);
  });

  it('takes an amount off each unit, or once off all of them, and never more than they cost', () => {
    const lines = [line('A', 300, 2), line('B', 1_000)];
    expect(nets(price(lines, [promotion('a', { kind: 'amount-off', amount: 400, each: true })]))).toEqual([0, 600]);
    expect(nets(price(lines, [promotion('a', { kind: 'amount-off', amount: 400, each: false })]))).toEqual([450, 750]);
  });

  it('gives the cheapest of each set away, the dearest units together, spread over the set', () => {
    const lines = [line('A', 1_000), line('B', 900), line('C', 800), line('D', 100)];
    const basket = price(lines, [promotion('a', threeForTwo)]);
    expect(total(basket)).toBe(2_000);
    expect(basket.lines.map((l) => l.discountAmount)).toEqual([296, 267, 237, 0]);
    expect(basket.applied[0]!.missing).toEqual({ quantity: 2 });
  });

  it('counts sets up to the most it allows in one order', () => {
    const once = promotion('a', threeForTwo, { maxSets: 1 });
    expect(total(price([line('A', 100, 9)], [once]))).toBe(800);
  });

  it('sells a bundle for its price, as often as it is complete and cheaper so', () => {
    const set = promotion('a', {
      kind: 'bundle',
      price: 5_000,
      items: [
        { scope: { skus: ['SHIRT'] }, quantity: 2 },
        { scope: { categories: ['Ties'] }, quantity: 1 },
      ],
    });
    const tie = line('TIE', 2_000, 2, { category: 'Ties' });
    expect(total(price([line('SHIRT', 2_500, 4), tie], [set]))).toBe(10_000);
    const almost = price([line('SHIRT', 2_500, 1), tie], [set]);
    expect(almost.notApplied).toMatchObject([{ reason: 'NOT_ENOUGH', missing: { quantity: 1 } }]);
    expect(total(price([line('SHIRT', 1_000, 2), tie], [set]))).toBe(6_000); // dearer as a set
  });

  it('gives the highest step that was reached and says how far the next one is', () => {
    const steps = promotion('a', {
      kind: 'threshold',
      steps: [
        { spend: 10_000, percent: 20 },
        { spend: 5_000, amount: 500 },
      ],
    });
    expect(price([line('A', 4_000)], [steps]).notApplied).toMatchObject([
      { reason: 'NOT_ENOUGH', missing: { amount: 1_000 } },
    ]);
    const reached = price([line('A', 6_000)], [steps]);
    expect([total(reached), reached.applied[0]!.missing]).toEqual([5_500, { amount: 4_000 }]);
    expect(total(price([line('A', 12_000)], [steps]))).toBe(9_600);
  });

  it('asks for a minimum of units and of money, and says what is missing', () => {
    const many = promotion('a', percent(10), { conditions: { minimumQuantity: 3, minimumSpend: 5_000 } });
    expect(price([line('A', 1_000)], [many]).notApplied).toMatchObject([{ missing: { quantity: 2, amount: 4_000 } }]);
    expect(total(price([line('A', 2_000, 3)], [many]))).toBe(5_400);
  });

  it('never takes more off than its maximum', () => {
    expect(total(price([line('A', 10_000)], [promotion('a', percent(50), { maximumAmount: 1_500 })]))).toBe(8_500);
  });

  it('says why it does not apply: channel, store, currency, limits, sign-in', () => {
    const lines = [line('A', 1_000)];
    const why = (more: Partial<Promotion>, context: Partial<BasketContext> = {}): string =>
      price(lines, [promotion('a', percent(10), more)], [], context).notApplied[0]!.reason;
    expect(why({ conditions: { channels: ['app'] } })).toBe('OTHER_CHANNEL');
    expect(why({ conditions: { storeIds: ['s1'] } })).toBe('OTHER_STORE');
    expect(why({ currency: 'USD' })).toBe('OTHER_CURRENCY');
    expect(why({ totalLimit: 5 }, { uses: new Map([['a', { total: 5, hers: 0 }]]) })).toBe('USED_UP');
    expect(why({ customerLimit: 1 }, { uses: new Map([['a', { total: 5, hers: 1 }]]) })).toBe('CUSTOMER_LIMIT');
    expect(why({ customerLimit: 1 }, { knownCustomer: false })).toBe('SIGN_IN');
    expect(why({ scope: { skus: ['Z'] } })).toBe('NOTHING_IN_SCOPE');
  });
});

describe('together', () => {
  it('promotions apply on what the former left, the greater priority first', () => {
    const lines = [line('A', 10_000)];
    const amount: Benefit = { kind: 'amount-off', amount: 1_000, each: false };
    expect(total(price(lines, [promotion('a', percent(10), { priority: 1 }), promotion('b', amount)]))).toBe(8_000);
    expect(total(price(lines, [promotion('a', percent(10)), promotion('b', amount, { priority: 1 })]))).toBe(8_100);
  });

  it('an exclusive promotion shares no unit; of equal priority the better one wins', () => {
    const better = promotion('b', percent(30), { exclusive: true });
    const basket = price([line('A', 1_000)], [promotion('a', percent(10)), better]);
    expect(total(basket)).toBe(700);
    expect(basket.notApplied).toMatchObject([{ promotion: { id: 'a' }, reason: 'ANOTHER_PROMOTION' }]);
    const first = price([line('A', 1_000)], [promotion('a', percent(10), { priority: 1 }), better]);
    expect(total(first)).toBe(900);
  });

  it('a unit makes up one set only, and what is left over is free for others', () => {
    const pair = promotion('p', { kind: 'multi-buy', buy: 1, get: 1, percent: 50 });
    const basket = price([line('A', 1_000, 5)], [promotion('t', threeForTwo, { priority: 1 }), pair]);
    expect(basket.applied.map((a) => [a.promotion.id, a.amount])).toEqual([
      ['t', 1_000],
      ['p', 500],
    ]);
  });

  it('vouchers come last, and take nothing off where a promotion does not allow it', () => {
    const closed = promotion('a', percent(20), { scope: { skus: ['A'] }, withVouchers: false });
    const basket = price([line('A', 1_000), line('B', 1_000)], [closed], [{ code: 'TEN', percent: 10 }]);
    expect(nets(basket)).toEqual([800, 900]);
    expect(basket.vouchers).toEqual([{ code: 'TEN', amount: 100 }]);
    expect(price([line('A', 1_000)], [closed], [{ code: 'TEN', percent: 10 }]).vouchers[0]!.amount).toBe(0);
  });

  it('vouchers spread an amount in proportion and apply one after the other', () => {
    const lines = [line('a', 1_000), line('b', 1_000, 2)];
    expect(nets(price(lines, [], [{ code: 'X', amount: 100 }]))).toEqual([967, 1_933]);
    const vouchers: VoucherRule[] = [
      { code: 'HALF', percent: 50 },
      { code: 'TEN', percent: 10 },
    ];
    expect(total(price(lines, [], vouchers))).toBe(1_350);
  });
});

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
