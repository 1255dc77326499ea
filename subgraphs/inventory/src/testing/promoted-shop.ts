import type { TestSubgraph } from '@trenza/testing';
import { promoter, type Promoter } from './promoter.ts';
import { shop, type Shop } from './shop.ts';

const socks = { scope: { categories: ['Socks'] } };
export const threeForTwo = { name: '3 for 2 on socks', benefit: { multiBuy: { buy: 2 } }, ...socks };
export const tenOff = { name: '10 % off', benefit: { percentOff: { percent: 10 } } };

const MISCOUNTED = `
  select t.promotion_id from promotion_tally t join promotion p on p.id = t.promotion_id
   where p.total_limit is not null and t.used <> (select count(*) from promotion_use u where u.promotion_id = t.promotion_id)`;

/** A shop with socks, shirts and ties in two places, whose figures and counts are right after each test. Each test has promotions of its own. */
export function promotedShop(inventory: TestSubgraph): Shop & Promoter & { places: Record<string, string> } {
  const driven = shop(inventory);
  const places: Record<string, string> = {};
  beforeAll(async () => {
    Object.assign(places, await driven.stores({ code: 'GRAN-VIA' }, { code: 'SOL' }));
    await driven.products(
      { sku: 'SOCK-1', amount: 1_000, category: 'Socks > Wool', brand: 'Lana', model: 'SOCK' },
      { sku: 'SOCK-2', amount: 800, category: 'Socks > Cotton', brand: 'Lana', model: 'SOCK' },
      { sku: 'SHIRT', amount: 5_000, category: 'Shirts' },
      { sku: 'TIE', amount: 3_000, category: 'Ties' },
    );
    await driven.stock({ 'GRAN-VIA': { 'SOCK-1': 500, 'SOCK-2': 500, SHIRT: 500, TIE: 500 } });
  });
  afterEach(async () => {
    await inventory.sql(`update promotion set state = 'ended'`);
    expect(await driven.wrongFigures()).toEqual([]);
    expect(await inventory.sql(MISCOUNTED)).toEqual([]);
  });
  return { ...driven, ...promoter(inventory), places };
}
