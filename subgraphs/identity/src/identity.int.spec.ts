import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { identity as definition } from './identity.ts';

const identity = testSubgraph(definition);
const service = () => identity.as({ role: 'service', channel: 'web' });

const IDENTIFY = `mutation ($input: IdentifyInput!) { identify(input: $input) { profileId customerId created warnings errors { code message path } } }`;
const identify = async (input: object) => (await service().graph(IDENTIFY, { input })).data.identify;
const TRACK = `mutation ($input: TrackInput!) { track(input: $input) { results { eventId status profileId customerId code message } errors { code } } }`;
const track = async (...events: object[]) => (await service().graph(TRACK, { input: { events } })).data.track.results;
const customer = async (id: string, fields: string) =>
  (await identity.graph(`query ($id: ID!) { customer(id: $id) { ${fields} } }`, { id })).data.customer;

const cookie = (value: string) => ({ type: 'COOKIE', value });
const email = (value: string) => ({ type: 'EMAIL', value });
const user = (value: string) => ({ type: 'USER', value });
const phone = (value: string) => ({ type: 'PHONE', value });

describe('an anonymous visitor who signs in', () => {
  it('has her past as hers, each contact once, in the order in which it happened', async () => {
    const view = (n: number, at: string, who: object[]) => ({
      eventId: `view-${n}`,
      kind: 'page_view',
      channel: 'WEB',
      source: 'shop',
      occurredAt: at,
      identifiers: who,
    });
    await track(
      view(2, '2026-03-02T09:02:00Z', [cookie('c-anon')]),
      view(1, '2026-03-02T09:01:00Z', [cookie('c-anon')]),
    );
    const anonymous = await identify({ identifiers: [cookie('c-anon')] });
    expect(await customer(anonymous.customerId, 'state')).toEqual({ state: 'VISITOR' });

    const signedIn = await identify({
      identifiers: [user('u-ana'), cookie('c-anon'), email('ana@tienda.es')],
      attributes: { givenName: 'Ana' },
    });
    expect(signedIn.customerId).toBe(anonymous.customerId);
    expect(signedIn.profileId).not.toBe(anonymous.profileId);
    await track(
      view(3, '2026-03-02T09:03:00Z', [user('u-ana'), cookie('c-anon')]),
      view(1, '2026-03-02T09:01:00Z', [cookie('c-anon')]),
    );

    const ana = await customer(
      signedIn.profileId,
      'id name state profileIds journey { edges { node { kind occurredAt } } pageInfo { hasNextPage } }',
    );
    expect(ana).toMatchObject({ id: anonymous.customerId, name: 'Ana', state: 'PROSPECT' });
    expect(ana.profileIds).toEqual([anonymous.profileId, signedIn.profileId]);
    expect(ana.journey.edges.map((e: { node: { occurredAt: string } }) => e.node.occurredAt)).toEqual([
      '2026-03-02T09:01:00.000Z',
      '2026-03-02T09:02:00.000Z',
      '2026-03-02T09:03:00.000Z',
    ]);
    const [linked] = (await identity.published('identity.customer.membership-changed.v1')).filter(
      (e) => e.data.cause === 'linked',
    );
    expect(linked!.data.customers).toEqual([{ customerId: anonymous.customerId, profileIds: ana.profileIds }]);
  });
});

