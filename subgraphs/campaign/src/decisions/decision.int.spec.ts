import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields } from '../customers/customer.fixture.ts';

const campaign = testSubgraph(definition);
const NOW = '2026-03-02T10:00:00.000Z';
beforeEach(() => {
  campaign.clock.set(NOW);
  // Exploration is left to the unit tests: here the best score wins.
  jest.spyOn(Math, 'random').mockReturnValue(0.99);
});
afterEach(() => jest.restoreAllMocks());

const actionsOf = async (id: string, args = 'channel: WEB', as = campaign.as({ role: 'care' })) =>
  (
    await customerFields(
      as,
      id,
      `nextBestActions(${args}) { decisionId rank kind action title reason score probability product { id } store { id } caseId }`,
    )
  ).nextBestActions as {
    decisionId: string;
    kind: string;
    action: string;
    reason: string;
    store: { id: string } | null;
  }[];

const product = (productId: string, over: object = {}) =>
  event('inventory.product.changed.v1', {
    occurredAt: '2026-01-01T00:00:00Z',
    data: {
      productId,
      sku: productId,
      name: 'Wool scarf',
      category: null,
      price: { amount: 4_000, currency: 'EUR' },
      ...over,
    },
  });
const viewed = (profileId: string, productId: string) =>
  event('identity.event.tracked.v1', {
    profileId,
    occurredAt: NOW,
    data: { eventId: newId(), kind: 'product_viewed', channel: 'web', productId },
  });
const stock = (productId: string, placeId: string, available: number) =>
  event('inventory.stock.availability-changed.v1', {
    occurredAt: NOW,
    data: { productId, sku: 's', placeId, available },
  });
const opened = (profileId: string, caseId: string, storeId: string | null) =>
  event('feedback.case.opened.v1', {
    profileId,
    occurredAt: NOW,
    data: { caseId, storeId, reason: 'NPS 3: waited too long', severity: 'high', dueAt: '2026-03-04T10:00:00Z' },
  });
const bought = (profileId: string, productId: string, over: object = {}) =>
  event('inventory.order.completed.v1', {
    profileId,
    occurredAt: NOW,
    data: {
      orderId: newId(),
      number: '1',
      channel: 'store',
      total: { amount: 4_000, currency: 'EUR' },
      netAmount: 4_000,
      lines: [{ lineId: newId(), productId, sku: 's', quantity: 1, netAmount: 4_000 }],
      ...over,
    },
  });

/** Somebody who looked at a scarf. */
async function drawnToScarf() {
  const [profileId, productId] = [newId(), newId()];
  await campaign.receive(product(productId), viewed(profileId, productId));
  return { profileId, productId };
}

const explain = async (id: string, as = campaign.as({ role: 'marketer' })) =>
  as.graph(
    `query ($id: ID!) { explainDecision(id: $id) { summary policyVersion explored steps { stage text } chosen { action probability }
       candidates { action } exclusions { action stage reason } outcome { taken value source } } }`,
    { id },
  );

