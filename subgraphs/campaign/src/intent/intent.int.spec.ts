import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields } from '../customers/customer.fixture.ts';

const campaign = testSubgraph(definition);

const intentsOf = (id: string) =>
  customerFields(
    campaign,
    id,
    `intents(first: 5) { kind topic label strength product { id } }
     intentSpikes { topic signals ownBaseline peerBaseline evidence { eventId } }`,
  );

const viewed = (profileId: string, productId: string, at: string | Date, over: object = {}) =>
  event('identity.event.tracked.v1', {
    profileId,
    occurredAt: at,
    data: { eventId: newId(), kind: 'product_viewed', channel: 'web', productId, category: 'Shoes', ...over },
  });

describe('intents', () => {
  it('grow with what she does and halve with time', async () => {
    const [profile, product] = [newId(), newId()];
    campaign.clock.set('2026-03-02T10:00:00Z');
    await campaign.receive(
      viewed(profile, product, '2026-03-02T10:00:00Z'),
      viewed(profile, product, '2026-03-02T10:00:00Z'),
    );
    expect((await intentsOf(profile)).intents).toEqual([
      expect.objectContaining({ topic: `product:${product}`, strength: 2, product: { id: product } }),
      expect.objectContaining({ topic: 'category:Shoes', label: 'Shoes', strength: 1 }),
    ]);
    campaign.clock.advance({ days: 3 });
    expect((await intentsOf(profile)).intents[0].strength).toBeCloseTo(1);
  });

  it('come to the same strength when an older event arrives late, and count an event once however often it comes', async () => {
    const [a, b, product] = [newId(), newId(), newId()];
    campaign.clock.set('2026-03-10T00:00:00Z');
    const early = '2026-03-01T00:00:00Z';
    const late = '2026-03-09T00:00:00Z';
    await campaign.receive(viewed(a, product, early));
    await campaign.receive(viewed(a, product, late));
    const second = viewed(b, product, late);
    await campaign.receive(second);
    await campaign.receive(viewed(b, product, early), second);
    const [first, other] = [await intentsOf(a), await intentsOf(b)];
    expect(other.intents[0].strength).toBeCloseTo(first.intents[0].strength, 10);
  });

  it('survive any distance in time', async () => {
    const [profile, product] = [newId(), newId()];
    await campaign.receive(viewed(profile, product, '1990-01-01T00:00:00Z'));
    await campaign.receive(viewed(profile, product, '2026-03-09T00:00:00Z'));
    campaign.clock.set('2026-03-09T00:00:00Z');
    expect((await intentsOf(profile)).intents[0].strength).toBeCloseTo(1);
  });

  it('of an anonymous visit are hers after sign-in, and both her own again after an unmerge', async () => {
    const [anonymous, known, product] = [newId(), newId(), newId()].sort() as [string, string, string];
    campaign.clock.set('2026-03-02T10:00:00Z');
    await campaign.receive(
      viewed(anonymous, product, '2026-03-02T10:00:00Z'),
      viewed(known, product, '2026-03-02T10:00:00Z'),
    );
    const membership = (
      version: number,
      cause: 'merged' | 'unmerged',
      customers: { customerId: string; profileIds: string[] }[],
    ) =>
      event('identity.customer.membership-changed.v1', {
        occurredAt: '2026-03-02T10:01:00Z',
        data: { version, cause, customers },
      });
    await campaign.receive(membership(1, 'merged', [{ customerId: anonymous, profileIds: [anonymous, known] }]));
    expect((await intentsOf(known)).intents[0].strength).toBe(2);
    await campaign.receive(
      membership(2, 'unmerged', [
        { customerId: anonymous, profileIds: [anonymous] },
        { customerId: known, profileIds: [known] },
      ]),
    );
    expect((await intentsOf(known)).intents[0].strength).toBe(1);
  });
});

describe('an intent spike', () => {
  it('is announced once a day, with the events that show it', async () => {
    const [profile, product] = [newId(), newId()];
    campaign.clock.set('2026-03-02T10:00:00Z');
    const events = Array.from({ length: 8 }, (_, i) =>
      viewed(profile, product, `2026-03-02T09:0${i}:00Z`, { category: null }),
    );
    await campaign.receive(...events);
    const [spike] = await campaign
      .published('campaign.intent.spiked.v1')
      .then((all) => all.filter((e) => e.profileId === profile));
    expect(spike?.data).toMatchObject({ topic: `product:${product}`, strength: 8 });
    const { intentSpikes } = await intentsOf(profile);
    expect(intentSpikes).toHaveLength(1);
    expect(new Set(intentSpikes[0].evidence.map((e: { eventId: string }) => e.eventId))).toEqual(
      new Set(events.map((e) => e.id)),
    );
    await campaign.receive(viewed(profile, product, '2026-03-02T09:59:00Z', { category: null }));
    expect((await campaign.published('campaign.intent.spiked.v1')).filter((e) => e.profileId === profile)).toHaveLength(
      1,
    );
  });

  it('is not announced for what happened long ago', async () => {
    const [profile, product] = [newId(), newId()];
    campaign.clock.set('2026-03-02T10:00:00Z');
    await campaign.receive(...Array.from({ length: 8 }, (_, i) => viewed(profile, product, `2026-02-02T09:0${i}:00Z`)));
    expect((await intentsOf(profile)).intentSpikes).toEqual([]);
  });

  it('is not announced where everybody cares as much on such a day', async () => {
    const product = newId();
    campaign.clock.set('2026-04-02T10:00:00Z');
    const crowd = Array.from({ length: 30 }, () => newId());
    for (const peer of crowd)
      await campaign.receive(
        ...Array.from({ length: 8 }, (_, i) => viewed(peer, product, `2026-03-25T09:0${i}:00Z`, { category: null })),
      );
    await campaign.runJob('keep-house');
    const profile = newId();
    await campaign.receive(
      ...Array.from({ length: 8 }, (_, i) => viewed(profile, product, `2026-04-02T09:0${i}:00Z`, { category: null })),
    );
    expect((await intentsOf(profile)).intentSpikes).toEqual([]);
  });
});
