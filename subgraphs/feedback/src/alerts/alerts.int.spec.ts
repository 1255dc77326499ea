import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { feedback } from '../feedback.ts';

const ALERTS =
  'query ($storeId: ID, $open: Boolean) { feedbackAlerts(storeId: $storeId, open: $open) { edges { node { id value baseline answers store { id } channel recoveredAt acknowledgedBy } } } }';

describe('alerts', () => {
  const graph = testSubgraph(feedback);
  const service = graph.as({ role: 'service' });
  const storeId = newId();

  const answer = (score: number, store = storeId): Promise<unknown> =>
    service.graph('mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) { errors { code } } }', {
      input: { idempotencyKey: newId(), surveyKey: 'nps-after-purchase', storeId: store, channel: 'STORE', score },
    });
  const alertsOf = async (store: string): Promise<Record<string, unknown>[]> =>
    (await graph.graph(ALERTS, { storeId: store })).data.feedbackAlerts.edges.map(
      (edge: { node: object }) => edge.node,
    );
  const raised = async (): Promise<{ scope: string; scopeId: string }[]> =>
    (await graph.published('feedback.alert.raised.v1')).map((e) => e.data);

  beforeAll(async () => {
    const normal = [10, 9, 8, 9, 7, 10, 9, 6, 9, 8];
    const answers = Array.from({ length: 240 }, (_, i) => ({
      externalId: `n${i}`,
      metric: 'NPS',
      storeId,
      channel: 'STORE',
      score: normal[i % normal.length],
      occurredAt: new Date(graph.clock.now().getTime() - (2 + (i % 50)) * 86_400_000).toISOString(),
    }));
    await service.graph('mutation ($input: ImportAnswersInput!) { importAnswers(input: $input) { created } }', {
      input: { source: 'history', answers },
    });
  });

  it('are not raised by history', async () => {
    await graph.runJob('watch-scores');
    expect(await raised()).toEqual([]);
  });

  it('are not raised by one bad day of a few', async () => {
    for (const score of [9, 3, 10, 5, 9]) await answer(score);
    await graph.runJob('watch-scores');
    expect(await raised()).toEqual([]);
  });

  it('are raised for the store and the channel whose answers show a drop, once, at the next look of the job', async () => {
    graph.clock.advance({ days: 2 });
    for (let i = 0; i < 12; i++) {
      await answer(i % 5 === 4 ? 8 : 2);
      await graph.runJob('watch-scores');
    }
    const told = await raised();
    expect(told.filter((a) => a.scope === 'store')).toMatchObject([{ scopeId: storeId }]);
    expect(told.filter((a) => a.scope === 'channel')).toMatchObject([{ scopeId: 'store' }]);
    const [alert] = await alertsOf(storeId);
    expect(alert).toMatchObject({ store: { id: storeId }, channel: null, recoveredAt: null });
    expect(alert!['value']).toBeLessThan(alert!['baseline'] as number);
  });

  it('remember who saw them first', async () => {
    const [{ id }] = (await alertsOf(storeId)) as [{ id: string }];
    const see = (subject: string): ReturnType<typeof graph.graph> =>
      graph
        .as({ role: 'care', subject })
        .graph(
          'mutation ($input: AcknowledgeAlertInput!) { acknowledgeAlert(input: $input) { alert { acknowledgedBy } } }',
          { input: { alertId: id } },
        );
    await see('carmen');
    expect((await see('pilar')).data.acknowledgeAlert.alert.acknowledgedBy).toBe('carmen');
  });

  it('end when the score is back, after which a new drop is told again', async () => {
    graph.clock.advance({ days: 8 });
    for (let i = 0; i < 20; i++) await answer(i % 4 === 0 ? 8 : 10);
    await graph.runJob('watch-scores');
    expect((await alertsOf(storeId))[0]!['recoveredAt']).not.toBeNull();
    graph.clock.advance({ days: 8 });
    for (let i = 0; i < 20; i++) await answer(1);
    await graph.runJob('watch-scores');
    expect((await raised()).filter((a) => a.scope === 'store')).toHaveLength(2);
  });

  it('leave other stores alone', async () => {
    const other = newId();
    for (let i = 0; i < 8; i++) await answer(0, other);
    await graph.runJob('watch-scores');
    expect(await alertsOf(other)).toEqual([]);
  });
});
