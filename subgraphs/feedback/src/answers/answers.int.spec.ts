import { newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { feedback } from '../feedback.ts';
import { membership, orderCompleted, separated } from '../test-events.ts';

const SUBMIT = `mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) {
  answerId alreadyAnswered answer { id case { severity status } score attitude comment sentiment themes { topic } complete channel store { id } survey { key } } errors { code message path } } }`;
const ANSWERS = `query ($refs: [_Any!]!, $first: Int, $after: String) { found: _entities(representations: $refs) { ... on Customer {
  id answers(first: $first, after: $after) { edges { cursor node { id score comment } } pageInfo { hasNextPage endCursor } }
  satisfaction { opinions attitude latestNps average sentimentTrend } openCases { id severity } pendingSurveys { token survey { key } } } } }`;

describe('answers', () => {
  const graph = testSubgraph(feedback);
  const service = graph.as({ role: 'service', channel: 'store' });
  const nobody = graph.as({ role: 'anonymous' });
  const storeId = newId();
  const ref = (id: string) => ({ refs: [{ __typename: 'Customer', id }] });

  const submit = (input: object, as = service): ReturnType<typeof service.graph> =>
    as.graph(SUBMIT, { input: { idempotencyKey: newId(), ...input } });
  const tokenFor = async (profileId: string, orderId = newId()): Promise<string> => {
    await graph.receive(orderCompleted({ profileId, orderId, storeId, occurredAt: graph.clock.now() }));
    return (await graph.sql<{ token: string }>('select token from invitation where order_id = $1', [orderId]))[0]!
      .token;
  };

  it('of a till are kept with what was understood of them, and told without their words', async () => {
    const profileId = newId();
    const { data, errors } = await submit({
      surveyKey: 'nps-after-purchase',
      profileId,
      storeId,
      score: 3,
      comment: 'El pedido llegó tarde y roto',
    });
    expect(errors).toBeUndefined();
    const { answer, alreadyAnswered } = data.submitAnswer;
    expect(alreadyAnswered).toBe(false);
    expect(answer).toMatchObject({
      score: 3,
      attitude: 'DETRACTOR',
      complete: true,
      case: { severity: 'HIGH', status: 'OPEN' },
      channel: 'STORE',
      store: { id: storeId },
      survey: { key: 'nps-after-purchase' },
    });
    expect(answer.sentiment).toBeLessThan(-0.3);
    const [told] = await graph.published('feedback.answer.submitted.v1');
    expect(told).toMatchObject({
      profileId,
      data: { answerId: answer.id, score: 3, attitude: 'detractor', storeId, complete: true, imported: false },
    });
    expect(told!.data.topics).toContain('delivery');
    expect(JSON.stringify(await graph.published())).not.toContain('roto');
  });

  it('submitted twice give the first result, and the same key with another body is refused', async () => {
    const input = { idempotencyKey: newId(), surveyKey: 'nps-after-purchase', profileId: newId(), score: 9 };
    const [first, repeat] = await Promise.all([service.graph(SUBMIT, { input }), service.graph(SUBMIT, { input })]);
    expect(repeat.data.submitAnswer.answerId).toBe(first.data.submitAnswer.answerId);
    const other = await service.graph(SUBMIT, { input: { ...input, score: 2 } });
    expect(other.data.submitAnswer.errors[0].code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await graph.sql('select 1 from answer where profile_id = $1', [input.profileId])).toHaveLength(1);
  });

  it('to one invitation, sent by two devices at once, are one answer', async () => {
    const profileId = newId();
    const token = await tokenFor(profileId);
    const both = await Promise.all([submit({ token, score: 9 }, nobody), submit({ token, score: 2 }, nobody)]);
    const results = both.map(({ data }) => data.submitAnswer);
    expect(results[0].answerId).toBe(results[1].answerId);
    expect(results.filter((r) => r.alreadyAnswered)).toHaveLength(1);
    expect(await graph.sql('select 1 from answer where profile_id = $1', [profileId])).toHaveLength(1);
  });

  it('by link belong to whom was asked, without sign-in', async () => {
    const profileId = newId();
    const token = await tokenFor(profileId);
    const { data } = await submit({ token, score: 10, comment: 'Great service, thank you' }, nobody);
    expect(data.submitAnswer).toMatchObject({ alreadyAnswered: false, errors: [] });
    const answers = await graph.graph(ANSWERS, ref(profileId));
    expect(answers.data.found[0].answers.edges[0].node).toMatchObject({
      score: 10,
      comment: 'Great service, thank you',
    });
    expect(answers.data.found[0].pendingSurveys).toEqual([]);
  });

  it('may be partial: what was said is kept, told, and completed later', async () => {
    const profileId = newId();
    const token = await tokenFor(profileId);
    const first = await submit({ token, complete: false, responses: [{ question: 'score', score: 4 }] }, nobody);
    expect(first.data.submitAnswer).toMatchObject({ errors: [], alreadyAnswered: false });
    const second = await submit(
      {
        token,
        responses: [
          { question: 'went-wrong', text: 'Nadie me atendió' },
          { question: 'contact', choices: ['yes'] },
        ],
      },
      nobody,
    );
    expect(second.data.submitAnswer.answerId).toBe(first.data.submitAnswer.answerId);
    const rows = await graph.sql('select complete, responses from answer where profile_id = $1', [profileId]);
    expect(rows).toEqual([
      { complete: true, responses: { score: 4, 'went-wrong': 'Nadie me atendió', contact: ['yes'] } },
    ]);
    const told = (await graph.published('feedback.answer.submitted.v1')).filter((e) => e.profileId === profileId);
    expect(told.map((e) => e.data.complete)).toEqual([false, true]);
    expect(await graph.sql('select 1 from feedback_case where profile_id = $1', [profileId])).toHaveLength(1);
  });

  it('of the unknown are kept without a name', async () => {
    const { data } = await submit({ surveyKey: 'nps-after-purchase', storeId, channel: 'EVENT', score: 8 }, nobody);
    expect(data.submitAnswer.answer).toMatchObject({ score: 8, attitude: 'PASSIVE', channel: 'EVENT' });
    const [told] = (await graph.published('feedback.answer.submitted.v1')).slice(-1);
    expect(told!.profileId).toBeUndefined();
  });

  it('can be given by a customer for herself only, and gone on with by nobody else', async () => {
    const [ana, eva] = [newId(), newId()];
    const asAna = graph.as({ role: 'customer', customerId: ana });
    const { errors } = await submit({ surveyKey: 'nps-after-purchase', profileId: eva, score: 1 }, asAna);
    expect(errors![0]!.extensions!['code']).toBe('FORBIDDEN');
    const begun = await submit({ surveyKey: 'nps-after-purchase', score: 7, complete: false }, asAna);
    const answerId = begun.data.submitAnswer.answerId as string;
    const stolen = await submit({ answerId, score: 1 }, graph.as({ role: 'customer', customerId: eva }));
    expect(stolen.errors![0]!.extensions!['code']).toBe('FORBIDDEN');
    const done = await submit({ answerId, score: 9 }, asAna);
    expect(done.data.submitAnswer.answer).toMatchObject({ score: 9, complete: true });
  });

  it('taken by an associate count for her own stores and name her', async () => {
    const associate = graph.as({ role: 'associate', subject: 'lucia', stores: [storeId] });
    const elsewhere = await submit({ surveyKey: 'nps-after-purchase', storeId: newId(), score: 9 }, associate);
    expect(elsewhere.errors![0]!.extensions!['code']).toBe('FORBIDDEN');
    const here = await submit({ surveyKey: 'nps-after-purchase', storeId, associateId: 'marta', score: 9 }, associate);
    const [row] = await graph.sql<{ associate_id: string }>('select associate_id from answer where id = $1', [
      here.data.submitAnswer.answerId,
    ]);
    expect(row!.associate_id).toBe('lucia');
  });

  it.each([
    [{ surveyKey: 'nps-after-purchase', score: 11 }, 'OUT_OF_SCALE'],
    [{ surveyKey: 'no-such', score: 1 }, 'SURVEY_NOT_FOUND'],
    [{ token: 'no-such', score: 1 }, 'INVITATION_NOT_FOUND'],
    [{ surveyKey: 'nps-after-purchase', comment: 'sin nota' }, 'ANSWER_MISSING'],
    [{ surveyKey: 'nps-after-purchase', complete: false }, 'ANSWER_EMPTY'],
    [{ surveyKey: 'nps-after-purchase', responses: [{ question: 'score', score: 3, text: 'x' }] }, 'RESPONSE_FORM'],
  ])('like %j are refused with %s', async (input, code) => {
    const { data } = await submit(input);
    expect(data.submitAnswer).toMatchObject({ answerId: null, errors: [{ code }] });
  });

  it('follow the customer through a merge and an unmerge, untouched', async () => {
    const [ana, eva] = [newId(), newId()];
    await submit({ surveyKey: 'nps-after-purchase', profileId: ana, score: 10 });
    graph.clock.advance({ minutes: 1 });
    await submit({ surveyKey: 'nps-after-purchase', profileId: eva, score: 2 });
    const scoresOf = async (id: string): Promise<number[]> => {
      const { data } = await graph.graph(ANSWERS, ref(id));
      return data.found[0].answers.edges.map((e: { node: { score: number } }) => e.node.score);
    };
    const NPS_ROWS = `select * from answer where profile_id = any($1) and metric = 'nps' order by id`;
    const before = await graph.sql(NPS_ROWS, [[ana, eva]]);
    await graph.receive(membership([ana, eva], 5, graph.clock.now()));
    expect(await scoresOf(ana)).toEqual([2, 10]);
    expect(await scoresOf(eva)).toEqual([2, 10]);
    await submit({ surveyKey: 'csat-after-return', profileId: eva, score: 5 });
    const [told] = (await graph.published('feedback.answer.submitted.v1')).slice(-1);
    expect(told).toMatchObject({ profileId: eva, customerId: ana });
    await graph.receive(separated([ana, eva], 6, graph.clock.now()));
    expect(await scoresOf(ana)).toEqual([10]);
    expect(await scoresOf(eva)).toEqual([5, 2]);
    expect(await graph.sql(NPS_ROWS, [[ana, eva]])).toEqual(before);
  });

  it('come in pages, the newest first, and batch over customers', async () => {
    const profileId = newId();
    for (const score of [1, 5, 9]) {
      graph.clock.advance({ minutes: 1 });
      await submit({ surveyKey: 'nps-after-purchase', profileId, score });
    }
    const first = await graph.graph(ANSWERS, { ...ref(profileId), first: 2 });
    const page = first.data.found[0].answers;
    expect(page.edges.map((e: { node: { score: number } }) => e.node.score)).toEqual([9, 5]);
    expect(page.pageInfo.hasNextPage).toBe(true);
    const rest = await graph.graph(ANSWERS, { ...ref(profileId), first: 2, after: page.pageInfo.endCursor });
    expect(rest.data.found[0].answers.edges.map((e: { node: { score: number } }) => e.node.score)).toEqual([1]);
    expect(rest.data.found[0].satisfaction).toMatchObject({
      opinions: 3,
      attitude: 'PROMOTER',
      latestNps: 9,
      average: 50,
    });
  });

  it('are read by care and by the customer herself, not by an associate or another customer', async () => {
    const profileId = newId();
    await submit({ surveyKey: 'nps-after-purchase', profileId, score: 6, comment: 'Demasiada cola' });
    const query = `query ($refs: [_Any!]!) { found: _entities(representations: $refs) { ... on Customer { answers { edges { node { comment } } } } } }`;
    for (const role of ['care', 'admin', 'service'] as const)
      expect((await graph.as({ role }).graph(query, ref(profileId))).errors).toBeUndefined();
    expect(
      (await graph.as({ role: 'customer', customerId: profileId }).graph(query, ref(profileId))).errors,
    ).toBeUndefined();
    for (const stranger of [
      graph.as({ role: 'customer', customerId: newId() }),
      graph.as({ role: 'associate', stores: [storeId] }),
      graph.as({ role: 'analyst' }),
    ])
      expect((await stranger.graph(query, ref(profileId))).errors![0]!.extensions!['code']).toBe('FORBIDDEN');
    const satisfaction = `query ($refs: [_Any!]!) { found: _entities(representations: $refs) { ... on Customer { satisfaction { attitude } openCases { reason } } } }`;
    const seen = await graph.as({ role: 'associate', stores: [storeId] }).graph(satisfaction, ref(profileId));
    expect(seen.data.found[0]).toMatchObject({
      satisfaction: { attitude: 'DETRACTOR' },
      openCases: [{ reason: expect.stringContaining('NPS 6/10') }],
    });
  });
});
