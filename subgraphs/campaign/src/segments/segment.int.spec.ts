import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields, nodesOf } from '../customers/customer.fixture.ts';

const campaign = testSubgraph(definition);
const marketer = campaign.as({ role: 'marketer', subject: 'mar' });
const NOON = '2026-03-02T12:00:00.000Z';
beforeEach(() => campaign.clock.set(NOON));

/** A customer in a city of her own, so that each test has its own people. */
async function person(city: string): Promise<string> {
  const id = newId();
  await campaign.receive(
    event('identity.customer.contact-changed.v1', { profileId: id, occurredAt: NOON, data: { city } }),
  );
  return id;
}
const inCity = (city: string) => ({ fact: { name: 'city', op: 'eq', value: city } });
const size = async (audience: object) =>
  (await marketer.graph(`query ($a: JSON!) { audienceSize(audience: $a) }`, { a: audience })).data?.audienceSize;
const save = async (name: string, rule: object, id?: string) =>
  (
    await marketer.graph(
      `mutation ($i: SaveSegmentInput!) { saveSegment(input: $i) { segment { id size } errors { code message } } }`,
      { i: { name, rule, id } },
    )
  ).data.saveSegment;
const segmentsOf = async (id: string) =>
  (await customerFields(marketer, id, 'segments { name }')).segments.map((s: { name: string }) => s.name);

describe('an audience', () => {
  it('is counted before it is saved, over all profiles of each customer', async () => {
    const [a, b] = [await person('Fraga'), await person('Fraga')].sort() as [string, string];
    expect(await size(inCity('Fraga'))).toBe(2);
    await campaign.receive(
      event('identity.customer.membership-changed.v1', {
        occurredAt: NOON,
        data: { version: 1, cause: 'merged', customers: [{ customerId: a, profileIds: [a, b] }] },
      }),
    );
    expect(await size(inCity('Fraga'))).toBe(1);
  });

  it('combines facts, intents and consents', async () => {
    const [buyer, looker, idle] = [await person('Gijón'), await person('Gijón'), await person('Gijón')];
    await campaign.receive(
      event('inventory.order.completed.v1', {
        profileId: buyer,
        occurredAt: '2026-02-20T00:00:00Z',
        data: {
          orderId: newId(),
          number: '1',
          channel: 'web',
          total: { amount: 5_000, currency: 'EUR' },
          netAmount: 5_000,
          lines: [{ lineId: newId(), sku: 's', quantity: 1, netAmount: 5_000 }],
        },
      }),
      event('identity.event.tracked.v1', {
        profileId: looker,
        occurredAt: NOON,
        data: { eventId: newId(), kind: 'category_viewed', channel: 'web', category: 'Tents' },
      }),
      event('identity.consent.changed.v1', {
        profileId: looker,
        occurredAt: NOON,
        data: { purpose: 'marketing', channel: null, granted: true, wordingVersion: '1', source: 'web' },
      }),
      event('feedback.answer.submitted.v1', {
        profileId: idle,
        occurredAt: NOON,
        data: {
          answerId: newId(),
          surveyId: newId(),
          metric: 'nps',
          score: 2,
          attitude: 'detractor',
          sentiment: null,
          channel: 'web',
          complete: true,
        },
      }),
    );
    const and = (...more: object[]) => size({ all: [inCity('Gijón'), ...more] });
    expect(await and()).toBe(3);
    expect(
      await and(
        { fact: { name: 'orders', op: 'gte', value: 1 } },
        { fact: { name: 'days_since_order', op: 'lt', value: 30 } },
      ),
    ).toBe(1);
    expect(await and({ fact: { name: 'days_since_order', op: 'gt', value: 0 } })).toBe(1);
    expect(await and({ not: { fact: { name: 'orders', op: 'gte', value: 1 } } })).toBe(2);
    expect(await and({ intent: { topic: 'category:Tents', min: 0.5 } })).toBe(1);
    expect(await and({ consent: { purpose: 'marketing', channel: 'EMAIL' } })).toBe(1);
    expect(
      await and({
        any: [
          { fact: { name: 'attitude', op: 'in', value: ['detractor'] } },
          { fact: { name: 'spend', op: 'gte', value: 5_000 } },
        ],
      }),
    ).toBe(2);
    campaign.clock.advance({ days: 30 });
    expect(await and({ intent: { topic: 'category:Tents', min: 0.5 } })).toBe(0);
  });

  it('takes values as values, whatever is written in them', async () => {
    expect(await size(inCity(`x' or true --`))).toBe(0);
    expect(await size({ intent: { topic: `'); drop table intent; --`, min: 1 } })).toBe(0);
    expect(await size({ everyone: true })).toBeGreaterThan(0);
  });
});

describe('a segment', () => {
  it('is left and entered with the event that makes the difference, under any profile of hers', async () => {
    const id = await person('Ibi');
    await save('Ibi without complaints', {
      all: [inCity('Ibi'), { not: { fact: { name: 'open_case', op: 'eq', value: true } } }],
    });
    expect(await segmentsOf(id)).toEqual(['Ibi without complaints']);
    const caseId = newId();
    await campaign.receive(
      event('feedback.case.opened.v1', {
        profileId: id,
        occurredAt: NOON,
        data: { caseId, reason: 'NPS 2', severity: 'low', dueAt: NOON },
      }),
    );
    expect(await segmentsOf(id)).toEqual([]);
    await campaign.receive(
      event('feedback.case.changed.v1', {
        profileId: id,
        occurredAt: '2026-03-02T12:01:00Z',
        data: { caseId, status: 'closed' },
      }),
    );
    expect(await segmentsOf(id)).toEqual(['Ibi without complaints']);
  });

  it('may be made of others, but not of itself, and tells its size', async () => {
    const [a, b] = [await person('Jaca'), await person('Jávea')];
    const jaca = await save('Jaca', inCity('Jaca'));
    const both = await save('Jaca or Jávea', { any: [{ segment: jaca.segment.id }, inCity('Jávea')] });
    expect(both.segment.size).toBe(2);
    expect(await segmentsOf(a)).toEqual(['Jaca', 'Jaca or Jávea']);
    expect(await segmentsOf(b)).toEqual(['Jaca or Jávea']);
    expect((await save('Jaca', { segment: both.segment.id }, jaca.segment.id)).errors[0].code).toBe('INVALID_RULE');
    expect((await save('Nobody', { segment: newId() })).errors[0].message).toContain('There is no segment');
    const { data } = await marketer.graph('{ segments(first: 100) { edges { node { name size } } } }');
    expect(nodesOf(data.segments)).toContainEqual({ name: 'Jaca', size: 1 });
  });

  it('has a name of its own and a rule that can be evaluated', async () => {
    await save('Twice', { everyone: true });
    expect((await save('Twice', { everyone: true })).errors[0].code).toBe('NAME_TAKEN');
    expect((await save('Wrong', { all: [] })).errors[0].code).toBe('INVALID_RULE');
    expect((await save('Wrong', { everyone: true, all: [] })).errors[0].message).toContain('exactly one');
    expect(
      (
        await save(
          'Deep',
          Array.from({ length: 9 }).reduce<object>((rule) => ({ not: rule }), { everyone: true }),
        )
      ).errors[0].message,
    ).toContain('nested');
  });
});
