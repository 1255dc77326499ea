import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields, nodesOf } from '../customers/customer.fixture.ts';

const campaign = testSubgraph(definition);
const NOW = '2026-03-02T10:00:00.000Z';
beforeEach(() => campaign.clock.set(NOW));

const opened = (profileId: string, caseId: string, storeId: string | null = null) =>
  event('feedback.case.opened.v1', {
    profileId,
    occurredAt: NOW,
    data: { caseId, storeId, reason: 'NPS 3: waited too long', severity: 'high', dueAt: '2026-03-04T10:00:00Z' },
  });
const contact = (profileId: string, data: object) =>
  event('identity.customer.contact-changed.v1', { profileId, occurredAt: NOW, data });
const consent = (profileId: string, channel: 'call-centre' | 'email' = 'call-centre', granted = true) =>
  event('identity.consent.changed.v1', {
    profileId,
    occurredAt: NOW,
    data: { purpose: 'marketing', channel, granted, wordingVersion: '1', source: 'web' },
  });
const abandoned = (profileId: string, cartId: string, amount = 9_000, lastTouchedAt = '2026-03-02T08:00:00.000Z') =>
  event('inventory.cart.abandoned.v1', {
    profileId,
    occurredAt: NOW,
    data: {
      cartId,
      channel: 'app',
      lastTouchedAt,
      lines: [{ productId: newId(), sku: 's', name: 'Botas', quantity: 1 }],
      total: { amount, currency: 'EUR' },
    },
  });

const TASK = 'id kind state reason script assignee outcome overdue store { id } customer { id } caseId cartId';
const tasksOf = async (id: string) =>
  nodesOf((await customerFields(campaign.as({ role: 'care' }), id, `tasks { edges { node { ${TASK} } } }`)).tasks);
const associateOf = (storeId: string, subject = 'eva') =>
  campaign.as({ role: 'associate', stores: [storeId], subject });
const storeTasks = (storeId: string, as = associateOf(storeId), args = '') =>
  as.graph(
    `query ($s: ID!) { storeTasks(storeId: $s ${args}) { edges { cursor node { ${TASK} } } pageInfo { hasNextPage endCursor } } }`,
    { s: storeId },
  );
const claim = (taskId: string, as: ReturnType<typeof associateOf>) =>
  as.graph(
    `mutation ($t: ID!) { claimTask(input: { taskId: $t }) { task { state assignee } errors { code message } } }`,
    { t: taskId },
  );
const complete = (taskId: string, as: ReturnType<typeof associateOf>, outcome = 'RECOVERED') =>
  as.graph(
    `mutation ($t: ID!) { completeTask(input: { taskId: $t, outcome: ${outcome}, note: "done" }) { task { state outcome } errors { code } } }`,
    { t: taskId },
  );

describe('a complaint', () => {
  it('becomes one task for the store that it is about, with reason and script, however often it is told', async () => {
    const [profileId, caseId, storeId] = [newId(), newId(), newId()];
    await campaign.receive(opened(profileId, caseId, storeId));
    await campaign.receive(opened(profileId, caseId, storeId));
    const { data } = await storeTasks(storeId);
    expect(nodesOf(data.storeTasks)).toEqual([
      expect.objectContaining({
        kind: 'RECOVER_DETRACTOR',
        state: 'OPEN',
        reason: 'NPS 3: waited too long',
        script: expect.stringContaining('pide disculpas'),
        customer: { id: profileId },
        caseId,
      }),
    ]);
    const created = (await campaign.published('campaign.task.created.v1')).filter((e) => e.data.caseId === caseId);
    expect(created).toHaveLength(1);
    expect(created[0]?.data).toMatchObject({ storeId, kind: 'recover-detractor' });
  });

  it('about no store goes to the one she last bought in, else to customer care', async () => {
    const [profileId, other, storeId] = [newId(), newId(), newId()];
    await campaign.receive(
      event('inventory.order.completed.v1', {
        profileId,
        occurredAt: NOW,
        data: {
          orderId: newId(),
          number: '1',
          channel: 'store',
          storeId,
          total: { amount: 100, currency: 'EUR' },
          netAmount: 100,
          lines: [{ lineId: newId(), sku: 's', quantity: 1, netAmount: 100 }],
        },
      }),
      opened(profileId, newId()),
      opened(other, newId()),
    );
    expect((await tasksOf(profileId))[0].store).toEqual({ id: storeId });
    const { data } = await campaign
      .as({ role: 'care' })
      .graph('{ careTasks { edges { node { customer { id } store { id } } } } }');
    expect(data.careTasks.edges).toContainEqual({ node: { customer: { id: other }, store: null } });
  });

  it('that was resolved elsewhere drops its task', async () => {
    const [profileId, caseId] = [newId(), newId()];
    await campaign.receive(opened(profileId, caseId, newId()));
    await campaign.receive(
      event('feedback.case.changed.v1', { profileId, occurredAt: NOW, data: { caseId, status: 'resolved' } }),
    );
    expect(await tasksOf(profileId)).toEqual([expect.objectContaining({ state: 'DROPPED', outcome: 'case-closed' })]);
  });
});

