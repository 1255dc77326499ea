import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { feedback } from '../feedback.ts';

const IMPORT = `mutation ($input: ImportReviewsInput!) { importReviews(input: $input) { created existing refusals { index key field code } errors { code } } }`;
const IMPORT_ANSWERS = `mutation ($input: ImportAnswersInput!) { importAnswers(input: $input) { created existing refusals { index key field code } errors { code } } }`;
const TOTALS = `query ($source: String) { reviewTotals(source: $source) { count rated average bySource { key count average } byMonth { key count } } }`;
const WRITE =
  'mutation ($input: WriteReviewInput!) { writeReview(input: $input) { review { id status sentiment } errors { code } } }';
const PRODUCT = `query ($refs: [_Any!]!) { found: _entities(representations: $refs) { ... on Product {
  reviews { count average distribution sentiment latest(first: 1) { edges { node { text rating } } pageInfo { hasNextPage } } } } } }`;

const product = (id: string): Record<string, unknown> => ({ refs: [{ __typename: 'Product', id }] });

describe('reviews', () => {
  const graph = testSubgraph(feedback);
  const service = graph.as({ role: 'service' });
  const review = (externalId: string, more: object = {}): object => ({
    externalId,
    rating: 4,
    text: 'Muy bonito',
    occurredAt: '2025-06-01T10:00:00Z',
    ...more,
  });

  it('of another system are taken once per source and id, with their own time', async () => {
    const input = { source: 'shop-a', reviews: [review('1'), review('2', { rating: 1, text: 'Pésimo, llegó roto' })] };
    expect((await service.graph(IMPORT, { input })).data.importReviews).toMatchObject({
      created: 2,
      existing: 0,
      refusals: [],
      errors: [],
    });
    expect((await service.graph(IMPORT, { input })).data.importReviews).toMatchObject({ created: 0, existing: 2 });
    expect((await service.graph(IMPORT, { input: { ...input, source: 'shop-b' } })).data.importReviews).toMatchObject({
      created: 2,
    });
    const { data } = await graph.graph(TOTALS, { source: 'shop-a' });
    expect(data.reviewTotals).toEqual({
      count: 2,
      rated: 2,
      average: 2.5,
      bySource: [{ key: 'shop-a', count: 2, average: 2.5 }],
      byMonth: [{ key: '2025-06', count: 2 }],
    });
    const told = await graph.published('feedback.review.received.v1');
    expect(told.filter((e) => e.data.source === 'shop-a')).toHaveLength(2);
    expect(told[0]).toMatchObject({ occurredAt: '2025-06-01T10:00:00.000Z', data: { imported: true, approved: true } });
    expect(JSON.stringify(told)).not.toContain('roto');
    expect(await graph.sql('select 1 from feedback_case')).toEqual([]);
  });

  it('that break a rule are refused one by one, with place, field and reason; the others are taken', async () => {
    const reviews = [
      review('a'),
      review('b', { rating: 6 }),
      review('a'),
      review('', {}),
      review('c', { rating: null, text: ' ' }),
      review('d', { occurredAt: '2030-01-01T00:00:00Z' }),
    ];
    const { data } = await service.graph(IMPORT, { input: { source: 'mixed', reviews } });
    expect(data.importReviews).toMatchObject({
      created: 1,
      refusals: [
        { index: 1, field: 'rating', code: 'RATING' },
        { index: 2, field: 'externalId', code: 'DUPLICATE_IN_BATCH' },
        { index: 3, field: 'externalId', code: 'EXTERNAL_ID' },
        { index: 4, field: 'rating', code: 'REVIEW_EMPTY' },
        { index: 5, field: 'occurredAt', code: 'IN_THE_FUTURE' },
      ],
    });
  });

  it('come a thousand at a time, and not more', async () => {
    const reviews = Array.from({ length: 1_000 }, (_, i) => review(`r${i}`, { profileId: newId() }));
    const { data } = await service.graph(IMPORT, { input: { source: 'bulk', reviews } });
    expect(data.importReviews.created).toBe(1_000);
    const more = await service.graph(IMPORT, { input: { source: 'bulk', reviews: [...reviews, review('x')] } });
    expect(more.data.importReviews).toMatchObject({
      created: null,
      errors: [{ code: 'BATCH_TOO_LARGE' }],
      refusals: [],
    });
  });

  it('sum up a product, also when the product becomes known after its reviews', async () => {
    const productId = newId();
    const reviews = [5, 5, 2].map((rating, i) =>
      review(`p${i}`, { rating, productSku: 'SKU-9', text: `Reseña ${i}`, occurredAt: `2025-06-0${i + 1}T00:00:00Z` }),
    );
    await service.graph(IMPORT, { input: { source: 'by-sku', reviews } });
    await graph.receive(
      event('inventory.product.changed.v1', {
        occurredAt: graph.clock.now(),
        data: { productId, sku: 'SKU-9', name: 'Abrigo', category: 'abrigos', price: { amount: 1, currency: 'EUR' } },
      }),
    );
    const { data, errors } = await graph.as({ role: 'anonymous' }).graph(PRODUCT, product(productId));
    expect(errors).toBeUndefined();
    expect(data.found[0].reviews).toMatchObject({
      count: 3,
      average: 4,
      distribution: [0, 1, 0, 0, 2],
      latest: { edges: [{ node: { text: 'Reseña 2', rating: 2 } }], pageInfo: { hasNextPage: true } },
    });
    expect((await graph.graph(PRODUCT, product(newId()))).data.found[0].reviews).toMatchObject({
      count: 0,
      average: null,
    });
  });

  it('written here wait to be read before they are shown', async () => {
    const [productId, profileId] = [newId(), newId()];
    const customer = graph.as({ role: 'customer', customerId: profileId });
    const input = { idempotencyKey: newId(), productId, rating: 5, text: 'Me encanta' };
    const first = await customer.graph(WRITE, { input });
    const repeat = await customer.graph(WRITE, { input });
    const { id } = first.data.writeReview.review;
    expect(first.data.writeReview.review.status).toBe('PENDING');
    expect(repeat.data.writeReview.review.id).toBe(id);
    expect((await graph.graph(PRODUCT, product(productId))).data.found[0].reviews.count).toBe(0);
    const moderate =
      'mutation ($input: ModerateReviewInput!) { moderateReview(input: $input) { review { status } errors { code } } }';
    expect(
      (await customer.graph(moderate, { input: { reviewId: id, approved: true } })).errors![0]!.extensions!['code'],
    ).toBe('FORBIDDEN');
    await graph.as({ role: 'care' }).graph(moderate, { input: { reviewId: id, approved: true } });
    await graph.as({ role: 'care' }).graph(moderate, { input: { reviewId: id, approved: true } });
    expect((await graph.graph(PRODUCT, product(productId))).data.found[0].reviews).toMatchObject({
      count: 1,
      average: 5,
    });
    const told = (await graph.published('feedback.review.received.v1')).filter((e) => e.data.reviewId === id);
    expect(told.map((e) => e.data.approved)).toEqual([false, true]);
  });

  it('written here with few stars open a case', async () => {
    const profileId = newId();
    await graph.as({ role: 'customer', customerId: profileId }).graph(WRITE, {
      input: { idempotencyKey: newId(), productId: newId(), rating: 1, text: 'Se rompió la cremallera' },
    });
    const [opened] = (await graph.published('feedback.case.opened.v1')).filter((e) => e.profileId === profileId);
    expect(opened!.data).toMatchObject({
      severity: 'high',
      answerId: null,
      reason: expect.stringContaining('Review 1/5'),
    });
  });

  it('answers of another system are taken the same way, by survey or metric', async () => {
    const answers = [
      { externalId: '1', metric: 'NPS', score: 9, comment: 'Todo bien', occurredAt: '2025-05-01T00:00:00Z' },
      { externalId: '2', surveyKey: 'csat-after-return', score: 5, occurredAt: '2025-05-01T00:00:00Z' },
      { externalId: '3', metric: 'CSAT', score: 9, occurredAt: '2025-05-01T00:00:00Z' },
      { externalId: '4', surveyKey: 'no-such', score: 1, occurredAt: '2025-05-01T00:00:00Z' },
      { externalId: '5', metric: 'NPS', occurredAt: '2025-05-01T00:00:00Z' },
    ];
    const first = await service.graph(IMPORT_ANSWERS, { input: { source: 'old-tool', answers } });
    expect(first.data.importAnswers).toMatchObject({
      created: 2,
      existing: 0,
      refusals: [
        { index: 2, code: 'OUT_OF_SCALE' },
        { index: 3, code: 'SURVEY_NOT_FOUND' },
        { index: 4, code: 'ANSWER_EMPTY' },
      ],
    });
    const again = await service.graph(IMPORT_ANSWERS, { input: { source: 'old-tool', answers } });
    expect(again.data.importAnswers).toMatchObject({ created: 0, existing: 2 });
    const told = await graph.published('feedback.answer.submitted.v1');
    expect(told).toHaveLength(2);
    expect(told[0]).toMatchObject({
      occurredAt: '2025-05-01T00:00:00.000Z',
      data: { imported: true, attitude: 'promoter' },
    });
  });
});
