import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { promotedShop, tenOff, threeForTwo } from '../testing/promoted-shop.ts';

const inventory = testSubgraph(definition);
const { checkout, run, create, change, act, running, places } = promotedShop(inventory);

describe('a promotion', () => {
  it('is a draft that takes nothing off until it is released, rests while it is paused, and ends for good', async () => {
    const { promotion } = await create(tenOff);
    expect(promotion).toMatchObject({ status: 'DRAFT' });
    const price = async (): Promise<number> =>
      (await checkout({ profileId: newId(), lines: [{ sku: 'SHIRT' }] })).order!.total.amount;
    expect(await price()).toBe(5_000);
    expect(await act('release', promotion!.id)).toMatchObject({ promotion: { status: 'ACTIVE' } });
    expect(await price()).toBe(4_500);
    expect(await act('pause', promotion!.id, 'wrong price')).toMatchObject({ promotion: { status: 'PAUSED' } });
    expect(await price()).toBe(5_000);
    await act('resume', promotion!.id);
    expect(await price()).toBe(4_500);
    expect(await act('end', promotion!.id)).toMatchObject({ promotion: { status: 'ENDED' } });
    expect(await price()).toBe(5_000);
    expect((await act('resume', promotion!.id)).errors).toMatchObject([{ code: 'CANNOT_CHANGE_STATUS' }]);
  });

  it('remembers who did what, when and why, and tells the others', async () => {
    const id = await running(tenOff);
    await act('pause', id, 'wrong price');
    await act('pause', id, 'again');
    const { promotion } = await run<{ promotion: { history: unknown[] } }>(
      'query ($id: ID!) { promotion(id: $id) { history { action actor reason changedAt } } }',
      { id },
      inventory.as({ role: 'analyst' }),
    );
    expect(promotion.history).toMatchObject([
      { action: 'create', actor: 'marta', reason: null },
      { action: 'release', actor: 'marta' },
      { action: 'pause', actor: 'marta', reason: 'wrong price' },
    ]);
    const events = (await inventory.published('inventory.promotion.changed.v1')).filter(
      (e) => e.data.promotionId === id,
    );
    expect(events.map((e) => e.data.state)).toEqual(['draft', 'released', 'paused']);
  });

  it('begins and ends by the calendar, without a job', async () => {
    const now = inventory.clock.now().getTime();
    const validFrom = new Date(now + 3_600_000);
    const id = await running({ ...tenOff, validFrom, validTo: new Date(now + 7_200_000) });
    const status = async (): Promise<string> =>
      (
        await run<{ promotions: { edges: { node: { id: string; status: string } }[] } }>(
          'query ($s: [PromotionStatus!]) { promotions(statuses: $s, first: 100) { edges { node { id status } } } }',
          { s: ['SCHEDULED', 'ACTIVE', 'ENDED'] },
        )
      ).promotions.edges.find((e) => e.node.id === id)!.node.status;
    const price = async (): Promise<number> =>
      (await checkout({ profileId: newId(), lines: [{ sku: 'SHIRT' }] })).order!.total.amount;
    expect([await status(), await price()]).toEqual(['SCHEDULED', 5_000]);
    inventory.clock.advance({ minutes: 60 });
    expect([await status(), await price()]).toEqual(['ACTIVE', 4_500]);
    inventory.clock.advance({ minutes: 60 });
    expect([await status(), await price()]).toEqual(['ENDED', 5_000]);
  });

  it('keeps what customers were told once it was released: name, end and the height of limits may change', async () => {
    const { promotion } = await create({ ...threeForTwo, totalLimit: 5 });
    expect((await change(promotion!.id, { benefit: { multiBuy: { buy: 3 } } })).errors).toEqual([]);
    await act('release', promotion!.id);
    const refused = async (input: object): Promise<string[] | null> => {
      const { errors } = await change(promotion!.id, { ...input });
      expect(errors).toMatchObject([{ code: 'PROMOTION_RELEASED' }]);
      return errors[0]!.path;
    };
    expect(await refused({ benefit: { percentOff: { percent: 5 } } })).toEqual(['input', 'benefit']);
    expect(await refused({ scope: {} })).toEqual(['input', 'scope']);
    expect(await refused({ totalLimit: null })).toEqual(['input', 'totalLimit']);
    expect(await refused({ customerLimit: 1 })).toEqual(['input', 'customerLimit']);
    expect(await refused({ validFrom: new Date() })).toEqual(['input', 'validFrom']);
    const changed = await change(promotion!.id, { name: '4 for 3', totalLimit: 9 });
    expect(changed).toMatchObject({ errors: [], promotion: { name: '4 for 3' } });
  });

  it('is refused with the field that is wrong, and is not released where it names what nobody knows', async () => {
    const path = async (input: object): Promise<string | undefined> =>
      (await create({ ...tenOff, ...input })).errors[0]?.path?.join('.');
    expect(await path({ benefit: { percentOff: { percent: 101 } } })).toBe('input.benefit.percentOff.percent');
    expect(await path({ benefit: { percentOff: { percent: 0.001 } } })).toBe('input.benefit.percentOff.percent');
    expect(await path({ benefit: { percentOff: { percent: 1e-30 } } })).toBe('input.benefit.percentOff.percent');
    expect(await path({ conditions: { storeIds: ['x'] } })).toBe('input.conditions.storeIds');
    expect(await path({ benefit: {} })).toBe('input.benefit');
    expect(await path({ benefit: { percentOff: { percent: 5 }, multiBuy: { buy: 2 } } })).toBe('input.benefit');
    expect(await path({ benefit: { bundle: { items: [], price: 1 } } })).toBe('input.benefit.bundle.items');
    expect(await path({ benefit: { threshold: { steps: [{ spend: 5 }] } } })).toBe('input.benefit.threshold.steps.0');
    expect(await path({ name: ' ' })).toBe('input.name');
    expect(await path({ currency: 'euro' })).toBe('input.currency');
    expect(await path({ customerLimit: 0 })).toBe('input.customerLimit');
    expect(await path({ maxSets: 2 })).toBe('input.maxSets');
    expect(await path({ validFrom: '2026-01-02T00:00:00Z', validTo: '2026-01-01T00:00:00Z' })).toBe('input.validTo');
    const typo = await create({ ...tenOff, scope: { categories: ['Sokcs'] } });
    const { errors } = await act('release', typo.promotion!.id);
    expect(errors).toMatchObject([{ code: 'UNKNOWN_IN_SCOPE' }]);
    expect(errors[0]!.message).toContain('"Sokcs"');
  });

  it('is made by marketers and admins only; what runs is for everybody to see, its figures are not', async () => {
    const id = await running({ ...threeForTwo });
    const asked = await inventory
      .as({ role: 'associate', stores: [places['SOL']!] })
      .graph(`mutation { endPromotion(input: { promotionId: "${id}" }) { errors { code } } }`);
    expect(asked.errors?.[0]?.message).toContain('may not ask');
    const shopper = inventory.as({ role: 'customer', customerId: newId() });
    const seen = await run<{ product: { promotions: { name: string; benefit: unknown }[] } }>(
      '{ product(sku: "SOCK-1") { promotions { name benefit { multiBuy { buy get percent } percentOff { percent } } } } }',
      {},
      shopper,
    );
    expect(seen.product.promotions).toEqual([
      { name: '3 for 2 on socks', benefit: { multiBuy: { buy: 2, get: 1, percent: 100 }, percentOff: null } },
    ]);
    const figures = await shopper.graph('{ currentPromotions { name performance { orders } } }');
    expect(figures.errors?.[0]?.message).toContain('may not ask');
  });
});
