import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { messageDesk, NOON } from './message.fixture.ts';

const campaign = testSubgraph(definition);
const desk = messageDesk(campaign);
const { messagesOf, reachable, run, send } = desk;

describe('a message of our own channels', () => {
  it('lies in her inbox until she reads it, which counts once', async () => {
    const { id } = await reachable();
    const herself = campaign.as({ role: 'customer', customerId: id });
    const { message } = await send(id, { channel: 'APP' });
    await run();
    expect(await messagesOf(id, '(channel: APP, unread: true)', herself)).toEqual([
      expect.objectContaining({ id: message.id, body: 'Hola Ana' }),
    ]);
    const read = () =>
      herself.graph(
        `mutation ($id: ID!) { markMessageRead(input: { messageId: $id }) { message { readAt } errors { code } } }`,
        { id: message.id },
      );
    await read();
    await read();
    expect(await messagesOf(id, '(channel: APP, unread: true)', herself)).toEqual([]);
    expect(
      (await campaign.published('campaign.message.outcome.v1')).filter((e) => e.data.messageId === message.id),
    ).toHaveLength(1);
    const stranger = await campaign
      .as({ role: 'customer', customerId: newId() })
      .graph(`mutation ($id: ID!) { markMessageRead(input: { messageId: $id }) { errors { code } } }`, {
        id: message.id,
      });
    expect(stranger.data.markMessageRead.errors).toEqual([{ code: 'MESSAGE_NOT_FOUND' }]);
  });

  it('is a prompt at the till, but no offer while a complaint is open', async () => {
    const { id } = await reachable();
    await send(id, { channel: 'STORE' });
    await run();
    expect((await messagesOf(id, '(channel: STORE, unread: true)'))[0].body).toBe('Ofrécele botas');
    await campaign.receive(
      event('feedback.case.opened.v1', {
        profileId: id,
        occurredAt: NOON,
        data: { caseId: newId(), reason: 'NPS 2', severity: 'low', dueAt: '2026-03-05T00:00:00Z' },
      }),
    );
    await send(id, { channel: 'STORE' });
    await run();
    expect((await messagesOf(id))[0]).toMatchObject({ state: 'DENIED', reason: expect.stringContaining('complaint') });
  });
});

describe('a template', () => {
  it('that cannot be rendered, has no subject for e-mail or speaks one language twice is refused', async () => {
    const save = async (variants: object[]) =>
      (
        await campaign.graph(
          `mutation ($i: SaveCampaignTemplateInput!) { saveCampaignTemplate(input: $i) { errors { code } } }`,
          { i: { name: newId(), variants } },
        )
      ).data.saveCampaignTemplate.errors[0]?.code;
    expect(await save([{ channel: 'SMS', language: 'es', body: '{{ a | nofilter }}' }])).toBe('TEMPLATE_INVALID');
    expect(await save([{ channel: 'SMS', language: 'es', body: '{% for i in (1..100000000) %}x{% endfor %}' }])).toBe(
      'TEMPLATE_INVALID',
    );
    expect(await save([{ channel: 'SMS', language: 'es', body: "{% include '/etc/passwd' %}" }])).toBe(
      'TEMPLATE_INVALID',
    );
    expect(await save([{ channel: 'EMAIL', language: 'es', body: 'x' }])).toBe('SUBJECT_MISSING');
    expect(
      await save([
        { channel: 'SMS', language: 'es', body: 'x' },
        { channel: 'SMS', language: 'es', body: 'y' },
      ]),
    ).toBe('VARIANT_TWICE');
    expect(await save([{ channel: 'SMS', language: 'es', body: 'x' }])).toBeUndefined();
  });

  it('is previewed in the language that a customer would get', async () => {
    const { data } = await campaign
      .as({ role: 'marketer' })
      .graph(
        `query ($id: ID!, $v: JSON) { previewCampaignTemplate(templateId: $id, channel: EMAIL, language: "en-GB", variables: $v) { language subject } }`,
        { id: desk.templateId, v: { customer: { givenName: 'Eve' } } },
      );
    expect(data.previewCampaignTemplate).toEqual({ language: 'en', subject: 'Hello Eve' });
  });
});

describe('imported messages', () => {
  const load = (messages: object[]) =>
    campaign
      .as({ role: 'service' })
      .graph(
        `mutation ($i: ImportMessagesInput!) { importMessages(input: $i) { created unchanged refusals { index field message } errors { code } } }`,
        { i: { source: 'old mailer', messages } },
      );

  it('show in her history and count for the caps, once, and nothing is sent', async () => {
    const { id } = await reachable();
    const message = (sourceId: string, over: object = {}) => ({
      sourceId: `${id} ${sourceId}`,
      profileId: id,
      channel: 'EMAIL',
      template: 'Christmas',
      sentAt: '2026-02-28T10:00:00Z',
      outcomes: [{ outcome: 'OPENED', at: '2026-02-28T11:00:00Z' }],
      ...over,
    });
    const batch = [
      message('1'),
      message('2'),
      message('3'),
      message('4', { sentAt: '2027-01-01T00:00:00Z' }),
      message('5', { subject: 'x'.repeat(301) }),
    ];
    expect((await load(batch)).data.importMessages).toEqual({
      created: 3,
      unchanged: 0,
      refusals: [
        { index: 3, field: 'sentAt', message: expect.stringContaining('2027-01-01') },
        { index: 4, field: 'subject', message: expect.stringContaining('this one has 301') },
      ],
      errors: [],
    });
    expect((await load(batch)).data.importMessages).toMatchObject({ created: 0, unchanged: 3 });
    expect(await messagesOf(id)).toHaveLength(3);
    const sent = (await campaign.published('campaign.message.sent.v1')).filter((e) => e.profileId === id);
    expect(sent.map((e) => e.occurredAt)).toEqual(Array.from({ length: 3 }, () => '2026-02-28T10:00:00.000Z'));
    await send(id);
    await run();
    expect(desk.mailbox.mails).toHaveLength(0);
    expect((await messagesOf(id))[0]).toMatchObject({
      state: 'QUEUED',
      reason: expect.stringContaining('the cap is 3'),
    });
  });
});
