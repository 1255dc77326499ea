import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields, nodesOf } from '../customers/customer.fixture.ts';

const campaign = testSubgraph(definition);
const marketer = campaign.as({ role: 'marketer' });
const NOON = '2026-03-02T12:00:00.000Z';
let templateId: string;

beforeAll(async () => {
  const { data } = await marketer.graph(
    `mutation { saveCampaignTemplate(input: { name: "Your cart", variants: [{ channel: APP, language: "es", body: "Tu cesta" }] }) { template { id } } }`,
  );
  templateId = data.saveCampaignTemplate.template.id;
});
beforeEach(() => campaign.clock.set(NOON));
// Each test has a flow of its own, and must not enter those of others.
afterEach(() => campaign.sql('update flow set active = false'));

const save = async (steps: object[], over: object = {}) =>
  (
    await marketer.graph(
      `mutation ($i: SaveFlowInput!) { saveFlow(input: $i) { flow { id } errors { code message } } }`,
      {
        i: { name: newId(), trigger: 'CART_ABANDONED', exitOn: ['ORDER_COMPLETED'], active: true, steps, ...over },
      },
    )
  ).data.saveFlow;
const abandoned = (profileId: string, at = NOON) =>
  event('inventory.cart.abandoned.v1', {
    profileId,
    occurredAt: at,
    data: {
      cartId: newId(),
      channel: 'web',
      lastTouchedAt: at,
      lines: [{ productId: newId(), sku: 's', name: 'Botas', quantity: 1 }],
      total: { amount: 9_000, currency: 'EUR' },
    },
  });
const order = (profileId: string, storeId?: string) =>
  event('inventory.order.completed.v1', {
    profileId,
    occurredAt: campaign.clock.now(),
    data: {
      orderId: newId(),
      number: '1',
      channel: 'store',
      storeId,
      total: { amount: 100, currency: 'EUR' },
      netAmount: 100,
      lines: [{ lineId: newId(), sku: 's', quantity: 1, netAmount: 100 }],
    },
  });
const run = () => campaign.runJob('send');
const of = async (id: string) => {
  const found = await customerFields(
    marketer,
    id,
    'flows { state step reason } messages { edges { node { template state why { text } } } } tasks { edges { node { kind reason store { id } } } }',
  );
  return { flows: found.flows, messages: nodesOf(found.messages), tasks: nodesOf(found.tasks) };
};

const send = () => ({ send: { templateId, channel: 'APP' } });
const wait = (hours: number) => ({ wait: { hours } });
const task = { task: { kind: 'INVITE', reason: 'Left her cart', script: 'Put the boots aside for her.', hours: 24 } };

describe('a flow', () => {
  it('goes from the web to the store: a message, a wait, a task for the store that knows her', async () => {
    const [id, storeId] = [newId(), newId()];
    await campaign.receive(order(id, storeId));
    await save([send(), wait(24), task]);
    await campaign.receive(abandoned(id));
    await run();
    expect(await of(id)).toMatchObject({
      flows: [{ state: 'running', step: 2 }],
      messages: [{ template: 'Your cart', state: 'SENT' }],
      tasks: [],
    });
    expect((await of(id)).messages[0].why[0].text).toContain('She came to step 0 of the flow');
    campaign.clock.advance({ hours: 23 });
    await run();
    expect((await of(id)).tasks).toEqual([]);
    campaign.clock.advance({ hours: 1 });
    await run();
    await run();
    expect(await of(id)).toMatchObject({
      flows: [{ state: 'done' }],
      tasks: [{ kind: 'INVITE', reason: 'Left her cart', store: { id: storeId } }],
    });
    expect((await of(id)).messages).toHaveLength(1);
  });

  it('ends for her when what it is for happens, under any profile of hers', async () => {
    const [a, b] = [newId(), newId()].sort() as [string, string];
    await save([wait(1), send()]);
    await campaign.receive(abandoned(a));
    await campaign.receive(
      event('identity.customer.membership-changed.v1', {
        occurredAt: NOON,
        data: { version: 1, cause: 'linked', customers: [{ customerId: a, profileIds: [a, b] }] },
      }),
      order(b),
    );
    campaign.clock.advance({ hours: 2 });
    await run();
    expect(await of(a)).toMatchObject({ flows: [{ state: 'exited', reason: 'Left: order-completed.' }], messages: [] });
  });

  it('takes her in once per cause and not again while she is in it', async () => {
    const id = newId();
    await save([wait(5), send()]);
    const first = abandoned(id);
    await campaign.receive(first);
    await campaign.receive(first, abandoned(id));
    expect((await of(id)).flows).toHaveLength(1);
  });

  it('branches by what is known of her when she comes there', async () => {
    const [buyer, visitor] = [newId(), newId()];
    await campaign.receive(order(buyer));
    await save([
      { branch: { if: { fact: { name: 'orders', op: 'gte', value: 1 } }, then: 1, else: 3 } },
      task,
      { end: true },
      send(),
    ]);
    await campaign.receive(abandoned(buyer), abandoned(visitor));
    await run();
    expect(await of(buyer)).toMatchObject({ messages: [], tasks: [{ kind: 'INVITE' }], flows: [{ state: 'done' }] });
    expect(await of(visitor)).toMatchObject({
      messages: [{ template: 'Your cart' }],
      tasks: [],
      flows: [{ state: 'done' }],
    });
  });

  it('is not begun by history, nor by anything while it is not active', async () => {
    const [old, idle] = [newId(), newId()];
    await save([send()]);
    await campaign.receive(abandoned(old, '2026-01-01T00:00:00Z'));
    await campaign.sql('update flow set active = false');
    await campaign.receive(abandoned(idle));
    for (const id of [old, idle]) expect((await of(id)).flows).toEqual([]);
  });

  it('that could not run is refused when it is saved', async () => {
    expect((await save([{ send: { templateId: newId(), channel: 'APP' } }])).errors[0].message).toContain(
      'there is no template',
    );
    expect((await save([{ send: { templateId, channel: 'PIGEON' } }])).errors[0].message).toContain(
      '"pigeon" is no channel',
    );
    expect(
      (await save([{ branch: { if: { fact: { name: 'mood', op: 'eq', value: 1 } }, then: 1, else: 1 } }])).errors[0]
        .code,
    ).toBe('INVALID_RULE');
    expect((await save([])).errors[0].code).toBe('INVALID_STEPS');
  });
});
