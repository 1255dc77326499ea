import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { feedback } from '../feedback.ts';

const CASES = `query ($storeId: ID, $statuses: [FeedbackCaseStatus!], $overdue: Boolean, $first: Int, $after: String) {
  feedbackCases(storeId: $storeId, statuses: $statuses, overdue: $overdue, first: $first, after: $after) {
    edges { node { id reason severity status dueAt owner rootCause escalations store { id } customer { id } notes { author kind text } } } pageInfo { hasNextPage endCursor } } }`;

interface Case {
  id: string;
  [field: string]: unknown;
}

describe('cases', () => {
  const graph = testSubgraph(feedback);
  const service = graph.as({ role: 'service', channel: 'store' });
  const care = graph.as({ role: 'care', subject: 'carmen' });

  beforeEach(() => graph.clock.set('2026-03-02T10:00:00Z'));

  const detractor = async (of: object = {}): Promise<{ storeId: string; profileId: string; answerId: string }> => {
    const [storeId, profileId] = [newId(), newId()];
    const input = { idempotencyKey: newId(), surveyKey: 'nps-after-purchase', storeId, profileId, score: 3, ...of };
    const { data } = await service.graph(
      'mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) { answerId errors { code } } }',
      { input },
    );
    return { storeId, profileId, answerId: data.submitAnswer.answerId as string };
  };
  const casesOf = async (storeId: string, more: object = {}, as = care): Promise<Case[]> =>
    (await as.graph(CASES, { storeId, ...more })).data.feedbackCases.edges.map((edge: { node: Case }) => edge.node);
  const act = (mutation: string, inputType: string, input: object, as = care): ReturnType<typeof care.graph> =>
    as.graph(
      `mutation ($input: ${inputType}!) { result: ${mutation}(input: $input) { case { status owner rootCause } errors { code } } }`,
      { input },
    );
  const changes = async (caseId: string): Promise<object[]> =>
    (await graph.published('feedback.case.changed.v1')).filter((e) => e.data.caseId === caseId).map((e) => e.data);

  it('are opened by a detractor, with severity, due time and store', async () => {
    await graph.receive(
      event('inventory.store.changed.v1', {
        occurredAt: graph.clock.now(),
        data: {
          storeId: newId(),
          code: 'X',
          name: 'X',
          kind: 'store',
          latitude: 0,
          longitude: 0,
          timeZone: 'America/Sao_Paulo',
        },
      }),
    );
    const { storeId, profileId, answerId } = await detractor({ comment: 'Pésima atención, el pedido llegó tarde' });
    const [found] = await casesOf(storeId);
    expect(found).toMatchObject({
      severity: 'HIGH',
      status: 'OPEN',
      dueAt: '2026-03-02T14:00:00.000Z',
      store: { id: storeId },
      customer: { id: profileId },
    });
    expect(found!['reason']).toMatch(/^NPS 3\/10: .*delivery/);
    const [opened] = await graph.published('feedback.case.opened.v1');
    expect(opened).toMatchObject({
      profileId,
      data: { answerId, storeId, severity: 'high', dueAt: '2026-03-02T14:00:00.000Z' },
    });
    expect(JSON.stringify(opened)).not.toContain('atención');
  });

  it('are due on the clock of their store', async () => {
    const storeId = newId();
    await graph.receive(
      event('inventory.store.changed.v1', {
        occurredAt: graph.clock.now(),
        data: {
          storeId,
          code: 'MX',
          name: 'México',
          kind: 'store',
          latitude: 0,
          longitude: 0,
          timeZone: 'America/Mexico_City',
        },
      }),
    );
    await detractor({ storeId, score: 0 });
    // 4 hours later it is 08:00 there: an hour after opening it is.
    expect(await casesOf(storeId)).toMatchObject([{ dueAt: '2026-03-02T17:00:00.000Z' }]);
  });

  it('are not opened by promoters, passives or imported answers, and only once per answer', async () => {
    const storeId = newId();
    await detractor({ storeId, score: 9 });
    await detractor({ storeId, score: 7 });
    await service.graph('mutation ($input: ImportAnswersInput!) { importAnswers(input: $input) { created } }', {
      input: {
        source: 'old',
        answers: [{ externalId: 'a', metric: 'NPS', storeId, score: 0, occurredAt: '2025-01-01T00:00:00Z' }],
      },
    });
    expect(await casesOf(storeId)).toEqual([]);
    const { answerId } = await detractor({ storeId, score: 2, complete: false });
    await service.graph('mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) { errors { code } } }', {
      input: { idempotencyKey: newId(), answerId, score: 1 },
    });
    expect(await casesOf(storeId)).toHaveLength(1);
  });

  it('go from owner to note to resolution with a root cause, and ask her again', async () => {
    const { storeId, profileId } = await detractor();
    const [{ id: caseId }] = (await casesOf(storeId)) as [Case];
    expect((await act('assignCase', 'AssignCaseInput', { caseId })).data.result).toMatchObject({
      case: { status: 'IN_PROGRESS', owner: 'carmen' },
      errors: [],
    });
    await act('noteCase', 'NoteCaseInput', { caseId, text: 'La he llamado' });
    const moved = await act('moveCase', 'MoveCaseInput', { caseId, status: 'RESOLVED' });
    expect(moved.data.result.errors[0].code).toBe('ROOT_CAUSE_MISSING');
    const done = await act('resolveCase', 'ResolveCaseInput', {
      caseId,
      rootCause: 'Late delivery',
      note: 'Vale de 10 €',
    });
    expect(done.data.result).toMatchObject({ case: { status: 'RESOLVED', rootCause: 'late delivery' }, errors: [] });
    const again = await act('resolveCase', 'ResolveCaseInput', { caseId, rootCause: 'x' });
    expect(again.data.result.errors[0].code).toBe('CASE_STATUS');
    expect(await changes(caseId)).toMatchObject([
      { status: 'in-progress' },
      { status: 'resolved', rootCause: 'late delivery', storeId },
    ]);
    const [{ notes }] = (await casesOf(storeId)) as [Case];
    expect((notes as { kind: string }[]).map((n) => n.kind)).toEqual(['opened', 'assigned', 'note', 'resolved']);
    const asked = (await graph.published('feedback.survey.invited.v1')).filter((e) => e.profileId === profileId);
    expect(asked).toHaveLength(1);
    const { data } = await graph
      .as({ role: 'anonymous' })
      .graph('query ($token: String!) { surveyInvitation(token: $token) { survey { key } } }', {
        token: asked[0]!.data.token,
      });
    expect(data.surveyInvitation.survey.key).toBe('ces-after-recovery');
  });

  it('tell why customers were unhappy, and whom it won back', async () => {
    const { storeId, profileId } = await detractor();
    const { profileId: lost } = await detractor({ storeId });
    for (const { id: caseId } of await casesOf(storeId))
      await act('resolveCase', 'ResolveCaseInput', { caseId, rootCause: 'wrong-size' });
    graph.clock.advance({ hours: 1 });
    await detractor({ storeId, profileId, surveyKey: 'ces-after-recovery', score: 7 });
    await detractor({ storeId, profileId: lost, surveyKey: 'ces-after-recovery', score: 2 });
    const { data } = await care.graph(
      'query ($storeId: ID) { caseRootCauses(storeId: $storeId) { rootCause count recovered } }',
      { storeId },
    );
    expect(data.caseRootCauses).toEqual([{ rootCause: 'wrong-size', count: 2, recovered: 1 }]);
  });

  it('are escalated while nobody sees to them, three times at most', async () => {
    const { storeId } = await detractor({ score: 6 });
    const escalate = async (): Promise<Case> => {
      await graph.runJob('escalate-cases');
      return (await casesOf(storeId))[0]!;
    };
    expect(await escalate()).toMatchObject({ escalations: 0, severity: 'LOW' });
    graph.clock.advance({ hours: 73 });
    expect(await escalate()).toMatchObject({ escalations: 1, severity: 'MEDIUM' });
    expect(await escalate()).toMatchObject({ escalations: 1 });
    expect(await casesOf(storeId, { overdue: true })).toHaveLength(1);
    for (let day = 0; day < 5; day++) {
      graph.clock.advance({ days: 1 });
      await escalate();
    }
    const [found] = (await casesOf(storeId)) as [Case];
    expect(found).toMatchObject({ escalations: 3, severity: 'HIGH' });
    expect(await changes(found.id)).toHaveLength(3);
    await act('resolveCase', 'ResolveCaseInput', { caseId: found.id, rootCause: 'forgotten' });
    expect(await casesOf(storeId, { overdue: true })).toEqual([]);
  });

  const task = (caseId: string, outcome: string): Promise<void> =>
    graph.receive(
      event('campaign.task.completed.v1', {
        occurredAt: graph.clock.now(),
        data: { taskId: newId(), kind: 'recover', outcome, completedBy: 'lucia', caseId },
      }),
    );

  it("are resolved by the store's recovery", async () => {
    const { storeId } = await detractor();
    const [{ id: caseId }] = (await casesOf(storeId)) as [Case];
    await graph.receive(
      event('campaign.task.created.v1', {
        occurredAt: graph.clock.now(),
        data: { taskId: newId(), kind: 'recover', reason: 'r', caseId, storeId, assignee: 'lucia' },
      }),
    );
    expect(await casesOf(storeId)).toMatchObject([{ status: 'OPEN', owner: 'lucia' }]);
    await task(caseId, 'recovered');
    expect(await casesOf(storeId)).toMatchObject([{ status: 'RESOLVED' }]);
    await task(caseId, 'recovered');
    expect((await changes(caseId)).filter((c) => (c as { status: string }).status === 'resolved')).toHaveLength(1);
  });

  it('stay live where the store could not reach her', async () => {
    const { storeId } = await detractor();
    const [{ id: caseId }] = (await casesOf(storeId)) as [Case];
    await task(caseId, 'no-answer');
    expect(await casesOf(storeId)).toMatchObject([{ status: 'IN_PROGRESS' }]);
    await task(newId(), 'recovered');
  });

  it('are seen and worked on by care and by the associates of their store only', async () => {
    const { storeId } = await detractor();
    const [{ id: caseId }] = (await casesOf(storeId)) as [Case];
    const hers = graph.as({ role: 'associate', stores: [storeId], subject: 'lucia' });
    const other = graph.as({ role: 'associate', stores: [newId()] });
    expect(await casesOf(storeId, {}, hers)).toHaveLength(1);
    expect((await hers.graph(CASES)).errors![0]!.extensions!['code']).toBe('FORBIDDEN');
    expect((await other.graph(CASES, { storeId })).errors![0]!.extensions!['code']).toBe('FORBIDDEN');
    const one = 'query ($id: ID!) { feedbackCase(id: $id) { id } }';
    expect((await hers.graph(one, { id: caseId })).data.feedbackCase.id).toBe(caseId);
    expect((await other.graph(one, { id: caseId })).errors![0]!.extensions!['code']).toBe('FORBIDDEN');
    expect((await act('assignCase', 'AssignCaseInput', { caseId }, other)).errors![0]!.extensions!['code']).toBe(
      'FORBIDDEN',
    );
    expect((await act('assignCase', 'AssignCaseInput', { caseId }, hers)).data.result.case.owner).toBe('lucia');
    const customer = graph.as({ role: 'customer', customerId: newId() });
    expect((await act('assignCase', 'AssignCaseInput', { caseId }, customer)).errors![0]!.extensions!['code']).toBe(
      'FORBIDDEN',
    );
  });

  it('can be opened by hand, once per key, without her words in the event', async () => {
    const [storeId, profileId] = [newId(), newId()];
    const input = {
      idempotencyKey: newId(),
      profileId,
      storeId,
      channel: 'CALL_CENTRE',
      reason: 'delivery',
      severity: 'MEDIUM',
      note: 'Dice que nadie le llama',
    };
    await act('openCase', 'OpenCaseInput', input);
    await act('openCase', 'OpenCaseInput', input);
    expect(await casesOf(storeId)).toMatchObject([
      { reason: 'delivery', notes: [{ kind: 'opened' }, { text: 'Dice que nadie le llama' }] },
    ]);
    expect(JSON.stringify(await graph.published())).not.toContain('nadie le llama');
  });

  it('come in pages', async () => {
    const storeId = newId();
    for (let i = 0; i < 3; i++) await detractor({ storeId });
    const first = (await care.graph(CASES, { storeId, first: 2 })).data.feedbackCases;
    expect(first.edges).toHaveLength(2);
    const rest = (await care.graph(CASES, { storeId, first: 2, after: first.pageInfo.endCursor })).data.feedbackCases;
    expect(rest.edges).toHaveLength(1);
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });
});