describe('tracking', () => {
  it('gives every event its own result: accepted, duplicate or refused', async () => {
    const event = (eventId: string, more: object = {}) => ({
      eventId,
      kind: 'Page View',
      channel: 'APP',
      identifiers: [cookie('c-results')],
      ...more,
    });
    const results = await track(
      event('r1'),
      event('r1'),
      event('r2', { occurredAt: '2026-03-03T10:00:00Z' }),
      event('r3', { kind: '¿?' }),
      event('r4', { identifiers: [cookie('null')] }),
      event('r5', { identifiers: [], profileId: newId() }),
      event('r6', { properties: { text: 'x'.repeat(20_000) } }),
    );
    expect(results.map((r: { status: string; code: string }) => [r.status, r.code])).toEqual([
      ['ACCEPTED', null],
      ['DUPLICATE', null],
      ['REFUSED', 'CLOCK_SKEW'],
      ['REFUSED', 'INVALID_KIND'],
      ['REFUSED', 'INVALID_IDENTIFIER'],
      ['REFUSED', 'PROFILE_UNKNOWN'],
      ['REFUSED', 'PROPERTIES_TOO_LARGE'],
    ]);
    const told = (await identity.published('identity.event.tracked.v1')).filter((e) => e.data.eventId.startsWith('r'));
    expect(told.map((e) => [e.data.eventId, e.data.kind, e.data.anonymous, e.profileId])).toEqual([
      ['r1', 'page_view', true, results[0].profileId],
    ]);
  });

  it('takes a thousand events of hundreds of visitors in one batch, and each once', async () => {
    const events = Array.from({ length: 1_000 }, (_, n) => ({
      eventId: `bulk-${n}`,
      kind: 'page_view',
      channel: 'WEB',
      identifiers: [cookie(`bulk-${n % 300}`)],
    }));
    const first = await track(...events);
    expect(new Set(first.map((r: { profileId: string }) => r.profileId)).size).toBe(300);
    const again = await track(...events);
    expect(again.every((r: { status: string }) => r.status === 'DUPLICATE')).toBe(true);
    expect(again.map((r: { profileId: string }) => r.profileId)).toEqual(
      first.map((r: { profileId: string }) => r.profileId),
    );
  });
});

describe('resolution', () => {
  it('makes one person of concurrent sightings in several channels', async () => {
    const sightings = Array.from({ length: 12 }, (_, n) =>
      identify({
        identifiers: [email('carla@tienda.es'), n % 2 ? cookie(`carla-${n}`) : phone('+34 611 222 333')],
        attributes: { givenName: 'Carla' },
      }),
    );
    const customers = new Set((await Promise.all(sightings)).map((r) => r.customerId));
    const found = await customer([...customers][0] as string, 'id identifiers { type value }');
    expect(await Promise.all([...customers].map((id) => customer(id as string, 'id')))).toEqual(
      [...customers].map(() => ({ id: found.id })),
    );
    expect(found.identifiers).toHaveLength(8);
  });

  it('does not weld strangers who share a telephone', async () => {
    const ana = await identify({
      identifiers: [email('ana.f@casa.es'), phone('+34 622 000 111')],
      attributes: { givenName: 'Ana' },
    });
    const luis = await identify({
      identifiers: [email('luis.f@casa.es'), phone('+34 622 000 111')],
      attributes: { givenName: 'Luis' },
    });
    expect(luis.customerId).not.toBe(ana.customerId);
    expect(luis.warnings).toEqual([expect.stringContaining('several people')]);
    const line = await identify({ identifiers: [phone('622000111')] });
    expect([ana.customerId, luis.customerId]).not.toContain(line.customerId);
    expect((await identify({ identifiers: [phone('622000111')] })).customerId).toBe(line.customerId);
  });

  it('leaves two accounts of one browser apart, and what the browser does alone to neither', async () => {
    const first = await identify({ identifiers: [user('family-1'), cookie('family-pc')] });
    const second = await identify({ identifiers: [user('family-2'), cookie('family-pc')] });
    const alone = await identify({ identifiers: [cookie('family-pc')] });
    expect(new Set([first.customerId, second.customerId, alone.customerId]).size).toBe(3);
  });

  it('joins the till, the shop and the newsletter by card, e-mail and telephone', async () => {
    const till = await identify({
      identifiers: [{ type: 'CARD', value: 'ES-900' }, phone('+34 633 000 111')],
      source: 'till',
    });
    const shop = await identify({ identifiers: [user('u-900'), email('rosa@tienda.es')], source: 'shop' });
    const both = await identify({ identifiers: [user('u-900'), phone('0034 633 000 111')] });
    expect(both).toMatchObject({ profileId: shop.profileId, customerId: till.customerId });
    const merged = (await identity.published('identity.customer.merged.v1')).at(-1)!;
    expect(merged.data).toMatchObject({ into: till.customerId, merged: [shop.customerId] });
  });

  it.each([
    ['no identifier', { identifiers: [] }, 'NO_IDENTIFIER'],
    ['a malformed e-mail', { identifiers: [email('ana at home')] }, 'INVALID_IDENTIFIER'],
    [
      'an attribute of ten megabytes',
      { identifiers: [cookie('big')], attributes: { photo: 'x'.repeat(100_000) } },
      'ATTRIBUTE_TOO_LARGE',
    ],
    ['attributes that are a list', { identifiers: [cookie('big')], attributes: [1] }, 'INVALID_ATTRIBUTES'],
    ['a clock that is ahead', { identifiers: [cookie('big')], occurredAt: '2027-01-01T00:00:00Z' }, 'CLOCK_SKEW'],
  ])('refuses %s with a typed error', async (_, input, code) => {
    expect((await identify(input)).errors).toEqual([expect.objectContaining({ code })]);
  });
});

