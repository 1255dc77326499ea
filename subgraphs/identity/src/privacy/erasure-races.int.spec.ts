import { inTransaction } from '@trenza/database';
import { testSubgraph, untilWaiting } from '@trenza/testing';
import { identity as definition } from '../identity.ts';
import { requestErasure } from './erase-customer.ts';

const identity = testSubgraph(definition);
const IDENTIFY =
  'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId customerId errors { code } } }';
const identify = async (input: object) =>
  (await identity.as({ role: 'service' }).graph(IDENTIFY, { input })).data.identify;
const email = (value: string) => ({ type: 'EMAIL', value });
const erasure = (customerId: string) => ({ customerId, reason: 'letter', by: 'care-1' });

it('who is seen anew while she is being erased is not given back what was erased', async () => {
  const { customerId } = await identify({ identifiers: [email('ida@correo.es')], attributes: { givenName: 'Ida' } });
  let sighting: Promise<{ profileId: string | null; errors: { code: string }[] }> | undefined;
  await inTransaction(identity.database, async (tx) => {
    await requestErasure(tx, erasure(customerId), identity.deps);
    sighting = identify({
      identifiers: [email('ida@correo.es'), { type: 'PHONE', value: '+34611000111' }],
      attributes: { givenName: 'Ida' },
    });
    await untilWaiting(identity.database);
  });
  expect((await sighting!).errors).toEqual([{ code: 'ERASED' }]);
  expect(await identity.sql('select 1 from attribute where profile_id = $1', [customerId])).toEqual([]);
  expect(await identity.sql(`select 1 from identifier where value = '+34611000111'`)).toEqual([]);
});

it('what was being stored at the moment of her erasure is removed soon after, and bars her return as well', async () => {
  const { customerId } = await identify({ identifiers: [email('noa@correo.es')], attributes: { givenName: 'Noa' } });
  await inTransaction(identity.database, (tx) => requestErasure(tx, erasure(customerId), identity.deps));
  // As a transaction leaves it that had read before the erasure and commits after it.
  const now = identity.clock.now();
  await identity.sql(
    `insert into attribute (profile_id, name, source, value_hash, value, confidence, first_at, last_at) values ($1, 'city', 'web', 'x', '"Lugo"', 1, $2, $2)`,
    [customerId, now],
  );
  await identity.sql(
    `insert into identifier (type, value, profile_id, first_seen_at, last_seen_at) values ('cookie', 'noa-late', $1, $2, $2)`,
    [customerId, now],
  );
  await identity.sql(
    `insert into touchpoint (id, profile_id, occurred_at, kind, channel, subgraph, details) values (gen_random_uuid(), $1, $2, 'search', 'web', 'identity', '{"query": "secret"}')`,
    [customerId, now],
  );
  await identity.runJob('sweep-erasures');
  expect(await identity.sql('select 1 from attribute where profile_id = $1', [customerId])).toHaveLength(1);

  identity.clock.advance({ minutes: 6 });
  await identity.runJob('sweep-erasures');
  expect(await identity.sql('select 1 from attribute where profile_id = $1', [customerId])).toEqual([]);
  expect(await identity.sql('select details from touchpoint where profile_id = $1', [customerId])).toEqual([
    { details: {} },
  ]);
  const back = await identify({ identifiers: [{ type: 'COOKIE', value: 'noa-late' }] });
  expect(back.errors).toEqual([{ code: 'ERASED' }]);
});
