import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { balanceOf, completed, expectSound, returned, run } from '../testing/loyalty-graph.ts';
import { loyalty as definition } from '../loyalty.ts';

const loyalty = testSubgraph(definition);
afterEach(() => expectSound(loyalty));

it('an export holds every movement, lot and occasion of the profiles', async () => {
  const ana = newId();
  const requestId = newId();
  await loyalty.receive(completed(loyalty, ana, [{ netAmount: 4_200 }]));
  await loyalty.receive(
    event('identity.customer.export-requested.v1', {
      customerId: ana,
      occurredAt: loyalty.clock.now(),
      data: { requestId, profileIds: [ana] },
    }),
  );
  const [exported] = await loyalty.published('loyalty.customer.exported.v1');
  expect(exported).toMatchObject({
    data: {
      requestId,
      document: {
        accounts: [{ kind: 'customer.available', balance: 42 }],
        movements: [{ code: 'earn', amount: 42, reason: 'purchase' }],
        lots: [{ amount: 42, remaining: 42 }],
        occasions: [{ trigger: 'order', facts: { lines: [{ sku: 'sku-0' }] } }],
        qualifications: [{ points: 42 }],
      },
    },
  });
});

it('an erasure removes what she did and forfeits what she had, keeps the books, and says how much of what', async () => {
  const ana = newId();
  const requestId = newId();
  const order = completed(loyalty, ana, [{ netAmount: 4_200 }]);
  await loyalty.receive(order);
  await run(loyalty, 'adjustPoints', { profileId: ana, points: 8, reason: 'Mrs Ana Pérez called' }, 'balance');
  await run(loyalty, 'holdPoints', { profileId: ana, points: 10 }, 'holdId');
  await loyalty.receive(
    event('identity.customer.erasure-requested.v1', {
      customerId: ana,
      occurredAt: loyalty.clock.now(),
      data: { requestId, profileIds: [ana], requestedAt: loyalty.clock.now().toISOString() },
    }),
  );
  expect(await balanceOf(loyalty, ana)).toEqual({ available: 0, pending: 0, held: 0, owed: 0 });
  expect(await loyalty.sql('select 1 from transfer where profile_id = $1 and reason is not null', [ana])).toEqual([]);
  expect(await loyalty.sql('select 1 from occasion where profile_id = $1 and facts::text <> $2', [ana, '{}'])).toEqual(
    [],
  );
  const [erased] = await loyalty.published('loyalty.customer.erased.v1');
  expect(erased!.data).toMatchObject({
    requestId,
    removed: { orderSnapshots: 1, qualifications: 1 },
    anonymised: { occasions: 1 },
  });
  expect(erased!.data.anonymised['transfers']).toBeGreaterThanOrEqual(2);
  // What comes late or comes again about her finds nothing to work on.
  await loyalty.receive(
    returned(loyalty, ana, order.data.orderId, [{ lineId: order.data.lines[0]!.lineId, quantity: 1 }]),
  );
  await loyalty.receive({ ...order, id: newId() });
  expect((await balanceOf(loyalty, ana)).available).toBe(0);
});