describe('an import', () => {
  const IMPORT = `mutation ($input: ImportProfilesInput!) { importProfiles(input: $input) { results { sourceId profileId customerId created code } errors { code } } }`;
  const rows = [
    {
      sourceId: '1',
      identifiers: [email('marta@correo.es')],
      attributes: { givenName: 'Marta', city: 'Lugo' },
      occurredAt: '2025-01-01T00:00:00Z',
    },
    { sourceId: '2', identifiers: [phone('nonsense')], attributes: { givenName: 'Nuria' } },
    { sourceId: '3', identifiers: [email('marta@correo.es')], attributes: { givenName: 'Marta' } },
    { sourceId: '-1', identifiers: [] },
  ];
  const run = async () =>
    (await service().graph(IMPORT, { input: { source: 'crm', rows } })).data.importProfiles.results;

  it('gives each record its own profile for ever, and changes nothing the second time', async () => {
    const first = await run();
    expect(first.map((r: { code: string; created: boolean }) => [r.code, r.created])).toEqual([
      [null, true],
      [null, true],
      [null, true],
      ['INVALID_SOURCE_ID', false],
    ]);
    expect(first[2].customerId).toBe(first[0].customerId);
    expect(first[2].profileId).not.toBe(first[0].profileId);
    const before = await identity.sql('select * from attribute order by 1, 2, 3, 4');
    const events = (await identity.published()).length;
    const again = await run();
    expect(again.map((r: { profileId: string }) => r.profileId)).toEqual(
      first.map((r: { profileId: string }) => r.profileId),
    );
    expect(await identity.sql('select * from attribute order by 1, 2, 3, 4')).toEqual(before);
    expect(await identity.published()).toHaveLength(events);
  });
});

describe('an import of consents', () => {
  it('keeps what was said under its profile, once, and reports rows of nobody', async () => {
    const { profileId } = await identify({ identifiers: [{ type: 'SOURCE', value: 'crm:consent-1' }] });
    const row = {
      purpose: 'MARKETING',
      channel: 'EMAIL',
      granted: true,
      wordingVersion: 'v1',
      occurredAt: '2026-01-01T00:00:00Z',
    };
    const input = {
      source: 'crm',
      rows: [
        { ...row, sourceId: 'consent-1' },
        { ...row, profileId, channel: null },
        { ...row, sourceId: 'nobody' },
      ],
    };
    const run = async () =>
      (
        await service().graph(
          'mutation ($input: ImportConsentsInput!) { importConsents(input: $input) { created unchanged refusals { index field } errors { code } } }',
          { input },
        )
      ).data.importConsents;
    expect(await run()).toEqual({ created: 2, unchanged: 0, refusals: [{ index: 2, field: 'sourceId' }], errors: [] });
    expect(await run()).toMatchObject({ created: 0, unchanged: 2 });
    expect((await customer(profileId, 'consents { purpose channel granted }')).consents).toHaveLength(2);
  });
});

