import { inTransaction, type Tx } from '@trenza/database';
import { event, newId, type AnyEvent, type EventOf } from '@trenza/events';
import { held, testSubgraph, untilWaiting } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields } from '../customers/customer.fixture.ts';
import { eraseCustomer } from './erase-customer.ts';

const campaign = testSubgraph(definition);
const NOW = '2026-03-02T12:00:00.000Z';
beforeEach(() => campaign.clock.set(NOW));

/** Somebody who left a trace in every table that she can leave one in through events. */
async function known(): Promise<string> {
  const profileId = newId();
  const productId = newId();
  await campaign.receive(
    event('identity.customer.contact-changed.v1', {
      profileId,
      occurredAt: NOW,
      data: { email: 'ana@example.org', givenName: 'Ana' },
    }),
    event('identity.consent.changed.v1', {
      profileId,
      occurredAt: NOW,
      data: { purpose: 'marketing', channel: 'email', granted: true, wordingVersion: '1', source: 'web' },
    }),
    event('inventory.product.changed.v1', {
      occurredAt: NOW,
      data: { productId, sku: 's', name: 'Scarf', category: 'Scarves', price: { amount: 1, currency: 'EUR' } },
    }),
    ...Array.from({ length: 8 }, () =>
      event('identity.event.tracked.v1', {
        profileId,
        occurredAt: NOW,
        data: { eventId: newId(), kind: 'product_viewed', channel: 'web', productId },
      }),
    ),
    event('feedback.case.opened.v1', {
      profileId,
      occurredAt: NOW,
      data: { caseId: newId(), reason: 'NPS 1', severity: 'low', dueAt: NOW },
    }),
  );
  await customerFields(campaign, profileId, 'nextBestActions(channel: WEB) { action }');
  return profileId;
}

const rowsOf = async (profileId: string): Promise<Record<string, number>> => {
  const tables = await campaign.sql<{ name: string }>(
    `select table_name as name from information_schema.columns where column_name = 'profile_id' and table_schema = 'public' and table_name not in ('customer_profile', 'erased_profile')`,
  );
  const counts = await Promise.all(
    tables.map(
      async ({ name }) =>
        [
          name,
          (
            await campaign.sql<{ n: number }>(`select count(*) as n from ${name} where profile_id = $1`, [profileId])
          )[0]!.n,
        ] as const,
    ),
  );
  return Object.fromEntries(counts.filter(([, n]) => n > 0));
};

describe('erasure', () => {
  it('leaves no row of her in any table, touches nobody else, and says what it removed', async () => {
    const [gone, stays] = [await known(), await known()];
    const before = await rowsOf(gone);
    const others = await rowsOf(stays);
    expect(Object.keys(before).length).toBeGreaterThan(7);
    const requestId = newId();
    await campaign.receive(
      event('identity.customer.erasure-requested.v1', {
        profileId: gone,
        occurredAt: NOW,
        data: { requestId, profileIds: [gone], requestedAt: NOW },
      }),
    );
    expect(await rowsOf(gone)).toEqual({});
    expect(await rowsOf(stays)).toEqual(others);
    const [receipt] = (await campaign.published('campaign.customer.erased.v1')).filter(
      (e) => e.data.requestId === requestId,
    );
    expect(receipt?.data.removed).toMatchObject(before);
  });

  it('is not undone by what was still on its way', async () => {
    const gone = await known();
    const data = { requestId: newId(), profileIds: [gone], requestedAt: NOW };
    await campaign.receive(
      event('identity.customer.erasure-requested.v1', { profileId: gone, occurredAt: NOW, data }),
      event('identity.consent.changed.v1', {
        profileId: gone,
        occurredAt: NOW,
        data: { purpose: 'marketing', channel: 'email', granted: true, wordingVersion: '1', source: 'web' },
      }),
      event('identity.event.tracked.v1', {
        profileId: gone,
        occurredAt: NOW,
        data: { eventId: newId(), kind: 'store_visit', channel: 'store' },
      }),
      event('feedback.case.opened.v1', {
        profileId: gone,
        occurredAt: NOW,
        data: { caseId: newId(), reason: 'NPS 1', severity: 'low', dueAt: NOW },
      }),
    );
    expect(await rowsOf(gone)).toEqual({});
  });
});

describe('an erasure', () => {
  const erasureOf = (gone: string): AnyEvent =>
    event('identity.customer.erasure-requested.v1', {
      profileId: gone,
      occurredAt: NOW,
      data: { requestId: newId(), profileIds: [gone], requestedAt: NOW },
    });
  const visitOf = (profileId: string): EventOf<'identity.event.tracked.v1'> =>
    event('identity.event.tracked.v1', {
      profileId,
      occurredAt: NOW,
      data: { eventId: newId(), kind: 'store_visit', channel: 'store' },
    });
  const visit = (tx: Tx, event: EventOf<'identity.event.tracked.v1'>): Promise<void> =>
    definition.consumers['identity.event.tracked.v1']!(tx, [event], campaign.deps);

  it('waits for what is being written of her at that moment, and removes it', async () => {
    const gone = newId();
    const writing = await held(campaign.database, (tx) => visit(tx, visitOf(gone)));
    const erasing = campaign.receive(erasureOf(gone));
    await untilWaiting(campaign.database);
    writing.letGo();
    await Promise.all([writing.done, erasing]);
    expect(await rowsOf(gone)).toEqual({});
  });

  it('is seen by those who were about to write of her while it was under way', async () => {
    const [gone, stays] = [await known(), newId()];
    const request = erasureOf(gone) as EventOf<'identity.customer.erasure-requested.v1'>;
    const erasing = await held(campaign.database, (tx) => eraseCustomer(tx, request, new Date(NOW)));
    const writing = inTransaction(campaign.database, async (tx) => {
      await visit(tx, visitOf(gone));
      await visit(tx, visitOf(stays));
    });
    await untilWaiting(campaign.database);
    erasing.letGo();
    await Promise.all([writing, erasing.done]);
    expect(await rowsOf(gone)).toEqual({});
    expect(Object.keys(await rowsOf(stays))).toContain('touchpoint');
  });

  it('is kept in mind by every table that tells something of a profile', async () => {
    const unguarded = await campaign.sql(
      `select table_name as name from information_schema.columns c
        where column_name = 'profile_id' and table_schema = 'public' and table_name not in ('customer_profile', 'erased_profile')
          and not exists (select from information_schema.triggers t where t.event_object_table = c.table_name and t.trigger_name = 'leave_out_erased')`,
    );
    expect(unguarded).toEqual([]);
  });
});

describe('export', () => {
  it('holds everything of her that is hers to know, and nothing of anybody else', async () => {
    const [mine, other] = [await known(), await known()];
    const requestId = newId();
    await campaign.receive(
      event('identity.customer.export-requested.v1', {
        profileId: mine,
        occurredAt: NOW,
        data: { requestId, profileIds: [mine] },
      }),
    );
    const [answer] = (await campaign.published('campaign.customer.exported.v1')).filter(
      (e) => e.data.requestId === requestId,
    );
    const { document } = answer!.data;
    expect(document).toMatchObject({
      contact: expect.arrayContaining([expect.objectContaining({ field: 'email', value: 'ana@example.org' })]),
      consents: [expect.objectContaining({ purpose: 'marketing', granted: true })],
      decisions: [expect.objectContaining({ reason: expect.any(String) })],
      tasks: [expect.objectContaining({ kind: 'recover-detractor' })],
    });
    expect(JSON.stringify(document)).not.toContain(other);
  });
});
