import { inTransaction, sql } from '@trenza/database';
import { event, newId, type AnyEvent, type EventType } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';

const campaign = testSubgraph(definition);
const NOW = '2026-03-02T10:00:00Z';
beforeEach(() => campaign.clock.set(NOW));

const looked = (profileId: string, productId: string, occurredAt: string) =>
  event('identity.event.tracked.v1', {
    profileId,
    occurredAt,
    data: { eventId: newId(), kind: 'product_viewed', channel: 'web', productId },
  });

const put = (profileId: string, productId: string, action: 'line-added' | 'line-removed') =>
  event('inventory.cart.changed.v1', {
    profileId,
    occurredAt: NOW,
    data: {
      cartId: newId(),
      channel: 'web',
      action,
      productId,
      items: 1,
      total: { amount: 1_000, currency: 'EUR' },
    },
  });

const bought = (profileId: string, productId: string) =>
  event('inventory.order.completed.v1', {
    profileId,
    occurredAt: NOW,
    data: {
      orderId: newId(),
      number: newId(),
      channel: 'web',
      total: { amount: 1_000, currency: 'EUR' },
      netAmount: 1_000,
      lines: [{ lineId: newId(), sku: 's', productId, category: 'Shoes', quantity: 1, netAmount: 1_000 }],
    },
  });

const product = (productId: string) =>
  event('inventory.product.changed.v1', {
    occurredAt: NOW,
    data: { productId, sku: productId, name: 'Boot', category: 'Boots', price: { amount: 1_000, currency: 'EUR' } },
  });

/** As a rebuild does: empty the tables, then let the handlers of the projection take the events of each type. */
async function buildAnew(events: readonly AnyEvent[]): Promise<void> {
  const [projection] = definition.projections!;
  await inTransaction(campaign.database, async (tx) => {
    for (const table of projection!.tables) await sql(tx, `delete from ${table}`);
    for (const [type, handle] of Object.entries(projection!.consumers)) {
      const ofType = events.filter((one) => one.type === (type as EventType));
      if (ofType.length > 0) await handle(tx, ofType as never, campaign.deps);
    }
  });
}

const intents = () => campaign.sql<{ topic: string; strength: number }>('select * from intent order by 1, 2, 3');
const signals = () => campaign.sql('select * from intent_signal order by 1, 2, 3');
/** The last digits of a sum depend on the order of what is added. */
const rounded = (rows: { strength: number }[]) => rows.map((row) => ({ ...row, strength: row.strength.toFixed(9) }));

describe('the intents as a projection', () => {
  it('are after a rebuild what they were, whatever else is known', async () => {
    const [ana, eva, boot] = [newId(), newId(), newId()];
    const heard = [
      looked(ana, boot, '2026-02-01T10:00:00Z'),
      looked(ana, boot, '2026-03-01T10:00:00Z'),
      looked(eva, boot, '2026-03-02T09:00:00Z'),
      put(ana, boot, 'line-added'),
      put(eva, boot, 'line-added'),
      put(eva, boot, 'line-removed'),
      bought(ana, boot),
    ];
    await campaign.receive(product(boot), ...heard);
    const before = { intents: rounded(await intents()), signals: await signals() };
    expect(before.intents.length).toBeGreaterThan(4);
    const facts = await campaign.sql('select * from purchase order by 1, 2');
    await buildAnew(heard);
    expect({ intents: rounded(await intents()), signals: await signals() }).toEqual(before);
    expect(await campaign.sql('select * from purchase order by 1, 2')).toEqual(facts);
  });

  it('know after a rebuild the category of a product that inventory told of late', async () => {
    const [ana, boot] = [newId(), newId()];
    const heard = [looked(ana, boot, NOW)];
    await campaign.receive(...heard);
    await campaign.receive(product(boot));
    const topics = async () =>
      (await campaign.sql<{ topic: string }>('select topic from intent where profile_id = $1', [ana])).map(
        ({ topic }) => topic,
      );
    expect(await topics()).not.toContain('category:Boots');
    await buildAnew(heard);
    expect(await topics()).toContain('category:Boots');
  });

  it('stay without those who were erased, though the stream still has what they did', async () => {
    const [gone, boot] = [newId(), newId()];
    const heard = [looked(gone, boot, NOW), bought(gone, boot)];
    await campaign.receive(...heard);
    await campaign.receive(
      event('identity.customer.erasure-requested.v1', {
        profileId: gone,
        occurredAt: NOW,
        data: { requestId: newId(), profileIds: [gone], requestedAt: NOW },
      }),
    );
    await buildAnew(heard);
    expect(await campaign.sql('select * from intent where profile_id = $1', [gone])).toEqual([]);
  });

  it('can be asked for by an admin', async () => {
    const { data } = await campaign.graph(
      'mutation { rebuildCampaignProjection(projection: "intents") { rebuild { projection finishedAt } errors { code } } }',
    );
    expect(data.rebuildCampaignProjection).toEqual({
      rebuild: { projection: 'intents', finishedAt: null },
      errors: [],
    });
  });
});
