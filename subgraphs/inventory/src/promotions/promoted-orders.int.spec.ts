import { signPromise } from '@trenza/auth';
import { newId } from '@trenza/events';
import { keysOf, testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { promotedShop, tenOff, threeForTwo } from '../testing/promoted-shop.ts';

const inventory = testSubgraph(definition);
const { stock, add, checkout, tillSale, run, create, act, running, places } = promotedShop(inventory);

const voucher = (discount: object): Promise<string> =>
  signPromise(
    keysOf('loyalty'),
    'voucher',
    { voucherId: newId(), rewardId: newId(), code: 'WELCOME', discount },
    new Date(inventory.clock.now().getTime() + 600_000),
  );

interface CartAnswer {
  found: {
    openCart: {
      subtotal: { amount: number };
      discount: { amount: number };
      total: { amount: number };
      lines: { net: { amount: number }; discounts: { name: string; amount: { amount: number } }[] }[];
      promotions: { promotion: { id: string }; amount: { amount: number }; more: { quantity: number } | null }[];
      missedPromotions: { reason: string; message: string; missing: { quantity: number | null } | null }[];
    };
  }[];
}
const cartOf = async (customerId: string): Promise<CartAnswer['found'][0]['openCart']> => {
  const { found } = await run<CartAnswer>(
    `query ($r: [_Any!]!) { found: _entities(representations: $r) { ... on Customer { openCart { subtotal { amount } discount { amount } total { amount }
       lines { net { amount } discounts { name amount { amount } } }
       promotions { promotion { id } amount { amount } more { quantity } }
       missedPromotions { reason message missing { quantity } } } } } }`,
    { r: [{ __typename: 'Customer', id: customerId }] },
    inventory.as({ role: 'customer', customerId }),
  );
  return found[0]!.openCart;
};

const orderOf = (
  id: string,
): Promise<{
  order: {
    discount: { amount: number };
    discounts: {
      name: string;
      voucherCode: string | null;
      promotion: { id: string } | null;
      amount: { amount: number };
    }[];
    lines: {
      id: string;
      sku: string;
      net: { amount: number };
      discounts: { promotionId: string | null; amount: { amount: number } }[];
    }[];
  };
}> =>
  run(
    `query ($id: ID!) { order(id: $id) { discount { amount }
       discounts { name voucherCode promotion { id } amount { amount } }
       lines { id sku net { amount } discounts { promotionId amount { amount } } } } }`,
    { id },
  );

describe('the cart', () => {
  it('says what is taken off, and what is still missing for what is not', async () => {
    const id = await running(threeForTwo);
    const customerId = newId();
    await add(customerId, 'SOCK-1', 1);
    expect(await cartOf(customerId)).toMatchObject({
      total: { amount: 1_000 },
      promotions: [],
      missedPromotions: [{ reason: 'NOT_ENOUGH', message: '2 more for "3 for 2 on socks".', missing: { quantity: 2 } }],
    });
    await add(customerId, 'SOCK-2', 2);
    expect(await cartOf(customerId)).toMatchObject({
      subtotal: { amount: 2_600 },
      discount: { amount: 800 },
      total: { amount: 1_800 },
      promotions: [{ promotion: { id }, amount: { amount: 800 }, more: null }],
      missedPromotions: [],
    });
    const cart = await cartOf(customerId);
    expect(cart.lines.reduce((sum, l) => sum + l.net.amount, 0)).toBe(1_800);
    const changes = (await inventory.published('inventory.cart.changed.v1')).filter((e) => e.profileId === customerId);
    expect(changes.at(-1)!.data.total).toEqual({ amount: 1_800, currency: 'EUR' });
  });

  it('costs at checkout what it said, and says so where that has changed meanwhile', async () => {
    const id = await running(threeForTwo);
    const profileId = newId();
    await add(profileId, 'SOCK-1', 3);
    const { amount } = (await cartOf(profileId)).total;
    await act('end', id);
    const late = await checkout({ profileId, expectedTotal: amount });
    expect(late.errors).toMatchObject([{ code: 'TOTAL_CHANGED', path: ['input', 'expectedTotal'] }]);
    const { order } = await checkout({ profileId, expectedTotal: 3_000 });
    expect(order!.total.amount).toBe(3_000);
  });
});

describe('an order', () => {
  it('keeps what was taken off each line and by what, whatever becomes of the promotion', async () => {
    const id = await running(threeForTwo);
    const { order } = await checkout({
      profileId: newId(),
      lines: [{ sku: 'SOCK-1', quantity: 2 }, { sku: 'SOCK-2' }, { sku: 'SHIRT' }],
      vouchers: [await voucher({ percent: 50 })],
    });
    await act('end', id);
    const kept = (await orderOf(order!.id)).order;
    expect(kept.discounts).toEqual([
      { name: '3 for 2 on socks', voucherCode: null, promotion: { id }, amount: { amount: 800 } },
      { name: 'WELCOME', voucherCode: 'WELCOME', promotion: null, amount: { amount: 3_500 } },
    ]);
    expect(kept.discount.amount).toBe(4_300);
    for (const line of kept.lines)
      expect(line.discounts.reduce((sum, d) => sum + d.amount.amount, 0) + line.net.amount).toBe(
        { 'SOCK-1': 2_000, 'SOCK-2': 800, SHIRT: 5_000 }[line.sku],
      );
  });

  it('gives back what a line cost after its promotion, and the whole of it when everything comes back', async () => {
    await running(threeForTwo);
    const { order } = await tillSale({ storeId: places['GRAN-VIA'], lines: [{ sku: 'SOCK-1', quantity: 3 }] });
    expect(order!.total.amount).toBe(2_000);
    type Back = { refund: { amount: number }; lines: { value: { amount: number }; explanation: string }[] };
    const back = async (quantity: number): Promise<Back> => {
      const lines = [{ sku: 'SOCK-1', quantity }];
      const input = { idempotencyKey: newId(), orderId: order!.id, storeId: places['SOL'], lines };
      const { returnOrder } = await run<{ returnOrder: { orderReturn: Back } }>(
        `mutation ($input: ReturnOrderInput!) { returnOrder(input: $input) {
           orderReturn { refund { amount } lines { sku quantity value { amount } explanation } } errors { message } } }`,
        { input },
      );
      return returnOrder.orderReturn;
    };
    const [one, two] = [await back(1), await back(2)];
    expect([one.refund.amount, one.refund.amount + two.refund.amount]).toEqual([666, 2_000]);
    expect(two.lines).toMatchObject([
      {
        value: { amount: 1_334 },
        explanation: '2 of 3 that cost EUR 20.00 together, after EUR 10.00 off by "3 for 2 on socks".',
      },
    ]);
  });

  it('at the till gets the promotions of the store and its channel; a price agreed there gets none', async () => {
    await running({ ...tenOff, conditions: { channels: ['STORE'], storeIds: [places['GRAN-VIA']] } });
    const price = async (storeId: string | undefined, line: object): Promise<number> =>
      (await tillSale({ storeId, lines: [{ sku: 'TIE', ...line }] })).order!.total.amount;
    await stock({ SOL: { TIE: 5 } });
    expect(await price(places['GRAN-VIA'], {})).toBe(2_700);
    expect(await price(places['SOL'], {})).toBe(3_000);
    expect(await price(places['GRAN-VIA'], { unitAmount: 2_900 })).toBe(2_900);
    expect((await checkout({ profileId: newId(), lines: [{ sku: 'TIE' }] })).order!.total.amount).toBe(3_000);
  });

  it('does not burn a voucher for nothing where a promotion allows no vouchers', async () => {
    await running({ ...tenOff, withVouchers: false });
    const refused = await checkout({
      profileId: newId(),
      lines: [{ sku: 'TIE' }],
      vouchers: [await voucher({ percent: 10 })],
    });
    expect(refused.errors).toMatchObject([{ code: 'VOUCHER_TAKES_NOTHING_OFF', path: ['input', 'vouchers', '0'] }]);
  });
});

describe('a quote', () => {
  const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { subtotal { amount } discount { amount } total { amount }
    lines { sku gross { amount } net { amount } unitPrice { amount } product { name } }
    promotions { promotion { name } amount { amount } more { amount { amount } } }
    missedPromotions { reason message } vouchers { code amount { amount } } } }`;

  it('says what a checkout would cost and why, and orders nothing', async () => {
    await running({
      name: 'More for more',
      benefit: {
        threshold: {
          steps: [
            { spend: 5_000, amount: 500 },
            { spend: 20_000, percent: 20 },
          ],
        },
      },
    });
    await running({ ...tenOff, name: 'App only', conditions: { channels: ['APP'] } });
    const lines = [{ sku: 'SHIRT', quantity: 2 }];
    const profileId = newId();
    const { quote } = await run<{ quote: { total: { amount: number } } }>(QUOTE, {
      input: { profileId, lines, vouchers: [await voucher({ amount: 1_000 })] },
    });
    expect(quote).toMatchObject({
      subtotal: { amount: 10_000 },
      discount: { amount: 1_500 },
      total: { amount: 8_500 },
      lines: [{ sku: 'SHIRT', unitPrice: { amount: 5_000 }, gross: { amount: 10_000 }, net: { amount: 8_500 } }],
      promotions: [{ promotion: { name: 'More for more' }, more: { amount: { amount: 10_000 } } }],
      missedPromotions: [{ reason: 'OTHER_CHANNEL', message: '"App only" is for another channel.' }],
      vouchers: [{ code: 'WELCOME', amount: { amount: 1_000 } }],
    });
    expect((await checkout({ profileId, lines, expectedTotal: 9_500 })).order!.total.amount).toBe(9_500);
  });

  it('asks for a store that is there', async () => {
    const input = { lines: [{ sku: 'SHIRT' }], storeId: newId() };
    await expect(run(QUOTE, { input })).rejects.toThrow('No open store');
  });

  it('lets a marketer try a draft, now or at another time, and nobody else', async () => {
    const { promotion } = await create({
      name: 'Suit',
      benefit: {
        bundle: { items: [{ scope: { skus: ['SHIRT'] } }, { scope: { categories: ['Ties'] } }], price: 7_000 },
      },
    });
    const input = { lines: [{ sku: 'SHIRT' }, { sku: 'TIE' }], tryPromotionIds: [promotion!.id] };
    const tried = await run<{ quote: unknown }>(QUOTE, { input }, inventory.as({ role: 'marketer' }));
    expect(tried.quote).toMatchObject({ total: { amount: 7_000 }, promotions: [{ promotion: { name: 'Suit' } }] });
    await expect(run(QUOTE, { input }, inventory.as({ role: 'customer', customerId: newId() }))).rejects.toThrow(
      'Only a marketer',
    );
    const other = { profileId: newId(), lines: input.lines };
    await expect(run(QUOTE, { input: other }, inventory.as({ role: 'customer', customerId: newId() }))).rejects.toThrow(
      'for herself only',
    );
  });
});
