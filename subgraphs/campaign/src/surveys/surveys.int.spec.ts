import { event, newId, type Channel, type EventOf } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields, nodesOf } from '../customers/customer.fixture.ts';
import { messageDesk, NOON } from '../messages/message.fixture.ts';

const campaign = testSubgraph(definition);
const desk = messageDesk(campaign);

const NIGHT = '2026-03-02T23:00:00.000Z';
const MORNING = '2026-03-03T08:00:00.000Z';
const CLOSES = '2026-03-20T00:00:00.000Z';

type Invited = EventOf<'feedback.survey.invited.v1'>;

const invitation = (profileId: string, over: Partial<Invited['data']> = {}): Invited =>
  event('feedback.survey.invited.v1', {
    profileId,
    occurredAt: NOON,
    data: { invitationId: newId(), surveyId: newId(), channel: 'email', token: 'secret', expiresAt: CLOSES, ...over },
  });

const refusal = (profileId: string, channel: Channel | null = null) =>
  event('identity.consent.changed.v1', {
    profileId,
    occurredAt: NOON,
    data: { purpose: 'survey', channel, granted: false, wordingVersion: '1', source: 'web' },
  });

const ledgerOf = async (id: string) =>
  nodesOf(
    (
      await customerFields(
        campaign.as({ role: 'care' }),
        id,
        'contactAttempts { edges { node { channel purpose decision rule reason } } }',
      )
    ).contactAttempts,
  );

describe('an invitation to a survey', () => {
  it('is sent in the channel of the moment, with the link to the questions, and is in the ledger of contacts', async () => {
    const { id, email } = await desk.reachable({}, false);
    await campaign.receive(invitation(id));
    await desk.run();
    expect(desk.mailbox.mails).toMatchObject([{ to: [email], raw: expect.stringContaining('token=3Dsecret') }]);
    expect(await ledgerOf(id)).toEqual([
      {
        channel: 'EMAIL',
        purpose: 'SURVEY',
        decision: 'allow',
        rule: 'allowed',
        reason: 'She did not refuse surveys, and no cap is used up.',
      },
    ]);
  });

  it('is sent once, however often it is heard of', async () => {
    const { id } = await desk.reachable();
    const one = invitation(id);
    await campaign.receive(one);
    await campaign.receive({ ...one, id: newId() });
    await desk.run();
    expect(desk.mailbox.mails).toHaveLength(1);
  });

  it('shows at the till and in the app without a contact, and comes by e-mail where there is no place for it', async () => {
    const { id } = await desk.reachable({}, false);
    await campaign.receive(invitation(id, { channel: 'store' }), invitation(id, { channel: 'marketplace' }));
    await desk.run();
    expect(await desk.messagesOf(id, '(channel: STORE, unread: true)')).toMatchObject([
      { state: 'SENT', body: expect.stringContaining('token=secret') },
    ]);
    expect(desk.mailbox.mails).toHaveLength(1);
  });

  it.each<[string, Channel | null]>([
    ['in that channel', 'email'],
    ['at all', null],
  ])('goes to nobody who refused surveys %s, and says why', async (_, channel) => {
    const { id } = await desk.reachable();
    await campaign.receive(refusal(id, channel), invitation(id));
    await desk.run();
    expect(desk.mailbox.mails).toEqual([]);
    expect(await desk.messagesOf(id)).toMatchObject([{ state: 'DENIED', reason: 'She refused surveys by email.' }]);
    expect(await ledgerOf(id)).toMatchObject([
      { purpose: 'SURVEY', decision: 'deny', rule: 'consent', reason: 'She refused surveys by email.' },
    ]);
  });

  it('says that she has no address where it needs one', async () => {
    const id = newId();
    await campaign.receive(invitation(id));
    await desk.run();
    expect(await desk.messagesOf(id)).toMatchObject([
      { state: 'DENIED', reason: expect.stringContaining('no address') },
    ]);
  });

  it('waits out the quiet hours', async () => {
    const { id } = await desk.reachable();
    campaign.clock.set(NIGHT);
    await campaign.receive(invitation(id));
    await desk.run();
    expect(await ledgerOf(id)).toMatchObject([{ decision: 'defer', rule: 'quiet-hours' }]);
    campaign.clock.set(MORNING);
    await desk.run();
    expect(desk.mailbox.mails).toHaveLength(1);
  });

  it('shares the caps with marketing: each waits for the other', async () => {
    const asked = await desk.reachable();
    await campaign.receive(...Array.from({ length: 3 }, () => invitation(asked.id)));
    await desk.send(asked.id);
    await desk.run();
    expect(desk.mailbox.mails).toHaveLength(3);
    const offered = await desk.reachable();
    for (let n = 0; n < 3; n += 1) await desk.send(offered.id);
    await campaign.receive(invitation(offered.id));
    await desk.run();
    expect(desk.mailbox.mails).toHaveLength(6);
    expect((await ledgerOf(offered.id)).find((entry) => entry.purpose === 'SURVEY')).toMatchObject({
      decision: 'defer',
      rule: 'cap',
      reason: expect.stringContaining('the cap is 3'),
    });
  });

  it('does not go out once the survey is closed', async () => {
    const { id } = await desk.reachable();
    await campaign.receive(invitation(id, { expiresAt: NOON }));
    await desk.run();
    expect(desk.mailbox.mails).toEqual([]);
    expect(await desk.messagesOf(id)).toMatchObject([
      { state: 'CANCELLED', reason: `It was of use until ${NOON} and could not go out before.` },
    ]);
  });
});