describe('an abandoned cart', () => {
  it('becomes a call, in her language, where she wants calls', async () => {
    const [profileId, cartId] = [newId(), newId()];
    await campaign.receive(
      contact(profileId, { phone: '+34600000000', language: 'es' }),
      consent(profileId),
      abandoned(profileId, cartId),
    );
    expect(await tasksOf(profileId)).toEqual([
      expect.objectContaining({
        kind: 'CALL_ABANDONED_CART',
        cartId,
        script: expect.stringMatching(/1 × Botas, por 90,00\s€/),
      }),
    ]);
  });

  it('becomes no call without consent, without a number or for a small cart', async () => {
    const [noConsent, noNumber, small] = [newId(), newId(), newId()];
    await campaign.receive(
      contact(noConsent, { phone: '+34600000000' }),
      consent(noNumber),
      contact(small, { phone: '+34600000000' }),
      consent(small),
      abandoned(noConsent, newId()),
      abandoned(noNumber, newId()),
      abandoned(small, newId(), 500),
    );
    for (const id of [noConsent, noNumber, small]) expect(await tasksOf(id)).toEqual([]);
    const attempts = await campaign.sql(
      `select decision, rule from contact_attempt where profile_id = any($1) order by rule`,
      [[noConsent, noNumber]],
    );
    expect(attempts).toEqual([
      { decision: 'deny', rule: 'address' },
      { decision: 'deny', rule: 'consent' },
    ]);
  });

  it('becomes no second call within the cap, once the first was made', async () => {
    const profileId = newId();
    await campaign.receive(
      contact(profileId, { phone: '+34600000000' }),
      consent(profileId),
      abandoned(profileId, newId()),
    );
    const [task] = await tasksOf(profileId);
    await complete(task.id, campaign.as({ role: 'care', subject: 'luis' }), 'NO_ANSWER');
    await campaign.receive(abandoned(profileId, newId()));
    expect(await tasksOf(profileId)).toHaveLength(1);
  });

  it('that she comes back to needs no call any more', async () => {
    const [profileId, cartId] = [newId(), newId()];
    await campaign.receive(
      contact(profileId, { phone: '+34600000000' }),
      consent(profileId),
      abandoned(profileId, cartId),
    );
    await campaign.receive(
      event('inventory.cart.changed.v1', {
        profileId,
        occurredAt: NOW,
        data: { cartId, channel: 'web', action: 'checked-out', items: 0, total: { amount: 0, currency: 'EUR' } },
      }),
    );
    expect(await tasksOf(profileId)).toEqual([expect.objectContaining({ state: 'DROPPED', outcome: 'cart-changed' })]);
  });
});

