import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { inventory as definition } from '../inventory.ts';
import { shop } from '../testing/shop.ts';
import { ABANDONED_AFTER_MINUTES } from './announce-abandoned.ts';

const inventory = testSubgraph(definition);
const { stores, products, stock, add, checkout, run } = shop(inventory);

beforeAll(async () => {
  await stores({ code: 'A' }, { code: 'W', kind: 'WAREHOUSE' });
  await products('X', 'Y', 'Z', { sku: 'US', amount: 100, price: { amount: 100, currency: 'USD' } });
  await stock({ W: { X: 100, Y: 100, Z: 100 }, A: { Z: 2 } });
});

let version = 0;
const link = (cause: 'linked' | 'unmerged', ...customers: string[][]): Promise<void> =>
  inventory.receive(
    event('identity.customer.membership-changed.v1', {
      occurredAt: inventory.clock.now(),
      data: {
        version: ++version,
        cause,
        customers: customers.map((profileIds) => ({ customerId: profileIds.toSorted()[0]!, profileIds })),
      },
    }),
  );

type Found = {
  carts: {
    openCart: {
      id: string;
      items: number;
      total: { amount: number };
      lines: { quantity: number; product: { sku: string } }[];
    } | null;
  }[];
};
const cartsOf = async (...ids: string[]): Promise<Record<string, number>[]> => {
  const { carts } = await run<Found>(
    `query ($r: [_Any!]!) { carts: _entities(representations: $r) { ... on Customer { openCart { id items total { amount } lines { quantity product { sku } } } } } }`,
    { r: ids.map((id) => ({ __typename: 'Customer', id })) },
  );
  return carts.map((c) => Object.fromEntries((c.openCart?.lines ?? []).map((l) => [l.product.sku, l.quantity])));
};
const set = (
  profileId: string,
  sku: string,
  quantity: number,
): Promise<{ changeCartLine: { errors: { code: string }[]; cart: unknown } }> =>
  run('mutation ($input: ChangeCartLineInput!) { changeCartLine(input: $input) { cart { items } errors { code } } }', {
    input: { idempotencyKey: newId(), profileId, sku, quantity },
  });
const tick = (): void => inventory.clock.advance({ seconds: 1 });

