import fc from 'fast-check';
import { joinLines, leadingCart, type StoredLine } from './cart.ts';

const line = (cartId: string, productId: string, quantity: number, minute: number): StoredLine => ({
  cartId,
  productId,
  quantity,
  channel: 'web',
  touchedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)),
});

describe('the cart of a customer', () => {
  it('holds the lines of all her profiles', () => {
    expect(joinLines([line('guest', 'a', 1, 1), line('member', 'b', 2, 2)]).map((l) => l.productId)).toEqual([
      'a',
      'b',
    ]);
  });

  it('counts the line touched last where two carts hold the same product', () => {
    expect(joinLines([line('guest', 'a', 3, 5), line('member', 'a', 1, 2)])).toMatchObject([
      { quantity: 3, cartId: 'guest' },
    ]);
  });

  it('keeps out what she took out last, though another cart still holds it', () => {
    expect(joinLines([line('guest', 'a', 3, 5), line('member', 'a', 0, 6)])).toEqual([]);
  });

  it('is the same in whatever order the carts are read', () => {
    const lines = fc.array(
      fc.record({
        cartId: fc.constantFrom('x', 'y', 'z'),
        productId: fc.constantFrom('a', 'b', 'c'),
        quantity: fc.nat(5),
        minute: fc.nat(3),
      }),
    );
    fc.assert(
      fc.property(lines, (raw) => {
        const unique = new Map(
          raw.map((r) => [`${r.cartId}/${r.productId}`, line(r.cartId, r.productId, r.quantity, r.minute)]),
        );
        const stored = [...unique.values()];
        expect(joinLines(stored.toReversed())).toEqual(joinLines(stored));
      }),
    );
  });

  it('is known by the cart begun first', () => {
    const carts = [
      { id: 'b', begunAt: new Date(2) },
      { id: 'a', begunAt: new Date(1) },
    ];
    expect(leadingCart(carts)?.id).toBe('a');
    expect(leadingCart([])).toBeUndefined();
  });
});
