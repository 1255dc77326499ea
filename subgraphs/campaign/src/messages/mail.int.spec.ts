import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { campaign as definition } from '../campaign.ts';
import { customerFields } from '../customers/customer.fixture.ts';
import { consent, messageDesk, NOON } from './message.fixture.ts';

const campaign = testSubgraph(definition);
const desk = messageDesk(campaign);
const { messagesOf, reachable, run, send } = desk;

describe('an e-mail', () => {
  it('is delivered by SMTP in her language, with our id, a text part and one-click unsubscribe', async () => {
    const { id, email } = await reachable();
    const { message } = await send(id);
    await run();
    expect(desk.mailbox.mails).toHaveLength(1);
    const [mail] = desk.mailbox.mails;
    expect(mail?.to).toEqual([email]);
    expect(mail?.raw).toContain('Subject: Hola Ana');
    expect(mail?.raw).toMatch(new RegExp(`^Message-ID: <${message.id}@`, 'im'));
    expect(mail?.raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(mail?.raw).toContain('text/plain');
    expect(await messagesOf(id)).toEqual([
      expect.objectContaining({ state: 'SENT', subject: 'Hola Ana', language: 'es', attempts: 1 }),
    ]);
    expect((await campaign.published('campaign.message.sent.v1')).filter((e) => e.profileId === id)).toHaveLength(1);
  });

  it('is sent once, however often it is asked for and the job runs', async () => {
    const { id } = await reachable();
    const idempotencyKey = newId();
    const first = await send(id, { idempotencyKey });
    const again = await send(id, { idempotencyKey });
    expect(again.message.id).toBe(first.message.id);
    expect((await send(id, { idempotencyKey, variables: { thing: 'otra cosa' } })).errors[0].code).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
    await Promise.all([run(), run(), run()]);
    await run();
    expect(desk.mailbox.mails).toHaveLength(1);
  });

  it('lets no value become markup', async () => {
    const { id } = await reachable({ givenName: '<script>' });
    await send(id, { variables: { thing: '<img src=x>' } });
    await run();
    const [, page] = desk.mailbox.mails[0]!.raw.split('Content-Type: text/html');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<script>|<img/);
  });

  it('goes not out without consent, and says so', async () => {
    const { id } = await reachable({}, false);
    await send(id);
    await run();
    expect(desk.mailbox.mails).toHaveLength(0);
    const [message] = await messagesOf(id);
    expect(message).toMatchObject({
      state: 'DENIED',
      reason: 'She was never asked whether she wants marketing by email.',
    });
    expect(message.why.map((w: { stage: string }) => w.stage)).toEqual(['signal', 'policy', 'delivery']);
  });

  it('asks for consent again when it is sent, not only when it is written', async () => {
    const { id } = await reachable();
    await send(id, { notBefore: '2026-03-02T13:00:00Z' });
    await run();
    await campaign.receive(consent(id, false, NOON));
    campaign.clock.set('2026-03-02T13:00:00Z');
    await run();
    expect(desk.mailbox.mails).toHaveLength(0);
    expect((await messagesOf(id))[0]).toMatchObject({ state: 'DENIED', reason: 'She refused marketing by email.' });
  });

  it('waits for the end of her quiet hours, and then goes out', async () => {
    const { id } = await reachable({ timeZone: 'America/Mexico_City', quietHours: { from: '20:00', to: '09:00' } });
    await send(id);
    await run();
    expect(desk.mailbox.mails).toHaveLength(0);
    expect((await messagesOf(id))[0]).toMatchObject({
      state: 'QUEUED',
      notBefore: '2026-03-02T15:00:00.000Z',
      attempts: 0,
    });
    campaign.clock.set('2026-03-02T15:00:00Z');
    await run();
    expect(desk.mailbox.mails).toHaveLength(1);
  });

  it('is capped for marketing, also within one batch and over the profiles of one customer, and never for what is transactional', async () => {
    const { id, email } = await reachable();
    const other = (await reachable({ email })).id;
    const [oldest] = [id, other].sort();
    await campaign.receive(
      event('identity.customer.membership-changed.v1', {
        occurredAt: NOON,
        data: { version: 1, cause: 'merged', customers: [{ customerId: oldest!, profileIds: [id, other] }] },
      }),
    );
    for (let i = 0; i < 3; i++) await send(id);
    for (let i = 0; i < 2; i++) await send(other);
    for (let i = 0; i < 4; i++) await send(id, { purpose: 'TRANSACTIONAL' });
    await run();
    const states = (await messagesOf(id)).map((m) => m.state);
    expect(states.filter((s) => s === 'SENT')).toHaveLength(3 + 4);
    expect(states.filter((s) => s === 'QUEUED')).toHaveLength(2);
    expect(desk.mailbox.mails).toHaveLength(7);
    const { saturation } = await customerFields(
      campaign.as({ role: 'care' }),
      id,
      'saturation { score caps { channel used max } }',
    );
    expect(saturation.score).toBeCloseTo(0.6);
    expect(saturation.caps).toContainEqual({ channel: 'EMAIL', used: 3, max: 3 });
  });

  it('that cannot be sent because no server is configured says so, and goes out when it is retried', async () => {
    delete process.env['SMTP_URL'];
    const { id } = await reachable();
    const { message } = await send(id);
    await run();
    expect((await messagesOf(id))[0]).toMatchObject({
      state: 'NOT_CONFIGURED',
      reason: expect.stringContaining('Set SMTP_URL'),
    });
    expect((await campaign.published('campaign.message.sent.v1')).filter((e) => e.profileId === id)).toEqual([]);
    process.env['SMTP_URL'] = desk.mailbox.url;
    await campaign.graph(`mutation ($id: ID!) { retryMessage(input: { messageId: $id }) { errors { code } } }`, {
      id: message.id,
    });
    await run();
    expect(desk.mailbox.mails).toHaveLength(1);
    expect(
      (await customerFields(campaign.as({ role: 'care' }), id, 'saturation { caps { used } }')).saturation.caps[0].used,
    ).toBe(1);
  });

  it('that the server refuses for good is a bounce: told once, and the address is not used again until there is a new one', async () => {
    const { id } = await reachable();
    desk.mailbox.refuse(id, 550);
    await send(id);
    await run();
    expect((await messagesOf(id))[0]).toMatchObject({
      state: 'FAILED',
      outcomes: [{ outcome: 'BOUNCED' }],
      reason: expect.stringContaining('550'),
    });
    await send(id);
    await run();
    expect((await messagesOf(id))[0]).toMatchObject({
      state: 'DENIED',
      reason: expect.stringContaining('does not take mail'),
    });
    await campaign.receive(
      event('identity.customer.contact-changed.v1', {
        profileId: id,
        occurredAt: NOON,
        data: { email: 'new@example.org' },
      }),
    );
    await send(id);
    await run();
    expect(desk.mailbox.mails.map((m) => m.to)).toEqual([['new@example.org']]);
  });

  it('that the server refuses for now is tried again later and later, and given up after five tries', async () => {
    const { id } = await reachable();
    desk.mailbox.refuse(id, 451);
    await send(id, { purpose: 'TRANSACTIONAL' });
    const attempts: number[] = [];
    for (let i = 0; i < 8; i++) {
      await run();
      attempts.push((await messagesOf(id))[0].attempts);
      campaign.clock.advance({ minutes: 6 * 5 ** i });
    }
    expect(attempts).toEqual([1, 2, 3, 4, 5, 5, 5, 5]);
    expect((await messagesOf(id))[0]).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('Given up after 5 tries'),
    });
  });

  it('whose fate is unknown is never sent again by itself', async () => {
    const { id } = await reachable();
    desk.mailbox.dropAfterData();
    await send(id);
    await run();
    expect((await messagesOf(id))[0]).toMatchObject({ state: 'UNKNOWN' });
    campaign.clock.advance({ days: 1 });
    await run();
    expect(desk.mailbox.mails).toHaveLength(1);
  });

  it('that was being sent when the process died is unknown, not sent again', async () => {
    const { id } = await reachable();
    const { message } = await send(id);
    await campaign.sql(`update message set state = 'sending', claimed_at = $2 where id = $1`, [message.id, NOON]);
    campaign.clock.advance({ minutes: 11 });
    await run();
    expect(desk.mailbox.mails).toHaveLength(0);
    expect((await messagesOf(id))[0]).toMatchObject({
      state: 'UNKNOWN',
      reason: expect.stringContaining('The process ended'),
    });
  });

  it('to one bad recipient does not keep or repeat the others', async () => {
    const people = [await reachable(), await reachable(), await reachable()];
    desk.mailbox.refuse(people[1]!.id, 550);
    for (const { id } of people) await send(id);
    await run();
    await run();
    expect(new Set(desk.mailbox.mails.map((m) => m.to[0]))).toEqual(new Set([people[0]!.email, people[2]!.email]));
    expect(desk.mailbox.mails).toHaveLength(2);
  });

  it('ends marketing by its link, without sign-in, and lets service through', async () => {
    const { id } = await reachable();
    await send(id);
    await run();
    // A header is folded at any length; the token in it is not.
    const token = /token=([\w.-]+)>/.exec(desk.mailbox.mails[0]!.raw.replace(/\r\n\s/g, ''))?.[1];
    const unsubscribe = (t: string) =>
      campaign
        .as({ role: 'anonymous' })
        .graph(`mutation ($t: String!) { unsubscribe(input: { token: $t }) { channel errors { code } } }`, { t });
    expect((await unsubscribe(token!)).data.unsubscribe).toEqual({ channel: 'EMAIL', errors: [] });
    expect((await unsubscribe('forged')).data.unsubscribe.errors).toEqual([{ code: 'INVALID_TOKEN' }]);
    await send(id);
    await send(id, { purpose: 'SERVICE' });
    await run();
    expect((await messagesOf(id)).map((m) => m.state)).toEqual(expect.arrayContaining(['DENIED', 'SENT', 'SENT']));
    expect(
      (await campaign.published('campaign.message.outcome.v1'))
        .filter((e) => e.profileId === id)
        .map((e) => e.data.outcome),
    ).toEqual(['unsubscribed']);
    await campaign.receive(consent(id, true, '2026-03-02T12:30:00Z'));
    await send(id);
    await run();
    expect((await messagesOf(id))[0].state).toBe('SENT');
  });
});
