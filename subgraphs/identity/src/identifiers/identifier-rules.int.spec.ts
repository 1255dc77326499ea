import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const IDENTIFY =
  'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId customerId warnings errors { code } } }';
const identify = async (...identifiers: object[]) =>
  (await identity.as({ role: 'service' }).graph(IDENTIFY, { input: { identifiers } })).data.identify;
const of = (type: string) => (value: string) => ({ type, value });
const [email, cookie, card, user] = ['EMAIL', 'COOKIE', 'CARD', 'USER'].map(of) as [
  ReturnType<typeof of>,
  ReturnType<typeof of>,
  ReturnType<typeof of>,
  ReturnType<typeof of>,
];

const SET = `mutation ($input: SetIdentifierRuleInput!) { setIdentifierRule(input: $input) { rules { type priority limit windowDays setBy } errors { code path } } }`;
const BLOCK = `mutation ($input: BlockIdentifierInput!) { blockIdentifier(input: $input) { blocked { type value reason setBy } errors { code path } } }`;
const UNBLOCK = `mutation ($input: BlockIdentifierInput!) { unblockIdentifier(input: $input) { blocked { value } errors { code path } } }`;
const admin = () => identity.as({ role: 'admin', subject: 'dpo' });
const set = async (rule: object) =>
  (await admin().graph(SET, { input: { reason: 'agreed with legal', ...rule } })).data.setIdentifierRule;
const block = async (type: string, value: string, reason = 'clerks type it in') =>
  (await admin().graph(BLOCK, { input: { type, value, reason } })).data.blockIdentifier;
const unblock = async (type: string, value: string) =>
  (await admin().graph(UNBLOCK, { input: { type, value, reason: 'a real mailbox' } })).data.unblockIdentifier;
const settingsLog = async () =>
  (
    await admin().graph('{ auditLog { edges { node { actor action changed fields reason customerId } } } }')
  ).data.auditLog.edges
    .map((edge: { node: object }) => edge.node)
    .filter((node: { changed: boolean }) => node.changed);

it('a limit holds from the next sighting on, whom it linked stays linked, and the window says what counts', async () => {
  const first = await identify(user('u-1'), email('a1@correo.es'));
  await identify(user('u-1'), email('a2@correo.es'));
  const { rules, errors } = await set({ type: 'EMAIL', priority: 5, limit: 2, windowDays: 30 });
  expect(errors).toEqual([]);
  expect(rules).toContainEqual({ type: 'EMAIL', priority: 5, limit: 2, windowDays: 30, setBy: 'dpo' });

  expect((await identify(user('u-1'), email('a3@correo.es'))).warnings).toEqual([
    'She has 2 email identifiers already, so the new one was recorded but does not identify her.',
  ]);
  expect((await identify(email('a2@correo.es'))).customerId).toBe(first.customerId);
  identity.clock.advance({ days: 31 });
  expect((await identify(user('u-1'), email('a3@correo.es'))).warnings).toEqual([]);
  expect((await identify(email('a3@correo.es'))).customerId).toBe(first.customerId);
});

it('the priority says whose sighting it is', async () => {
  const byMailbox = await identify(email('b@correo.es'));
  const byCard = await identify(card('B-100'));
  expect((await identify(card('B-100'), email('b@correo.es'))).profileId).toBe(byCard.profileId);

  await set({ type: 'CARD', priority: 6, limit: 1 });
  const { rules } = await set({ type: 'EMAIL', priority: 1, limit: 5, windowDays: 365 });
  expect(rules[0].type).toBe('EMAIL');
  expect((await identify(card('B-100'), email('b@correo.es'))).profileId).toBe(byMailbox.profileId);
});

it('a blocked value identifies nobody until it is unblocked, in any spelling, and what comes with it does', async () => {
  const shop = await identify(email('tienda@correo.es'));
  expect(await block('EMAIL', ' Tienda@Correo.es ')).toEqual({
    blocked: { type: 'EMAIL', value: 'tienda@correo.es', reason: 'clerks type it in', setBy: 'dpo' },
    errors: [],
  });
  expect((await block('EMAIL', 'tienda@correo.es')).errors).toEqual([]);

  const ana = await identify(cookie('ana'), email('tienda@correo.es'));
  const bea = await identify(cookie('bea'), email('tienda@correo.es'));
  expect(new Set([shop.customerId, ana.customerId, bea.customerId]).size).toBe(3);
  expect(ana.warnings).toEqual(['The email was not used: it is blocked and identifies nobody.']);
  expect((await identify(email('tienda@correo.es'))).errors).toEqual([{ code: 'BLOCKED_IDENTIFIER' }]);

  expect((await unblock('EMAIL', 'tienda@correo.es')).blocked).toEqual({ value: 'tienda@correo.es' });
  expect((await identify(email('tienda@correo.es'))).customerId).toBe(shop.customerId);
});

it('every change of a rule is on record with its reason, and a repeat says that nothing changed', async () => {
  await set({ type: 'DEVICE', priority: 8, limit: 3, windowDays: null });
  await block('COOKIE', 'kiosk-1');
  await unblock('COOKIE', 'kiosk-1');
  const entry = { actor: 'dpo', changed: true, customerId: null };
  expect((await settingsLog()).slice(0, 3)).toEqual([
    { ...entry, action: 'unblock-identifier', fields: ['cookie'], reason: 'a real mailbox' },
    { ...entry, action: 'block-identifier', fields: ['cookie'], reason: 'clerks type it in' },
    {
      ...entry,
      action: 'set-identifier-rule',
      fields: ['device.limit: 20 → 3', 'device.windowDays: 90 → none'],
      reason: 'agreed with legal',
    },
  ]);
  await set({ type: 'DEVICE', priority: 8, limit: 3, windowDays: null });
  expect((await settingsLog())[0].fields).toEqual([]);
});

it('refuses what is out of range, malformed, not blocked or without a reason, and who is no admin', async () => {
  const rule = { type: 'PHONE', priority: 6, limit: 5 };
  const errors = [
    await set({ ...rule, priority: 0 }),
    await set({ ...rule, limit: 1_001 }),
    await set({ ...rule, windowDays: 0 }),
    await set({ ...rule, reason: ' ' }),
    await block('EMAIL', 'no mailbox'),
    await block('EMAIL', 'x@correo.es', ''),
    await unblock('EMAIL', 'never@correo.es'),
  ].map((payload) => [payload.errors[0].code, payload.errors[0].path[1]]);
  expect(errors).toEqual([
    ['RULE_OUT_OF_RANGE', 'priority'],
    ['RULE_OUT_OF_RANGE', 'limit'],
    ['RULE_OUT_OF_RANGE', 'windowDays'],
    ['INVALID_REASON', 'reason'],
    ['INVALID_IDENTIFIER', 'value'],
    ['INVALID_REASON', 'reason'],
    ['NOT_BLOCKED', 'value'],
  ]);
  const care = identity.as({ role: 'care' });
  expect((await care.graph(SET, { input: { ...rule, reason: 'x' } })).errors).toHaveLength(1);
  const input = { type: 'EMAIL', value: 'x@correo.es', reason: 'x' };
  expect((await care.graph(BLOCK, { input })).errors).toHaveLength(1);
  expect((await care.graph('{ identifierRules { type limit } }')).data.identifierRules).toHaveLength(9);
});
