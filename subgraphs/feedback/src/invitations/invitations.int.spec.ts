import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { feedback } from '../feedback.ts';
import { membership, orderCompleted } from '../test-events.ts';

const NPS = '0191a000-0000-7000-8000-00000000f001';

describe('a survey after a purchase', () => {
  const graph = testSubgraph(feedback);
  const service = graph.as({ role: 'service' });
  const invitationsOf = (profileId: string): Promise<{ status: string; order_id: string; token: string }[]> =>
    graph.sql('select status, order_id, token from invitation where profile_id = $1 order by created_at', [profileId]);
  const buy = (profileId: string, more: object = {}): Promise<void> =>
    graph.receive(orderCompleted({ profileId, occurredAt: graph.clock.now(), ...more }));
  const answer = (input: object): ReturnType<typeof service.graph> =>
    service.graph(
      'mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) { answerId errors { code } } }',
      {
        input: { idempotencyKey: newId(), ...input },
      },
    );

  it('is put at once, with a link that shows the questions in her language', async () => {
    const [profileId, orderId, storeId] = [newId(), newId(), newId()];
    await buy(profileId, { orderId, storeId });
    const [invited] = (await graph.published('feedback.survey.invited.v1')).filter((e) => e.profileId === profileId);
    expect(invited!.data).toMatchObject({ surveyId: NPS, orderId, storeId, channel: 'store' });
    const { data } = await graph
      .as({ role: 'anonymous' })
      .graph(
        'query ($token: String!) { surveyInvitation(token: $token) { status orderId survey { metric questions { id kind min max text { es pt } branches { atMost goto } } } } }',
        { token: invited!.data.token },
      );
    expect(data.surveyInvitation).toMatchObject({ status: 'asked', orderId, survey: { metric: 'NPS' } });
    expect(data.surveyInvitation.survey.questions[0]).toMatchObject({
      id: 'score',
      min: 0,
      max: 10,
      branches: [{ atMost: 6, goto: 'went-wrong' }, {}],
    });
  });

  it('is asked once, however often the order is told', async () => {
    const [profileId, orderId] = [newId(), newId()];
    await buy(profileId, { orderId });
    await buy(profileId, { orderId });
    expect(await invitationsOf(profileId)).toHaveLength(1);
  });

  it('leaves her alone for its days of rest, under any of her profiles, and asks again after them', async () => {
    const [app, web] = [newId(), newId()];
    await graph.receive(membership([app, web], 1, graph.clock.now()));
    await buy(app);
    graph.clock.advance({ days: 30 });
    await buy(web);
    expect(await invitationsOf(web)).toHaveLength(0);
    graph.clock.advance({ days: 61 });
    await buy(web);
    expect(await invitationsOf(web)).toHaveLength(1);
  });

  it('never comes again after she answered, invited or not', async () => {
    const profileId = newId();
    await answer({ surveyKey: 'nps-after-purchase', profileId, channel: 'APP', score: 9 });
    await buy(profileId);
    expect(await invitationsOf(profileId)).toHaveLength(0);
  });

  it('is closed by an answer to it in another channel', async () => {
    const [profileId, orderId] = [newId(), newId()];
    await buy(profileId, { orderId });
    await answer({ surveyKey: 'nps-after-purchase', profileId, orderId, channel: 'CALL_CENTRE', score: 9 });
    expect(await invitationsOf(profileId)).toMatchObject([{ status: 'answered' }]);
  });

  it('is not put to who said no to surveys, with any profile, on this channel or on all', async () => {
    const [ana, eva, app] = [newId(), newId(), newId()];
    await graph.receive(membership([ana, app], 1, graph.clock.now()));
    const say = (profileId: string, channel: 'store' | null, granted: boolean, at: string): Promise<void> =>
      graph.receive(
        event('identity.consent.changed.v1', {
          profileId,
          occurredAt: at,
          data: { purpose: 'survey', channel, granted, wordingVersion: '1', source: 'test' },
        }),
      );
    await say(app, null, false, '2026-01-02T00:00:00Z');
    await say(app, null, true, '2026-01-01T00:00:00Z');
    await say(eva, 'store', false, '2026-01-01T00:00:00Z');
    await buy(ana);
    await buy(eva, { channel: 'store' });
    expect([...(await invitationsOf(ana)), ...(await invitationsOf(eva))]).toEqual([]);
    await buy(eva, { channel: 'web' });
    expect(await invitationsOf(eva)).toHaveLength(1);
  });

  it('is not put for imported orders, anonymous sales, or what happened too long ago', async () => {
    const profileId = newId();
    await buy(profileId, { imported: true });
    await graph.receive(orderCompleted({ occurredAt: graph.clock.now() }));
    await buy(profileId, { occurredAt: new Date(graph.clock.now().getTime() - 40 * 86_400_000) });
    expect(await invitationsOf(profileId)).toHaveLength(0);
  });

  it('waits for its delay, is then put by the job, and runs out', async () => {
    const { data } = await graph.graph(
      'mutation ($input: CreateSurveyInput!) { createSurvey(input: $input) { survey { id version } errors { code } } }',
      {
        input: {
          idempotencyKey: newId(),
          key: 'after-wearing',
          metric: 'CUSTOM',
          name: 'Tras estrenarlo',
          trigger: 'ORDER_COMPLETED',
          delayMinutes: 1_440,
          validDays: 5,
          questions: [{ id: 'fit', kind: 'TEXT', text: { es: '¿Qué tal sienta?' } }],
        },
      },
    );
    expect(data.createSurvey.errors).toEqual([]);
    const profileId = newId();
    await buy(profileId);
    const status = async (): Promise<string> =>
      (
        await graph.sql<{ status: string }>('select status from invitation where profile_id = $1 and survey_id = $2', [
          profileId,
          data.createSurvey.survey.id,
        ])
      )[0]!.status;
    expect(await status()).toBe('waiting');
    graph.clock.advance({ hours: 25 });
    await graph.runJob('ask-surveys');
    expect(await status()).toBe('asked');
    graph.clock.advance({ days: 6 });
    await graph.runJob('expire-invitations');
    expect(await status()).toBe('expired');
    await graph.graph('mutation ($input: ArchiveSurveyInput!) { archiveSurvey(input: $input) { survey { status } } }', {
      input: { surveyId: data.createSurvey.survey.id },
    });
  });

  it('that was waved away is no answer, and takes none', async () => {
    const profileId = newId();
    await buy(profileId);
    const { token } = (await invitationsOf(profileId))[0]!;
    const nobody = graph.as({ role: 'anonymous' });
    const { data } = await nobody.graph(
      'mutation ($input: DismissSurveyInput!) { dismissSurvey(input: $input) { invitation { status } errors { code } } }',
      { input: { token } },
    );
    expect(data.dismissSurvey.invitation.status).toBe('dismissed');
    expect((await answer({ token, score: 9 })).data.submitAnswer.errors[0].code).toBe('INVITATION_CLOSED');
  });

  it('can be asked by a campaign or by hand, which refuses where she is to be left alone', async () => {
    const profileId = newId();
    await graph.receive(
      event('campaign.survey.due.v1', {
        profileId,
        occurredAt: graph.clock.now(),
        data: { surveyId: NPS, channel: 'email', reason: 'journey' },
      }),
    );
    expect(await invitationsOf(profileId)).toHaveLength(1);
    const { data } = await service.graph(
      'mutation ($input: InviteToSurveyInput!) { inviteToSurvey(input: $input) { invitation { token } errors { code } } }',
      {
        input: { idempotencyKey: newId(), surveyId: NPS, profileId, channel: 'EMAIL' },
      },
    );
    expect(data.inviteToSurvey.errors[0].code).toBe('LEFT_ALONE');
  });

  it('keeps the questions that were asked when new ones are published', async () => {
    const profileId = newId();
    await answer({ surveyKey: 'nps-after-purchase', profileId, score: 9, complete: false });
    const { data } = await graph.graph(
      'mutation ($input: PublishSurveyVersionInput!) { publishSurveyVersion(input: $input) { survey { version questions { id } } errors { code } } }',
      {
        input: {
          idempotencyKey: newId(),
          surveyId: NPS,
          questions: [
            {
              id: 'nota',
              kind: 'SCALE',
              text: { es: '¿Nos recomendarías?' },
              min: 0,
              max: 10,
              scored: true,
              required: true,
            },
          ],
        },
      },
    );
    expect(data.publishSurveyVersion).toMatchObject({
      survey: { version: 2, questions: [{ id: 'nota' }] },
      errors: [],
    });
    const [{ id: answerId }] = (await graph.sql('select id from answer where profile_id = $1', [profileId])) as [
      { id: string },
    ];
    expect(
      (await answer({ answerId, responses: [{ question: 'loved', text: 'Todo' }] })).data.submitAnswer.errors,
    ).toEqual([]);
    expect(
      (await answer({ surveyKey: 'nps-after-purchase', responses: [{ question: 'nota', score: 9 }] })).data.submitAnswer
        .errors,
    ).toEqual([]);
  });
});
