import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';

const campaign = testSubgraph(definition);
beforeAll(() => campaign.clock.set('2026-03-31T00:00:00Z'));

const visit = (
  profileId: string,
  at: string,
  channel: 'web' | 'store' | 'email' | 'app',
  properties: Record<string, unknown> = {},
) =>
  event('identity.event.tracked.v1', {
    profileId,
    occurredAt: at,
    data: { eventId: newId(), kind: 'page_view', channel, properties },
  });
const order = (profileId: string, at: string, netAmount: number, channel: 'web' | 'store' = 'store') =>
  event('inventory.order.completed.v1', {
    profileId,
    occurredAt: at,
    data: {
      orderId: newId(),
      number: '1',
      channel,
      total: { amount: netAmount, currency: 'EUR' },
      netAmount,
      lines: [{ lineId: newId(), sku: 's', quantity: 1, netAmount }],
    },
  });
const attribute = async (model: string, over: object = {}, as = campaign.as({ role: 'analyst' })) =>
  as.graph(
    `query ($i: AttributionInput!) { attribution(input: $i) { conversions value withoutConversion channels { channel conversions value share } } }`,
    { i: { model, from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z', ...over } },
  );

describe('attribution over the graph', () => {
  it('goes over the whole path, the anonymous part included, online and offline, from one sale to the next', async () => {
    const [anonymous, known, idle] = [newId(), newId(), newId()].sort() as [string, string, string];
    await campaign.receive(
      // Before she signed in: she came by a newsletter, forty pages in one visit.
      ...Array.from({ length: 40 }, (_, i) =>
        visit(anonymous, `2026-03-02T10:${String(i % 20).padStart(2, '0')}:00Z`, 'web', { utm_medium: 'Newsletter' }),
      ),
      visit(known, '2026-03-05T10:00:00Z', 'app'),
      visit(known, '2026-03-06T10:00:00Z', 'store'),
      order(known, '2026-03-06T10:20:00Z', 8_000),
      visit(known, '2026-03-10T10:00:00Z', 'app'),
      order(known, '2026-03-10T11:00:00Z', 2_000, 'web'),
      visit(idle, '2026-03-12T10:00:00Z', 'app'),
      event('identity.customer.membership-changed.v1', {
        occurredAt: '2026-03-05T10:00:00Z',
        data: { version: 1, cause: 'linked', customers: [{ customerId: anonymous, profileIds: [anonymous, known] }] },
      }),
    );
    const channels = async (model: string) =>
      (await attribute(model)).data.attribution.channels.map(
        (c: { channel: string; conversions: number; value: number }) => [c.channel, c.conversions, c.value],
      );
    expect(await channels('FIRST')).toEqual([
      ['app', 1, 2_000],
      ['newsletter', 1, 8_000],
      ['store', 0, 0],
    ]);
    expect(await channels('LAST')).toEqual([
      ['app', 1, 2_000],
      ['store', 1, 8_000],
      ['newsletter', 0, 0],
    ]);
    expect((await channels('LINEAR')).map(([name, n]: [string, number]) => [name, Number(n.toFixed(3))])).toEqual([
      ['app', 1.333],
      ['newsletter', 0.333],
      ['store', 0.333],
    ]);
    const { data } = await attribute('MARKOV');
    expect(data.attribution).toMatchObject({ conversions: 2, value: 10_000, withoutConversion: 1 });
    expect(
      data.attribution.channels.reduce((sum: number, c: { conversions: number }) => sum + c.conversions, 0),
    ).toBeCloseTo(2);
  });

  it('counts a sale without any contact for the channel it was made in', async () => {
    await campaign.receive(order(newId(), '2026-01-06T10:00:00Z', 500));
    const { data } = await attribute('LAST', { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' });
    expect(data.attribution.channels).toEqual([{ channel: 'store', conversions: 1, value: 500, share: 1 }]);
  });

  it('refuses an impossible period, and those who are not to know', async () => {
    expect((await attribute('LAST', { to: '2026-02-01T00:00:00Z' })).errors?.[0]?.extensions?.['code']).toBe(
      'INVALID_PERIOD',
    );
    expect((await attribute('LAST', { lookbackDays: 0 })).errors?.[0]?.extensions?.['code']).toBe('INVALID_LOOKBACK');
    expect(
      (await attribute('LAST', {}, campaign.as({ role: 'customer', customerId: newId() }))).errors?.[0]?.extensions?.[
        'code'
      ],
    ).toBe('FORBIDDEN');
  });
});