describe('one cart', () => {
  it('is the guest’s and the member’s together after sign-in; of a product in both, the line touched last counts', async () => {
    const [member, guest] = [newId(), newId()];
    await add(member, 'X', 5);
    await add(member, 'Y', 1);
    tick();
    await add(guest, 'X', 2);
    await link('linked', [member, guest]);
    expect(await cartsOf(member, guest)).toEqual([
      { X: 2, Y: 1 },
      { X: 2, Y: 1 },
    ]);
    const joined = (await inventory.published('inventory.cart.changed.v1')).filter((e) => e.data.action === 'joined');
    expect(joined.at(-1)!.data).toMatchObject({ items: 3, total: { amount: 3_000 } });
  });

  it('gives each her own back when the link is undone', async () => {
    const [member, guest] = [newId(), newId()];
    await add(member, 'X', 1);
    tick();
    await add(guest, 'X', 4);
    await add(guest, 'Z', 1);
    await link('linked', [member, guest]);
    await link('unmerged', [member], [guest]);
    expect(await cartsOf(member, guest)).toEqual([{ X: 1 }, { X: 4, Z: 1 }]);
  });

  it('keeps out what was taken out in any channel, and adds to what is there', async () => {
    const [member, guest] = [newId(), newId()];
    await add(guest, 'X', 3);
    await add(guest, 'Y', 1);
    await link('linked', [member, guest]);
    await set(member, 'X', 0);
    await add(member, 'Y', 2, 'APP');
    expect(await cartsOf(guest)).toEqual([{ Y: 3 }]);
  });

  it('is empty after it was checked out, from whichever profile', async () => {
    const [member, guest] = [newId(), newId()];
    await add(guest, 'X', 1);
    await link('linked', [member, guest]);
    const { order, errors } = await checkout({ profileId: member });
    expect(errors).toEqual([]);
    expect(order!.lines).toMatchObject([{ sku: 'X', quantity: 1 }]);
    expect(await cartsOf(member, guest)).toEqual([{}, {}]);
    expect((await checkout({ profileId: member })).errors).toMatchObject([{ code: 'CART_EMPTY' }]);
  });

  it('counts every one of many additions at once', async () => {
    const profileId = newId();
    await Promise.all(Array.from({ length: 20 }, () => add(profileId, 'X', 1)));
    expect(await cartsOf(profileId)).toEqual([{ X: 20 }]);
  });

  it('refuses what is not sold, another currency, and too many, and says so', async () => {
    const profileId = newId();
    await add(profileId, 'X', 1);
    await expect(add(profileId, 'NOPE')).rejects.toThrow('UNKNOWN_SKU');
    await expect(add(profileId, 'US')).rejects.toThrow('CURRENCY_MISMATCH');
    await expect(add(profileId, 'X', 999)).rejects.toThrow('QUANTITY_TOO_LARGE');
    await expect(add(profileId, 'X', -1)).rejects.toThrow('INVALID_QUANTITY');
    expect(await cartsOf(profileId)).toEqual([{ X: 1 }]);
  });

  it('belongs to the customer who asks: she changes no other’s', async () => {
    const [she, other] = [newId(), newId()];
    const herself = inventory.as({ role: 'customer', customerId: she });
    const document =
      'mutation ($input: AddToCartInput!) { addToCart(input: $input) { cart { channel items } errors { code } } }';
    const input = { idempotencyKey: newId(), sku: 'X', channel: 'APP' };
    expect(await run(document, { input }, herself)).toMatchObject({
      addToCart: { cart: { channel: 'APP', items: 1 }, errors: [] },
    });
    await expect(run(document, { input: { ...input, profileId: other } }, herself)).rejects.toThrow('herself only');
    const { addToCart } = await run<{ addToCart: unknown }>(document, { input: { ...input, idempotencyKey: newId() } });
    expect(addToCart).toMatchObject({ errors: [{ code: 'PROFILE_REQUIRED' }] });
  });

  it('shows for each line the stores near her that have as many', async () => {
    const profileId = newId();
    await add(profileId, 'Z', 2);
    const ask = async (): Promise<unknown> =>
      (
        await run<{ found: unknown[] }>(
          `query ($r: [_Any!]!) { found: _entities(representations: $r) { ... on Customer { openCart { lines { availableNear(latitude: 40.42, longitude: -3.7) { store { code } available distanceKm openNow } } } } } }`,
          { r: [{ __typename: 'Customer', id: profileId }] },
        )
      ).found[0];
    expect(await ask()).toEqual({
      openCart: { lines: [{ availableNear: [{ store: { code: 'A' }, available: 2, distanceKm: 0, openNow: true }] }] },
    });
    await set(profileId, 'Z', 3);
    expect(await ask()).toEqual({ openCart: { lines: [{ availableNear: [] }] } });
  });
});

describe('an abandoned cart', () => {
  const abandoned = async (profileId: string): Promise<number> =>
    (await inventory.published('inventory.cart.abandoned.v1')).filter((e) => e.profileId === profileId).length;
  const leave = async (): Promise<void> => {
    inventory.clock.advance({ minutes: ABANDONED_AFTER_MINUTES, seconds: 1 });
    await inventory.runJob('tidy');
  };

  it('is announced once, and again when she came back and left again', async () => {
    const profileId = newId();
    await add(profileId, 'X', 2);
    await inventory.runJob('tidy');
    expect(await abandoned(profileId)).toBe(0);
    await leave();
    await leave();
    expect(await abandoned(profileId)).toBe(1);
    await add(profileId, 'Y', 1);
    await leave();
    expect(await abandoned(profileId)).toBe(2);
    const [, last] = (await inventory.published('inventory.cart.abandoned.v1')).filter(
      (e) => e.profileId === profileId,
    );
    expect(last!.data).toMatchObject({
      lines: [
        { sku: 'X', quantity: 2 },
        { sku: 'Y', quantity: 1 },
      ],
      total: { amount: 3_000 },
    });
  });

  it('is none while she is busy with it in another channel, and none without lines', async () => {
    const [member, guest, empty] = [newId(), newId(), newId()];
    await add(guest, 'X', 1);
    await add(empty, 'X', 1);
    await set(empty, 'X', 0);
    await link('linked', [member, guest]);
    inventory.clock.advance({ minutes: ABANDONED_AFTER_MINUTES - 1 });
    await add(member, 'Y', 1);
    inventory.clock.advance({ minutes: 2 });
    await inventory.runJob('tidy');
    expect([await abandoned(member), await abandoned(guest), await abandoned(empty)]).toEqual([0, 0, 0]);
  });
});
