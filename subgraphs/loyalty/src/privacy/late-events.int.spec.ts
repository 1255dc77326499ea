import { event, newId, type AnyEvent } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { balanceOf, completed, expectSound, returned, run } from '../testing/loyalty-graph.ts';
import { loyalty as definition } from '../loyalty.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

const erasure = (profileId: string): AnyEvent =>
  event('identity.customer.erasure-requested.v1', {
    customerId: profileId,
    occurredAt: loyalty.clock.now(),
    data: { requestId: newId(), profileIds: [profileId], requestedAt: loyalty.clock.now().toISOString() },
  });

/** All that comes in about somebody, from every subgraph that we listen to. */
function everythingAbout(profileId: string, more: Record<string, unknown> = {}): AnyEvent[] {
  const occurredAt = loyalty.clock.now();
  const about = { profileId, occurredAt };
  return [
    completed(loyalty, profileId, [{ netAmount: 4_200 }], { associateId: 'luis', ...more }),
    returned(loyalty, profileId, null, [{ lineId: null, quantity: 1, refundAmount: 1_000 }]),
    event('inventory.order.cancelled.v1', {
      ...about,
      data: { orderId: newId(), number: 'T-2', channel: 'web', reason: 'test' },
    }),
    event('identity.customer.contact-changed.v1', { ...about, data: { birthDate: '1990-05-17' } }),
    event('identity.event.tracked.v1', { ...about, data: { eventId: newId(), kind: 'store_visit', channel: 'store' } }),
    event('identity.event.tracked.v1', {
      ...about,
      data: {
        eventId: newId(),
        kind: 'data_captured',
        channel: 'store',
        properties: { associateId: 'luis', consented: true },
      },
    }),
    event('identity.profile.completed.v1', { ...about, data: { completeness: 1, field: 'birthDate' } }),
    event('feedback.answer.submitted.v1', {
      ...about,
      data: {
        answerId: newId(),
        surveyId: newId(),
        metric: 'nps',
        score: 9,
        attitude: 'promoter',
        sentiment: null,
        channel: 'email',
        complete: true,
      },
    }),
    event('feedback.review.received.v1', {
      ...about,
      data: { reviewId: newId(), source: 'site', rating: 5, approved: true, sentiment: null },
    }),
    event('campaign.task.completed.v1', {
      ...about,
      data: { taskId: newId(), kind: 'call', outcome: 'reached', completedBy: 'luis' },
    }),
  ];
}

/** Rows about her by table. */
async function traces(profileId: string): Promise<Record<string, number>> {
  const tables = await loyalty.sql<{ name: string }>(
    `select table_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_schema = 'public' and column_name = 'profile_id' and table_type = 'BASE TABLE' and table_name not in ('customer_profile', 'erased_profile')`,
  );
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await loyalty.sql<{ n: number }>(`select count(*) as n from ${name} where profile_id = $1`, [
      profileId,
    ]);
    if (row!.n > 0) found[name] = row!.n;
  }
  return found;
}

it('nothing that is heard of somebody after she was erased leaves a trace of her', async () => {
  const bea = newId();
  await loyalty.receive(...everythingAbout(bea));
  // That the events would leave some is what makes the rest worth looking at.
  expect(Object.keys(await traces(bea))).toEqual(
    expect.arrayContaining(['occasion', 'transfer', 'order_points', 'qualification', 'birthday', 'staff_award']),
  );
  const ana = newId();
  await loyalty.receive(erasure(ana));
  await loyalty.receive(...everythingAbout(ana));
  expect(await traces(ana)).toEqual({});
  expect(await loyalty.sql('select 1 from tier_standing where customer_id = $1', [ana])).toEqual([]);
  expect(await balanceOf(loyalty, ana)).toEqual({ available: 0, pending: 0, held: 0, owed: 0 });
});

it('what is heard of her late still counts for others: the voucher is used, the associate did the task', async () => {
  const ana = newId();
  const input = { name: 'Five off', kind: 'VOUCHER', points: 0, discount: { amount: 500, currency: 'EUR' } };
  const { reward } = await run(loyalty, 'createReward', input, 'reward { id }', 'marketer');
  await run(loyalty, 'changeReward', { rewardId: reward.id, status: 'LIVE' }, 'reward { status }');
  const redeemed = { rewardId: reward.id, profileId: ana };
  const { voucherCode } = await run(loyalty, 'redeemReward', redeemed, 'voucherCode');
  await loyalty.receive(erasure(ana));
  const luis = `luis-${newId()}`;
  await loyalty.receive(
    completed(loyalty, ana, [{ netAmount: 4_200 }], { voucherCodes: [voucherCode] }),
    event('campaign.task.completed.v1', {
      profileId: ana,
      occurredAt: loyalty.clock.now(),
      data: { taskId: newId(), kind: 'call', outcome: 'reached', completedBy: luis },
    }),
  );
  expect(await loyalty.sql('select profile_id from voucher_use')).toEqual([{ profile_id: null }]);
  expect(
    await loyalty.sql(
      'select profile_id from staff_award join associate on associate.id = associate_id where code = $1',
      [luis],
    ),
  ).toEqual([{ profile_id: null }]);
});

it('what is being handled while she is erased is erased as well', async () => {
  for (let i = 0; i < 10; i++) {
    const ana = newId();
    await Promise.all([loyalty.receive(...everythingAbout(ana)), loyalty.receive(erasure(ana))]);
    // The books and what must not earn once more stay, without what was in them.
    const { occasion: _, transfer: __, lot: ___, ...left } = await traces(ana);
    expect(left).toEqual({});
    expect(await loyalty.sql(`select 1 from occasion where profile_id = $1 and facts <> '{}'`, [ana])).toEqual([]);
  }
});

it('nobody gives points to a profile that was erased', async () => {
  const profileId = newId();
  await run(loyalty, 'earnPoints', { profileId, points: 100, reason: 'gift' }, 'points');
  await loyalty.receive(erasure(profileId));
  for (const mutation of ['earnPoints', 'adjustPoints']) {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
    const input = { profileId, points: 100, currency: 'points', reason: 'gift', idempotencyKey: newId() };
    const { data } = await loyalty
      .as({ role: 'admin' })
      .graph(`mutation ($input: ${type}) { ${mutation}(input: $input) { transferId errors { code path } } }`, {
        input,
      });
    expect(data[mutation]).toEqual({
      transferId: null,
      errors: [{ code: 'PROFILE_ERASED', path: ['input', 'profileId'] }],
    });
  }
});