describe('next best actions', () => {
  it('welcome somebody of whom nothing is known, and keep silent where we would have to go to her', async () => {
    const id = newId();
    expect(await actionsOf(id)).toEqual([expect.objectContaining({ kind: 'CONTENT', action: 'welcome' })]);
    expect(await actionsOf(id, 'channel: EMAIL')).toEqual([
      expect.objectContaining({ kind: 'SILENCE', action: 'silence' }),
    ]);
  });

  it('are found by an id in capitals too', async () => {
    expect(await actionsOf(newId().toUpperCase())).toEqual([expect.objectContaining({ action: 'welcome' })]);
  });

  it('recommend what she is drawn to, with the reason', async () => {
    const { profileId, productId } = await drawnToScarf();
    expect((await actionsOf(profileId))[0]).toMatchObject({
      kind: 'OFFER',
      action: `recommend:${productId}`,
      reason: expect.stringContaining('“Wool scarf”'),
    });
  });

  it('recommend the best sellers of a category she is drawn to, but not what she has just bought', async () => {
    const [profileId, seller, owned] = [newId(), newId(), newId()];
    const inCategory = { category: `Hats ${profileId}` };
    await campaign.receive(
      product(seller, { ...inCategory, name: 'Best hat' }),
      product(owned, { ...inCategory, name: 'Her hat' }),
      bought(newId(), seller),
      bought(profileId, owned),
    );
    const [first] = await actionsOf(profileId);
    expect(first?.action).toBe(`recommend:${seller}`);
    const { data } = await explain(first!.decisionId);
    expect(data.explainDecision.exclusions).toContainEqual(
      expect.objectContaining({
        action: `recommend:${owned}`,
        stage: 'eligibility',
        reason: 'She bought it on 2026-03-02.',
      }),
    );
  });

  it('do not suggest what is sold out where she is', async () => {
    const { profileId, productId } = await drawnToScarf();
    const [here, there] = [newId(), newId()];
    await campaign.receive(stock(productId, here, 0), stock(productId, there, 4));
    const inStore = await actionsOf(profileId, `channel: STORE, context: { storeId: "${here}" }`);
    expect(inStore.map((a) => a.action)).not.toContain(`recommend:${productId}`);
    expect((await actionsOf(profileId, 'channel: WEB'))[0]?.action).toBe(`recommend:${productId}`);
  });

  it('turn from an upsell into recovery by the store when a complaint opens, and back when it is resolved', async () => {
    const { profileId, productId } = await drawnToScarf();
    const [caseId, storeId] = [newId(), newId()];
    expect((await actionsOf(profileId))[0]?.action).toBe(`recommend:${productId}`);
    await campaign.receive(opened(profileId, caseId, storeId));
    expect(await actionsOf(profileId)).toEqual([
      expect.objectContaining({ kind: 'SERVICE', action: `recover:${caseId}`, store: { id: storeId }, caseId }),
    ]);
    const changed = (status: 'in-progress' | 'resolved') =>
      event('feedback.case.changed.v1', { profileId, occurredAt: '2026-03-02T10:05:00Z', data: { caseId, status } });
    await campaign.receive(changed('in-progress'));
    expect((await actionsOf(profileId))[0]?.kind).toBe('SERVICE');
    await campaign.receive(changed('resolved'));
    expect((await actionsOf(profileId))[0]?.action).toBe(`recommend:${productId}`);
  });

  it('of a case whose closing arrives before its opening are those of a closed case', async () => {
    const { profileId, productId } = await drawnToScarf();
    const caseId = newId();
    await campaign.receive(
      event('feedback.case.changed.v1', {
        profileId,
        occurredAt: '2026-03-02T11:00:00Z',
        data: { caseId, status: 'closed' },
      }),
      opened(profileId, caseId, null),
    );
    expect((await actionsOf(profileId))[0]?.action).toBe(`recommend:${productId}`);
  });

  it('respect a refusal of personal suggestions', async () => {
    const { profileId, productId } = await drawnToScarf();
    await campaign.receive(
      event('identity.consent.changed.v1', {
        profileId,
        occurredAt: NOW,
        data: { purpose: 'personalisation', channel: null, granted: false, wordingVersion: '1', source: 'web' },
      }),
    );
    const actions = await actionsOf(profileId);
    expect(actions.map((a) => a.action)).not.toContain(`recommend:${productId}`);
    expect(actions[0]?.reason).toContain('She refused personal suggestions.');
  });

  it('suggest the offers of the catalogue in the channels they are made for', async () => {
    const saved = await campaign
      .as({ role: 'marketer' })
      .graph(
        `mutation { saveOffer(input: { kind: OFFER, title: "Private evening", channels: [EVENT], value: 50000 }) { offerId errors { code } } }`,
      );
    const { offerId } = saved.data.saveOffer;
    expect((await actionsOf(newId(), 'channel: EVENT'))[0]?.action).toBe(`offer:${offerId}`);
    expect((await actionsOf(newId(), 'channel: SOCIAL')).map((a) => a.action)).not.toContain(`offer:${offerId}`);
  });
});

