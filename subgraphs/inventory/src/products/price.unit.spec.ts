import { priceFor, type Price } from './price.ts';

const price = (over: Partial<Price>): Price => ({
  channel: null,
  placeId: null,
  amount: 0,
  validFrom: new Date('2026-01-01'),
  validTo: new Date('2027-01-01'),
  ...over,
});
const where = { channel: 'app', placeId: 'gran-via', at: new Date('2026-06-01') };

describe('the price of a product', () => {
  it('is its own where nothing more specific is valid', () => {
    expect(priceFor(1_000, [], where)).toBe(1_000);
    expect(priceFor(1_000, [price({ amount: 1, channel: 'web' }), price({ amount: 2, placeId: 'other' })], where)).toBe(
      1_000,
    );
    expect(priceFor(1_000, [price({ amount: 1, validTo: where.at })], where)).toBe(1_000);
  });

  it('is the most specific: place and channel, place, channel', () => {
    const channel = price({ amount: 900, channel: 'app' });
    const place = price({ amount: 800, placeId: 'gran-via' });
    const both = price({ amount: 700, channel: 'app', placeId: 'gran-via' });
    expect(priceFor(1_000, [channel], where)).toBe(900);
    expect(priceFor(1_000, [channel, place], where)).toBe(800);
    expect(priceFor(1_000, [channel, both, place], where)).toBe(700);
  });

  it('is the one that began last among equals', () => {
    const old = price({ amount: 900, channel: 'app' });
    const sale = price({ amount: 500, channel: 'app', validFrom: new Date('2026-05-20') });
    expect(priceFor(1_000, [old, sale], where)).toBe(500);
  });
});
