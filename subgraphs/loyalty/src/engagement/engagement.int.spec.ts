import { event, newId, type AnyEvent } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { balanceOf, expectSound, membership } from '../testing/loyalty-graph.ts';
import { loyalty as definition } from '../loyalty.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

const answer = (profileId: string | undefined, answerId = newId(), complete = true): AnyEvent =>
  event('feedback.answer.submitted.v1', {
    profileId,
    occurredAt: loyalty.clock.now(),
    data: {
      answerId,
      surveyId: newId(),
      metric: 'nps',
      score: 9,
      attitude: 'promoter',
      sentiment: null,
      channel: 'email',
      complete,
    },
  });

const tracked = (profileId: string, kind: string, more = {}): AnyEvent =>
  event('identity.event.tracked.v1', {
    profileId,
    occurredAt: loyalty.clock.now(),
    data: { eventId: newId(), kind, channel: 'app', ...more },
  });

const review = (profileId: string, reviewId: string, approved: boolean): AnyEvent =>
  event('feedback.review.received.v1', {
    profileId,
    occurredAt: loyalty.clock.now(),
    data: { reviewId, source: 'web', rating: 4, sentiment: null, approved },
  });

const pointsOf = async (id: string): Promise<number> => (await balanceOf(loyalty, id)).available;

/** Why each rule gave what it gave on the last occasion. */
async function lastReasons(profileId: string): Promise<string[]> {
  const [row] = await loyalty.sql<{ outcomes: { reason: string }[] }>(
    'select outcomes from occasion where profile_id = $1 order by occurred_at desc, source desc limit 1',
    [profileId],
  );
  return row!.outcomes.map((outcome) => outcome.reason);
}

describe('engagement', () => {
  it('earns for a complete answer, once, whatever it says', async () => {
    const ana = newId();
    const id = newId();
    await loyalty.receive(answer(ana, id, false));
    expect(await pointsOf(ana)).toBe(0);
    await loyalty.receive(answer(ana, id));
    await loyalty.receive(answer(ana, id));
    expect(await pointsOf(ana)).toBe(50);
  });

  it('of nobody known earns nothing', async () => {
    await loyalty.receive(answer(undefined));
    expect(await loyalty.sql(`select 1 from occasion where trigger = 'answer' and profile_id is null`)).toEqual([]);
  });

  it('earns for a review once it is approved', async () => {
    const ana = newId();
    const id = newId();
    await loyalty.receive(review(ana, id, false));
    expect(await pointsOf(ana)).toBe(0);
    await loyalty.receive(review(ana, id, true), review(ana, id, true));
    expect(await pointsOf(ana)).toBe(30);
  });

  it('is capped per customer and period, and says so', async () => {
    const ana = newId();
    await loyalty.receive(...Array.from({ length: 5 }, () => answer(ana)));
    expect(await pointsOf(ana)).toBe(200);
    expect(await lastReasons(ana)).toEqual(['cap-reached']);
    loyalty.clock.advance({ days: 31 });
    await loyalty.receive(answer(ana));
    expect(await pointsOf(ana)).toBe(250);
  });

  it('is capped over all profiles of a customer', async () => {
    const [ana, app] = [newId(), newId()];
    await loyalty.receive(membership(loyalty, 1, 'linked', [ana, app]));
    await loyalty.receive(...[ana, app, ana, app, ana, app].map((id) => answer(id)));
    expect(await pointsOf(ana)).toBe(200);
  });

  it('earns for a visit, a share and a forum answer, and keeps no page views', async () => {
    const ana = newId();
    await loyalty.receive(
      tracked(ana, 'store_visit'),
      tracked(ana, 'share'),
      tracked(ana, 'forum_answer'),
      tracked(ana, 'page_view'),
    );
    expect(await pointsOf(ana)).toBe(5 + 5 + 10);
    expect(await loyalty.sql('select trigger from occasion where profile_id = $1 order by 1', [ana])).toEqual(
      ['forum_answer', 'share', 'store_visit'].map((trigger) => ({ trigger })),
    );
  });

  it('of somebody who is not signed in earns nothing', async () => {
    const cookie = newId();
    await loyalty.receive(tracked(cookie, 'share', { anonymous: true }));
    expect(await pointsOf(cookie)).toBe(0);
  });

  it('earns when the profile is complete enough, once for ever', async () => {
    const ana = newId();
    const complete = (completeness: number): AnyEvent =>
      event('identity.profile.completed.v1', {
        profileId: ana,
        occurredAt: loyalty.clock.now(),
        data: { completeness, field: 'city' },
      });
    await loyalty.receive(complete(0.5), complete(0.8), complete(1));
    expect(await pointsOf(ana)).toBe(100);
  });
});
