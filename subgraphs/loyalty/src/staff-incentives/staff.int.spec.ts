import { event, newId, type AnyEvent } from '@trenza/events';
import { testSubgraph, type GraphAnswer } from '@trenza/testing';
import { loyalty as definition } from '../loyalty.ts';
import { completed, expectSound, membership, run } from '../testing/loyalty-graph.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

const answer = (associateId: string | null, profileId: string | undefined, storeId: string | null = null): AnyEvent =>
  event('feedback.answer.submitted.v1', {
    profileId,
    occurredAt: loyalty.clock.now(),
    data: {
      answerId: newId(),
      surveyId: newId(),
      metric: 'nps',
      score: 9,
      attitude: null,
      sentiment: null,
      channel: 'store',
      associateId,
      storeId,
      complete: true,
    },
  });
const task = (completedBy: string): AnyEvent =>
  event('campaign.task.completed.v1', {
    profileId: newId(),
    occurredAt: loyalty.clock.now(),
    data: { taskId: newId(), kind: 'call', outcome: 'reached', completedBy },
  });
const captured = (associateId: string, consented: boolean): AnyEvent =>
  event('identity.event.tracked.v1', {
    profileId: newId(),
    occurredAt: loyalty.clock.now(),
    data: { eventId: newId(), kind: 'data_captured', channel: 'store', properties: { associateId, consented } },
  });

async function mine(associate: string): Promise<GraphAnswer['data']> {
  const { data, errors } = await loyalty
    .as({ role: 'associate', subject: associate, stores: [] })
    .graph(
      '{ myStaffIncentives { associate balance { available pending } deeds { kind deeds points withoutPoints } movements { edges { node { kind points reason } } } } }',
    );
  expect(errors).toBeUndefined();
  return data.myStaffIncentives;
}

describe('an associate', () => {
  it('earns for feedback collected, data captured with consent, tasks done and customers recognised, once each', async () => {
    const luis = `luis-${newId()}`;
    const events = [
      answer(luis, newId()),
      captured(luis, true),
      captured(luis, false),
      task(luis),
      completed(loyalty, newId(), [{ netAmount: 100 }], { associateId: luis }),
    ];
    await loyalty.receive(...events);
    await loyalty.receive(...events.map((e) => ({ ...e, id: newId() })));
    const { balance, deeds } = await mine(luis);
    expect(balance).toEqual({ available: 0, pending: 36 });
    expect(deeds).toEqual([
      { kind: 'customer-recognised', deeds: 1, points: 1, withoutPoints: 0 },
      { kind: 'data-captured', deeds: 1, points: 10, withoutPoints: 0 },
      { kind: 'feedback-collected', deeds: 1, points: 10, withoutPoints: 0 },
      { kind: 'task-done', deeds: 1, points: 15, withoutPoints: 0 },
    ]);
  });

  it('earns nothing for answers of nobody known, of the same customer again under another profile, or beyond the cap', async () => {
    const eva = `eva-${newId()}`;
    const [ana, app] = [newId(), newId()];
    await loyalty.receive(membership(loyalty, 1, 'linked', [ana, app]));
    await loyalty.receive(answer(eva, undefined), answer(eva, ana), answer(eva, app));
    expect((await mine(eva)).balance.pending).toBe(10);
    await loyalty.receive(...Array.from({ length: 25 }, () => answer(eva, newId())));
    expect((await mine(eva)).balance.pending).toBe(200);
  });

  it('is paid out what is no longer pending, and has a statement', async () => {
    const pia = `pia-${newId()}`;
    await loyalty.receive(task(pia), task(pia));
    const pay = (points: number, more = {}): Promise<GraphAnswer['data']> =>
      run(loyalty, 'payOutStaff', { associate: pia, points, reason: 'March', ...more }, 'points balance');
    expect((await pay(30)).errors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }]);
    loyalty.clock.advance({ days: 7 });
    expect(await pay(20)).toMatchObject({ points: 20, balance: 10 });
    expect(await pay(10, { revoke: true, reason: 'made up' })).toMatchObject({ balance: 0 });
    const { movements } = await mine(pia);
    expect(movements.edges.map((edge: { node: { kind: string } }) => edge.node.kind).sort()).toEqual([
      'adjust',
      'earn',
      'earn',
      'redeem',
      'unlock',
      'unlock',
    ]);
  });

  it('is seen by her store and by nobody else', async () => {
    const [storeId, noa] = [newId(), `noa-${newId()}`];
    await loyalty.receive(answer(noa, newId(), storeId));
    const document = 'query ($id: ID!) { staffIncentives(storeId: $id) { associate } }';
    const own = await loyalty.as({ role: 'associate', stores: [storeId] }).graph(document, { id: storeId });
    expect(own.data.staffIncentives).toEqual([{ associate: noa }]);
    const other = await loyalty.as({ role: 'associate', stores: [newId()] }).graph(document, { id: storeId });
    expect(other.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  });

  it('who does a dozen in ten minutes is flagged', async () => {
    const max = `max-${newId()}`;
    await loyalty.receive(...Array.from({ length: 13 }, () => answer(max, newId())));
    await loyalty.runJob('look-for-abuse');
    const [{ id }] = (await loyalty.sql('select id from associate where code = $1', [max])) as [{ id: string }];
    const { data } = await loyalty.graph('{ abuseFlags(first: 100) { edges { node { kind profileId evidence } } } }');
    expect(data.abuseFlags.edges).toContainEqual({
      node: {
        kind: 'staff-anomaly',
        profileId: id,
        evidence: expect.objectContaining({ kind: 'feedback-collected', withinTenMinutes: 13 }),
      },
    });
  });
});
