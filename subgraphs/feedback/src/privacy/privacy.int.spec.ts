import { event, newId, type AnyEvent, type EventOf } from '@trenza/events';
import { held, testSubgraph, untilWaiting } from '@trenza/testing';
import { feedback } from '../feedback.ts';
import { orderCompleted } from '../test-events.ts';
import { erase } from './erase.ts';

describe('privacy', () => {
  const graph = testSubgraph(feedback);
  const service = graph.as({ role: 'service' });
  const SUBMIT = 'mutation ($input: SubmitAnswerInput!) { submitAnswer(input: $input) { answerId errors { code } } }';
  const WORDS = 'Soy Marta Pérez y nadie me contesta';

  async function livedIn(profileId: string, storeId: string): Promise<void> {
    await graph.receive(orderCompleted({ profileId, storeId, occurredAt: graph.clock.now() }));
    const [{ token }] = (await graph.sql('select token from invitation where profile_id = $1', [profileId])) as [
      { token: string },
    ];
    await service.graph(SUBMIT, { input: { idempotencyKey: newId(), token, score: 2, comment: WORDS } });
    const [{ id }] = (await graph.sql('select id from feedback_case where profile_id = $1', [profileId])) as [
      { id: string },
    ];
    await graph
      .as({ role: 'care' })
      .graph('mutation ($input: NoteCaseInput!) { noteCase(input: $input) { errors { code } } }', {
        input: { caseId: id, text: 'Marta, 600 111 222' },
      });
    await service.graph('mutation ($input: WriteReviewInput!) { writeReview(input: $input) { errors { code } } }', {
      input: { idempotencyKey: newId(), profileId, rating: 1, text: WORDS },
    });
    await graph.receive(consentOf(profileId));
  }

  const consentOf = (profileId: string): AnyEvent =>
    event('identity.consent.changed.v1', {
      profileId,
      occurredAt: graph.clock.now(),
      data: { purpose: 'survey', channel: 'email', granted: true, wordingVersion: '1', source: 'test' },
    });

  const erasureOf = (profileId: string): EventOf<'identity.customer.erasure-requested.v1'> =>
    event('identity.customer.erasure-requested.v1', {
      profileId,
      occurredAt: graph.clock.now(),
      data: { requestId: newId(), profileIds: [profileId], requestedAt: graph.clock.now().toISOString() },
    });

  const dump = async (): Promise<string> => {
    const tables = ['answer', 'review', 'feedback_case', 'case_note', 'invitation', 'survey_consent', 'idempotency'];
    const rows = await Promise.all(tables.map((table) => graph.sql(`select * from ${table}`)));
    return JSON.stringify(rows);
  };

  it('an export holds all that she said, in her words', async () => {
    const [profileId, other] = [newId(), newId()];
    await livedIn(profileId, newId());
    await livedIn(other, newId());
    const requestId = newId();
    await graph.receive(
      event('identity.customer.export-requested.v1', {
        profileId,
        occurredAt: graph.clock.now(),
        data: { requestId, profileIds: [profileId] },
      }),
    );
    const [exported] = await graph.published('feedback.customer.exported.v1');
    expect(exported).toMatchObject({ profileId, data: { requestId } });
    const { document } = exported!.data;
    expect(document).toMatchObject({
      answers: [{ survey: 'nps-after-purchase', score: 2, comment: WORDS }],
      reviews: [{ rating: 1, text: WORDS }],
      cases: [{}, {}],
      invitations: [{ status: 'answered' }],
      surveyConsents: [{ channel: 'email', granted: true }],
    });
  });

  it('an erasure leaves the score and takes the person: no name, no word, no profile stays', async () => {
    const [profileId, storeId] = [newId(), newId()];
    await livedIn(profileId, storeId);
    const requestId = newId();
    const request = {
      profileId,
      occurredAt: graph.clock.now(),
      data: { requestId, profileIds: [profileId], requestedAt: graph.clock.now().toISOString() },
    };
    await graph.receive(event('identity.customer.erasure-requested.v1', request));
    const [erased] = await graph.published('feedback.customer.erased.v1');
    expect(erased!.data).toEqual({
      requestId,
      removed: { consents: 1 },
      anonymised: { answers: 1, reviews: 1, cases: 2, notes: 3, invitations: 1 },
    });
    expect((await dump()).includes(profileId)).toBe(false);
    const { data } = await graph.graph(
      'query ($storeId: ID) { feedbackScore(metric: NPS, storeId: $storeId) { value n asked answered } feedbackCases(storeId: $storeId) { edges { node { status } } } }',
      { storeId },
    );
    expect(data.feedbackScore).toEqual({ value: -100, n: 1, asked: 1, answered: 1 });
    expect(data.feedbackCases.edges).toEqual([{ node: { status: 'CLOSED' } }]);
    const words = await graph.sql<{ n: number }>(
      'select count(*) as n from answer a full join review r on false where (a.store_id = $1 and (a.comment is not null or a.responses::text like $2))',
      [storeId, '%Marta%'],
    );
    expect(words[0]!.n).toBe(0);
  });

  it('what arrives later under an erased profile is kept without a name, and asks nobody', async () => {
    const profileId = newId();
    await graph.receive(erasureOf(profileId));
    await graph.receive(orderCompleted({ profileId, occurredAt: graph.clock.now() }), consentOf(profileId));
    await service.graph(SUBMIT, {
      input: {
        idempotencyKey: newId(),
        surveyKey: 'nps-after-purchase',
        profileId,
        score: 9,
        comment: 'Marta otra vez',
      },
    });
    await service.graph('mutation ($input: ImportReviewsInput!) { importReviews(input: $input) { created } }', {
      input: {
        source: 'late',
        reviews: [{ externalId: '1', profileId, rating: 5, text: 'Marta Pérez', occurredAt: '2025-01-01T00:00:00Z' }],
      },
    });
    expect((await dump()).includes(profileId)).toBe(false);
    expect((await dump()).includes('Marta otra vez')).toBe(false);
  });

  it('what she says at the very moment of her erasure is kept without a name, whichever is written first', async () => {
    const profileId = newId();
    const erasing = await held(graph.database, (tx) => erase(tx, erasureOf(profileId), graph.clock.now()));
    const saying = Promise.all([
      graph.receive(consentOf(profileId)),
      graph.receive(orderCompleted({ profileId, occurredAt: graph.clock.now() })),
      service.graph(SUBMIT, {
        input: {
          idempotencyKey: newId(),
          surveyKey: 'nps-after-purchase',
          profileId,
          score: 9,
          comment: 'Marta a la vez',
        },
      }),
    ]);
    await untilWaiting(graph.database, 3);
    erasing.letGo();
    await Promise.all([erasing.done, saying]);
    expect((await dump()).includes(profileId)).toBe(false);
    expect((await dump()).includes('Marta a la vez')).toBe(false);
    const [{ n }] = (await graph.sql('select count(*) as n from answer where score = 9 and profile_id is null')) as [
      { n: number },
    ];
    expect(n).toBeGreaterThan(0);
  });
});
