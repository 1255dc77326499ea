import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields } from '../customers/customer.fixture.ts';

const campaign = testSubgraph(definition);
const NOW = '2026-03-02T10:00:00.000Z';
beforeEach(() => {
  campaign.clock.set(NOW);
  // Exploration is left to the unit tests: here the best score wins.
  jest.spyOn(Math, 'random').mockReturnValue(0.99);
});
afterEach(() => jest.restoreAllMocks());

const kindsFor = async (id: string): Promise<string[]> => {
  const fields = await customerFields(
    campaign.as({ role: 'care' }),
    id,
    'nextBestActions(channel: WEB) { decisionId kind }',
  );
  return fields.nextBestActions.map((action: { kind: string }) => action.kind);
};

/** As feedback tells of an answer that came from another system: it opens no case. */
const imported = (profileId: string, attitude: 'detractor' | 'promoter', occurredAt: string) =>
  event('feedback.answer.submitted.v1', {
    profileId,
    occurredAt,
    data: {
      answerId: newId(),
      surveyId: newId(),
      metric: 'nps',
      score: attitude === 'promoter' ? 10 : 2,
      attitude,
      sentiment: null,
      channel: 'store',
      complete: true,
      imported: true,
    },
  });

/** Somebody to whom a scarf would be offered. */
async function drawnToScarf(): Promise<string> {
  const [profileId, productId] = [newId(), newId()];
  await campaign.receive(
    event('inventory.product.changed.v1', {
      occurredAt: '2026-01-01T00:00:00Z',
      data: {
        productId,
        sku: productId,
        name: 'Wool scarf',
        category: null,
        price: { amount: 4_000, currency: 'EUR' },
      },
    }),
    event('identity.event.tracked.v1', {
      profileId,
      occurredAt: NOW,
      data: { eventId: newId(), kind: 'product_viewed', channel: 'web', productId },
    }),
  );
  expect(await kindsFor(profileId)).toContain('OFFER');
  return profileId;
}

describe('an unhappy answer that was imported', () => {
  it('stops offers, and an older happy one that arrives later changes nothing', async () => {
    const her = await drawnToScarf();
    await campaign.receive(imported(her, 'detractor', '2026-02-20T10:00:00Z'));
    expect(await kindsFor(her)).toEqual(['SILENCE']);
    await campaign.receive(imported(her, 'promoter', '2026-02-19T10:00:00Z'));
    expect(await kindsFor(her)).toEqual(['SILENCE']);
  });

  it('is made up for by a happier one', async () => {
    const her = await drawnToScarf();
    await campaign.receive(
      imported(her, 'detractor', '2026-02-20T10:00:00Z'),
      imported(her, 'promoter', '2026-02-21T10:00:00Z'),
    );
    expect(await kindsFor(her)).toContain('OFFER');
  });

  it('is made up for by a complaint that was settled since', async () => {
    const her = await drawnToScarf();
    const settled = (occurredAt: string) =>
      event('feedback.case.changed.v1', { profileId: her, occurredAt, data: { caseId: newId(), status: 'resolved' } });
    await campaign.receive(imported(her, 'detractor', '2026-02-20T10:00:00Z'), settled('2026-02-01T10:00:00Z'));
    expect(await kindsFor(her)).not.toContain('OFFER');
    await campaign.receive(settled('2026-03-01T10:00:00Z'));
    expect(await kindsFor(her)).toContain('OFFER');
  });

  it('is held against nobody for longer than a season', async () => {
    const her = await drawnToScarf();
    await campaign.receive(imported(her, 'detractor', '2025-11-01T10:00:00Z'));
    expect(await kindsFor(her)).toContain('OFFER');
  });
});
