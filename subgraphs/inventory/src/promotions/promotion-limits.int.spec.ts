import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { PAYMENT_MINUTES } from '../orders/place-order.ts';
import { promotedShop, tenOff } from '../testing/promoted-shop.ts';

const inventory = testSubgraph(definition);
const { checkout, tillSale, run, running, places } = promotedShop(inventory);

describe('a limit', () => {
  it('per customer holds over all her profiles and when she orders twice at once', async () => {
    await running({ ...tenOff, customerLimit: 1 });
    const [guest, member] = [newId(), newId()];
    await inventory.sql(
      'insert into customer_profile (profile_id, customer_id, version) values ($1, $1, 1), ($2, $1, 1)',
      [guest, member],
    );
    const buy = (profileId: string): ReturnType<typeof checkout> =>
      checkout({ profileId, lines: [{ sku: 'SHIRT' }], expectedTotal: 4_500 });
    const both = await Promise.all([buy(guest), buy(member)]);
    expect(both.filter((b) => b.order)).toHaveLength(1);
    expect(both.flatMap((b) => b.errors)).toMatchObject([
      { code: expect.stringMatching(/PROMOTION_USED_UP|TOTAL_CHANGED/) as string },
    ]);
    const again = await checkout({ profileId: member, lines: [{ sku: 'SHIRT' }] });
    expect(again.order!.total.amount).toBe(5_000);
    expect((await checkout({ profileId: newId(), lines: [{ sku: 'SHIRT' }] })).order!.total.amount).toBe(4_500);
    const nobody = await tillSale({ storeId: places['GRAN-VIA'], lines: [{ sku: 'SHIRT' }] });
    expect(nobody.order!.total.amount).toBe(5_000);
  });

  it('in all is never overshot: 40 buyers at once of a promotion for 7 get exactly 7', async () => {
    const LIMIT = 7;
    const id = await running({ ...tenOff, totalLimit: LIMIT });
    const buyers = Array.from({ length: 40 }, (_, i) => {
      const line = { sku: i % 2 ? 'SHIRT' : 'TIE' };
      return i % 4 === 0
        ? tillSale({ storeId: places['GRAN-VIA'], lines: [line] })
        : checkout({ profileId: newId(), lines: [line] });
    });
    const answers = await Promise.all(buyers);
    const codes = answers.flatMap((a) => a.errors.map((e) => e.code));
    expect(codes.filter((code) => code !== 'PROMOTION_USED_UP')).toEqual([]);
    const discounted = answers.filter((a) => a.order && a.order.discount.amount > 0);
    expect(discounted).toHaveLength(LIMIT);
    const [tally] = await inventory.sql('select used from promotion_tally where promotion_id = $1', [id]);
    expect(tally).toEqual({ used: LIMIT });
    const { promotion } = await run<{ promotion: { performance: unknown } }>(
      'query ($id: ID!) { promotion(id: $id) { performance { orders discount { amount } sales { amount } } } }',
      { id },
      inventory.as({ role: 'marketer' }),
    );
    const sum = (field: 'discount' | 'total'): number => discounted.reduce((s, a) => s + a.order![field].amount, 0);
    expect(promotion.performance).toEqual({
      orders: LIMIT,
      discount: { amount: sum('discount') },
      sales: { amount: sum('total') },
    });
  });

  it('is free again when the order is cancelled', async () => {
    await running({ ...tenOff, totalLimit: 1, customerLimit: 1 });
    const profileId = newId();
    const { order } = await checkout({ profileId, lines: [{ sku: 'TIE' }] });
    expect(order!.total.amount).toBe(2_700);
    expect((await checkout({ profileId, lines: [{ sku: 'TIE' }] })).order!.total.amount).toBe(3_000);
    const cancel = { idempotencyKey: newId(), orderId: order!.id, reason: 'changed her mind' };
    await run('mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { errors { code } } }', {
      input: cancel,
    });
    expect((await checkout({ profileId, lines: [{ sku: 'TIE' }] })).order!.total.amount).toBe(2_700);
  });

  it('is free again when the order was not paid in time', async () => {
    await running({ ...tenOff, totalLimit: 1 });
    const lines = [{ sku: 'TIE' }];
    const waiting = await checkout({ profileId: newId(), lines, paymentToken: null });
    expect(waiting.order!.total.amount).toBe(2_700);
    expect((await checkout({ profileId: newId(), lines })).order!.total.amount).toBe(3_000);
    inventory.clock.advance({ minutes: PAYMENT_MINUTES, seconds: 1 });
    await inventory.runJob('tidy');
    expect((await checkout({ profileId: newId(), lines })).order!.total.amount).toBe(2_700);
  });
});
