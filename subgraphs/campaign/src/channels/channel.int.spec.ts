import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields } from '../customers/customer.fixture.ts';

const campaign = testSubgraph(definition);
const NOW = '2026-03-20T12:00:00.000Z';
beforeEach(() => campaign.clock.set(NOW));

const visit = (profileId: string, channel: 'web' | 'store', at: string) =>
  event('identity.event.tracked.v1', {
    profileId,
    occurredAt: at,
    data: { eventId: newId(), kind: 'page_view', channel },
  });
const order = (profileId: string, at: string) =>
  event('inventory.order.completed.v1', {
    profileId,
    occurredAt: at,
    data: {
      orderId: newId(),
      number: '1',
      channel: 'store',
      total: { amount: 3_000, currency: 'EUR' },
      netAmount: 3_000,
      lines: [{ lineId: newId(), sku: 's', quantity: 1, netAmount: 3_000 }],
    },
  });
const answer = (profileId: string | undefined, attitude: 'promoter' | 'detractor', at: string) =>
  event('feedback.answer.submitted.v1', {
    ...(profileId && { profileId }),
    occurredAt: at,
    data: {
      answerId: newId(),
      surveyId: newId(),
      metric: 'nps',
      score: attitude === 'promoter' ? 10 : 1,
      attitude,
      sentiment: null,
      channel: 'store',
      complete: true,
    },
  });
const imported = (profileId: string, sourceId: string, outcome: string | null) => ({
  sourceId: `${profileId} ${sourceId}`,
  profileId,
  channel: 'EMAIL',
  template: 'News',
  sentAt: '2026-03-05T10:00:00Z',
  outcomes: outcome ? [{ outcome, at: '2026-03-05T11:00:00Z' }] : [],
});
const load = (messages: object[]) =>
  campaign.graph(`mutation ($i: ImportMessagesInput!) { importMessages(input: $i) { created } }`, {
    i: { source: 'old', messages },
  });

describe('the channel view', () => {
  it('tells reach, conversion, engagement, satisfaction and cost, each person once however many profiles she has', async () => {
    const [a, b, other] = [newId(), newId(), newId()].sort() as [string, string, string];
    await campaign.receive(
      event('identity.customer.membership-changed.v1', {
        occurredAt: NOW,
        data: { version: 1, cause: 'linked', customers: [{ customerId: a, profileIds: [a, b] }] },
      }),
      visit(a, 'web', '2026-03-02T10:00:00Z'),
      visit(b, 'web', '2026-03-03T10:00:00Z'),
      visit(other, 'web', '2026-03-03T10:00:00Z'),
      order(b, '2026-03-04T10:00:00Z'),
      answer(b, 'promoter', '2026-03-04T12:00:00Z'),
      answer(other, 'detractor', '2026-03-04T12:00:00Z'),
      answer(undefined, 'promoter', '2026-03-04T12:00:00Z'),
      visit(other, 'web', '2026-05-01T10:00:00Z'),
    );
    await load([imported(a, '1', 'OPENED'), imported(other, '1', 'UNSUBSCRIBED')]);
    const { data } = await campaign.as({ role: 'analyst' }).graph(
      `{ channelPerformance(period: { from: "2026-03-01T00:00:00Z", to: "2026-03-10T00:00:00Z" })
         { channel reach buyers conversion orders revenue sent engagement lost answers satisfaction cost } }`,
    );
    const none = { orders: 0, revenue: 0, sent: 0, engagement: 0, lost: 0, answers: 0, satisfaction: null, cost: 0 };
    expect(data.channelPerformance).toEqual([
      { ...none, channel: 'email', reach: 2, buyers: 1, conversion: 0.5, sent: 2, engagement: 0.5, lost: 1, cost: 2 },
      { ...none, channel: 'web', reach: 2, buyers: 1, conversion: 0.5 },
      {
        ...none,
        channel: 'store',
        reach: 1,
        buyers: 1,
        conversion: 1,
        orders: 1,
        revenue: 3_000,
        answers: 3,
        satisfaction: expect.closeTo(33.33, 1),
      },
    ]);
  });

  it('says which channel suits a customer, and whether she may be contacted there', async () => {
    const id = newId();
    await campaign.receive(
      visit(id, 'store', '2026-03-15T10:00:00Z'),
      order(id, '2026-03-15T10:00:00Z'),
      visit(id, 'web', '2026-01-01T10:00:00Z'),
    );
    await load([imported(id, '1', 'OPENED'), imported(id, '2', null)]);
    const { channelFit } = await customerFields(
      campaign.as({ role: 'marketer' }),
      id,
      'channelFit { channel score allowed reason }',
    );
    expect(channelFit.slice(0, 2)).toEqual([
      { channel: 'STORE', score: expect.any(Number), allowed: true, reason: '1 order, 0.9 recent visits.' },
      {
        channel: 'EMAIL',
        score: expect.any(Number),
        allowed: false,
        reason: expect.stringContaining('she took up 1 of 2 messages. We know no address'),
      },
    ]);
  });
});
