import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const IDENTIFY = 'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId } }';
const SEEN =
  'query ($id: ID!) { customer(id: $id) { firstSeenAt lastSeenAt phase { phase } journey { edges { node { kind } } } } }';

it('what we send her is part of her journey, and neither a time she was seen nor a sign of where she is', async () => {
  const input = { identifiers: [{ type: 'EMAIL', value: 'silent@correo.es' }] };
  const { profileId } = (await identity.as({ role: 'service' }).graph(IDENTIFY, { input })).data.identify;
  const look = async () => (await identity.graph(SEEN, { id: profileId })).data.customer;
  const before = await look();
  expect(before).toMatchObject({ phase: null, journey: { edges: [] } });

  identity.clock.advance({ days: 2 });
  const about = () => ({ profileId, occurredAt: identity.clock.now() });
  const message = { messageId: newId(), channel: 'email' as const };
  await identity.receive(
    event('campaign.message.sent.v1', { ...about(), data: { ...message, purpose: 'marketing', template: 'sale' } }),
    event('campaign.message.outcome.v1', { ...about(), data: { ...message, outcome: 'delivered' } }),
  );
  const sent = [{ node: { kind: 'message_sent' } }, { node: { kind: 'message_delivered' } }];
  expect(await look()).toEqual({ ...before, journey: { edges: sent } });

  identity.clock.advance({ days: 1 });
  await identity.receive(
    event('campaign.message.outcome.v1', { ...about(), data: { ...message, outcome: 'clicked' } }),
  );
  expect(await look()).toMatchObject({
    firstSeenAt: before.firstSeenAt,
    lastSeenAt: identity.clock.now().toISOString(),
    phase: { phase: 'CONSIDER' },
  });
});
