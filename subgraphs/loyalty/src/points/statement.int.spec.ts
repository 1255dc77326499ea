import { newId } from '@trenza/events';
import { testSubgraph, type GraphAnswer } from '@trenza/testing';
import { loyalty as definition } from '../loyalty.ts';
import { expectSound, membership, run as runOn } from '../testing/loyalty-graph.ts';

const loyalty = testSubgraph(definition);
const service = loyalty.as({ role: 'service' });
afterEach(() => expectSound(loyalty));

const run = (name: string, input: Record<string, unknown>, fields: string): Promise<GraphAnswer['data']> =>
  runOn(loyalty, name, input, fields);
const give = (profileId: string, points: number, more = {}): Promise<unknown> =>
  run('earnPoints', { profileId, points, reason: 'welcome', ...more }, 'points');

describe('a statement', () => {
  it('lists every movement, the newest first, page by page, and adds up to the balance', async () => {
    const ana = newId();
    await give(ana, 100);
    loyalty.clock.advance({ minutes: 1 });
    await give(ana, 20, { pendingDays: 3 });
    loyalty.clock.advance({ minutes: 1 });
    await run('redeemPoints', { profileId: ana, points: 30 }, 'points');
    const page = async (after: string | null): Promise<GraphAnswer['data']> => {
      const { data, errors } = await service.graph(
        `query ($r: [_Any!]!, $after: String) { customers: _entities(representations: $r) { ... on Customer { loyalty { movements(first: 2, after: $after) {
           edges { node { kind points available pending held reason } } pageInfo { hasNextPage endCursor } } } } } }`,
        { r: [{ __typename: 'Customer', id: ana }], after },
      );
      expect(errors).toBeUndefined();
      return data.customers[0].loyalty.movements;
    };
    const first = await page(null);
    expect(first.edges.map((edge: { node: unknown }) => edge.node)).toEqual([
      { kind: 'redeem', points: 30, available: -30, pending: 0, held: 0, reason: null },
      { kind: 'earn', points: 20, available: 0, pending: 20, held: 0, reason: 'welcome' },
    ]);
    const second = await page(first.pageInfo.endCursor);
    expect(second.edges).toMatchObject([{ node: { available: 100 } }]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it('puts the movements of all her profiles in one order', async () => {
    const [ana, app] = [newId(), newId()];
    await loyalty.receive(membership(loyalty, 50, 'merged', [ana, app]));
    for (const [profile, points] of [
      [ana, 1],
      [app, 2],
      [ana, 3],
      [app, 4],
    ] as const) {
      await give(profile, points);
      loyalty.clock.advance({ minutes: 1 });
    }
    const { data } = await service.graph(
      `query ($r: [_Any!]!) { customers: _entities(representations: $r) { ... on Customer { loyalty { movements(first: 3) {
         edges { node { points } } pageInfo { hasNextPage } } } } } }`,
      { r: [{ __typename: 'Customer', id: app }] },
    );
    expect(data.customers[0].loyalty.movements).toEqual({
      edges: [{ node: { points: 4 } }, { node: { points: 3 } }, { node: { points: 2 } }],
      pageInfo: { hasNextPage: true },
    });
  });

  it('says what the balance was at any instant', async () => {
    const ana = newId();
    await give(ana, 100);
    const then = loyalty.clock.now().toISOString();
    loyalty.clock.advance({ days: 1 });
    await run('adjustPoints', { profileId: ana, points: -60, reason: 'entered twice' }, 'balance');
    const { data } = await service.graph(
      `query ($r: [_Any!]!, $at: DateTime!) { customers: _entities(representations: $r) { ... on Customer { loyalty {
         balancesAt(at: $at) { available } balance { available lifetimeEarned expiring(withinDays: 365) value { amount } } } } } }`,
      { r: [{ __typename: 'Customer', id: ana }], at: then },
    );
    expect(data.customers[0].loyalty).toEqual({
      balancesAt: [{ available: 100 }],
      balance: { available: 40, lifetimeEarned: 100, expiring: 40, value: { amount: 40 } },
    });
  });
});

describe('the ledger', () => {
  it('can be neither changed nor deleted', async () => {
    await give(newId(), 1);
    await expect(loyalty.sql('update transfer set amount = amount + 1')).rejects.toThrow('append only');
    await expect(loyalty.sql('delete from transfer')).rejects.toThrow('append only');
    await expect(loyalty.sql('update lot_use set amount = 1')).rejects.toThrow('append only');
  });

  it('names the account that contradicts its transfers', async () => {
    const ana = newId();
    await give(ana, 10);
    await loyalty.sql(`update account set balance = 11 where owner_id = $1 and kind = 'customer.available'`, [ana]);
    const { data } = await loyalty.graph(
      '{ ledgerIntegrity { sound broken { ownerId account balance transfers lots } } }',
    );
    expect(data.ledgerIntegrity).toEqual({
      sound: false,
      broken: [{ ownerId: ana, account: 'customer.available', balance: 11, transfers: 10, lots: 10 }],
    });
    await loyalty.sql(`update account set balance = 10 where owner_id = $1 and kind = 'customer.available'`, [ana]);
  });
});