describe('the journey', () => {
  it('holds what the other subgraphs tell, once, wherever it arrives, and pages both ways', async () => {
    const { profileId } = await identify({ identifiers: [email('viajera@tienda.es')] });
    const about = (minute: number) => ({ profileId, occurredAt: `2026-03-01T10:0${minute}:00Z` });
    const orderId = newId();
    const events = [
      event('feedback.answer.submitted.v1', {
        ...about(4),
        data: {
          answerId: newId(),
          surveyId: newId(),
          metric: 'nps',
          score: 3,
          attitude: 'detractor',
          sentiment: -0.5,
          channel: 'email',
          complete: true,
        },
      }),
      event('inventory.order.completed.v1', {
        ...about(1),
        data: {
          orderId,
          number: 'A1',
          channel: 'store',
          total: { amount: 1999, currency: 'EUR' },
          netAmount: 1999,
          lines: [{ lineId: newId(), sku: 'S', quantity: 1, netAmount: 1999 }],
        },
      }),
      event('loyalty.points.earned.v1', {
        ...about(2),
        data: { transferId: newId(), points: 19, currency: 'POINTS', state: 'active', reason: 'purchase', orderId },
      }),
      event('campaign.message.sent.v1', {
        ...about(3),
        data: { messageId: newId(), channel: 'email', purpose: 'service', template: 'thanks' },
      }),
    ];
    await identity.receive(...events);
    await identity.receive(...events.toReversed());
    const kinds = (journey: { edges: { node: { kind: string } }[] }) => journey.edges.map((e) => e.node.kind);
    const page = await customer(
      profileId,
      'state phase { phase } keyMoments { what } journey(first: 2) { edges { node { kind money { amount currency } } } pageInfo { hasNextPage endCursor } }',
    );
    expect(page).toMatchObject({ state: 'ONE_TIME_BUYER', phase: { phase: 'EXPERIENCE' } });
    expect(page.keyMoments.map((m: { what: string }) => m.what)).toEqual([
      'First contact',
      'First purchase',
      'Low answer',
    ]);
    expect(kinds(page.journey)).toEqual(['order_completed', 'points_earned']);
    expect(page.journey.edges[0].node.money).toEqual({ amount: 1999, currency: 'EUR' });
    const next = await customer(
      profileId,
      `journey(first: 5, after: "${page.journey.pageInfo.endCursor}") { edges { node { kind } } pageInfo { hasPreviousPage startCursor } }`,
    );
    expect(kinds(next.journey)).toEqual(['message_sent', 'survey_answered']);
    const back = await customer(
      profileId,
      `journey(last: 1, before: "${next.journey.pageInfo.startCursor}") { edges { node { kind } } pageInfo { hasPreviousPage } }`,
    );
    expect(back.journey).toMatchObject({
      edges: [{ node: { kind: 'points_earned' } }],
      pageInfo: { hasPreviousPage: true },
    });
    const filtered = await customer(
      profileId,
      'journey(channels: [STORE, EMAIL], kinds: ["order_completed", "survey_answered"]) { edges { node { kind } } }',
    );
    expect(kinds(filtered.journey)).toEqual(['order_completed', 'survey_answered']);
  });
});

describe('finding customers', () => {
  it('finds by any id, by any identifier in any spelling, and by words of the name without accents', async () => {
    const { customerId, profileId } = await identify({
      identifiers: [email('Lucía.Peña@correo.es'.normalize('NFD')), phone('644 555 666')],
      attributes: { givenName: 'Lucía', familyName: 'Peña Ruiz' },
    });
    const by = async (type: string, value: string) =>
      (
        await service().graph(`query ($v: String!) { customerByIdentifier(type: ${type}, value: $v) { id } }`, {
          v: value,
        })
      ).data.customerByIdentifier;
    expect(await by('PHONE', '+34 644-555-666')).toEqual({ id: customerId });
    expect(await by('EMAIL', 'nadie@correo.es')).toBeNull();
    for (const search of ['pena lucia', '644555666', profileId.slice(0, 0) + 'lucía.peña@correo.es', 'ruiz']) {
      const { data } = await identity.graph(
        'query ($s: String) { customers(search: $s) { edges { node { id name } } } }',
        { s: search },
      );
      expect(data.customers.edges).toEqual([{ node: { id: customerId, name: 'Lucía Peña Ruiz' } }]);
    }
  });

  it('pages through everyone and counts them by state', async () => {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await identity.graph(
        'query ($a: String) { customers(first: 100, after: $a) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
        { a: after },
      );
      ids.push(...data.customers.edges.map((e: { node: { id: string } }) => e.node.id));
      after = data.customers.pageInfo.hasNextPage ? data.customers.pageInfo.endCursor : null;
    } while (after);
    const [{ count } = { count: 0 }] = await identity.sql<{ count: number }>(
      'select count(distinct customer_id) as count from profile',
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(count);
    const { data } = await identity.graph('{ customerCounts { state count } }');
    expect(data.customerCounts.reduce((sum: number, c: { count: number }) => sum + c.count, 0)).toBe(count);
  });
});