describe('a task', () => {
  const taskIn = async (storeId: string) => {
    const [profileId, caseId] = [newId(), newId()];
    await campaign.receive(opened(profileId, caseId, storeId));
    return { task: (await tasksOf(profileId))[0], profileId, caseId };
  };

  it('is taken by one person, and taking it again changes nothing', async () => {
    const storeId = newId();
    const { task } = await taskIn(storeId);
    expect((await claim(task.id, associateOf(storeId))).data.claimTask).toEqual({
      task: { state: 'CLAIMED', assignee: 'eva' },
      errors: [],
    });
    expect((await claim(task.id, associateOf(storeId))).data.claimTask.errors).toEqual([]);
    expect((await claim(task.id, associateOf(storeId, 'pau'))).data.claimTask.errors).toEqual([
      { code: 'TASK_TAKEN', message: 'eva has taken this task already.' },
    ]);
  });

  it('is taken by one of many who want it at once', async () => {
    const storeId = newId();
    const { task } = await taskIn(storeId);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => claim(task.id, associateOf(storeId, `associate ${i}`))),
    );
    expect(answers.filter((a) => a.data.claimTask.errors.length === 0)).toHaveLength(1);
  });

  it('is closed with an outcome, which is announced once', async () => {
    const storeId = newId();
    const { task, caseId } = await taskIn(storeId);
    expect((await complete(task.id, associateOf(storeId))).data.completeTask).toEqual({
      task: { state: 'DONE', outcome: 'recovered' },
      errors: [],
    });
    expect((await complete(task.id, associateOf(storeId))).data.completeTask.errors).toEqual([]);
    expect((await complete(task.id, associateOf(storeId), 'ESCALATED')).data.completeTask.errors).toEqual([
      { code: 'TASK_CLOSED' },
    ]);
    const done = (await campaign.published('campaign.task.completed.v1')).filter((e) => e.data.taskId === task.id);
    expect(done.map((e) => e.data)).toEqual([
      expect.objectContaining({ outcome: 'recovered', completedBy: 'eva', storeId, caseId }),
    ]);
  });

  it('is for the people of its store only', async () => {
    const [storeId, other] = [newId(), newId()];
    const { task } = await taskIn(storeId);
    expect((await claim(task.id, associateOf(other))).data.claimTask.errors[0].code).toBe('TASK_OF_ANOTHER_STORE');
    expect((await storeTasks(storeId, associateOf(other))).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    expect(
      (await storeTasks(storeId, campaign.as({ role: 'customer', customerId: newId() }))).errors?.[0]?.extensions?.[
        'code'
      ],
    ).toBe('FORBIDDEN');
  });

  it('is listed by due time, page by page, and overdue when its time has passed', async () => {
    const storeId = newId();
    for (let i = 0; i < 3; i++) await taskIn(storeId);
    campaign.clock.advance({ days: 3 });
    const first = (await storeTasks(storeId, associateOf(storeId), ', first: 2')).data.storeTasks;
    expect(nodesOf(first).map((t) => t.overdue)).toEqual([true, true]);
    const second = (await storeTasks(storeId, associateOf(storeId), `, first: 2, after: "${first.pageInfo.endCursor}"`))
      .data.storeTasks;
    const ids = [...nodesOf(first), ...nodesOf(second)].map((t) => t.id);
    expect(new Set(ids).size).toBe(3);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it('can be asked for by a marketer, once per key', async () => {
    const [customerId, storeId] = [newId(), newId()];
    const ask = (reason: string) =>
      campaign
        .as({ role: 'marketer', subject: 'mar' })
        .graph(`mutation ($i: CreateTaskInput!) { createTask(input: $i) { task { id kind } errors { code path } } }`, {
          i: {
            idempotencyKey: customerId,
            customerId,
            kind: 'INVITE',
            storeId,
            reason,
            script: 'Invite her.',
            dueAt: '2026-03-09T10:00:00Z',
          },
        });
    const first = await ask('A good customer');
    expect(first.data.createTask).toMatchObject({ task: { kind: 'INVITE' }, errors: [] });
    expect((await ask('A good customer')).data.createTask.task.id).toBe(first.data.createTask.task.id);
    expect((await ask('Another reason')).data.createTask.errors[0].code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await tasksOf(customerId)).toHaveLength(1);
  });
});
