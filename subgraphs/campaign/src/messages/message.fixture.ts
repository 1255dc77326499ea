import { event, newId } from '@trenza/events';
import type { TestSubgraph } from '@trenza/testing';
import { customerFields, nodesOf } from '../customers/customer.fixture.ts';
import { openMailbox, type Mailbox } from './mailbox.fixture.ts';
import { closeMail } from './smtp.ts';

export const NOON = '2026-03-02T12:00:00.000Z';

const VARIANTS = [
  {
    channel: 'EMAIL',
    language: 'es',
    subject: 'Hola {{ customer.givenName }}',
    body: '<p>Hola <b>{{ customer.givenName }}</b>, mira {{ thing }}.</p><a href="{{ unsubscribeUrl }}">baja</a>',
  },
  {
    channel: 'EMAIL',
    language: 'en',
    subject: 'Hello {{ customer.givenName }}',
    body: '<p>Hello {{ customer.givenName }}</p>',
  },
  { channel: 'APP', language: 'es', body: 'Hola {{ customer.givenName }}' },
  { channel: 'STORE', language: 'es', body: 'Ofrécele {{ thing }}' },
  { channel: 'SMS', language: 'es', body: 'Hola' },
];

export const consent = (profileId: string, granted: boolean, occurredAt = '2026-01-01T00:00:00Z') =>
  event('identity.consent.changed.v1', {
    profileId,
    occurredAt,
    data: { purpose: 'marketing', channel: 'email', granted, wordingVersion: '1', source: 'web' },
  });

const FIELDS =
  'id state reason subject body attempts notBefore language readAt outcomes { outcome } why { stage text }';

/** A mail server, a template and people to write to; sets the hooks of the test file. */
export function messageDesk(campaign: TestSubgraph) {
  let box: Mailbox;
  let template: string;

  beforeAll(async () => {
    box = await openMailbox();
    const { data } = await campaign
      .as({ role: 'marketer' })
      .graph(
        `mutation ($i: SaveCampaignTemplateInput!) { saveCampaignTemplate(input: $i) { template { id } errors { message } } }`,
        { i: { name: 'Welcome', variants: VARIANTS } },
      );
    template = data.saveCampaignTemplate.template.id;
  });
  afterAll(async () => {
    closeMail();
    await box.close();
  });
  beforeEach(() => {
    campaign.clock.set(NOON);
    process.env['SMTP_URL'] = box.url;
    box.mails.length = 0;
  });
  afterEach(() => {
    delete process.env['SMTP_URL'];
  });

  return {
    get mailbox() {
      return box;
    },
    get templateId() {
      return template;
    },
    run: () => campaign.runJob('send'),

    /** Somebody with an address who wants marketing by mail. */
    reachable: async (over: object = {}, wantsMail = true): Promise<{ id: string; email: string }> => {
      const id = newId();
      const email = `${id}@example.org`;
      const data = { email, givenName: 'Ana', language: 'es', ...over };
      await campaign.receive(
        event('identity.customer.contact-changed.v1', { profileId: id, occurredAt: '2026-01-01T00:00:00Z', data }),
      );
      if (wantsMail) await campaign.receive(consent(id, true));
      return { id, email };
    },

    send: async (customerId: string, over: object = {}) => {
      const variables = { thing: 'botas' };
      const message = { idempotencyKey: newId(), customerId, templateId: template, channel: 'EMAIL', variables };
      const { data, errors } = await campaign
        .as({ role: 'service' })
        .graph(
          `mutation ($i: SendMessageInput!) { sendMessage(input: $i) { message { id state } errors { code message } } }`,
          { i: { ...message, purpose: 'MARKETING', ...over } },
        );
      expect(errors).toBeUndefined();
      return data.sendMessage;
    },

    messagesOf: async (id: string, args = '', as = campaign.as({ role: 'care' })) => {
      return nodesOf((await customerFields(as, id, `messages${args} { edges { node { ${FIELDS} } } }`)).messages);
    },
  };
}
