import { line, nets, percent, price, promotion, threeForTwo, total } from '../testing/baskets.ts';
import type { BasketContext, VoucherRule } from './price-basket.ts';
import type { Benefit, Promotion } from './promotion.ts';

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
