import { inTransaction } from '@trenza/database';
import { testSubgraph } from '@trenza/testing';
import fc from 'fast-check';
import { identity as definition } from '../identity.ts';
import { contactEvents } from './contact.ts';

const identity = testSubgraph(definition);
const IDENTIFY =
  'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId customerId errors { code } } }';
const told = async (profileId: string) =>
  (await identity.published('identity.customer.contact-changed.v1')).filter((e) => e.profileId === profileId);

/** What sources say of one visitor, at any time of one day and in any order. */
const saying = fc.record({
  source: fc.constantFrom('web', 'crm', 'till'),
  minute: fc.integer({ min: 0, max: 1_439 }),
  attributes: fc.record(
    {
      city: fc.constantFrom('Lugo', 'Vigo'),
      givenName: fc.constantFrom('Eva', 'Ana', 'Eva María'),
      quietHours: fc.constantFrom({ from: '22:00', to: '08:00' }, { from: '21:00', to: '09:00' }),
    },
    { requiredKeys: [] },
  ),
  email: fc.option(fc.constantFrom('eva@correo.es', 'ana@correo.es'), { nil: undefined, freq: 6 }),
});

it('the others are told what is held of a visitor whenever that has changed, and only then', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(saying, { minLength: 1, maxLength: 12 }), async (sayings) => {
      run += 1;
      for (const { source, minute, attributes, email } of sayings) {
        const input = {
          source,
          occurredAt: new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString(),
          identifiers: [
            { type: 'COOKIE', value: `visitor-${run}` },
            ...(email ? [{ type: 'EMAIL', value: `${run}.${email}` }] : []),
          ],
          attributes,
        };
        const { data: answer } = await identity.as({ role: 'service' }).graph(IDENTIFY, { input });
        expect(answer.identify.errors).toEqual([]);
        const { profileId, customerId } = answer.identify;
        const at = new Map([[profileId as string, { customerId, occurredAt: new Date() }]]);
        const [held] = await inTransaction(identity.database, (tx) => contactEvents(tx, at));
        const events = await told(profileId);
        expect(events.at(-1)?.data).toEqual(held?.data);
        const repeated = events
          .slice(1)
          .filter(({ data }, i) => JSON.stringify(data) === JSON.stringify(events[i]!.data));
        expect(repeated).toEqual([]);
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
});
