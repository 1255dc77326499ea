import { DEFAULT_CAPS, judgeContact, saturation, type ContactRequest } from './contact-policy.ts';
import { consentFor, type Consent } from './consent.ts';

const NOON = new Date('2026-03-02T12:00:00Z');
const daysAgo = (days: number) => new Date(NOON.getTime() - days * 86_400_000);
const consent = (over: Partial<Consent> = {}): Consent => ({
  profileId: 'p1',
  purpose: 'marketing',
  channel: 'email',
  granted: true,
  changedAt: daysAgo(30),
  ...over,
});
const request = (over: Partial<ContactRequest> = {}): ContactRequest => ({
  channel: 'email',
  purpose: 'marketing',
  address: 'ana@example.org',
  timeZone: 'Europe/Madrid',
  consents: [consent()],
  past: [],
  caps: DEFAULT_CAPS,
  openCases: 0,
  ...over,
});
const NIGHT = new Date('2026-03-02T23:00:00Z');

describe('contact policy', () => {
  it('allows marketing to somebody who wants it, by day and below the caps', () => {
    expect(judgeContact(NOON, request())).toMatchObject({ decision: 'allow' });
  });

  it('denies marketing without consent, and says whether she refused or was never asked', () => {
    expect(judgeContact(NOON, request({ consents: [] }))).toMatchObject({
      decision: 'deny',
      rule: 'consent',
      reason: expect.stringContaining('never asked'),
    });
    expect(judgeContact(NOON, request({ consents: [consent({ granted: false })] }))).toMatchObject({
      decision: 'deny',
      reason: expect.stringContaining('refused'),
    });
  });

  it('denies marketing while a complaint is open', () => {
    expect(judgeContact(NOON, request({ openCases: 1 }))).toMatchObject({ decision: 'deny', rule: 'open-case' });
    expect(judgeContact(NOON, request({ openCases: 1, purpose: 'service' }))).toMatchObject({ decision: 'allow' });
  });

  it('defers what exceeds the cap of a channel until the oldest contact leaves its window', () => {
    const past = [1, 2, 6].map((days) => ({ channel: 'email' as const, at: daysAgo(days) }));
    expect(judgeContact(NOON, request({ past }))).toMatchObject({
      decision: 'defer',
      rule: 'cap',
      notBefore: new Date(NOON.getTime() + 86_400_000),
    });
  });

  it('counts all push channels together for the overall cap', () => {
    const past = (['email', 'email', 'sms', 'push', 'push'] as const).map((channel, i) => ({
      channel,
      at: daysAgo(i),
    }));
    expect(judgeContact(NOON, request({ past }))).toMatchObject({
      rule: 'cap',
      reason: expect.stringContaining('cap is 5'),
    });
  });

  it('knows no cap where none is set, and lets a cap of nought block for good', () => {
    const past = Array.from({ length: 50 }, () => ({ channel: 'email' as const, at: daysAgo(1) }));
    expect(judgeContact(NOON, request({ past, caps: [] }))).toMatchObject({ decision: 'allow' });
    expect(judgeContact(NOON, request({ caps: [{ channel: 'email', max: 0, days: 7 }] }))).toMatchObject({
      decision: 'deny',
      rule: 'cap',
    });
  });

  it('never caps, never delays and needs no consent for what she waits for', () => {
    const past = Array.from({ length: 50 }, () => ({ channel: 'email' as const, at: daysAgo(1) }));
    const receipt = request({
      purpose: 'transactional',
      consents: [],
      past,
      openCases: 1,
      suppressed: 'She unsubscribed.',
    });
    expect(judgeContact(NIGHT, receipt)).toMatchObject({ decision: 'allow' });
  });

  it('defers marketing and service at night, in her own hours where she gave them', () => {
    expect(judgeContact(NIGHT, request())).toMatchObject({
      decision: 'defer',
      rule: 'quiet-hours',
      notBefore: new Date('2026-03-03T07:00:00Z'),
    });
    expect(judgeContact(NIGHT, request({ purpose: 'service' }))).toMatchObject({ decision: 'defer' });
    expect(judgeContact(NIGHT, request({ quietHours: { from: '01:00', to: '06:00' } }))).toMatchObject({
      decision: 'allow',
    });
  });

  it('denies what has no address and what leads to an address that must not be used', () => {
    expect(judgeContact(NOON, request({ address: undefined }))).toMatchObject({ rule: 'address' });
    expect(judgeContact(NOON, request({ suppressed: 'The mailbox does not exist.' }))).toMatchObject({
      rule: 'suppressed',
    });
  });

  it('feels fuller the more and the fresher the contacts are, up to 1', () => {
    const contacts = (n: number, days: number) =>
      Array.from({ length: n }, () => ({ channel: 'email' as const, at: daysAgo(days) }));
    expect(saturation(NOON, [], DEFAULT_CAPS)).toBe(0);
    expect(saturation(NOON, contacts(2, 0), DEFAULT_CAPS)).toBeCloseTo(0.4);
    expect(saturation(NOON, contacts(2, 3), DEFAULT_CAPS)).toBeCloseTo(0.2);
    expect(saturation(NOON, contacts(20, 0), DEFAULT_CAPS)).toBe(1);
  });
});

describe('consent', () => {
  it('is the latest answer, for the channel or for all of them', () => {
    const general = consent({ channel: null, granted: false, changedAt: daysAgo(10) });
    expect(consentFor([consent(), general], 'marketing', 'email')).toBe('refused');
    expect(consentFor([consent({ changedAt: daysAgo(1) }), general], 'marketing', 'email')).toBe('granted');
    expect(consentFor([general], 'survey', 'email')).toBe('unasked');
  });

  it('is not lent from one profile to another: across profiles the most restrictive wins', () => {
    const other = consent({ profileId: 'p2', granted: false, changedAt: daysAgo(300) });
    expect(consentFor([consent(), other], 'marketing', 'email')).toBe('refused');
  });

  it('given and refused at one instant is refused', () => {
    const no = consent({ channel: null, granted: false });
    expect(consentFor([consent(), no], 'marketing', 'email')).toBe('refused');
    expect(consentFor([no, consent()], 'marketing', 'email')).toBe('refused');
  });
});
