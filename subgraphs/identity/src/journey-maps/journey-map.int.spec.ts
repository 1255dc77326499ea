import { event, newId } from '@trenza/events';
import { testSubgraph } from '@trenza/testing';
import { identity as definition } from '../identity.ts';

const identity = testSubgraph(definition);
const IDENTIFY = 'mutation ($input: IdentifyInput!) { identify(input: $input) { profileId } }';
const TRACK = 'mutation ($input: TrackInput!) { track(input: $input) { results { status } } }';
const MAP = `query ($filter: JourneyMapFilter!) { journeyMap(filter: $filter) {
  customers touchpoints truncated
  steps { kind customers times dropped dropOff }
  transitions { from to times customers share medianSeconds }
  painPoints { after pain times customers share }
} }`;
const service = () => identity.as({ role: 'service' });
const map = async (more: object = {}) =>
  identity.as({ role: 'analyst' }).graph(MAP, {
    filter: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', ...more },
  });

let seen = 0;
async function person(...steps: [minute: number, kind: string, channel?: string][]): Promise<string> {
  const user = { type: 'USER', value: `walker-${++seen}` };
  const cookie = { type: 'COOKIE', value: `walker-cookie-${seen}` };
  const events = steps.map(([minute, kind, channel = 'WEB'], n) => ({
    eventId: `${seen}-${n}`,
    kind,
    channel,
    // She begins as a visitor and signs in after the first step.
    identifiers: n === 0 ? [cookie] : [user, cookie],
    occurredAt: new Date(Date.UTC(2026, 0, 10, 10, minute)),
  }));
  for (const one of events) await service().graph(TRACK, { input: { events: [one] } });
  const { data } = await service().graph(IDENTIFY, { input: { identifiers: [user] } });
  return data.identify.profileId;
}
const answered = (profileId: string, minute: number, score: number) =>
  identity.receive(
    event('feedback.answer.submitted.v1', {
      profileId,
      occurredAt: new Date(Date.UTC(2026, 0, 10, 10, minute)),
      data: {
        answerId: newId(),
        surveyId: newId(),
        metric: 'nps',
        score,
        scaleMax: 10,
        attitude: 'detractor',
        sentiment: null,
        topics: [],
        channel: 'email',
        complete: true,
        imported: false,
      },
    }),
  );

let unhappy: string;
beforeAll(async () => {
  unhappy = await person([0, 'search'], [2, 'product_viewed'], [4, 'checkout', 'APP']);
  await person([0, 'search'], [6, 'product_viewed']);
  await person([0, 'search']);
  await answered(unhappy, 30, 3);
});

it('counts customers per step, the ways between steps, half of their time, and who went no further', async () => {
  const { journeyMap } = (await map()).data;
  expect(journeyMap).toMatchObject({ customers: 3, touchpoints: 7, truncated: false });
  expect(journeyMap.steps.slice(0, 2)).toEqual([
    { kind: 'search', customers: 3, times: 3, dropped: 1, dropOff: 1 / 3 },
    { kind: 'product_viewed', customers: 2, times: 2, dropped: 1, dropOff: 1 / 2 },
  ]);
  expect(journeyMap.transitions[0]).toEqual({
    from: 'search',
    to: 'product_viewed',
    times: 2,
    customers: 2,
    share: 2 / 3,
    medianSeconds: 240,
  });
});

it('says after which step it hurt', async () => {
  expect((await map()).data.journeyMap.painPoints).toEqual([
    { after: 'checkout', pain: 'low-score', times: 1, customers: 1, share: 1 },
  ]);
});

it('draws one channel, named customers, or people of one state', async () => {
  expect((await map({ channel: 'APP' })).data.journeyMap).toMatchObject({ customers: 1, touchpoints: 1 });
  expect((await map({ customerIds: [unhappy] })).data.journeyMap).toMatchObject({ customers: 1, touchpoints: 4 });
  expect((await map({ state: 'PROSPECT' })).data.journeyMap.customers).toBe(2);
  expect((await map({ state: 'VISITOR' })).data.journeyMap.customers).toBe(1);
  expect((await map({ customerIds: [] })).data.journeyMap).toMatchObject({ customers: 0, steps: [] });
});

it('refuses a period that is empty or longer than a year', async () => {
  for (const to of ['2026-01-01T00:00:00Z', '2027-02-01T00:00:00Z']) {
    expect((await map({ to })).errors?.[0]?.extensions?.['code']).toBe('INVALID_PERIOD');
  }
});

it('is for those who plan, not for those who serve one customer', async () => {
  const filter = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  expect((await identity.as({ role: 'associate' }).graph(MAP, { filter })).errors).toHaveLength(1);
  expect((await identity.as({ role: 'marketer' }).graph(MAP, { filter })).errors).toBeUndefined();
});
