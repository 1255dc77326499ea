import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { feedback } from '../feedback.ts';
import { membership, orderCompleted } from '../test-events.ts';

const SCORE = `query ($metric: SurveyMetric!, $storeId: ID, $channel: Channel, $customerIds: [ID!], $from: DateTime, $to: DateTime) {
  feedbackScore(metric: $metric, storeId: $storeId, channel: $channel, customerIds: $customerIds, from: $from, to: $to) {
    value low high n mean promoters passives detractors asked answered dismissed responseRate { value low high n } } }`;

describe('scores', () => {
  const graph = testSubgraph(feedback);
  const service = graph.as({ role: 'service' });
  const analyst = graph.as({ role: 'analyst' });

  const give = (
    scores: number[],
    of: { metric?: string; storeId?: string; channel?: string; at?: string; profileId?: string } = {},
  ): Promise<unknown> =>
    service.graph(
      'mutation ($input: ImportAnswersInput!) { importAnswers(input: $input) { created refusals { code } errors { code } } }',
      {
        input: {
          source: 'test',
          answers: scores.map((score) => ({
            externalId: newId(),
            metric: of.metric ?? 'NPS',
            storeId: of.storeId,
            channel: of.channel,
            profileId: of.profileId,
            score,
            occurredAt: of.at ?? graph.clock.now().toISOString(),
          })),
        },
      },
    );
  const score = async (args: object, as = analyst): Promise<Record<string, number>> => {
    const { data, errors } = await as.graph(SCORE, { metric: 'NPS', ...args });
    expect(errors).toBeUndefined();
    return data.feedbackScore;
  };

  it('count promoters minus detractors of a store, with an interval that holds the score', async () => {
    const storeId = newId();
    await give([10, 9, 9, 8, 7, 6, 3, 10], { storeId });
    const nps = await score({ storeId });
    expect(nps).toMatchObject({ value: 25, n: 8, promoters: 4, passives: 2, detractors: 2, mean: 7.75 });
    expect(nps['low']).toBeLessThan(-10);
    expect(nps['high']).toBeGreaterThan(50);
  });

  it('of satisfaction are the share of fours and fives, of ease the mean', async () => {
    const storeId = newId();
    await give([5, 4, 3, 1], { metric: 'CSAT', storeId });
    await give([7, 6, 2], { metric: 'CES', storeId });
    expect(await score({ metric: 'CSAT', storeId })).toMatchObject({ value: 50, n: 4 });
    expect(await score({ metric: 'CES', storeId })).toMatchObject({ value: 5, n: 3, low: 1, high: 7 });
  });

  it('are null, not nought, where nobody answered', async () => {
    expect(await score({ storeId: newId() })).toMatchObject({ value: null, n: 0, low: -100, high: 100, asked: 0 });
  });

  it('can be asked by channel, period and segment, whose members are found under every profile', async () => {
    const storeId = newId();
    const [ana, app] = [newId(), newId()];
    await graph.receive(membership([ana, app], 1, graph.clock.now()));
    await give([10], { storeId, channel: 'WEB', at: '2025-01-10T00:00:00Z' });
    await give([0], { storeId, channel: 'STORE', at: '2025-02-10T00:00:00Z', profileId: app });
    const all = { storeId, from: '2025-01-01T00:00:00Z', to: '2025-03-01T00:00:00Z' };
    expect(await score(all)).toMatchObject({ value: 0, n: 2 });
    expect(await score({ ...all, channel: 'WEB' })).toMatchObject({ value: 100, n: 1 });
    expect(await score({ ...all, to: '2025-02-01T00:00:00Z' })).toMatchObject({ value: 100, n: 1 });
    expect(await score({ ...all, customerIds: [ana] })).toMatchObject({ value: -100, n: 1 });
  });

  it('tell the response rate apart from the score: dismissed and ignored invitations are no zeros', async () => {
    const storeId = newId();
    const profiles = Array.from({ length: 4 }, () => newId());
    for (const profileId of profiles)
      await graph.receive(orderCompleted({ profileId, storeId, occurredAt: graph.clock.now() }));
    const tokens = await graph.sql<{ token: string }>('select token from invitation where store_id = $1', [storeId]);
    await graph.graph('mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) { errors { code } } }', {
      input: { idempotencyKey: newId(), token: tokens[0]!.token, score: 10 },
    });
    await graph.graph('mutation ($input: DismissSurveyInput!) { dismissSurvey(input: $input) { errors { code } } }', {
      input: { token: tokens[1]!.token },
    });
    const nps = (await score({ storeId })) as Record<string, unknown>;
    expect(nps).toMatchObject({
      value: 100,
      n: 1,
      asked: 4,
      answered: 1,
      dismissed: 1,
      responseRate: { value: 25, n: 4 },
    });
  });

  it('go over time in days of the place, and by channel and store', async () => {
    const storeId = newId();
    await give([10, 10], { storeId, channel: 'WEB', at: '2025-03-10T23:30:00Z' });
    await give([0], { storeId, channel: 'APP', at: '2025-03-12T12:00:00Z' });
    const args = { metric: 'NPS', storeId, from: '2025-03-01T00:00:00Z', to: '2025-04-01T00:00:00Z' };
    const trend = `query ($metric: SurveyMetric!, $storeId: ID, $from: DateTime, $to: DateTime, $bucket: FeedbackBucket!, $zone: String!) {
      feedbackTrend(metric: $metric, storeId: $storeId, from: $from, to: $to, bucket: $bucket, timeZone: $zone) { start score { value n } }
      feedbackScoresByChannel(metric: $metric, storeId: $storeId, from: $from, to: $to) { channel score { value } }
      feedbackScoresByStore(metric: $metric, storeId: $storeId, from: $from, to: $to) { store { id } score { value } } }`;
    const days = await analyst.graph(trend, { ...args, bucket: 'DAY', zone: 'Europe/Madrid' });
    expect(days.data.feedbackTrend).toEqual([
      { start: '2025-03-11', score: { value: 100, n: 2 } },
      { start: '2025-03-12', score: { value: -100, n: 1 } },
    ]);
    expect(days.data.feedbackScoresByChannel).toEqual([
      { channel: 'APP', score: { value: -100 } },
      { channel: 'WEB', score: { value: 100 } },
    ]);
    expect(days.data.feedbackScoresByStore).toMatchObject([{ store: { id: storeId } }]);
    const weeks = await analyst.graph(trend, { ...args, bucket: 'WEEK', zone: 'UTC' });
    expect(weeks.data.feedbackTrend).toMatchObject([{ start: '2025-03-10', score: { n: 3 } }]);
    const wrong = await analyst.graph(trend, { ...args, bucket: 'DAY', zone: 'Mars/Olympus' });
    expect(wrong.errors![0]).toMatchObject({ path: ['feedbackTrend'], extensions: { code: 'TIME_ZONE' } });
  });

  it('of topics tell what people speak of, against the period before', async () => {
    const storeId = newId();
    const say = (text: string, occurredAt: string): Promise<unknown> =>
      service.graph('mutation ($input: ImportReviewsInput!) { importReviews(input: $input) { created } }', {
        input: { source: 'topics', reviews: [{ externalId: newId(), storeId, rating: 2, text, occurredAt }] },
      });
    await say('La dependienta fue encantadora', '2025-01-10T00:00:00Z');
    await say('El envío llegó tarde, fatal', '2025-02-10T00:00:00Z');
    await say('El envío se retrasó otra vez, pésimo', '2025-02-12T00:00:00Z');
    const { data } = await analyst.graph(
      'query ($storeId: ID, $from: DateTime, $to: DateTime) { feedbackTopics(storeId: $storeId, from: $from, to: $to) { topic mentions sentiment mentionsBefore sentimentBefore } }',
      { storeId, from: '2025-02-01T00:00:00Z', to: '2025-03-01T00:00:00Z' },
    );
    expect(data.feedbackTopics[0]).toMatchObject({
      topic: 'delivery',
      mentions: 2,
      mentionsBefore: 0,
      sentimentBefore: null,
    });
    expect(data.feedbackTopics[0].sentiment).toBeLessThan(-0.3);
  });

  it('are seen by an associate for her own store only', async () => {
    const storeId = newId();
    const associate = graph.as({ role: 'associate', stores: [storeId] });
    expect(await score({ storeId }, associate)).toMatchObject({ n: 0 });
    expect((await associate.graph(SCORE, { metric: 'NPS' })).errors![0]!.extensions!['code']).toBe('FORBIDDEN');
  });

  it('stand on a store, for many stores in one go', async () => {
    const stores = [newId(), newId()];
    await give([10, 9, 2], { storeId: stores[0]! });
    const { data, errors } = await analyst.graph(
      'query ($refs: [_Any!]!) { found: _entities(representations: $refs) { ... on Store { id satisfaction { nps { value n } csat { n } openCases overdueCases openAlerts } } } }',
      { refs: stores.map((id) => ({ __typename: 'Store', id })) },
    );
    expect(errors).toBeUndefined();
    expect(data.found).toMatchObject([
      { satisfaction: { nps: { n: 3 }, csat: { n: 0 }, openCases: 0, openAlerts: 0 } },
      { satisfaction: { nps: { value: null, n: 0 } } },
    ]);
  });
});