describe('a decision', () => {
  it('is in the log with candidates, exclusions, probabilities and policy before it is told, and announced', async () => {
    const { profileId } = await drawnToScarf();
    const [first] = await actionsOf(profileId);
    const { data } = await explain(first!.decisionId);
    expect(data.explainDecision).toMatchObject({
      policyVersion: 'filter-score-explore-2',
      chosen: { action: first!.action, probability: expect.any(Number) },
      exclusions: expect.arrayContaining([expect.objectContaining({ action: 'welcome', stage: 'eligibility' })]),
      outcome: null,
    });
    expect(data.explainDecision.steps.map((s: { stage: string }) => s.stage)).toEqual([
      'signal',
      'filter',
      'filter',
      'score',
      'choice',
    ]);
    const made = (await campaign.published('campaign.decision.made.v1')).filter((e) => e.profileId === profileId);
    expect(made).toHaveLength(1);
    expect(made[0]?.data).toMatchObject({
      decisionId: first!.decisionId,
      kind: 'offer',
      channel: 'web',
      action: first!.action,
    });
  });

  it('stays the same when the page is reloaded, and is made anew when something is known or half an hour has passed', async () => {
    const { profileId, productId } = await drawnToScarf();
    const id = async () => (await actionsOf(profileId))[0]!.decisionId;
    const first = await id();
    expect(await id()).toBe(first);
    await campaign.receive(
      event('inventory.cart.changed.v1', {
        profileId,
        occurredAt: NOW,
        data: {
          cartId: newId(),
          channel: 'app',
          action: 'line-added',
          productId,
          items: 1,
          total: { amount: 4_000, currency: 'EUR' },
        },
      }),
    );
    const second = await id();
    expect(second).not.toBe(first);
    campaign.clock.advance({ minutes: 31 });
    expect(await id()).not.toBe(second);
  });

  it('of several customers and places in one request is made for each of them', async () => {
    const people = await Promise.all([drawnToScarf(), drawnToScarf()]);
    const { data } = await campaign.graph(
      `query ($c: [_Any!]!) { _entities(representations: $c) { ... on Customer { id web: nextBestActions(channel: WEB) { action } app: nextBestActions(channel: APP) { action }
         seen: nextBestActions(channel: WEB, context: { category: "Hats" }) { decisionId } } } }`,
      { c: people.map((p) => ({ __typename: 'Customer', id: p.profileId })) },
    );
    people.forEach((p, i) => {
      const customer = data['_entities'][i];
      expect(customer).toMatchObject({
        id: p.profileId,
        web: [{ action: `recommend:${p.productId}` }],
        app: [{ action: `recommend:${p.productId}` }],
      });
    });
  });

  it('is taken up by the order that follows it, once, and teaches the policy', async () => {
    const { profileId, productId } = await drawnToScarf();
    const [first] = await actionsOf(profileId);
    const cell = async () =>
      (
        await campaign.sql<{ shown: number; taken: number }>(
          `select shown, taken from bandit_cell where key = 'recommend|web|prospect'`,
        )
      )[0] ?? { shown: 0, taken: 0 };
    const before = await cell();
    campaign.clock.advance({ hours: 1 });
    await campaign.receive(bought(profileId, productId, {}));
    expect((await explain(first!.decisionId)).data.explainDecision.outcome).toEqual({
      taken: true,
      value: 4_000,
      source: 'order',
    });
    const { data, errors } = await campaign
      .as({ role: 'service', channel: 'web' })
      .graph(
        `mutation ($input: RecordDecisionOutcomeInput!) { recordDecisionOutcome(input: $input) { decisionId errors { code } } }`,
        { input: { decisionId: first!.decisionId, taken: true } },
      );
    expect(errors).toBeUndefined();
    expect(data.recordDecisionOutcome.errors).toEqual([]);
    expect(await cell()).toEqual({ shown: before.shown + 1, taken: before.taken + 1 });
  });

  it('that nobody takes up in three days counts as not taken', async () => {
    const { profileId } = await drawnToScarf();
    const [first] = await actionsOf(profileId);
    campaign.clock.advance({ days: 4 });
    await campaign.runJob('keep-house');
    expect((await explain(first!.decisionId)).data.explainDecision.outcome).toMatchObject({
      taken: false,
      source: 'time',
    });
  });

  it('is explained to her, and to nobody else but staff', async () => {
    const { profileId } = await drawnToScarf();
    const [first] = await actionsOf(
      profileId,
      'channel: WEB',
      campaign.as({ role: 'customer', customerId: profileId }),
    );
    expect(
      (await explain(first!.decisionId, campaign.as({ role: 'customer', customerId: profileId }))).errors,
    ).toBeUndefined();
    const other = await explain(first!.decisionId, campaign.as({ role: 'customer', customerId: newId() }));
    expect(other.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    await expect(
      actionsOf(profileId, 'channel: WEB', campaign.as({ role: 'customer', customerId: newId() })),
    ).rejects.toThrow('may not ask');
  });

  it('that does not exist has no outcome', async () => {
    const { data } = await campaign.graph(
      `mutation ($input: RecordDecisionOutcomeInput!) { recordDecisionOutcome(input: $input) { decisionId errors { code path } } }`,
      { input: { decisionId: newId(), taken: true } },
    );
    expect(data.recordDecisionOutcome.errors).toEqual([{ code: 'DECISION_NOT_FOUND', path: ['input', 'decisionId'] }]);
  });
});
